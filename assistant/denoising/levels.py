"""How loud a take is where it is loud, and how much there is where it is quiet."""

from __future__ import annotations

import math
from collections.abc import Generator
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from assistant.material import Audio

__all__ = ["LOWEST_DB", "Levels", "Powers", "levels_in", "levels_of", "powers_of"]

WINDOW_SECONDS = 0.05
LOUD, QUIET = 95, 10  # percentiles of the windows that are not silent
LOWEST_DB = -144.0
_BLOCK_SECONDS = 10.0
_ROUNDING = 1e-12  # of the power, that is left where the offset is all there is


Powers: TypeAlias = NDArray[np.float64]
"""Mean square of each window over all channels, shape (windows,); an offset is no sound."""


class Levels(NamedTuple):
    """Levels in dBFS (RMS over all channels); `LOWEST_DB` for silence."""

    loud_db: float
    quiet_db: float
    all_db: float


def levels_of(audio: Audio) -> Generator[float, None, Levels]:
    """Measure a sound.

    Parameters
    ----------
    audio : Audio
        Finite. May be memory-mapped.

    Yields
    ------
    float
        Share that is done.

    Returns
    -------
    Levels
        Digital silence counts for `all_db` only.
    """
    powers = yield from powers_of(audio)
    return levels_in(powers, powers > 0.0)


def powers_of(audio: Audio) -> Generator[float, None, Powers]:
    """Measure the windows of a sound.

    Parameters
    ----------
    audio : Audio
        Finite. May be memory-mapped.

    Yields
    ------
    float
        Share that is done.

    Returns
    -------
    ndarray of float64, shape (windows,)
        Their powers, `WINDOW_SECONDS` apart.
    """
    size = max(1, round(WINDOW_SECONDS * audio.rate))
    found: list[np.ndarray] = []
    for start, block in audio.blocks(size * round(_BLOCK_SECONDS / WINDOW_SECONDS)):
        edges = np.arange(0, block.shape[1], size)
        frames = np.diff(np.append(edges, block.shape[1]))
        squares = np.add.reduceat(np.square(block, dtype=np.float64), edges, axis=1) / frames
        offsets = np.add.reduceat(block, edges, axis=1, dtype=np.float64) / frames
        power = (squares - np.square(offsets)).mean(axis=0)
        found.append(np.where(power > _ROUNDING * squares.mean(axis=0), power, 0.0))
        yield (start + block.shape[1]) / audio.frames
    return np.concatenate(found) if found else np.zeros(1)


def levels_in(powers: Powers, sounding: NDArray[np.bool_]) -> Levels:
    """Tell the levels of the windows that count.

    Parameters
    ----------
    powers : ndarray of float64, shape (windows,)
        From `powers_of`.
    sounding : ndarray of bool, shape (windows,)
        Which ones count for what is loud and quiet: those in which the take sounds, also where
        nothing is left of it, so that before and after speak of the same moments.

    Returns
    -------
    Levels
        Of them, and of all.
    """
    if not sounding.any():
        return Levels(LOWEST_DB, LOWEST_DB, LOWEST_DB)
    loud, quiet = (float(np.percentile(powers[sounding], at)) for at in (LOUD, QUIET))
    return Levels(*map(_decibels, (loud, quiet, float(powers.mean()))))


def _decibels(power: float) -> float:
    return max(LOWEST_DB, 10.0 * math.log10(max(power, 1e-30)))
