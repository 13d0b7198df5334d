"""The gates of BS.1770 and Tech 3342: what of a sound counts towards its loudness and its range.

Gating blocks follow each other every 100 ms, so the energies of tenths of a second tell all.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from assistant.dsp.kweighting import HOPS_PER_SECOND, Energies

__all__ = [
    "BLOCK",
    "SHORT_TERM",
    "STEP",
    "gated_loudness",
    "gated_range",
    "lufs",
    "means_of",
    "tenths_of",
]

BLOCK = HOPS_PER_SECOND * 4 // 10  # 400 ms, in hops
SHORT_TERM = HOPS_PER_SECOND * 3
STEP = HOPS_PER_SECOND // 10  # from one gating block to the next

SILENCE_GATE_LUFS = -70.0
QUIET_GATE_LU = -10.0
QUIET_GATE_RANGE_LU = -20.0


def tenths_of(heard: Energies) -> Energies:
    """Average hops, from `energies`, over each tenth of a second."""
    whole = len(heard) // STEP
    return np.asarray(heard[: whole * STEP].reshape(whole, STEP).mean(axis=1))


def gated_loudness(heard: Energies) -> float:
    """Tell integrated loudness as `integrated` does.

    Parameters
    ----------
    heard : ndarray of float64, shape (tenths,)
        From `tenths`.

    Returns
    -------
    float
        In LUFS.
    """
    blocks = _gated(means_of(heard, BLOCK // STEP), QUIET_GATE_LU)
    return float(lufs(blocks.mean())) if blocks.size else -math.inf


def gated_range(heard: Energies) -> float:
    """Tell the loudness range from tenths."""
    blocks = np.sort(_gated(means_of(heard, SHORT_TERM // STEP), QUIET_GATE_RANGE_LU))
    if not blocks.size:
        return 0.0
    low, high = (blocks[round((blocks.size - 1) * part)] for part in (0.10, 0.95))
    return float(lufs(high) - lufs(low))


def means_of(heard: Energies, hops: int) -> Energies:
    """Average each run of as many hops."""
    total = np.concatenate([[0.0], np.cumsum(heard)])
    return np.asarray((total[hops:] - total[:-hops]) / hops)


def _gated(blocks: Energies, quiet_lu: float) -> Energies:
    """Keep the blocks above both gates, the second one relative to what passed the first."""
    blocks = blocks[blocks > _energy(SILENCE_GATE_LUFS)]
    if not blocks.size:
        return blocks
    return np.asarray(blocks[blocks > blocks.mean() * 10.0 ** (quiet_lu / 10.0)])


def _energy(lufs: float) -> float:
    return float(10.0 ** ((lufs + 0.691) / 10.0))


def lufs(energy: Energies | float) -> NDArray[np.float64]:
    """Turn mean energies into LUFS; minus infinity where there is none."""
    with np.errstate(divide="ignore"):
        return np.asarray(10.0 * np.log10(energy) - 0.691)
