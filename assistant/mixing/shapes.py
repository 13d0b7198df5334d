"""How two mixes differ by the shape of their spectra, about an octave at a time, level apart.

Finer than that, spectra tell which notes are played; a mix is not brought nearer by playing others.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from assistant.dsp.third_octaves import CENTRES_HZ, Levels
from assistant.mixing.heard import Heard

__all__ = ["distance_db", "empty", "levelled", "short_of", "spread_db"]

Mask: TypeAlias = NDArray[np.bool_]

LOWEST_HZ, HIGHEST_HZ = 31.0, 16_500.0  # beyond, records differ by what they were cut with
CORE_HZ = (100.0, 8_000.0)
EMPTY_DB = 50.0  # under the loudest third octave: nothing plays there
NOTHING_DB = -120.0
_SMOOTH = (1.0, 2.0, 3.0, 2.0, 1.0)  # third octaves


def short_of(mix: Heard, reference: Heard) -> tuple[Levels, Mask]:
    """Tell what a mix lacks in each third octave, by shape, and which can be compared.

    Parameters
    ----------
    mix, reference : Heard
        Sums; neither is silent.

    Returns
    -------
    short_db : ndarray of float64, shape (31,)
        Above 0.0 where the reference has more; the middle of it from 100 Hz to 8 kHz is 0.0.
    counts : ndarray of bool, shape (31,)
        Where the reference has something and neither rate cuts it.
    """
    hertz = np.array(CENTRES_HZ)
    top = min(HIGHEST_HZ, 0.45 * min(mix.rate, reference.rate))
    counts = (hertz >= LOWEST_HZ) & (hertz <= top) & ~empty(reference)
    counts &= mix.levels_db > NOTHING_DB
    short_db = reference.levels_db - mix.levels_db
    return levelled(_smoothed(short_db, counts), counts), counts


def _smoothed(short_db: Levels, counts: Mask) -> Levels:
    """Average over about an octave of what counts."""
    sums = np.convolve(np.where(counts, short_db, 0.0), _SMOOTH, "same")
    weights = np.convolve(counts.astype(np.float64), _SMOOTH, "same")
    return np.where(counts, sums / np.maximum(weights, 1.0), 0.0)


def empty(heard: Heard) -> Mask:
    """Tell in which third octaves nothing plays, shape (31,)."""
    levels_db = heard.levels_db
    return np.asarray(levels_db < levels_db.max() - EMPTY_DB)


def levelled(short_db: Levels, counts: Mask) -> Levels:
    """Set differences to the level at which the middle of them is none."""
    hertz = np.array(CENTRES_HZ)
    core = counts & (hertz >= CORE_HZ[0]) & (hertz <= CORE_HZ[1])
    return short_db - float(np.median(short_db[core])) if core.any() else short_db


def spread_db(short_db: Levels, counts: Mask) -> float:
    """Tell how far two spectra are apart: root of the mean square, at their best level, in dB."""
    return float(np.std(short_db[counts])) if counts.any() else 0.0


def distance_db(mix: Heard, reference: Heard) -> float:
    """Tell how far two mixes are apart by the shape of their spectra, in dB."""
    return spread_db(*short_of(mix, reference))
