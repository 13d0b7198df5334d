from __future__ import annotations

import numpy as np
import pytest

from assistant.dsp.f0_smoothing import fused

FRAMES = 300
TIME = np.arange(FRAMES) * 0.005
TRUTH = 6_000.0 + 300.0 * (TIME > 0.7) + 60.0 * np.sin(2.0 * np.pi * 6.0 * TIME)


def noise(spread: float, seed: int = 1) -> np.ndarray:
    return np.asarray(np.random.default_rng(seed).normal(0.0, spread, FRAMES))


def test_where_the_sound_repeats_the_fine_curve_is_kept() -> None:
    coarse = TRUTH + 4.0 * np.sin(2.0 * np.pi * 1.1 * TIME)
    found = fused(coarse, TRUTH + noise(1.0), np.full(FRAMES, 0.999))
    inside = np.abs(TIME - 0.7) > 0.03
    assert np.sqrt(np.mean((found - TRUTH)[inside] ** 2)) < 1.5


def test_vibrato_keeps_its_depth() -> None:
    wave = 60.0 * np.sin(2.0 * np.pi * 6.5 * TIME)
    found = fused(0.8 * wave, wave, np.full(FRAMES, 0.999))
    assert found.max() == pytest.approx(60.0, abs=3.0)


def test_frames_that_stray_are_not_followed() -> None:
    fine = TRUTH.copy()
    fine[100:108] += 70.0
    found = fused(TRUTH + noise(2.0), fine, np.full(FRAMES, 0.99))
    assert np.abs(found - TRUTH)[98:110].max() < 8.0


def test_in_noise_the_coarse_curve_leads() -> None:
    coarse = TRUTH + 3.0
    found = fused(coarse, TRUTH + noise(40.0), np.full(FRAMES, 0.3))
    assert np.median(np.abs(found - TRUTH)) < 6.0
    assert np.median(np.abs(found - TRUTH)) < 0.3 * np.median(np.abs(noise(40.0)))


@pytest.mark.parametrize("frames", [1, 2, 4, 5, 6])
def test_a_few_frames(frames: int) -> None:
    found = fused(TRUTH[:frames], TRUTH[:frames] + 1.0, np.full(frames, 0.9))
    assert found.shape == (frames,)
    assert np.abs(found - TRUTH[:frames]).max() <= 1.0 + 1e-9
