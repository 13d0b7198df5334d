"""Where a track stands between left and right, and how wide it is.

Pan is a constant-power law, 3 dB down in the centre against the sides, and counted from the
centre: there a track is as it was, at a side it is 3 dB higher in that channel and gone from the
other. So a pan of 0 changes nothing, and panning changes the place and not the loudness.

A mono track is two equal channels. Of a stereo track each channel is turned by the same gains: the
balance of a DAW. Nothing crosses over, so a track that leans to one side is set right by it; and
as much power goes as comes wherever both channels hold the same.
"""

from __future__ import annotations

import math

import numpy as np
from numba import float64, njit, types, void

from assistant.dsp.biquads import Pair
from assistant.dsp.decibels import amplitude

__all__ = ["balancing_pan", "pan_gains", "place", "placing"]

_MATRIX = types.Array(types.float64, 2, "C", readonly=True)


def pan_gains(pan: float) -> tuple[float, float]:
    """Tell the gains of left and right.

    Parameters
    ----------
    pan : float
        -1 left, 0 centre, 1 right.

    Returns
    -------
    tuple of (float, float)
        Linear; their squares sum to 2. Both exactly 1 in the centre, one exactly 0 at a side.
    """
    if pan == 0.0:
        return 1.0, 1.0
    angle = (1.0 - abs(pan)) * math.pi / 4.0
    far, near = math.sqrt(2.0) * math.sin(angle), math.sqrt(2.0) * math.cos(angle)
    return (far, near) if pan > 0.0 else (near, far)


def balancing_pan(right_over_left_db: float) -> float:
    """Tell which pan turns the right channel up against the left by so much.

    Parameters
    ----------
    right_over_left_db : float
        The correction, not the fault: above 0 the right channel rises.

    Returns
    -------
    float
        -1 to 1.
    """
    return math.atan(amplitude(right_over_left_db)) * 4.0 / math.pi - 1.0


def placing(pan: float = 0.0, width: float = 1.0) -> Pair:
    """Work out what of left and right goes where.

    Parameters
    ----------
    pan : float
        -1 left, 0 centre, 1 right.
    width : float
        Level of the side against the middle as it was: 0 mono, 1 as recorded. Before the pan.

    Returns
    -------
    ndarray of float64, shape (2, 2)
        Multiplies a column of left and right.
    """
    same, other = (1.0 + width) / 2.0, (1.0 - width) / 2.0
    left, right = pan_gains(pan)
    return np.array([[left * same, left * other], [right * other, right * same]])


def place(pair: Pair, matrix: Pair) -> None:
    """Put left and right in their places.

    Parameters
    ----------
    pair : ndarray of float64, shape (2, frames)
        Left and right; they are worked on in place.
    matrix : ndarray of float64, shape (2, 2)
        From `placing`, with whatever other gains. One that changes nothing leaves every bit.
    """
    if np.array_equal(matrix, np.eye(2)):
        return
    if matrix[0, 1] or matrix[1, 0]:
        _cross(pair, matrix)
    else:
        pair *= np.diag(matrix)[:, None]


@njit(void(float64[:, ::1], _MATRIX), cache=True, nogil=True)
def _cross(pair, matrix):  # type: ignore[no-untyped-def]
    """Multiply; not by a matrix product, whose rounding may depend on the length of a block."""
    left, right = pair[0], pair[1]
    for i in range(pair.shape[1]):
        one, other = left[i], right[i]
        left[i] = matrix[0, 0] * one + matrix[0, 1] * other
        right[i] = matrix[1, 0] * one + matrix[1, 1] * other
