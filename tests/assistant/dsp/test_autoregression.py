"""What comes next follows from what was before."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from assistant.dsp.autoregression import ORDER, correlate, model, residuals

Signal = NDArray[np.float64]


def resonance(frames: int = 20_000) -> tuple[Signal, Signal]:
    """Send noise through two resonances: the noise, and what comes out."""
    noise, made = np.random.default_rng(2).standard_normal(frames), np.zeros(frames + 2)
    for i in range(frames):
        made[i + 2] = noise[i] + 1.6 * made[i + 1] - 0.81 * made[i]
    return noise, made[2:]


def modelled(sound: Signal) -> tuple[Signal, float]:
    taps, lags = np.empty(ORDER + 1), np.zeros(ORDER + 1)
    correlate(sound, 0, sound.size, lags)
    return taps, model(lags, taps)


def test_lags_are_products_with_itself_and_add_up() -> None:
    sound, lags = np.random.default_rng(1).standard_normal(300), np.zeros(4)
    correlate(sound, 100, 200, lags)
    part = sound[100:200]
    assert lags == pytest.approx([part[lag:] @ part[: 100 - lag] for lag in range(4)])
    correlate(sound, 100, 200, lags)
    assert lags[0] == pytest.approx(2.0 * part @ part)


def test_the_model_is_what_the_sound_was_made_with() -> None:
    noise, sound = resonance()
    taps, share = modelled(sound)
    assert taps[:3] == pytest.approx([1.0, -1.6, 0.81], abs=0.03)
    assert np.abs(taps[3:]).max() < 0.05
    assert share == pytest.approx(np.mean(noise**2) / np.mean(sound**2), rel=0.05)


def test_silence_and_a_pure_tone_have_a_model_too() -> None:
    for sound in (np.zeros(2000), np.sin(0.1 * np.arange(2000.0))):
        taps, share = modelled(sound)
        assert np.isfinite(taps).all()
        assert 0.0 <= share <= 1.0


def test_what_is_left_over_is_the_noise_in_both_directions() -> None:
    noise, sound = resonance()
    taps, _ = modelled(sound)
    ahead, back = np.zeros(sound.size), np.zeros(sound.size)
    residuals(sound, 0, sound.size, taps, ahead, back)
    assert np.corrcoef(ahead[ORDER:], noise[ORDER:])[0, 1] > 0.99
    turned, other = np.zeros(sound.size), np.zeros(sound.size)
    residuals(sound[::-1].copy(), 0, sound.size, taps, turned, other)
    assert back == pytest.approx(turned[::-1])
