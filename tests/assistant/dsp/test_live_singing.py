"""`assistant.dsp.live_singing`: cycles at other distances."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from assistant.dsp.live_singing import TAPS, silent_until, sing

RATE_HZ = 48_000
FRAMES_PER_SAMPLE = 200 / RATE_HZ
AHEAD, LEAD = 1_200, 375
PERIOD = 240.0  # samples: 200 Hz


def pulses(size: int, period: float = PERIOD) -> NDArray[np.float32]:
    """Make short bumps, one a period, that ring a little."""
    out = np.zeros(size)
    frames = np.arange(size)
    for place in np.arange(100.0, size - 100.0, period):
        out += np.exp(-(((frames - place) / 12.0) ** 2)) * np.cos(0.2 * (frames - place))
    return np.asarray(0.5 * out, dtype=np.float32)


def sang(sound: NDArray[np.float32], voiced: slice, ratio: float) -> NDArray[np.float32]:
    """Sing all of a sound that fits into the ring, at another pitch where it is voiced."""
    periods, ratios = np.zeros(128), np.ones(128)
    periods[voiced], ratios[voiced] = PERIOD, ratio
    out = np.zeros(sound.size - AHEAD - TAPS, dtype=np.float32)
    sing(sound, periods, ratios, FRAMES_PER_SAMPLE, AHEAD, LEAD, 0, silent_until(0), out)
    return out


def test_what_is_not_voiced_is_copied() -> None:
    sound = np.random.default_rng(0).normal(0.0, 0.1, 1 << 14).astype(np.float32)
    out = sang(sound, slice(0, 0), 1.1)
    assert np.array_equal(out, sound[: out.size])


def test_the_same_pitch_gives_the_same_sound() -> None:
    sound = pulses(1 << 14)
    out = sang(sound, slice(0, 128), 1.0)
    assert np.abs(out - sound[: out.size]).max() < 1e-3


@pytest.mark.parametrize("cents", [-300.0, -100.0, 40.0, 100.0, 300.0])
def test_the_distances_are_what_is_asked_and_the_cycles_keep_their_shape(cents: float) -> None:
    ratio = 2.0 ** (cents / 1200.0)
    out = sang(pulses(1 << 14), slice(0, 128), ratio)[2_000:]
    tops = np.flatnonzero((out[1:-1] > 0.4) & (out[1:-1] >= out[:-2]) & (out[1:-1] > out[2:]))
    steps = np.diff(tops)
    assert steps.mean() == pytest.approx(PERIOD / ratio, rel=0.003)
    assert np.abs(steps - PERIOD / ratio).max() <= 2
    assert out.max() == pytest.approx(0.5, abs=0.03)


def test_after_a_voiced_stretch_it_copies_again() -> None:
    sound = pulses(1 << 14)
    out = sang(sound, slice(10, 40), 1.06)
    last = round(40 / FRAMES_PER_SAMPLE)
    assert np.array_equal(out[last:], sound[last : out.size])
    assert not np.array_equal(out[:last], sound[:last])
