"""The search for the gain that leads to a loudness, behind a limiter that takes some of it."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import TypeAlias

from assistant.steps import part

__all__ = ["CLOSE_LU", "gain_reaching"]

Reach: TypeAlias = Callable[[float], Generator[float, None, float]]

CLOSE_LU = 0.005  # where the search ends
NARROW_DB = 0.0005
STEPS = 32
SHARE_LEFT = 0.75  # of what is left to do, after each step


def gain_reaching(
    reach: Reach, target: float, start: float, most: float
) -> Generator[float, None, float | None]:
    """Find where a function that grows no faster than its argument comes to a target.

    Steps grow until the target is passed; then false position closes in, which halves what is
    missing at an end that stays (the Illinois rule).

    Parameters
    ----------
    reach : callable
        Gives the loudness that a gain leads to, and tells how far it is.
    target : float
        The loudness wanted, in LUFS.
    start, most : float
        The gain to try first, and the most there is, in dB.

    Yields
    ------
    float
        Share that is done, as far as it can be told.

    Returns
    -------
    float or None
        In dB. Where the loudness jumps over the target it is the upper side of the jump; None
        where no gain gets there.
    """
    low: tuple[float, float] | None = None  # where, and what is missing there
    high: tuple[float, float] | None = None
    place = min(start, most)
    for n in range(STEPS):
        left = SHARE_LEFT**n
        missing = target - (yield from part(reach(place), 1.0 - left, left * (1.0 - SHARE_LEFT)))
        if abs(missing) <= CLOSE_LU:
            return place
        if missing > 0.0 and place >= most:
            return None
        if missing > 0.0:
            high = (high[0], high[1] / 2.0) if high is not None and low is not None else high
            low = (place, missing)
        else:
            low = (low[0], low[1] / 2.0) if high is not None and low is not None else low
            high = (place, missing)
        if low is None or high is None:
            place = min(place + 2.0 ** (n + 1) * missing, most)
        elif high[0] - low[0] < NARROW_DB:
            break
        else:
            nearer = min(max(low[1] / (low[1] - high[1]), 0.02), 0.98)
            place = low[0] + nearer * (high[0] - low[0])
    return place if high is None else high[0]
