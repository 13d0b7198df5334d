"""What the next-chord models read and say: chords, lengths and places in the bar, as numbers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from assistant.errors import UnknownName
from assistant.models.labels import ROOTS

__all__ = ["BARS", "BEATS", "LENGTHS", "PLACES", "Vocabulary", "length_class"]

BEATS = (0.5, 1, 1.5, 2, 2.5, 3, 3.5, 4, 5, 6, 7, 8, 10, 12, 16, 24, 32)
LENGTHS = len(BEATS) + 1  # their classes, from 1 on; 0 is unknown
PLACES, BARS = 16, 16  # where a chord starts: beats within four bars, bars within sixteen
_EDGES = np.sqrt(np.multiply(BEATS[1:], BEATS[:-1]))
_THIRDS = {"min": 1, "min6": 1, "min7": 1, "minmaj7": 1, "dim": 2, "dim7": 2, "hdim7": 2}


def length_class(beats: NDArray[np.float32]) -> NDArray[np.int32]:
    """Tell the nearest of `BEATS`, by ratio; the first is 1."""
    return np.searchsorted(_EDGES, beats).astype(np.int32) + np.int32(1)


@dataclass(frozen=True)
class Vocabulary:
    """Every root with every quality, so that no chord of these qualities is out of vocabulary.

    Parameters
    ----------
    qualities : tuple of str
        Such as ``("maj", "min", "7")``.
    """

    qualities: tuple[str, ...]

    @cached_property
    def labels(self) -> tuple[str, ...]:
        """All chords, such as ``"bVII:maj"``, root by root."""
        return tuple(f"{root}:{quality}" for root in ROOTS for quality in self.qualities)

    @cached_property
    def roots(self) -> NDArray[np.int64]:
        """Semitones from the tonic to each root."""
        return np.repeat(np.arange(len(ROOTS)), len(self.qualities))

    @cached_property
    def kinds(self) -> NDArray[np.int64]:
        """Number of each quality."""
        return np.tile(np.arange(len(self.qualities)), len(ROOTS))

    @cached_property
    def thirds(self) -> NDArray[np.int32]:
        """Number of root and third together; a chord without a third counts as major."""
        third = np.array([_THIRDS.get(quality, 0) for quality in self.qualities])
        return np.asarray(self.roots * 3 + third[self.kinds], dtype=np.int32)

    def numbers(self, labels: Iterable[str]) -> NDArray[np.int64]:
        """Find the numbers of chords.

        Raises
        ------
        UnknownName
            Where a chord is not in the vocabulary.
        """
        return np.array([self.number(label) for label in labels], dtype=np.int64)

    def number(self, label: str) -> int:
        """Find the number of a chord.

        Raises
        ------
        UnknownName
            Where it is not in the vocabulary.
        """
        if label not in self._number:
            raise UnknownName("chord", label, self.labels)
        return self._number[label]

    @cached_property
    def _number(self) -> dict[str, int]:
        return {label: at for at, label in enumerate(self.labels)}
