from __future__ import annotations

import numpy as np
import pytest

from assistant.dsp.concert_pitch import off_concert_pitch
from assistant.material import Audio
from tests.assistant.dsp.test_stretching import made

RATE = 44_100


def voices(cents: float, seconds: float = 6.0) -> Audio:
    time = np.arange(round(seconds * RATE)) / RATE
    sound = np.zeros(time.size)
    for place, pitch in enumerate((57, 60, 64, 69, 72)):
        hz = 440.0 * 2.0 ** ((pitch - 69 + cents / 100.0) / 12.0)
        for order in range(1, 5):
            sound += 0.05 / order * np.sin(2.0 * np.pi * order * hz * time + place)
    return Audio(sound[None, :].astype(np.float32), RATE)


@pytest.mark.parametrize("cents", [-45.0, -12.0, 0.0, 7.0, 33.0])
def test_tuning_of_chords_is_told_within_two_cents(cents: float) -> None:
    found, sure = made(off_concert_pitch(voices(cents)))
    assert found == pytest.approx(cents, abs=2.0)
    assert sure > 0.6


def test_noise_and_silence_are_not_tuned() -> None:
    noise = np.random.default_rng(3).normal(0.0, 0.1, (1, 6 * RATE)).astype(np.float32)
    assert made(off_concert_pitch(Audio(noise, RATE)))[1] < 0.1
    silent = Audio(np.zeros((2, RATE), dtype=np.float32), RATE)
    assert made(off_concert_pitch(silent)) == (0.0, 0.0)


def test_a_glide_is_less_sure_than_a_chord() -> None:
    time = np.arange(6 * RATE) / RATE
    glide = 0.2 * np.sin(2.0 * np.pi * (200.0 * time + 20.0 * time**2))
    sure = made(off_concert_pitch(Audio(glide[None, :].astype(np.float32), RATE)))[1]
    assert sure < 0.3
