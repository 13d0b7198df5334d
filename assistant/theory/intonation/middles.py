"""Medians and quantiles of a few numbers.

What numpy has for it looks at what it is given for ten times as long as it takes to sort it; and
a take has thousands of notes.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["median", "quantile"]

Array = NDArray[np.float64]


def median(values: Array) -> float:
    """Return the median of some numbers.

    Parameters
    ----------
    values : ndarray of float, shape (count,)
        One or more, none of them NaN.

    Returns
    -------
    float
        What `numpy.median` says, to the last bit.
    """
    ordered = np.sort(values)
    half = ordered.size // 2
    return float(ordered[half] if ordered.size % 2 else 0.5 * (ordered[half - 1] + ordered[half]))


def quantile(values: Array, share: float) -> float:
    """Return a quantile of some numbers, on the line between the two that are nearest.

    Parameters
    ----------
    values : ndarray of float, shape (count,)
        One or more, none of them NaN.
    share : float
        0.0 for the least to 1.0 for the greatest.

    Returns
    -------
    float
        What `numpy.quantile` says.
    """
    ordered = np.sort(values)
    place = share * (ordered.size - 1)
    below = int(place)
    above = min(below + 1, ordered.size - 1)
    return float(ordered[below] + (place - below) * (ordered[above] - ordered[below]))
