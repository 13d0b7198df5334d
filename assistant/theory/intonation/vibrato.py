"""The vibrato of a held note: whether there is one, how fast and how deep."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["LEAST_HZ", "MOST_HZ", "Vibrato", "find_vibrato"]

Array = NDArray[np.float64]

LEAST_HZ, MOST_HZ = 3.5, 9.0
_STEP_HZ = 0.5
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
    rates = np.arange(LEAST_HZ, MOST_HZ + 0.01, _STEP_HZ)
    step = max(1, look // 2)
    starts = [*range(0, size - look, step), size - look]
    won = np.zeros(rates.size)
    lines: list[tuple[float, float, Array]] = []
    left = 0.0
    for start in starts:
        inside = slice(start, start + look)
        lost, explained, fits = _waves(cents[inside], weight[inside], hop_seconds, rates)
        left, won = left + lost, won + explained
        lines.append((start, lost, fits))
    best = int(won.argmax())
    hz = float(np.clip(_peak(rates, won, best), LEAST_HZ, MOST_HZ))
    depths = np.array([np.hypot(fits[best, 2], fits[best, 3]) for _, _, fits in lines])
    depth = float(np.quantile(depths, 0.7))
    cycles = hz * size * hop_seconds
    needed = _SHARE + _SHARE_SHORT * min(1.0, 1.5 / max(cycles, 1.0))
    sure = cycles >= _CYCLES and depth >= _SHALLOWEST and won[best] >= needed * left
    if not sure or best in {0, rates.size - 1}:
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
        return float(np.median(cents)), 0.0
    third = size // 3
    before, after = float(np.median(cents[:third])), float(np.median(cents[-third:]))
    slope = (after - before) / (size - third)
    return float(np.median(cents - slope * np.arange(size))), slope


def _waves(
    cents: Array, weight: Array, hop_seconds: float, rates: Array
) -> tuple[float, Array, Array]:
    """Fit a line, and a line with a wave of each rate.

    Returns what the line leaves over, how much of it each wave explains, and the fits.
    """
    size = cents.size
    place = np.linspace(-1.0, 1.0, size)
    turns = 2.0 * np.pi * rates[:, None] * np.arange(size) * hop_seconds
    flat = np.stack((np.ones(size), place))
    lines = np.broadcast_to(flat, (rates.size, 2, size))
    columns = np.concatenate((lines, np.cos(turns)[:, None], np.sin(turns)[:, None]), axis=1)
    ridge = np.diag([1e-9, 1e-3, 1e-3, 1e-3]) * (weight.sum() + 1e-9)
    square = np.einsum("rif,rjf->rij", columns * weight, columns, optimize=True) + ridge
    right = columns @ (weight * cents)
    fits = np.linalg.solve(square, right[..., None])[..., 0]
    plain = np.linalg.solve(square[0, :2, :2], right[0, :2])
    left = float(weight @ (cents - plain @ flat) ** 2)
    rest = cents - np.einsum("rif,ri->rf", columns, fits)
    return left, left - (rest**2) @ weight, fits


def _peak(rates: Array, won: Array, best: int) -> float:
    """Find the top of the parabola through three rates."""
    if best in {0, rates.size - 1}:
        return float(rates[best])
    before, at, after = won[best - 1 : best + 2]
    bend = before - 2.0 * at + after
    return float(rates[best] + (0.5 * _STEP_HZ * (before - after) / bend if bend else 0.0))
