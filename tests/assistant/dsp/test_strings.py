from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from assistant.dsp.strings import String, pluck

RATE = 44_100
PLAIN = String()
STRINGS = [String(), String(9.0, 0.5, 0.25, 0.3, 0.05), String(5.0, 0.5, 0.35, 0.2)]


def fundamental_hz(sound: NDArray[np.float64], near_hz: float) -> float:
    """Find a spectral peak within half a semitone, by a parabola through its logarithm."""
    size = 1 << 19
    spectrum = np.abs(np.fft.rfft(sound * np.hanning(sound.size), size))
    width = near_hz * size / RATE
    first = int(width * 0.97)
    peak = first + int(np.argmax(spectrum[first : int(width * 1.03) + 1]))
    left, middle, right = np.log(spectrum[peak - 1 : peak + 2])
    return float((peak + 0.5 * (left - right) / (left - 2 * middle + right)) * RATE / size)


@pytest.mark.parametrize("string", STRINGS)
@pytest.mark.parametrize("pitch", [28, 40, 52, 57, 64, 69, 76, 88])
def test_a_string_is_in_tune(string: String, pitch: int) -> None:
    wanted = 440.0 * 2.0 ** ((pitch - 69) / 12)
    sound = pluck(string, wanted, 1.5, 0.7, RATE)
    heard = fundamental_hz(sound[2_000:55_000], wanted)
    assert abs(1200 * np.log2(heard / wanted)) < 0.5


@pytest.mark.parametrize("string", STRINGS)
def test_a_string_rings_down_and_ends_in_silence(string: String) -> None:
    sound = pluck(string, 220.0, 2.0, 0.8, RATE)
    levels = [np.sqrt((part**2).mean()) for part in np.array_split(sound, 8)]
    assert all(after < before for before, after in pairwise(levels[1:]))
    assert sound[0] == 0.0
    assert np.abs(sound[-20:]).max() < 1e-4


def test_a_string_starts_without_a_click() -> None:
    sound = pluck(PLAIN, 220.0, 1.0, 1.0, RATE)
    steps = np.abs(np.diff(sound))
    assert steps[:10].max() < 0.5 * steps[: RATE // 10].max()


def test_harder_is_louder_and_brighter() -> None:
    soft, hard = (pluck(PLAIN, 220.0, 0.5, force, RATE) for force in (0.3, 0.9))

    def centre(sound: NDArray[np.float64]) -> float:
        power = np.abs(np.fft.rfft(sound[:8_192])) ** 2
        return float((power * np.arange(power.size)).sum() / power.sum())

    assert np.abs(hard).max() > 2.0 * np.abs(soft).max()
    assert centre(hard) > centre(soft)


@given(st.floats(25.0, 4_000.0), st.floats(0.0, 1.0), st.floats(0.01, 0.5))
@settings(max_examples=25)
def test_any_pluck_is_finite_bounded_and_repeatable(
    frequency: float, force: float, seconds: float
) -> None:
    sound = pluck(PLAIN, frequency, seconds, force, RATE)
    assert np.isfinite(sound).all()
    assert np.abs(sound).max(initial=0.0) <= 6.0 * force + 1e-12
    np.testing.assert_array_equal(sound, pluck(PLAIN, frequency, seconds, force, RATE))
