"""One pitch curve from two: a coarse one that is seldom far off, a fine one that sometimes is.

A smoothing spline on evenly spaced frames (Whittaker; Eilers, "A perfect smoother", 2003) through
both, each frame with as much weight as it deserves. Where the sound hardly repeats, or the vowel
changes so fast that it repeats after another time than the vocal folds do, the coarse curve leads.
"""

from __future__ import annotations

import numpy as np
from numba import float64, njit, types
from numpy.typing import NDArray

__all__ = ["fused"]

Array = NDArray[np.float64]

_COARSE_CENTS = 4.0  # spread
_COARSE_FRAMES = 3.2  # fine frames a coarse one: they share one error
_FINE_CENTS, _FINE_NOISE_CENTS = 2.0, 40.0  # spread where the sound repeats; where it is all noise
_STRAYS = 2.0  # spreads from which a fine frame counts for little
_ROUNDS = 4
_STIFF = 0.05  # per cent of a cent squared: vibrato is kept, jitter of single frames is not
_DIFFERENCES = (-1.0, 3.0, -3.0, 1.0)

_CURVE = types.Array(types.float64, 1, "C", readonly=True)
_BANDS = types.Array(types.float64, 2, "C", readonly=True)


def fused(coarse_cents: Array, fine_cents: Array, repeats: Array) -> Array:
    """Draw one curve through two.

    Parameters
    ----------
    coarse_cents : ndarray of float, shape (frames,)
        Pitch of a voiced stretch, interpolated from coarse frames.
    fine_cents : ndarray of float, shape (frames,)
        The same, measured at each frame.
    repeats : ndarray of float, shape (frames,)
        How well the sound repeats at the fine pitch, 0.0 to 1.0.

    Returns
    -------
    ndarray of float, shape (frames,)
        Cents.
    """
    order = len(_DIFFERENCES) - 1
    if coarse_cents.size <= order + 1:
        return coarse_cents
    coarse = 1.0 / _COARSE_CENTS**2
    fine = 1.0 / (_FINE_CENTS + _FINE_NOISE_CENTS * np.sqrt(1.0 - repeats)) ** 2
    bands = _stiffness(coarse_cents.size)
    away = (fine_cents - coarse_cents) / np.sqrt(1.0 / fine + 1.0 / coarse)
    coarse = coarse / _COARSE_FRAMES
    # Seen from the coarse curve lest cents be squared numbers of five digits
    off = fine_cents - coarse_cents
    pull = _apply(bands, coarse_cents)
    curve = np.zeros_like(off)
    for _ in range(_ROUNDS):
        weights = fine / (1.0 + (away / _STRAYS) ** 2)
        system = bands.copy()
        system[0] += weights + coarse
        curve = _solved(system, weights * off - pull)
        away = (off - curve) * np.sqrt(fine)
    return np.asarray(coarse_cents + curve, dtype=np.float64)


def _stiffness(frames: int) -> Array:
    """Return the matrix of squared third differences as bands, the diagonal first."""
    order = len(_DIFFERENCES) - 1
    bands = np.zeros((order + 1, frames))
    for down in range(order + 1):
        for tap in range(order + 1 - down):
            share = _STIFF * _DIFFERENCES[tap] * _DIFFERENCES[tap + down]
            bands[down, tap : tap + frames - order] += share
    return bands


def _apply(bands: Array, values: Array) -> Array:
    """Multiply values by that matrix."""
    out = bands[0] * values
    for down in range(1, bands.shape[0]):
        out[down:] += bands[down, :-down] * values[:-down]
        out[:-down] += bands[down, :-down] * values[down:]
    return np.asarray(out, dtype=np.float64)


@njit(float64[::1](_BANDS, _CURVE), cache=True, nogil=True)
def _solved(bands, right):  # type: ignore[no-untyped-def]
    """Solve a positive definite system that is given as bands, the diagonal first (Cholesky).

    Here rather than from scipy, whose linear algebra takes longer to load than a song to smooth.
    """
    order, size = bands.shape[0] - 1, bands.shape[1]
    root, found = np.empty(bands.shape), np.empty(size)
    for i in range(size):
        for down in range(min(i, order), -1, -1):
            total = bands[down, i - down]
            for k in range(down + 1, min(i, order) + 1):
                total -= root[k, i - k] * root[k - down, i - k]
            root[down, i - down] = np.sqrt(total) if down == 0 else total / root[0, i - down]
        known = right[i]
        for k in range(1, min(i, order) + 1):
            known -= root[k, i - k] * found[i - k]
        found[i] = known / root[0, i]
    for i in range(size - 1, -1, -1):
        known = found[i]
        for k in range(1, min(size - 1 - i, order) + 1):
            known -= root[k, i] * found[i + k]
        found[i] = known / root[0, i]
    return found
