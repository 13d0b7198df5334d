"""What is told of a mix goes together, best first."""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from assistant.mixing.fault import Fault, FaultKind
from assistant.mixing.plan import MOST_BANDS, joined, planned
from assistant.moves import Move


def fault(
    *moves: Move, weight: float = 0.5, is_taste: bool = False, kind: FaultKind = "resonance"
) -> Fault:
    return Fault(kind, ("bass",), weight, 1.0, "dB", 1.0, "why", "listen", is_taste, {}, moves)


def band(hertz: float, gain_db: float = -3.0) -> tuple[Move, ...]:
    group = f"{hertz:g} Hz"
    return (
        Move("bass", "eq.freq_hz", hertz, "why", group=group),
        Move("bass", "eq.gain_db", gain_db, "why", group=group),
    )


def test_faults_come_before_tastes_and_each_by_its_weight() -> None:
    weights = [0.2, 0.9, 0.5]
    found = [fault(*band(100.0 * 2**n), weight=w, is_taste=True) for n, w in enumerate(weights)]
    found += [fault(weight=w, kind="clipping") for w in weights]
    told = planned(found, 9).told
    assert [one.is_taste for one in told] == [False] * 3 + [True] * 3
    assert [one.weight for one in told] == [0.9, 0.5, 0.2] * 2


def test_tastes_are_few_and_faults_are_all_told() -> None:
    found = [fault(*band(50.0 * 2**n), is_taste=True) for n in range(4)]
    found += [fault(kind="clipping") for _ in range(5)]
    plan = planned(found, 2)
    assert (len(plan.faults), len(plan.tastes), len(plan.held_back)) == (5, 2, 2)
    assert not planned(found, 0).tastes


def test_all_faders_are_one_matter_of_taste() -> None:
    def fader(name: str, weight: float) -> Fault:
        move = Move(name, "gain_db", -2.0, "why", "change")
        return Fault("gain", (name,), weight, 2.0, "dB", 1.0, "why", "listen", True, {}, (move,))

    faders = [fader(f"track {n}", 0.1 + n / 100.0) for n in range(5)]
    others = [fault(*band(50.0 * 2**n), is_taste=True) for n in range(4)]
    for most, tastes in ((5, 9), (4, 8), (1, 5)):
        plan = planned([*faders, *others], most)
        assert (plan.matters, len(plan.tastes)) == (most, tastes)
    assert not planned(faders, 0).tastes


def test_a_high_pass_goes_as_high_as_the_faults_of_a_track_want_it() -> None:
    offset = fault(Move("bass", "hpf_hz", 20.0, "offset"), weight=0.9, kind="dc")
    rumble = fault(Move("bass", "hpf_hz", 35.0, "rumble"), weight=0.5, kind="rumble")
    thin = fault(Move("bass", "hpf_hz", 80.0, "taste"), is_taste=True)
    plan = planned([offset, rumble, thin], 9)
    assert [(move.value, move.why) for move in plan.moves] == [(35.0, "rumble")]
    assert [one.kind for one in plan.told] == ["dc", "rumble"]


def test_one_knob_is_set_once() -> None:
    narrow = fault(Move("bass", "pan", 0.5, "a"), weight=0.9)
    other = fault(Move("bass", "pan", -0.5, "b"), weight=0.8)
    assert [move.value for move in planned([other, narrow], 9).moves] == [0.5]


def test_faders_add_up() -> None:
    moves = [
        Move("bass", "gain_db", -3.0, "a", "change"),
        Move("bass", "gain_db", 1.0, "b", "change"),
    ]
    assert len(planned([fault(one) for one in moves], 9).moves) == 2


def test_a_band_is_cut_once_and_there_are_no_more_than_a_strip_has() -> None:
    twice = planned([fault(*band(1000.0)), fault(*band(1100.0))], 9)
    assert len(twice.moves) == 2
    up_and_down = planned([fault(*band(1000.0)), fault(*band(1100.0, 3.0))], 9)
    assert len(up_and_down.moves) == 4
    many = planned([fault(*band(100.0 * 2**n)) for n in range(7)], 9)
    assert len(many.moves) == 2 * MOST_BANDS


def test_of_two_bands_at_one_place_the_deeper_one_is_told() -> None:
    def weights(*found: Fault) -> list[float]:
        return [one.weight for one in planned(found, 9).told]

    shallow = fault(*band(400.0, -3.0), weight=0.2, is_taste=True, kind="masking")
    between = fault(*band(2_000.0, -3.0), weight=0.18, is_taste=True)
    deep = fault(*band(390.0, -8.0), weight=0.15, is_taste=True)
    assert weights(shallow, between, deep) == [0.15, 0.18]
    unsure = fault(*band(390.0, -8.0), weight=0.09, is_taste=True)
    assert weights(shallow, between, unsure) == [0.2, 0.18]
    boost = fault(*band(390.0, 8.0), weight=0.15, is_taste=True)
    assert weights(shallow, between, boost) == [0.2, 0.18, 0.15]


def test_what_is_muted_is_left_alone() -> None:
    mute = fault(Move("bass", "mute", 1.0, "twice"), weight=0.9, kind="duplicate")
    plan = planned([fault(*band(100.0)), mute], 9)
    assert [move.parameter for move in plan.moves] == ["mute"]
    assert len(plan.told) == 2


def test_what_comes_second_has_the_knobs_that_are_left() -> None:
    first = [Move("bass", "pan", 0.5, "first"), Move("bass", "hpf_hz", 20.0, "first")]
    then = [
        Move("bass", "pan", -0.5, "then"),
        Move("bass", "hpf_hz", 60.0, "then"),
        Move("bass", "gain_db", -2.0, "then", "change"),
    ]
    told = [(move.parameter, move.value) for move in joined(first, then)]
    assert told == [("pan", 0.5), ("hpf_hz", 60.0), ("gain_db", -2.0)]


@given(st.lists(st.tuples(st.sampled_from([20.0, 100.0, 120.0, 900.0]), st.booleans()), max_size=8))
def test_no_two_that_are_told_set_one_knob(asked: list[tuple[float, bool]]) -> None:
    found = [fault(*band(hertz), is_taste=taste) for hertz, taste in asked]
    plan = planned(found, 8)
    places = [(move.target, move.parameter, move.group) for move in plan.moves]
    assert all(one != other for one, other in itertools.combinations(places, 2))
