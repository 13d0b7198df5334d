from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from assistant.dsp.third_octaves import CENTRES_HZ
from assistant.errors import MaterialError, UnknownName
from assistant.mixing.roles import Role
from assistant.mixing.tone import REGIONS, Turn, load_tones, region_levels, turns
from bridge import presets

ANYTHING = (-99.0, 99.0)


def _powers(**up_db: float) -> np.ndarray:
    """Make a spectrum with as much in each third octave, but for some regions."""
    powers, hertz = np.ones(31), np.array(CENTRES_HZ)
    for region, gain_db in up_db.items():
        one = REGIONS[region]
        powers[(hertz >= one.low_hz) & (hertz < one.high_hz)] *= 10 ** (gain_db / 10)
    return powers


def _gains(found: tuple[Turn, ...]) -> dict[str, float]:
    return {turn.region: turn.band.gain_db for turn in found}


def _turns(
    powers: np.ndarray, usual: Any, lifts: Any = None, share: float = 0.5
) -> dict[str, float]:
    return _gains(turns(powers, usual, share, 4.0, lifts or {}))


def test_within_what_is_usual_nothing_is_done() -> None:
    usual = dict.fromkeys(REGIONS, ANYTHING)
    assert _turns(_powers(box=6.0), usual) == {}


@pytest.mark.parametrize("over_db", [2.0, 3.0, 5.0])
def test_a_share_of_what_lies_outside_is_taken_back(over_db: float) -> None:
    powers = _powers(box=6.0)
    level = region_levels(powers)["box"]
    over = _turns(powers, {"box": (-99.0, level - over_db)})
    under = _turns(powers, {"box": (level + over_db, 99.0)})
    assert over["box"] == pytest.approx(-0.5 * over_db, abs=0.05)
    assert under["box"] == pytest.approx(0.5 * over_db, abs=0.05)


def test_one_band_does_no_more_than_it_may() -> None:
    powers = _powers(middle=20.0)
    assert _turns(powers, {"middle": (-99.0, -10.0)}, share=1.0) == {"middle": -4.0}


def test_three_bands_are_the_most_and_the_largest() -> None:
    usual = {
        region: (-99.0, level - 2.0 - n)
        for n, (region, level) in enumerate(region_levels(_powers()).items())
    }
    assert list(_turns(_powers(), usual)) == ["middle", "presence", "air"]


def test_where_nothing_plays_nothing_is_brought_out() -> None:
    powers = _powers(bottom=-80.0)
    assert _turns(powers, {"bottom": (-10.0, 0.0)}) == {}


def test_a_lift_stops_at_the_top_of_what_is_usual() -> None:
    level = region_levels(_powers())["presence"]
    assert _turns(_powers(), {"presence": (-99.0, level + 1.0)}, {"presence": 3.0}) == {
        "presence": 1.0
    }
    assert _turns(_powers(), {"presence": (-99.0, level)}, {"presence": 3.0}) == {}
    assert _turns(_powers(), {}, {"presence": 3.0}) == {"presence": 3.0}


def test_levels_do_not_depend_on_the_gain() -> None:
    quiet, loud = region_levels(1e-6 * _powers()), region_levels(_powers())
    assert quiet == pytest.approx(loud)
    assert region_levels(np.zeros(31))["box"] == -120.0


def test_why_says_by_how_much() -> None:
    powers = _powers(box=6.0)
    level = region_levels(powers)["box"]
    (turn,) = turns(powers, {"box": (-99.0, level - 4.0)}, 0.5, 4.0, {})
    assert turn.why == "its low middle lies 4.0 dB over what is usual"


def test_the_page_of_the_shelf_knows_all_that_plays() -> None:
    tones = load_tones(presets.data)
    assert set(tones.usual) == set(Role) - {Role.BUS, Role.FX}
    assert tones.of(Role.BUS) == {}


@pytest.mark.parametrize(
    ("page", "error"),
    [
        ({"snares": {}}, UnknownName),
        ({"snare": {"mud": [-3, 0]}}, UnknownName),
        ({"snare": {"box": [0, -3]}}, MaterialError),
        ({"snare": {"box": [0]}}, MaterialError),
    ],
)
def test_what_a_page_cannot_say_is_refused(page: Any, error: type[Exception]) -> None:
    with pytest.raises(error):
        load_tones(lambda place: {"usual": page})
