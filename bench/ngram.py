"""Peers of the learned models: n-grams of chords or notes, counted on the same songs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

__all__ = ["KneserNey", "Markov"]

START = "<start>"
_DISCOUNT = 0.75


class Markov:
    """A naive Markov chain: what followed the last chord, else how common each chord is.

    This is the chain that tutorials build with music21: no smoothing but the fall back.

    Parameters
    ----------
    songs : iterable of sequence of str
        Chords of each song.
    vocabulary : sequence of str
        Every chord that can be told.
    """

    def __init__(self, songs: Iterable[Sequence[str]], vocabulary: Sequence[str]) -> None:
        self._place = {label: place for place, label in enumerate(vocabulary)}
        size = len(vocabulary)
        self._all = np.full(size, 1e-3)
        self._pairs: defaultdict[str, NDArray[np.float64]] = defaultdict(
            lambda: np.full(size, 1e-3)
        )
        for song in songs:
            for before, after in zip([START, *song], song, strict=False):
                self._all[self._place[after]] += 1.0
                self._pairs[before][self._place[after]] += 1.0

    def odds(self, history: Sequence[str]) -> NDArray[np.float64]:
        """Tell how likely each chord comes next, shape (vocabulary,)."""
        counts = self._pairs.get(history[-1] if history else START, self._all)
        return np.asarray(counts / counts.sum())


class KneserNey:
    """Interpolated Kneser-Ney smoothing (Chen and Goodman, 1999), of three chords.

    Parameters
    ----------
    songs : iterable of sequence of str
        Chords of each song.
    vocabulary : sequence of str
        Every chord that can be told.
    """

    def __init__(self, songs: Iterable[Sequence[str]], vocabulary: Sequence[str]) -> None:
        place = {label: at for at, label in enumerate(vocabulary)}
        size = len(vocabulary)

        def empty() -> NDArray[np.float64]:
            return np.zeros(size)

        self._triples: defaultdict[tuple[str, ...], NDArray[np.float64]] = defaultdict(empty)
        kinds: set[tuple[str, ...]] = set()
        for song in songs:
            padded = [START, START, *song]
            for at in range(2, len(padded)):
                self._triples[tuple(padded[at - 2 : at])][place[padded[at]]] += 1.0
                kinds.add(tuple(padded[at - 2 : at + 1]))
        self._pairs: defaultdict[str, NDArray[np.float64]] = defaultdict(empty)
        self._singles = np.zeros(size)
        for _, middle, last in kinds:
            self._pairs[middle][place[last]] += 1.0
        for _, last in {(middle, last) for _, middle, last in kinds}:
            self._singles[place[last]] += 1.0

    def odds(self, history: Sequence[str]) -> NDArray[np.float64]:
        """Tell how likely each chord comes next, shape (vocabulary,)."""
        first, last = [START, START, *history][-2:]
        size = len(self._singles)
        odds = _interpolated(self._singles, np.full(size, 1.0 / size))
        odds = _interpolated(self._pairs.get(last), odds)
        return _interpolated(self._triples.get((first, last)), odds)


def _interpolated(
    counts: NDArray[np.float64] | None, lower: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Discount counts and give what is left to the shorter history."""
    if counts is None:
        return lower
    total = counts.sum()
    kept = np.maximum(counts - _DISCOUNT, 0.0) / total
    return np.asarray(kept + (1.0 - kept.sum()) * lower)
