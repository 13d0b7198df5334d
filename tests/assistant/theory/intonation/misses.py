"""Takes whose intended notes are known, for the tests of what chooses them."""

from __future__ import annotations

import numpy as np

from assistant.theory.intonation.sung import Sung
from assistant.theory.intonation.take import TakeNote

MAJOR = (0, 2, 4, 5, 7, 9, 11)


def tune(seed: int, count: int, tonic: int = 60) -> np.ndarray:
    """Write a tune of steps and some leaps in major: MIDI numbers."""
    rng = np.random.default_rng(seed)
    degree, pitches = 0, []
    for _ in range(count):
        pitches.append(tonic + 12 * (degree // 7) + MAJOR[degree % 7])
        degree = int(np.clip(degree + rng.choice([-3, -2, -1, -1, 0, 1, 1, 2, 4]), -3, 9))
    return np.array(pitches, dtype=np.float64)


def sung(pitches: np.ndarray, cents: np.ndarray | float = 0.0, phrase: int = 8) -> Sung:
    """Sing it that far off, with a breath after each phrase."""
    start = 0.5 * np.arange(pitches.size) + 0.6 * (np.arange(pitches.size) // phrase)
    return Sung(start, start + 0.45, pitches + np.asarray(cents) / 100.0,
                np.full(pitches.size, 5.0))  # fmt: skip


def notes(pitches: np.ndarray, cents: np.ndarray | float = 0.0) -> list[TakeNote]:
    """Sing it that far off."""
    take = sung(pitches, cents)
    columns = (take.start.tolist(), take.end.tolist(), take.pitch.tolist())
    return [TakeNote(start, end, pitch) for start, end, pitch in zip(*columns, strict=True)]


def wandering(seed: int, count: int, step: float = 8.0, stray: float = 14.0) -> np.ndarray:
    """Draw how far off a singer is who loses the tuning slowly: cents."""
    rng = np.random.default_rng(seed)
    return np.cumsum(rng.normal(0.0, step, count)) + rng.normal(0.0, stray, count)


def nearest(pitches: np.ndarray, tonic: int = 60) -> np.ndarray:
    """Take the nearest note of the major scale."""
    ladder = np.array([note for note in range(128) if (note - tonic) % 12 in MAJOR], dtype=float)
    found: np.ndarray = ladder[np.abs(pitches[:, None] - ladder).argmin(axis=1)]
    return found
