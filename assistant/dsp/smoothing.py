"""Smooth curves through uncertain points, each with a weight of its own (Whittaker 1923)."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import solveh_banded

__all__ = ["carried", "smooth"]

Array: TypeAlias = NDArray[np.float64]


def carried(points: NDArray[Any], weights: Array, drift: Array) -> tuple[NDArray[Any], Array]:
    """Follow values that drift, through points of which some tell little.

    They are the most likely ones where values walk at random and points scatter about them: where
    points tell little, they are carried on from those that tell more, before and after.

    Parameters
    ----------
    points : ndarray, shape (..., times)
        Real or complex.
    weights : ndarray of float, shape (..., times)
        One over the variance of each point; over 0.
    drift : ndarray of float, shape (...)
        Variance that a value gains from one time to the next; over 0.

    Returns
    -------
    tuple of ndarray, shapes (..., times)
        The values, and their variance.
    """
    tie = 1.0 / drift
    ways = [_told(points, weights, tie), _told(points[..., ::-1], weights[..., ::-1], tie)]
    (values, info), (after, more) = ways[0], (each[::-1] for each in ways[1])
    # What comes after a time tells less of it by the drift to the next time.
    more = np.concatenate([_passed_on(more[1:], tie), np.zeros_like(more[:1])])
    after = np.concatenate([after[1:], after[:1]])
    values, info = (info * values + more * after) / (info + more), info + more
    return np.moveaxis(values, 0, -1), np.moveaxis(1.0 / info, 0, -1)


def _told(points: NDArray[Any], weights: Array, tie: Array) -> tuple[NDArray[Any], Array]:
    """Tell each value by the points up to it, and one over its variance; time comes first."""
    values, info = np.moveaxis(points, -1, 0).copy(), np.moveaxis(weights, -1, 0).copy()
    for n in range(1, len(values)):
        before, own = _passed_on(info[n - 1], tie), info[n].copy()
        info[n] += before
        values[n] = (own * values[n] + before * values[n - 1]) / info[n]
    return values, info


def _passed_on(info: Array, tie: Array) -> Array:
    return np.asarray(info * (tie / (tie + info)))


def smooth(points: Array, weights: Array, stiffness: float) -> Array:
    """Draw a curve that bends little, through points.

    Parameters
    ----------
    points, weights : ndarray of float, shape (times,)
        At least three, and one over the variance of each.
    stiffness : float
        What a second difference costs, squared.

    Returns
    -------
    ndarray of float, shape (times,)
        The curve.
    """
    count = points.size
    bands = np.zeros((3, count))
    for kernel, at in ((1.0, 0), (-2.0, 1), (1.0, 2)):
        bands[2, at : count - 2 + at] += kernel * kernel * stiffness
    bands[1, 1 : count - 1] += -2.0 * stiffness
    bands[1, 2:count] += -2.0 * stiffness
    bands[0, 2:] += stiffness
    bands[2] += weights
    return np.asarray(solveh_banded(bands, weights * points))
