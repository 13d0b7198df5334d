"""Whether a melody repeats a stretch of the melodies that were learned from, told by hashes alone.

A run is eight notes on end: the seven intervals between them, and their rhythm in sixteenths. It is
the same run in every key and anywhere in the bar. Rhythm is read in two ways, and a run is a copy
when either way finds it: by the distances from each start to the next, where a rest counts with
the note before it, so that playing shorter or longer is still copying; and by the eight lengths,
where rests count for nothing, so that moving notes apart is still copying.

Each run of each training melody leaves 32 bits of a hash, from which no melody can be read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from assistant.models.layers import Weights

__all__ = ["RUN", "Runs", "run_hashes"]

Hashes: TypeAlias = NDArray[np.uint32]

RUN = 8
_WIDEST, _LONGEST = 48, 63
_LENGTHS = _LONGEST + 1
_LAST = 2 * _WIDEST + 1
_FIRST_BITS = 22
_ROWS = 512


def _scrambled(numbers: NDArray[np.uint64]) -> Hashes:
    """Spread numbers over 32 bits: the finalizer of SplitMix64 (Steele et al., 2014)."""
    mixed = (numbers + np.uint64(1)) * np.uint64(0x9E3779B97F4A7C15)
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        mixed = (mixed ^ (mixed >> np.uint64(shift))) * np.uint64(factor)
    return (mixed >> np.uint64(32)).astype(np.uint32)


_TOKENS = _scrambled(np.arange((_LAST + 1) * _LENGTHS, dtype=np.uint64))
# Odd, and one less is not divisible by four: swapped tokens keep 31 bits apart.
_BASE, _BASE_2, _BASE_3 = (np.uint32(pow(0x9E6C63D3, power, 1 << 32)) for power in (1, 2, 3))


def run_hashes(
    pitches: ArrayLike, lengths: ArrayLike, starts: ArrayLike | None = None
) -> tuple[Hashes, Hashes]:
    """Hash every run of eight notes.

    Parameters
    ----------
    pitches : array of shape (..., notes)
        MIDI pitches of the notes that sound.
    lengths : array of shape (..., notes)
        In sixteenths, rounded to whole ones.
    starts : array of shape (..., notes), optional
        In sixteenths from anywhere; without them each note starts where the one before it ends.

    Returns
    -------
    (hashes, hashes) of shape (..., notes - 7)
        By distances between starts, and by lengths. No runs in fewer than eight notes.
    """
    held = _whole(lengths)
    steps = np.diff(_whole(pitches), axis=-1).clip(-_WIDEST, _WIDEST)
    row = (steps + _WIDEST) * _LENGTHS
    seven = _windows(row + held[..., :-1].clip(0, _LONGEST))
    last = _LAST * _LENGTHS + held[..., RUN - 1 :].clip(0, _LONGEST)
    by_length = seven * _BASE + _TOKENS[last]
    if starts is not None:
        seven = _windows(row + np.diff(_whole(starts), axis=-1).clip(0, _LONGEST))
    return seven, by_length


def _whole(numbers: ArrayLike) -> NDArray[np.int32]:
    given = np.asarray(numbers)
    return (given if given.dtype.kind in "iu" else np.rint(given)).astype(np.int32)


def _windows(tokens: NDArray[np.int32]) -> Hashes:
    """Hash each seven tokens on end: a polynomial of random numbers modulo 2 to the power of 32."""
    one = _TOKENS[tokens]
    if one.shape[-1] < RUN - 1:
        return one[..., :0]
    two = one[..., :-1] * _BASE + one[..., 1:]
    four = two[..., :-2] * _BASE_2 + two[..., 2:]
    three = two[..., 4:-1] * _BASE + one[..., 6:]
    seven: Hashes = four[..., :-3] * _BASE_3 + three
    return seven


class Runs:
    """The runs of the training melodies, as hashes.

    Parameters
    ----------
    weights : mapping
        ``starts`` and ``lengths``: the hashes of `run_hashes`, uint32, ascending, as in
        ``presets/models/melody-runs-pop.safetensors``. A stage builds it once, with
        ``Runs(context.weights("melody-runs-pop"))``; it makes two tables of 4 MB.

    Notes
    -----
    A copied run is always found. A run of no training melody is taken for a copy with a chance of
    the number of hashes over 2 to the power of 32: 5 in 100,000 for the melodies of POP909.
    """

    def __init__(self, weights: Weights | dict[str, NDArray[Any]]) -> None:
        self._known = tuple(np.asarray(weights[name], np.uint32) for name in ("starts", "lengths"))
        self._first = tuple(_first_bits(known) for known in self._known)

    def __len__(self) -> int:
        return sum(len(known) for known in self._known)

    def longest(
        self, pitches: ArrayLike, lengths: ArrayLike, starts: ArrayLike | None = None
    ) -> NDArray[np.int64]:
        """Measure the longest copied stretch of each melody.

        Parameters
        ----------
        pitches, lengths, starts : arrays of shape (melodies, notes)
            As for `run_hashes`.

        Returns
        -------
        ndarray of shape (melodies,)
            In notes: 0, or 8 and more. Runs on end count as one stretch, though they might stem
            from different melodies.
        """
        found = self.found(pitches, lengths, starts)
        longest = np.zeros(len(found), dtype=np.int64)
        some = found.any(axis=-1)
        stretch = np.zeros(np.count_nonzero(some), dtype=np.int64)
        best = stretch
        for copied in found[some].T:
            stretch = (stretch + 1) * copied
            best = np.maximum(best, stretch)
        longest[some] = best + RUN - 1
        return longest

    def copied(
        self, pitches: ArrayLike, lengths: ArrayLike, starts: ArrayLike | None = None
    ) -> NDArray[np.bool_]:
        """Tell which melodies hold a copied run, of shape (melodies,); else as `longest`."""
        told = self.found(pitches, lengths, starts).any(axis=-1)
        return np.asarray(told)

    def found(
        self, pitches: ArrayLike, lengths: ArrayLike, starts: ArrayLike | None = None
    ) -> NDArray[np.bool_]:
        """Tell where the copied runs begin, of shape (melodies, notes - 7); else as `longest`."""
        given = [
            _whole(part) for part in (pitches, lengths) + (() if starts is None else (starts,))
        ]
        if given[0].shape[-1] < RUN:
            return np.zeros((len(given[0]), 0), dtype=np.bool_)
        return np.concatenate(list(self._blocks(given)))

    def _blocks(self, given: list[NDArray[np.int32]]) -> Iterator[NDArray[np.bool_]]:
        # A few hundred melodies at a time stay in the cache of one core.
        for row in range(0, max(len(given[0]), 1), _ROWS):
            readings = run_hashes(*(part[row : row + _ROWS] for part in given))
            found = np.zeros(readings[0].shape, dtype=np.bool_)
            for hashes, known, first in zip(readings, self._known, self._first, strict=True):
                maybe = np.flatnonzero(first[hashes >> np.uint32(32 - _FIRST_BITS)])
                found.flat[maybe] |= _among(hashes.ravel()[maybe], known)
            yield found


def _first_bits(known: Hashes) -> NDArray[np.bool_]:
    table = np.zeros(1 << _FIRST_BITS, dtype=np.bool_)
    table[known >> np.uint32(32 - _FIRST_BITS)] = True
    return table


def _among(hashes: Hashes, known: Hashes) -> NDArray[np.bool_]:
    if not len(known):
        return np.zeros(hashes.shape, dtype=np.bool_)
    near = np.searchsorted(known, hashes).clip(max=len(known) - 1)
    same: NDArray[np.bool_] = known[near] == hashes
    return same


def gather_hashes(melodies: Iterable[tuple[ArrayLike, ArrayLike, ArrayLike]]) -> dict[str, Hashes]:
    """Make the hashes for `Runs` from melodies.

    Parameters
    ----------
    melodies : iterable of (pitches, lengths, starts)
        Each of shape (notes,), as for `run_hashes`.

    Returns
    -------
    dict
        ``starts`` and ``lengths``, ascending, each hash once.
    """
    by_start, by_length = zip(*(run_hashes(*melody) for melody in melodies), strict=True)
    return {
        "starts": np.unique(np.concatenate(by_start)),
        "lengths": np.unique(np.concatenate(by_length)),
    }
