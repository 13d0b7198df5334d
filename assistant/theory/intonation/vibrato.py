"""The vibrato of a held note: whether there is one, how fast and how deep."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from assistant.theory.intonation.middles import median, quantile

__all__ = ["LEAST_HZ", "MOST_HZ", "Vibrato", "find_vibrato"]

Array = NDArray[np.float64]

LEAST_HZ, MOST_HZ = 3.5, 9.0
_STEP_HZ = 0.5
_RATES_HZ = np.arange(LEAST_HZ, MOST_HZ + 0.01, _STEP_HZ)
_LOOK_SECONDS = 1.0  # a voice keeps its rate for about as long
_CYCLES = 1.4  # that must be heard
_SHALLOWEST = 8.0  # cents to each side
_SHARE = 0.4  # of what a line leaves over: more than a voice without vibrato wavers by chance
_SHARE_SHORT = 0.35  # more of it where few cycles are heard, falling with their number


@dataclass(frozen=True, slots=True)
class Vibrato:
    """A wave around a line.

    Parameters
    ----------
    hz : float
        Rate; 0.0 where there is no vibrato.
    depth : float
        Cents to each side.
    level, slope : float
        The line: cents at the first frame, and from frame to frame.
    """

    hz: float
    depth: float
    level: float
    slope: float

    def line(self, frames: Array) -> Array:
        """Return the line at some frames."""
        return self.level + self.slope * frames


def find_vibrato(cents: Array, weight: Array, hop_seconds: float) -> Vibrato:
    """Look for a vibrato.

    Parameters
    ----------
    cents : ndarray of float, shape (frames,)
        Pitch of a held note.
    weight : ndarray of float, shape (frames,)
        How much each frame counts.
    hop_seconds : float
        From frame to frame.

    Returns
    -------
    Vibrato
        The line alone where there is none.
    """
    size = cents.size
    look = min(size, round(_LOOK_SECONDS / hop_seconds))
    level, slope = _line(cents, weight)
    if size * hop_seconds * LEAST_HZ < 0.8:
        return Vibrato(0.0, 0.0, level, slope)
    step = max(1, look // 2)
    starts = [*range(0, size - look, step), size - look]
    won = np.zeros(_RATES_HZ.size)
    lines: list[tuple[float, float, Array]] = []
    left = 0.0
    for start in starts:
        inside = slice(start, start + look)
        lost, explained, fits = _waves(cents[inside], weight[inside], hop_seconds)
        left, won = left + lost, won + explained
        lines.append((start, lost, fits))
    best = int(won.argmax())
    hz = float(np.clip(_peak(won, best), LEAST_HZ, MOST_HZ))
    depths = np.array([np.hypot(fits[best, 2], fits[best, 3]) for _, _, fits in lines])
    depth = quantile(depths, 0.7)
    cycles = hz * size * hop_seconds
    needed = _SHARE + _SHARE_SHORT * min(1.0, 1.5 / max(cycles, 1.0))
    sure = cycles >= _CYCLES and depth >= _SHALLOWEST and won[best] >= needed * left
    if not sure or best in {0, won.size - 1}:
        return Vibrato(0.0, 0.0, level, slope)
    if len(starts) == 1:  # the line that the wave goes around
        middle, tilt = lines[0][2][best, :2]
        slope = float(2.0 * tilt / max(size - 1, 1))
        level = float(middle - tilt)
    return Vibrato(hz, depth, level, slope)


def _line(cents: Array, weight: Array) -> tuple[float, float]:
    """Lay a line through a note; robust: by the medians of its thirds."""
    size = cents.size
    if size < 6 or not weight.any():
        return median(cents), 0.0
    third = size // 3
    slope = (median(cents[-third:]) - median(cents[:third])) / (size - third)
    return median(cents - slope * np.arange(size)), slope


def _waves(cents: Array, weight: Array, hop_seconds: float) -> tuple[float, Array, Array]:
    """Fit a line, and a line with a wave of each rate: by their normal equations.

    Returns what the line leaves over, how much of it each wave explains, and the fits.
    """
    size, rates = cents.size, _RATES_HZ.size
    line = np.stack((np.ones(size), np.linspace(-1.0, 1.0, size)))
    waves = _turning(hop_seconds)[:, :, :size]
    heavy = waves * weight
    both = heavy @ line.T
    square = np.empty((rates, 4, 4))
    square[:, :2, :2] = (line * weight) @ line.T
    square[:, 2:, :2], square[:, :2, 2:] = both, both.transpose(0, 2, 1)
    square[:, 2:, 2:] = heavy @ waves.transpose(0, 2, 1)
    square += np.diag([1e-9, 1e-3, 1e-3, 1e-3]) * (weight.sum() + 1e-9)
    right = np.empty((rates, 4))
    right[:, :2], right[:, 2:] = line @ (weight * cents), heavy @ cents
    fits = np.linalg.solve(square, right[..., None])[..., 0]
    plain = np.linalg.solve(square[0, :2, :2], right[0, :2])
    left = float(weight @ (cents - plain @ line) ** 2)
    rest = cents - fits[:, :2] @ line - (fits[:, None, 2:] @ waves)[:, 0]
    return left, left - rest**2 @ weight, np.asarray(fits)


@lru_cache(maxsize=4)
def _turning(hop_seconds: float) -> Array:
    """Return a cosine and a sine of each rate, as long as is looked at at once."""
    frames = np.arange(max(1, round(_LOOK_SECONDS / hop_seconds)))
    turns = 2.0 * np.pi * _RATES_HZ[:, None] * frames * hop_seconds
    return np.stack((np.cos(turns), np.sin(turns)), axis=1)


def _peak(won: Array, best: int) -> float:
    """Find the top of the parabola through three rates."""
    if best in {0, won.size - 1}:
        return float(_RATES_HZ[best])
    before, at, after = won[best - 1 : best + 2]
    bend = before - 2.0 * at + after
    return float(_RATES_HZ[best] + (0.5 * _STEP_HZ * (before - after) / bend if bend else 0.0))
