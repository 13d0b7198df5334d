"""Where most is taken, and what a change of one track gives to the others."""

from __future__ import annotations

import numpy as np
import pytest

from assistant.dsp.ear import BAND_HZ, BANDS, COMPONENTS, Curve
from assistant.dsp.equaliser import Band
from assistant.dsp.masking import masking
from assistant.mixing.making_room import band_factors, regions_of, room_made
from assistant.mixing.masked import MixMasking, measure_masking
from assistant.steps import result
from tests.assistant.mixing.covering import RATE, cymbals, guitar, vocal


def hump(hertz: float, octaves: float, height: float = 1.0) -> Curve:
    return np.asarray(height * np.exp(-0.5 * np.square(np.log2(BAND_HZ / hertz) / octaves)))


def mixed() -> MixMasking:
    return result(measure_masking([vocal(), guitar(), cymbals()]))


@pytest.mark.parametrize("hertz", [200.0, 700.0, 2_500.0])
def test_the_region_lies_where_most_is_taken(hertz: float) -> None:
    (region,) = regions_of(hump(hertz, 0.3))
    assert region.freq_hz == pytest.approx(hertz, rel=0.15)
    assert BAND_HZ[region.bands].min() < hertz < BAND_HZ[region.bands].max()


def test_a_wider_region_asks_for_a_wider_bell() -> None:
    widths = [regions_of(hump(1_000.0, octaves))[0].q for octaves in (0.25, 0.4, 0.6)]
    assert widths == sorted(widths, reverse=True)
    assert widths[0] > 1.3 * widths[2]


def test_two_places_are_two_regions_the_higher_first() -> None:
    first, second = regions_of(hump(400.0, 0.3, 0.8) + hump(3_000.0, 0.3))
    assert first.freq_hz == pytest.approx(3_000.0, rel=0.15)
    assert second.freq_hz == pytest.approx(400.0, rel=0.15)


def test_what_is_far_lower_or_too_near_is_no_region() -> None:
    assert len(regions_of(hump(400.0, 0.3, 0.2) + hump(3_000.0, 0.3))) == 1
    assert len(regions_of(hump(1_000.0, 0.2) + hump(1_600.0, 0.2))) == 1


def test_where_nothing_is_taken_there_is_no_region() -> None:
    assert regions_of(np.zeros(BANDS)) == ()


@pytest.mark.parametrize("hertz", [49.0, 14_000.0])
def test_a_region_at_the_edge_of_hearing_stays_inside(hertz: float) -> None:
    (region,) = regions_of(hump(hertz, 0.3))
    assert 0 <= region.bands.start < region.bands.stop <= BANDS


def test_what_is_not_changed_gives_nothing() -> None:
    measured = mixed()
    room = room_made(measured, 1, np.ones(COMPONENTS), np.arange(len(measured.starts)))
    np.testing.assert_allclose(room.after, room.before, atol=1e-6)
    np.testing.assert_allclose(room.lost[0], measured.found.lost_share, rtol=1e-4)


def test_it_says_what_the_whole_model_says() -> None:
    measured = mixed()
    factors = band_factors(Band("bell", 1_000.0, -6.0, 1.0), RATE)
    room = room_made(measured, 1, factors, np.arange(len(measured.starts)))
    powers = measured.powers.copy()
    powers[1] *= factors.astype(np.float32)
    again = result(masking(powers, measured.mix_lufs))
    np.testing.assert_allclose(room.lost[1][[0, 2]], again.lost_share[[0, 2]], atol=0.01)
    assert room.after[0] > room.before[0] + 0.01
    assert room.after[1] < room.before[1]


def test_windows_that_do_not_count_do_not() -> None:
    measured = mixed()
    room = room_made(measured, 1, np.zeros(COMPONENTS), np.array([0]))
    assert room.alone[0] == pytest.approx(measured.found.alone[0, 0].sum(), rel=1e-5)


def test_a_bell_turns_power_and_leaves_what_is_far() -> None:
    factors = band_factors(Band("bell", 1_000.0, -6.0, 2.0), RATE)
    assert factors.min() == pytest.approx(10.0**-0.6, rel=0.01)
    assert factors[[0, -1]] == pytest.approx(1.0, abs=0.05)
