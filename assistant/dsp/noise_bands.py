"""The bands in which it is judged what is noise: two thirds of an octave, and one for the bass."""

from __future__ import annotations

import math
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

__all__ = ["Bands", "band_starts"]

Bands: TypeAlias = NDArray[np.int64]

BANDS_PER_OCTAVE = 1.5
LOWEST_HZ = 180.0  # below it there is one band


def band_starts(size: int, rate: int) -> Bands:
    """Return the bins of a window at which bands begin; as many whatever the window.

    Parameters
    ----------
    size : int
        Frames of a window; it lasts 20 ms or longer, so that no band is empty.
    rate : int
        In Hz.
    """
    octaves = np.arange(0.0, math.log2(rate / 2.0 / LOWEST_HZ), 1.0 / BANDS_PER_OCTAVE)
    edges_hz = np.concatenate([[0.0], LOWEST_HZ * 2.0**octaves])
    return np.ceil(edges_hz * (size / rate)).astype(np.int64)
