from __future__ import annotations

import numpy as np
import pytest

from assistant.dsp.echoes import Echo, echo_share, strongest_echo
from assistant.dsp.f0 import F0Track
from assistant.material import Audio, Samples
from bench.singing_cases import Timbre, takes

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


def echo_of(samples: Samples, rate: int) -> Echo:
    channels = samples.shape[0]
    return strongest_echo(Audio(samples, rate), np.full(channels, 1.0 / channels, dtype=np.float32))


@pytest.mark.parametrize("level_db", [-6.0, -12.0])
@pytest.mark.parametrize("seconds", [0.0901, 0.375, 0.75])
def test_a_delay_is_found_with_its_time_and_gain(seconds: float, level_db: float) -> None:
    audio = next(takes("voice", [31], bars=4)).audio
    gain, late = 10.0 ** (level_db / 20.0), round(seconds * audio.rate)
    wet = audio.samples.copy()
    wet[:, late:] += np.float32(gain) * audio.samples[:, :-late]
    found = echo_of(wet, audio.rate)
    assert found.seconds == pytest.approx(seconds, abs=2e-4)
    assert 0.65 * gain < found.gain < 1.35 * gain + 0.15


@pytest.mark.parametrize("timbre", ["voice", "flute"])
def test_a_voice_without_a_delay_has_none(timbre: Timbre) -> None:
    audio = next(takes(timbre, [32], bars=4)).audio
    assert echo_of(audio.samples, audio.rate).gain < 0.12


def test_what_is_short_or_silent_has_no_delay() -> None:
    assert echo_of(np.ones((1, 44_100), dtype=np.float32), 44_100) == Echo()
    assert echo_of(np.zeros((2, 300_000), dtype=np.float32), 44_100).gain < 1e-6
