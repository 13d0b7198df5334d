from __future__ import annotations

import numpy as np
import pytest

from assistant.dsp.noise_mixing import mixed_noise
from assistant.dsp.noise_print import Print, print_of
from tests.assistant.dsp.noisy import RATE, Signal, distance_db, plucked, sound, white

SHORT, LONG = 0.021, 0.17
NOISE = 0.05 * white(3 * RATE)
KNOWN = print_of(sound(0.05 * white(4 * RATE, seed=2)), 0.0, 4.0)


def cleaned(music: Signal, *seconds: float, known: Print = KNOWN) -> float:
    """Return how far what is wrong lies under the music, with the music itself as pilot."""
    noisy = (music + NOISE).astype(np.float32)
    noise = mixed_noise(noisy, music.astype(np.float32), known, RATE, seconds)
    return distance_db(music, noisy - noise)


def held() -> Signal:
    time = np.arange(NOISE.shape[1]) / RATE
    return np.asarray(0.2 * np.sin(2.0 * np.pi * 440.0 * time))[np.newaxis]


def struck() -> Signal:
    time = np.arange(NOISE.shape[1]) / RATE
    return np.asarray(np.exp(-80.0 * (time % 0.5)) * white(time.size, seed=9))


@pytest.mark.parametrize("music", [held(), struck()])
def test_the_better_window_is_found(music: Signal) -> None:
    short, long_ = cleaned(music, SHORT), cleaned(music, LONG)
    assert abs(short - long_) > 2.0
    assert cleaned(music, SHORT, LONG) > max(short, long_) - 0.7


def test_both_together_beat_either_where_both_are_heard() -> None:
    music = held() + struck()
    assert cleaned(music, SHORT, LONG) > max(cleaned(music, SHORT), cleaned(music, LONG)) + 0.5


def test_noise_alone_is_taken_whole() -> None:
    rows = NOISE.astype(np.float32)
    made = mixed_noise(rows, np.zeros_like(rows), KNOWN, RATE, (SHORT, LONG))
    assert distance_db(NOISE, made) > 20.0


def test_music_far_over_the_noise_is_left() -> None:
    music = (1_000.0 * NOISE).astype(np.float32)
    made = mixed_noise(music, music, KNOWN, RATE, (SHORT, LONG))
    assert np.abs(made).max() < 1e-4 * np.abs(music).max()


def test_no_more_is_taken_than_the_noise_has() -> None:
    """A pilot that knows nothing of the music would have all of it taken."""
    music = (0.3 * plucked(3.0)).astype(np.float32)
    made = mixed_noise(music, np.zeros_like(music), KNOWN, RATE, (SHORT, LONG))
    assert np.square(made).sum() < np.square(NOISE).sum() < 0.03 * np.square(music).sum()


def test_all_channels_have_one_gain() -> None:
    left = 0.3 * plucked(3.0) + NOISE
    rows = np.concatenate([left, 0.5 * left]).astype(np.float32)
    known = Print(np.repeat(KNOWN.levels, 2, axis=0), RATE, 4.0, "given", 1.0)
    made = mixed_noise(rows, rows, known, RATE, (SHORT, LONG))
    np.testing.assert_allclose(made[1], 0.5 * made[0], atol=1e-7)
