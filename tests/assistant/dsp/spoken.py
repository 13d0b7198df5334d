"""A made voice with vowels and "s", for the tests of what mends a voice."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.signal import butter, sosfilt

from assistant.material import Audio

Signal = NDArray[np.float64]

RATE = 44_100
SECONDS = 4.0
S_SECONDS = (0.30, 0.42)  # of each second
POP_SECONDS = (0.7, 1.9, 3.3)


def vowels(rate: int = RATE) -> Signal:
    """Sing vowels, each a quarter of a second, with rests."""
    time = np.arange(round(SECONDS * rate)) / rate
    turns = 2.0 * np.pi * np.cumsum(150.0 + 10.0 * np.sin(2.0 * np.pi * 0.4 * time)) / rate
    tone = sum(
        np.sin(n * turns) * (np.exp(-(((n * 150.0 - 600.0) / 400.0) ** 2)) + 0.2 / n)
        for n in range(1, 24)
    )
    opened = np.clip(8.0 * np.sin(2.0 * np.pi * (time % 0.5) / 0.5), 0.0, 1.0)
    return np.asarray(0.1 * tone * opened * (time % 1.0 > 0.5))


def hisses(level: float, rate: int = RATE) -> Signal:
    """Say an "s" each second."""
    time = np.arange(round(SECONDS * rate)) / rate
    noise = np.random.default_rng(1).standard_normal(time.size)
    edges = (5_000.0, min(9_000.0, 0.49 * rate))
    hiss = sosfilt(butter(4, edges, "bandpass", output="sos", fs=rate), noise)
    after = (time % 1.0) - S_SECONDS[0]
    swell = np.clip(np.minimum(after, 0.12 - after) / 0.02, 0.0, 1.0)
    return np.asarray(level * hiss / hiss.std() * swell)


def pops(level: float) -> Signal:
    """Blow at the microphone, three times."""
    made = np.zeros(round(SECONDS * RATE))
    time = np.arange(round(0.2 * RATE)) / RATE
    pop = np.sin(2.0 * np.pi * 38.0 * time) * np.exp(-time / 0.03)
    for second in POP_SECONDS:
        made[round(second * RATE) :][: pop.size] += level * pop
    return made


def audio(*rows: Signal, rate: int = RATE) -> Audio:
    """Make a sound of its channels, with a little noise of the room in each."""
    room = [1e-4 * np.random.default_rng(n).standard_normal(row.size) for n, row in enumerate(rows)]
    return Audio((np.stack(rows) + np.stack(room)).astype(np.float32), rate)
