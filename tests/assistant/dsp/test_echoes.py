from __future__ import annotations

import numpy as np
import pytest

from assistant.dsp.echoes import echo_share
from assistant.dsp.f0 import F0Track

NOTE = 100  # frames: half a second


def line(seed: int, notes: int = 60) -> F0Track:
    steps = np.repeat(np.random.default_rng(seed).integers(0, 24, notes), NOTE)
    times = np.arange(steps.size, dtype=np.float64) * 0.005
    hz = np.asarray(110.0 * 2.0 ** (steps / 12.0), dtype=np.float64)
    return F0Track(times, hz, np.ones(times.size), np.full(times.size, -20.0), 0.005)


def share(voice: F0Track, hz: np.ndarray) -> float:
    frames = np.arange(400, hz.size - 400, 40)
    return echo_share(voice, frames, hz[frames], np.full(frames.size, 1.0 / frames.size))


@pytest.mark.parametrize("octave", [0.5, 1.0, 2.0])
def test_what_was_sung_before_is_an_echo(octave: float) -> None:
    voice = line(1)
    assert share(voice, octave * np.roll(voice.hz, 70)) > 0.8


def test_what_is_sung_next_is_none() -> None:
    voice = line(1)
    assert share(voice, np.roll(voice.hz, -70)) == 0.0


def test_another_melody_is_hardly_one() -> None:
    assert share(line(1), line(2).hz * 2.0 ** (0.5 / 12.0)) == 0.0
    assert max(share(line(seed), line(seed + 20).hz) for seed in range(5)) < 0.4
