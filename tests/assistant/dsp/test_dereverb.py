"""Reverberation taken out."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile

from assistant.dsp.dereverb import without_reverb
from assistant.material import Audio, Samples
from assistant.steps import result
from tests.assistant.dsp.likeness import si_sdr_db
from tests.assistant.dsp.test_reverberation import in_a_room


def zeros(shape: tuple[int, ...]) -> Samples:
    return np.zeros(shape, np.float32)


def test_a_voice_comes_nearer(data: Path) -> None:
    voice, rate = soundfile.read(data / "speech" / "librispeech-1.ogg")
    take = in_a_room(voice, rate, 0.6)
    made = result(without_reverb(take, zeros))
    dry = voice.astype(np.float32)
    assert si_sdr_db(made.samples[0], dry) > si_sdr_db(take.samples[0], dry) + 0.25


@pytest.mark.parametrize("rate", [8000, 44_100])
def test_length_silence_and_numbers_are_kept(rate: int) -> None:
    for frames in (1, 99, rate):
        take = Audio(np.zeros((2, frames), np.float32), rate)
        assert np.array_equal(result(without_reverb(take, zeros)).samples, take.samples)
        noise = np.random.default_rng(1).normal(0.0, 0.1, (2, frames)).astype(np.float32)
        noise[1] = 0.0
        made = result(without_reverb(Audio(noise, rate), zeros)).samples
        assert made.shape == noise.shape
        assert np.isfinite(made).all()
        assert not made[1].any()
