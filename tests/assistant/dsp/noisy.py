"""Music and noise to take apart again, for the tests of noise removal."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.signal import butter, sosfilt

from assistant.material import Audio, Samples

Signal = NDArray[np.float64]

RATE = 16_000


def white(frames: int, channels: int = 1, seed: int = 1) -> Signal:
    """Make white noise of power 1."""
    return np.random.default_rng(seed).standard_normal((channels, frames))


def fan(frames: int, channels: int = 1, seed: int = 1) -> Signal:
    """Make noise that is strong in the low end, of power 1, with a line at 430 Hz."""
    sections = butter(2, 600.0, output="sos", fs=RATE)
    made = sosfilt(sections, white(frames + RATE, channels, seed), axis=1)[:, RATE:]
    made = made / made.std() + 0.5 * np.sin(2.0 * np.pi * 430.0 * np.arange(frames) / RATE)
    return np.asarray(made / made.std())


def plucked(seconds: float, gap_s: float = 0.0, rate: int = RATE) -> Signal:
    """Make plucked strings, a note each 0.4 s, of power 1; silent for `gap_s` of every 2 s."""
    time = np.arange(round(seconds * rate)) / rate
    after = time % 0.4
    hertz = 110.0 * 2.0 ** (np.array([0, 7, 3, 10, 12])[(time / 0.4).astype(int) % 5] / 12.0)
    made = sum(
        np.sin(2.0 * np.pi * n * hertz * after) * np.exp(-after * (3.0 + n)) / n
        for n in range(1, 9)
    )
    made = np.asarray(made) * (time % 2.0 >= gap_s)
    return np.asarray(made / made.std())[np.newaxis]


def sound(rows: Signal, rate: int = RATE) -> Audio:
    return Audio(np.ascontiguousarray(rows, dtype=np.float32), rate)


def zeros(shape: tuple[int, ...]) -> Samples:
    return np.zeros(shape, np.float32)


def distance_db(clean: Signal, made: Samples) -> float:
    """Return by how many dB what is wrong lies under what is right."""
    wrong = made.astype(np.float64) - clean
    return float(10.0 * np.log10(np.square(clean).sum() / np.square(wrong).sum()))
