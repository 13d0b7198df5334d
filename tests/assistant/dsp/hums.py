"""Hum of the mains and a tune to lay it under, for the tests of what takes hum away."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from assistant.material import Audio, Samples

Signal = NDArray[np.float64]

RATE = 11_025
SECONDS = 8.0
TUNE_HZ = (82.4, 98.0, 110.0, 123.5, 146.8, 164.8, 196.0, 220.0, 246.9)


def hum(
    seconds: float = SECONDS,
    rate: int = RATE,
    hertz: float = 50.013,
    orders: Sequence[int] = range(1, 31),
    wander_hz: float = 0.01,
    level: float = 0.02,
) -> Signal:
    """Make mains hum whose frequency wanders."""
    dice = np.random.default_rng(0)
    time = np.arange(round(seconds * rate)) / rate
    turns = 2.0 * np.pi * np.cumsum(hertz + wander_hz * np.sin(2.0 * np.pi * time / 11.0)) / rate
    made = np.zeros(time.size)
    for order in orders:
        if order * hertz < 0.45 * rate:
            weight = order**-0.8 * dice.uniform(0.4, 1.0)
            made += weight * np.sin(order * turns + dice.uniform(0.0, 6.0))
    return np.asarray(level * made / made.std())


def tune(seconds: float = SECONDS, rate: int = RATE, seed: int = 1) -> Signal:
    """Play notes that die away, some with partials beside those of the mains, after a rest."""
    dice = np.random.default_rng(seed)
    made = 1e-4 * dice.standard_normal(round(seconds * rate))
    start = 0.8
    while start < seconds - 0.2:
        hertz, length = dice.choice(TUNE_HZ), dice.uniform(0.3, 1.0)
        first = round(start * rate)
        time = np.arange(min(made.size - first, round(length * rate))) / rate
        ends = np.minimum(time / 0.005, 1.0) * np.minimum((time[-1] - time) / 0.03, 1.0)
        partials = [n for n in range(1, 16) if n * hertz < 0.45 * rate]
        tone = sum(np.sin(2.0 * np.pi * hertz * n * time) / n**1.2 for n in partials)
        made[first : first + time.size] += 0.2 * ends * np.exp(-time / 0.4) * tone
        start += length + dice.uniform(0.0, 0.6)
    return made


def audio(*rows: Signal, rate: int = RATE) -> Audio:
    """Make a sound of its channels."""
    return Audio(np.stack(rows).astype(np.float32), rate)


def zeros(shape: tuple[int, ...]) -> Samples:
    return np.zeros(shape, dtype=np.float32)


def over_db(wanted: Signal, made: Samples | Signal) -> float:
    """Tell how far what is wrong lies under what is wanted."""
    off = np.sum(np.square(made - wanted))
    return 10.0 * float(np.log10(np.sum(np.square(wanted)) / off))
