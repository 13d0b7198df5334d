"""How loud a take is where it is loud, and how much there is where it is quiet."""

from __future__ import annotations

import math
from collections.abc import Generator
from typing import NamedTuple

import numpy as np

from assistant.material import Audio

__all__ = ["Levels", "levels_of"]

WINDOW_SECONDS = 0.05
LOUD, QUIET = 95, 10  # percentiles of the windows that are not silent
LOWEST_DB = -144.0
_BLOCK_SECONDS = 10.0


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
    size = max(1, round(WINDOW_SECONDS * audio.rate))
    found: list[np.ndarray] = []
    for start, block in audio.blocks(size * round(_BLOCK_SECONDS / WINDOW_SECONDS)):
        edges = np.arange(0, block.shape[1], size)
        sums = np.add.reduceat(np.square(block, dtype=np.float64).sum(axis=0), edges)
        counts = np.diff(np.append(edges, block.shape[1])) * audio.channels
        found.append(sums / counts)
        yield (start + block.shape[1]) / audio.frames
    powers = np.concatenate(found) if found else np.zeros(1)
    sounding = powers[powers > 0.0]
    if not sounding.size:
        return Levels(LOWEST_DB, LOWEST_DB, LOWEST_DB)
    loud, quiet = (float(np.percentile(sounding, at)) for at in (LOUD, QUIET))
    return Levels(*map(_decibels, (loud, quiet, float(powers.mean()))))


def _decibels(power: float) -> float:
    return max(LOWEST_DB, 10.0 * math.log10(max(power, 1e-30)))
