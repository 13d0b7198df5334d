"""The notes of a take as arrays: when they sound, how high, and how surely."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

__all__ = ["Sung"]

Array = NDArray[np.float64]

_REST_SECONDS = 0.3  # a silence as long as this is a breath


@dataclass(frozen=True, eq=False)
class Sung:
    """The notes of a take, laid out for arithmetic.

    Parameters
    ----------
    start, end : ndarray of float, shape (notes,)
        Seconds.
    pitch : ndarray of float, shape (notes,)
        MIDI numbers with fractions.
    spread : ndarray of float, shape (notes,)
        How surely, cents.
    """

    start: Array
    end: Array
    pitch: Array
    spread: Array

    @cached_property
    def seconds(self) -> Array:
        """Lengths."""
        return self.end - self.start

    @cached_property
    def breath(self) -> NDArray[np.bool_]:
        """Which notes follow a silence."""
        return np.concatenate(([True], self.start[1:] - self.end[:-1] > _REST_SECONDS))

    def part(self, first: int, last: int) -> Sung:
        """Take the notes from `first` up to `last`."""
        here = slice(first, last)
        return Sung(self.start[here], self.end[here], self.pitch[here], self.spread[here])
