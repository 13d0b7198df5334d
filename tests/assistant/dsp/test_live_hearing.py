"""`assistant.dsp.live_hearing`: the period of what has just sounded."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from assistant.dsp.live_hearing import RATE_HZ, REACH, bell, hear, slowed

SHORTEST, LONGEST = 16, 200
RING = 8_192


def heard(sound: NDArray[np.float32], before: float = 0.0) -> tuple[float, float, float]:
    ring = np.zeros(RING, dtype=np.float32)
    ring[: sound.size] = sound
    period, repeats, power = hear(
        ring, sound.size, SHORTEST, LONGEST, before, np.zeros(LONGEST + 2)
    )
    return float(period), float(repeats), float(power)


def buzz(hz: float, strengths: tuple[float, ...] = (1.0, 0.7, 0.5, 0.3)) -> NDArray[np.float32]:
    phase = 2.0 * np.pi * hz * np.arange(1_600) / RATE_HZ
    tones = [each * np.sin((n + 1) * phase) for n, each in enumerate(strengths)]
    return np.asarray(0.2 * np.sum(tones, axis=0), dtype=np.float32)


@pytest.mark.parametrize("hz", [82.4, 110.0, 233.1, 440.0, 659.3, 900.0])
def test_a_period_is_heard_to_a_few_cents(hz: float) -> None:
    period, repeats, _ = heard(buzz(hz))
    assert abs(1200.0 * np.log2(RATE_HZ / period / hz)) < 3.0
    assert repeats > 0.97


def test_a_strong_overtone_is_not_taken_for_the_fundamental() -> None:
    period, _, _ = heard(buzz(150.0, (0.4, 1.0, 0.3, 0.3)))
    assert RATE_HZ / period == pytest.approx(150.0, rel=0.005)


def test_a_voice_keeps_its_octave() -> None:
    """Alternate cycles that differ a little repeat best after two of them."""
    rough = buzz(200.0) + 0.35 * buzz(100.0, (0.0, 0.0, 1.0))
    assert RATE_HZ / heard(rough)[0] == pytest.approx(100.0, rel=0.02)
    assert RATE_HZ / heard(rough, before=RATE_HZ / 200.0)[0] == pytest.approx(200.0, rel=0.02)


def test_noise_repeats_badly() -> None:
    rng = np.random.default_rng(0)
    repeats = [heard(rng.normal(0.0, 0.1, 1_600).astype(np.float32))[1] for _ in range(50)]
    assert max(repeats) < 0.7


def test_silence_has_no_period() -> None:
    assert heard(np.zeros(1_600, dtype=np.float32)) == (0.0, 0.0, 0.0)


def test_power_is_that_of_the_window() -> None:
    assert heard(buzz(100.0, (1.0,)))[2] == pytest.approx(0.5 * 0.2**2, rel=0.3)


@pytest.mark.parametrize("rate", [22_050.0, 44_100.0, 48_000.0, 192_000.0])
def test_sound_is_slowed_without_a_shift(rate: float) -> None:
    frames = np.arange(1 << 15)
    sound = np.sin(2.0 * np.pi * 1_000.0 * frames / rate).astype(np.float32)
    out = np.zeros(RING, dtype=np.float32)
    count = int(0.1 * RATE_HZ)
    slowed(sound, rate, bell(), 0, count, out)
    wanted = np.sin(2.0 * np.pi * 1_000.0 * np.arange(count) / RATE_HZ)
    assert np.abs(out[REACH:count] - wanted[REACH:]).max() < 0.01


def test_what_the_lower_rate_cannot_hold_is_gone() -> None:
    frames = np.arange(1 << 15)
    sound = np.sin(2.0 * np.pi * 12_000.0 * frames / 48_000.0).astype(np.float32)
    out = np.zeros(RING, dtype=np.float32)
    slowed(sound, 48_000.0, bell(), 0, 2_000, out)
    assert np.abs(out[REACH:2_000]).max() < 0.01
