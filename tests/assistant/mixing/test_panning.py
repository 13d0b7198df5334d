from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.mixing.panning import Placed, is_mono, places, sides_db


def _placed(
    name: str, role: str = "guitar", *, level_db: float = 0.0, band: int = 15, reach: float = 0.8
) -> Placed:
    powers = np.zeros(31)
    powers[band] = 10 ** (level_db / 10)
    return Placed(name, role, reach, powers, powers)


def test_two_of_a_role_stand_opposite_as_far_as_they_may() -> None:
    pans = places([_placed("left"), _placed("right", band=16)])
    assert sorted(pans.values()) == [-0.8, 0.8]


def test_of_four_the_louder_stand_further_out() -> None:
    tracks = [_placed(f"{n}", level_db=-3.0 * (n // 2), band=10 + n) for n in range(4)]
    pans = places(tracks)
    assert sorted(pans.values()) == [-0.8, -0.4, 0.4, 0.8]
    assert {abs(pans["0"]), abs(pans["1"])} == {0.8}


def test_of_three_the_loudest_stays_in_the_centre() -> None:
    pans = places([_placed("a", level_db=3.0), _placed("b"), _placed("c", band=20)])
    assert pans["a"] == 0.0
    assert pans["b"] == -pans["c"] != 0.0


def test_single_tracks_of_two_roles_stand_opposite() -> None:
    pans = places([_placed("guitar"), _placed("keys", "keys")])
    assert pans["guitar"] * pans["keys"] < 0.0


def test_what_stays_counts() -> None:
    right = np.zeros(31)
    right[15] = 1.0
    fixed = Placed("panned", "other", 0.0, 0.3 * right, right)
    pans = places([fixed, _placed("guitar"), _placed("keys", "keys", level_db=-2.0)])
    assert "panned" not in pans
    tracks = [fixed, _placed("guitar"), _placed("keys", "keys", level_db=-2.0)]
    assert abs(sides_db(tracks, pans)) < abs(sides_db(tracks, {}))
    assert abs(sides_db(tracks, pans)) < 1.0


def test_silence_and_nobody_have_no_place() -> None:
    assert places([]) == {}
    assert places([_placed("silent", level_db=-np.inf)]) == {}
    assert sides_db([], {}) == 0.0


tracks = st.lists(
    st.tuples(
        st.sampled_from(["hats", "guitar", "keys", "backing_vocal", "other"]),
        st.floats(-15.0, 0.0),
        st.integers(8, 28),
    ),
    max_size=12,
)


@given(tracks, st.randoms(use_true_random=False))
@settings(max_examples=40, deadline=None)
def test_both_sides_weigh_the_same_in_any_order(
    wanted: list[tuple[str, float, int]], dice: object
) -> None:
    made = [
        _placed(f"{n}", role, level_db=level_db, band=band)
        for n, (role, level_db, band) in enumerate(wanted)
    ]
    lead = _placed("lead", "lead_vocal", level_db=3.0, reach=0.0)
    pans = places([*made, lead])
    assert abs(sides_db([*made, lead], pans)) < 1.0
    assert set(pans) == {one.name for one in made}
    shuffled = list(made)
    dice.shuffle(shuffled)  # type: ignore[attr-defined]
    assert places([lead, *shuffled]) == pans


@pytest.mark.parametrize(
    ("balance_db", "side_db", "wanted"),
    [
        (0.0, -120.0, True),
        (0.5, -35.0, True),
        (3.0, -120.0, False),
        (0.0, -8.0, False),
        (0.0, -25.0, False),
    ],
)
def test_only_what_is_mono_and_in_the_centre_moves(
    balance_db: float, side_db: float, wanted: bool
) -> None:
    assert is_mono(balance_db, side_db) is wanted
