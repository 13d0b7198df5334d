"""How loud a track is where it sounds, however seldom that is, and whatever lies under it.

Integrated loudness (BS.1770) gates at 10 LU under the mean of the whole. Of a tom that is struck
twice in a song, that mean is so low that hiss or hum passes the gate, and the loudness falls by as
much as it is seldom struck. Here the gate lies under what carries the power, which rests do not
move.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from assistant.dsp.gating import lufs
from assistant.dsp.moments import Moments
from assistant.dsp.weighted_bands import band_weights

__all__ = ["Sounding", "sounding"]

Row: TypeAlias = NDArray[np.float64]

LOWEST_BAND = 3  # 40 Hz: the lowest bass note there is, and no rumble
BLOCK = 4  # moments: 400 ms, as BS.1770 has it
SILENT_LUFS = -70.0
GATE_LU = -7.0  # under what carries the power; hum and hiss lie 8 and more under it
LEAST_ENERGY = 1e-16
BOTH_SIDES = 2.0  # powers are means of two channels; loudness is of their sum


@dataclass(frozen=True, eq=False)
class Sounding:
    """Where a track sounds.

    Parameters
    ----------
    loudness : float
        Of what sounds, K-weighted from 40 Hz up, in LUFS: that of a mono track heard at its own
        level from both sides. Minus infinity in silence.
    moments : ndarray of bool, shape (moments,)
        Where that is: no more than 7 LU under what carries the power.
    """

    loudness: float
    moments: NDArray[np.bool_]


def sounding(bands: Moments) -> Sounding:
    """Tell where a track sounds, and how loud it is there.

    Parameters
    ----------
    bands : Moments
        Of the track.

    Returns
    -------
    Sounding
        Near to integrated loudness where a track plays on, and the same for it at any level, but
        for that level.
    """
    weights = (BOTH_SIDES * band_weights()).astype(np.float32)  # as the powers: hours stay small
    weights[:LOWEST_BAND] = 0.0
    energies = _around((bands.powers @ weights).astype(np.float64))
    there = lufs(np.maximum(energies, LEAST_ENERGY)) > SILENT_LUFS
    if not there.any():
        return Sounding(-np.inf, there)
    carrying = np.square(energies).sum() / energies.sum()
    there &= energies > carrying * 10.0 ** (GATE_LU / 10.0)
    return Sounding(float(lufs(energies[there].mean())), there)


def _around(energies: Row) -> Row:
    """Average over the 400 ms around each moment; at the ends, over as much as there is."""
    width = min(BLOCK, len(energies))
    if width < 2:
        return energies
    before = (width - 1) // 2
    summed = np.concatenate([[0.0], np.cumsum(energies)])
    first = np.maximum(np.arange(len(energies)) - before, 0)
    last = np.minimum(first + width, len(energies))
    return np.asarray((summed[last] - summed[first]) / (last - first))
