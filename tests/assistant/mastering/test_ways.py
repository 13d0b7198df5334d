from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.dsp.third_octaves import listen
from assistant.mastering.genres import NEUTRAL
from assistant.mastering.heard import HeardMix, hear
from assistant.mastering.reference import Reference
from assistant.mastering.ways import Steps, Way, curve_for, ways_of
from assistant.steps import result
from bridge import presets
from tests.assistant.mastering.songs import record
from tests.assistant.mastering.spectra import CURVES, like

HEARD = result(hear(record()))
CURVE = CURVES[NEUTRAL]


def mix(over_db: float = 0.0, rate: int = 48_000) -> HeardMix:
    spectrum = like(CURVE, rate=rate)
    raised = spectrum.mid_steps_db.copy()
    raised[40:60] += over_db
    return replace(HEARD, spectrum=replace(spectrum, mid_steps_db=raised))


def reference(lra: float = 5.0) -> Reference:
    return Reference(result(listen(record(4.0))), -10.0, 9.0, lra)


def titles(ways: tuple[Way, ...]) -> list[str]:
    return [way.title for way in ways]


def test_a_style_that_is_said_needs_no_reason() -> None:
    curve, why = curve_for(HEARD, "folk", presets.data)
    assert curve.title == CURVES["folk"].title
    assert why == ""
    assert curve_for(HEARD, "auto", presets.data)[1] != ""


def test_there_are_three_and_the_first_is_no_matter_of_taste() -> None:
    ways = ways_of(mix(), CURVE, None, Steps())
    assert titles(ways) == ["Transparent", "Dense", "Bright"]
    assert [way.tasted for way in ways] == [False, True, True]
    assert [way.body for way in ways] == [False, True, False]
    assert ways[1].density == 1.0


def test_a_mix_within_its_curve_is_left_alone_and_that_is_said() -> None:
    transparent, _, bright = ways_of(mix(), CURVE, None, Steps(), chosen="Because.")
    assert transparent.bands == ()
    assert "left alone" in transparent.kept
    assert transparent.chosen == ""
    assert bright.kept == ""
    assert "to taste" in bright.told[-1]


def test_what_is_over_its_curve_is_moved_with_the_reason_for_the_curve() -> None:
    transparent = ways_of(mix(9.0), CURVE, None, Steps(), chosen="Because.")[0]
    assert transparent.bands
    assert transparent.chosen == "Because."
    assert transparent.kept == ""


@pytest.mark.parametrize("share", [0.25, 0.5])
def test_a_share_of_the_balance_is_a_share_of_all_its_bands(share: float) -> None:
    whole, part = (ways_of(mix(9.0), CURVE, None, Steps(balance=one)) for one in (1.0, share))
    for one, other in zip(whole, part, strict=True):
        gains = [share * band.gain_db for band in one.bands]
        if one.title != "Bright":  # whose air depends on what the balance does
            assert [band.gain_db for band in other.bands] == pytest.approx(gains, abs=0.02)
    assert part[2].bands[-2].gain_db < whole[2].bands[-2].gain_db


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        (Steps(balance=0.0), ["Transparent", "Dense"]),
        (Steps(dynamics=0.0), ["Transparent", "Bright"]),
        (Steps(0.0, 0.0, 0.0, 0.0), ["Transparent"]),
    ],
)
def test_a_way_that_would_be_the_first_again_is_none(steps: Steps, expected: list[str]) -> None:
    assert titles(ways_of(mix(9.0), CURVE, None, steps)) == expected


def test_the_duller_the_mix_the_more_air_it_gets() -> None:
    gains = []
    for over_db in (-4.0, 0.0, 4.0):
        spectrum = like(CURVE)
        levels = spectrum.mid_steps_db.copy()
        levels[-50:] += over_db
        heard = replace(HEARD, spectrum=replace(spectrum, mid_steps_db=levels))
        gains.append(ways_of(heard, CURVE, None, Steps())[2].bands[-2].gain_db)
    assert gains[0] >= gains[1] >= gains[2]
    assert gains[0] > gains[2]


def test_with_a_reference_the_first_goes_all_of_the_way_and_the_bright_one_half() -> None:
    matched, _, bright = ways_of(mix(), CURVE, reference(), Steps())
    assert matched.title == "Matched"
    assert matched.match is not None
    assert bright.match is not None
    assert bright.match.middle_db == pytest.approx(0.5 * matched.match.middle_db)
    assert matched.bands == ()


def test_a_reference_that_is_not_matched_leaves_the_tone_alone() -> None:
    first = ways_of(mix(9.0), CURVE, reference(), Steps(match=0.0))[0]
    assert (first.title, first.match, first.bands) == ("Transparent", None, ())


def test_what_was_cleaned_is_told_of_all() -> None:
    for way in ways_of(mix(9.0), CURVE, None, Steps(), cleaned="Swept."):
        assert "Swept." in way.told


def test_a_low_rate_has_no_top_to_open() -> None:
    assert "Bright" not in titles(ways_of(mix(rate=8_000), CURVE, None, Steps()))
