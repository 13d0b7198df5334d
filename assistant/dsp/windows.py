"""Windows of sound: how long they are, whatever the rate, and how they fade in and out."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

__all__ = ["hann", "window_frames"]


def window_frames(seconds: float, rate: int) -> int:
    """Return the power of two that comes nearest to a length, in frames.

    Parameters
    ----------
    seconds : float
        As long as a frame, or longer.
    rate : int
        In Hz.
    """
    return 1 << round(math.log2(seconds * rate))


def hann(size: int) -> NDArray[np.float64]:
    """Make a Hann window that adds up to a constant with itself moved by half.

    Parameters
    ----------
    size : int
        In frames.

    Returns
    -------
    ndarray of float64, shape (size,)
        From 0.0 up to 1.0 in the middle; the last frame is not yet 0.0 again.
    """
    return np.hanning(size + 1)[:-1]
