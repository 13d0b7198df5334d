from __future__ import annotations

import numpy as np
import pytest

from assistant.dsp.f0 import F0Track
from assistant.dsp.f0_slips import RATIOS, mended

LOW, HIGH = 60.0, 1_500.0


def track(hz: np.ndarray, confidence: float = 0.95) -> F0Track:
    times = np.arange(hz.size, dtype=np.float64) * 0.016
    return F0Track(times, hz, np.full(hz.size, confidence), np.full(hz.size, -20.0))


def repeats_of(hz: np.ndarray, truth: np.ndarray) -> np.ndarray:
    """Repeat as a voice does: well at its period and at whole multiples of it."""
    times = truth[:, None] / (hz[:, None] * RATIOS)
    whole = np.abs(times - np.round(times)) < 0.05
    return np.asarray(np.where(whole, 0.97, 0.5) * (times > 0.9))


@pytest.mark.parametrize("ratio", [2.0, 0.5, 3.0, 1.0 / 3.0, 4.0])
@pytest.mark.parametrize("length", [1, 3, 12, 60])
def test_slips_are_mended(ratio: float, length: int) -> None:
    truth = 220.0 * 2.0 ** (np.sin(np.arange(120) / 9.0) / 12.0)
    hz = truth.copy()
    hz[30 : 30 + length] *= ratio
    found = mended(track(hz), repeats_of(hz, truth), LOW, HIGH)
    np.testing.assert_allclose(found.hz, truth)
    assert found.voiced.all()


@pytest.mark.parametrize("length", [6, 20, 60])
@pytest.mark.parametrize("half", [0.5, 0.71])  # how well half a period of such a sound repeats
def test_a_strong_second_overtone_is_no_octave(length: int, half: float) -> None:
    truth = np.full(120, 545.0)
    hz = truth.copy()
    hz[30 : 30 + length] *= 2.0
    repeats = repeats_of(hz, truth)
    repeats[30 : 30 + length, RATIOS == 1.0] = half
    np.testing.assert_allclose(mended(track(hz), repeats, LOW, HIGH).hz, truth)


def test_a_voice_whose_every_second_cycle_is_alike_keeps_its_octave() -> None:
    truth = np.full(120, 110.0)
    repeats = repeats_of(truth, truth)
    repeats[40:80, RATIOS == 1.0] = 0.75
    repeats[40:80, RATIOS == 0.5] = 0.95
    np.testing.assert_allclose(mended(track(truth), repeats, LOW, HIGH).hz, truth)


@pytest.mark.parametrize("length", [1, 6, 20])
def test_a_slip_to_no_overtone_at_all_goes_back_to_the_pitch_around_it(length: int) -> None:
    truth = 415.0 * 2.0 ** (0.5 * np.sin(np.arange(120) / 9.0) / 12.0)
    hz = truth.copy()
    hz[30 : 30 + length] *= 4.24  # a resonance, not a partial
    repeats = repeats_of(hz, truth)
    repeats[30 : 30 + length] = np.where(RATIOS == 0.25, 0.95, 0.5)
    found = mended(track(hz), repeats, LOW, 2.0 * HIGH)
    np.testing.assert_allclose(1200.0 * np.log2(found.hz / truth), 0.0, atol=20.0)


def test_leaps_that_are_sung_are_left() -> None:
    truth = np.repeat([220.0, 440.0, 220.0, 660.0, 330.0], 12)
    found = mended(track(truth), repeats_of(truth, truth), LOW, HIGH)
    np.testing.assert_array_equal(found.hz, truth)


def test_what_the_voice_cannot_sing_is_another_octave_or_not_voiced() -> None:
    truth = np.full(40, 150.0)
    octave = mended(track(2.0 * truth), repeats_of(2.0 * truth, truth), 80.0, 200.0)
    np.testing.assert_allclose(octave.hz, 150.0)
    assert octave.voiced.all()
    neither = mended(track(truth), repeats_of(truth, truth), 200.0, 260.0)
    assert not neither.voiced.any()
    assert (neither.hz >= 180.0).all()


def test_a_note_at_the_border_of_the_range_may_be_off_by_some_cents() -> None:
    truth = np.full(20, 196.0)
    found = mended(track(truth), repeats_of(truth, truth), 200.0, 390.0)
    np.testing.assert_array_equal(found.hz, truth)
    assert found.voiced.all()


def test_nothing_is_made_of_nothing() -> None:
    empty = np.zeros(0)
    found = mended(F0Track(empty, empty, empty, empty), np.zeros((0, RATIOS.size)), LOW, HIGH)
    assert not found.times.size
