from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from assistant.dsp.f0_lags import REACH_SECONDS, best_periods

RATE = 12_000


def tone(hz: float, partials: int, seconds: float = 1.0) -> NDArray[np.float32]:
    time = np.arange(round(seconds * RATE)) / RATE
    orders = [order for order in range(1, partials + 1) if order * hz < 0.45 * RATE]
    parts = [np.sin(2.0 * np.pi * order * hz * time + order) / order for order in orders]
    return np.asarray(0.2 * sum(parts), dtype=np.float32)


def found_in(sound: NDArray[np.float32], guess: float) -> tuple[NDArray[np.float64], ...]:
    middles = np.linspace(0.3, 0.7, 9) * RATE
    return best_periods(sound, RATE, middles, np.full(9, guess), 80.0)


@pytest.mark.parametrize("hz", [62.0, 97.3, 211.1, 440.0, 783.99, 1_046.5, 1_800.0])
@pytest.mark.parametrize("partials", [1, 12])
@pytest.mark.parametrize("cents", [-60.0, 0.0, 40.0])
def test_a_steady_tone_is_found_to_a_fraction_of_a_cent(
    hz: float, partials: int, cents: float
) -> None:
    hertz, repeats = found_in(tone(hz, partials), hz * 2.0 ** (cents / 1200.0))
    assert np.abs(1200.0 * np.log2(hertz / hz)).max() < 0.5
    assert repeats.min() > 0.99


def test_a_peak_just_outside_is_followed() -> None:
    hertz, _ = found_in(tone(200.0, 10), 200.0 * 2.0 ** (150.0 / 1200.0))
    np.testing.assert_allclose(hertz, 200.0, rtol=1e-3)


def test_a_peak_far_away_is_not() -> None:
    hertz, repeats = found_in(tone(200.0, 10), 290.0)
    assert np.abs(1200.0 * np.log2(hertz / 290.0)).max() <= 250.0
    assert repeats.max() < 0.9


def test_noise_hardly_repeats() -> None:
    noise = np.random.default_rng(4).normal(0.0, 0.1, RATE).astype(np.float32)
    assert found_in(noise, 150.0)[1].max() < 0.5


def test_silence_and_the_ends_of_a_sound_are_no_trouble() -> None:
    hertz, repeats = found_in(np.zeros(RATE, dtype=np.float32), 150.0)
    assert np.isfinite(hertz).all()
    assert (repeats == 0.0).all()
    hertz, repeats = best_periods(tone(150.0, 4), RATE, np.array([0.0, RATE]), np.full(2, 150.0),
                                  80.0)  # fmt: skip
    np.testing.assert_array_equal(hertz, 150.0)
    np.testing.assert_array_equal(repeats, 0.0)


def test_no_frame_reaches_farther_than_is_said() -> None:
    sound = tone(41.0, 20)
    middle, reach = RATE // 2, round(REACH_SECONDS * RATE)
    other = sound.copy()
    other[: middle - reach], other[middle + reach :] = 0.3, -0.3
    at, guess = np.array([float(middle)]), np.array([40.0])
    np.testing.assert_array_equal(
        best_periods(sound, RATE, at, guess, 80.0), best_periods(other, RATE, at, guess, 80.0)
    )
