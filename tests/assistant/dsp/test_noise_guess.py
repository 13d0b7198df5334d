from __future__ import annotations

import numpy as np
import pytest

from assistant.dsp.noise_guess import CONFIDENCE, guess_print
from assistant.dsp.noise_removal import denoise
from assistant.steps import result
from tests.assistant.dsp.noisy import RATE, Signal, distance_db, plucked, sound, white, zeros


def test_faint_noise_is_guessed_roughly() -> None:
    noise = 0.002 * white(10 * RATE)
    guess = result(guess_print(sound(0.3 * plucked(10.0) + noise)))
    assert guess is not None
    assert (guess.how, guess.confidence) == ("none", CONFIDENCE)
    assert -6.0 < 10.0 * np.log10(np.median(guess.levels) / 0.002**2) < 3.0


@pytest.mark.parametrize("brushed", [False, True])
def test_whatever_the_music_a_guess_does_next_to_nothing(brushed: bool) -> None:
    time = np.arange(10 * RATE) / RATE
    swish = (0.55 + 0.45 * np.sin(2.0 * np.pi * 2.3 * time)) * white(time.size)
    music = 0.2 * (swish if brushed else plucked(10.0))
    guess = result(guess_print(sound(music)))
    made = result(denoise(sound(music), guess, 60.0, zeros))
    assert distance_db(music, made.samples) > 45.0


@pytest.mark.parametrize("rows", [white(3 * RATE), np.zeros((1, 10 * RATE))])
def test_a_short_take_or_silence_has_none(rows: Signal) -> None:
    assert result(guess_print(sound(rows))) is None
