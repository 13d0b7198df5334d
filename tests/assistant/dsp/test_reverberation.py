"""How long a room sounds on behind a voice."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile
from scipy.signal import fftconvolve

from assistant.dsp.reverberation import decay_seconds
from assistant.material import Audio
from assistant.steps import result


def in_a_room(voice: np.ndarray, rate: int, seconds: float) -> Audio:
    size = round(seconds * rate)
    tail = np.random.default_rng(1).standard_normal(size)
    tail *= 10.0 ** (-3.0 * np.arange(size) / size)
    tail[: round(0.002 * rate)] = 0.0
    tail *= 0.7 / np.sqrt(np.square(tail).sum())
    tail[0] = 1.0
    return Audio(fftconvolve(voice, tail)[None, : voice.size].astype(np.float32), rate)


def test_larger_rooms_are_longer(data: Path) -> None:
    voice, rate = soundfile.read(data / "speech" / "librispeech-2.ogg")
    told = [result(decay_seconds(in_a_room(voice, rate, room))) for room in (0.15, 0.5, 1.2)]
    assert all(one is not None for one in told)
    small, middle, large = (float(one or 0.0) for one in told)
    assert small < 0.4 < middle < 0.6 < large


@pytest.mark.parametrize("frames", [0, 100, 48_000])
def test_silence_and_steady_sound_tell_nothing(frames: int) -> None:
    assert result(decay_seconds(Audio(np.zeros((2, frames), np.float32), 48_000))) is None
    tone = np.sin(np.arange(frames) / 20.0).astype(np.float32)
    assert result(decay_seconds(Audio(tone[None], 48_000))) is None
