from __future__ import annotations

import numpy as np

from assistant.dsp.noise_pilot import gains, openness, pilot
from assistant.dsp.noise_print import print_of
from tests.assistant.dsp.noisy import RATE, distance_db, plucked, sound, white

OVER = np.random.default_rng(4).exponential(size=(200, 300)).astype(np.float32)
"""The power of noise over its mean."""
STEADY = np.ones(OVER.shape[1])


def test_gains_are_between_nothing_and_all() -> None:
    made = gains(OVER, STEADY)
    assert made.min() > 0.0
    assert made.max() < 1.0
    assert np.median(made) < 0.1


def test_gains_are_early_at_onsets() -> None:
    struck = OVER.copy()
    struck[100:, :] += 1_000.0
    made = gains(struck, STEADY)
    assert made[100].min() > 0.9
    assert np.median(made[99]) < 0.5


def test_noise_that_swells_is_doubted_longer() -> None:
    swollen = OVER.copy()
    swollen[100:110] *= 3.0
    swell = np.where(np.arange(OVER.shape[1]) < 150, 9.0, 1.0)
    made = gains(swollen, swell)[100:110]
    assert made[:, :150].mean() < 0.7 * made[:, 150:].mean()


def test_time_has_no_direction() -> None:
    np.testing.assert_allclose(
        gains(OVER[::-1].copy(), STEADY), gains(OVER, STEADY)[::-1], rtol=1e-6
    )


def test_noise_opens_nothing() -> None:
    assert np.count_nonzero(openness(OVER, 1)) < 1e-3 * OVER.size


def test_tones_and_strokes_open() -> None:
    for place in ((slice(90, 110), slice(150, 151)), (slice(100, 102), slice(100, 200))):
        heard = OVER.copy()
        heard[place] += 20.0
        assert openness(heard, 1)[place].min() == 1.0


def test_most_of_the_noise_is_gone() -> None:
    music, noise = 0.3 * plucked(3.0), 0.05 * white(3 * RATE)
    known = print_of(sound(0.05 * white(2 * RATE, seed=2)), 0.0, 2.0)
    noisy = (music + noise).astype(np.float32)
    made = pilot(noisy, known, RATE)
    assert distance_db(music, made) > distance_db(music, noisy) + 4.0
