"""What the pictures of all reports are drawn with: SVG text, and lines thinned to what is seen."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from assistant.reports.words import safe

__all__ = ["curve", "thinned", "write"]

_THIN = 0.35  # a line may be this far from what was measured, in units of the viewBox


def write(x: float, y: float, words: str, anchor: str = "middle", kind: str = "") -> str:
    """Write words, plain text, at a point of the paper; `kind` is the class of the element."""
    named = f' class="{kind}"' if kind else ""
    return f'<text{named} x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{safe(words)}</text>'


def curve(x: NDArray[np.float64], y: NDArray[np.float64], kind: str) -> str:
    """Draw a line where there is something, and nothing where there is not.

    Parameters
    ----------
    x, y : ndarray of float64, shape (points,)
        In units of the viewBox; x rises, y is NaN where there is nothing.
    kind : str
        Class of the ``path`` element.

    Returns
    -------
    str
        ``""`` where no two neighbours are there.
    """
    there = np.flatnonzero(np.isfinite(y))
    runs = np.split(there, np.flatnonzero(np.diff(there) > 1) + 1)
    path = "".join(_path(x[run].tolist(), y[run].tolist()) for run in runs if run.size > 1)
    return f'<path class="{kind}" d="{path}"/>' if path else ""


def _path(x: Sequence[float], y: Sequence[float]) -> str:
    return "M" + "L".join(f"{x[i]:.1f} {y[i]:.1f}" for i in thinned(x, y, _THIN))


def thinned(x: Sequence[float], y: Sequence[float], tolerance: float) -> list[int]:
    """Choose points such that the lines between them pass near all others.

    Parameters
    ----------
    x, y : sequence of float
        Points in order of x, which rises.
    tolerance : float
        How far up or down a point that is left out may lie from the line.

    Returns
    -------
    list of int
        The first, the last, and those in between that are needed.
    """
    kept, low, high = [0], -math.inf, math.inf
    for i, (before, here) in enumerate(pairwise(range(len(x)))):
        width = x[here] - x[kept[-1]]
        if not low <= (y[here] - y[kept[-1]]) / width <= high:
            kept.append(before)
            width, low, high = x[here] - x[i], -math.inf, math.inf
        rise = y[here] - y[kept[-1]]
        low = max(low, (rise - tolerance) / width)
        high = min(high, (rise + tolerance) / width)
    return [*kept, len(x) - 1] if len(x) > 1 else kept
