"""How long windows are, whatever the rate."""

from __future__ import annotations

import math

__all__ = ["window_frames"]


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
