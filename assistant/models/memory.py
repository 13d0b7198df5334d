"""What this song has done before: where its last symbols stood already, and what followed.

The idea is that of prediction by partial matching (Cleary and Witten, 1984), kept as one number for
each place of the song: how many of the symbols before it are the same as the last ones of the song.
One step costs a comparison a place, and any number of songs can be taken on at once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

__all__ = ["SongMemory", "forgiving_after", "matched_after"]

Symbol = TypeVar("Symbol", bound=Hashable)


def matched_after(matched: NDArray[np.int32], same: NDArray[np.bool_]) -> NDArray[np.int32]:
    """Bring the matches up to date with one more symbol.

    Parameters
    ----------
    matched : ndarray of shape (..., places)
        How many symbols before each place were the same as the last ones.
    same : ndarray of shape (..., places)
        Whether the symbol at each place is the one that comes.

    Returns
    -------
    ndarray of shape (..., places + 1)
        How many symbols before each place are the same as the last ones now.
    """
    return _shifted(np.where(same, matched + 1, 0))


def forgiving_after(matched: NDArray[np.int32], same: NDArray[np.bool_]) -> NDArray[np.int32]:
    """Bring matches up to date that live on after another symbol, at half their length.

    Parameters
    ----------
    matched, same : ndarray of shape (..., places)
        As for `matched_after`.

    Returns
    -------
    ndarray of shape (..., places + 1)
        Likewise.
    """
    return _shifted(np.where(same, matched + 1, matched // 2))


def _shifted(matched: NDArray[np.int32]) -> NDArray[np.int32]:
    after = np.zeros((*matched.shape[:-1], matched.shape[-1] + 1), dtype=np.int32)
    after[..., 1:] = matched
    return after


class SongMemory(Generic[Symbol]):
    """The symbols of a song so far, and what followed its last ones before.

    Parameters
    ----------
    symbols : iterable of hashable
        What the song has until now: chords, notes, pairs of pitch and length, whatever compares.
    """

    def __init__(self, symbols: Iterable[Symbol] = ()) -> None:
        self._numbers: dict[Symbol, int] = {}
        self._room = np.zeros(64, dtype=np.int32)
        self._matched = np.zeros(0, dtype=np.int32)
        for symbol in symbols:
            self.push(symbol)

    def __len__(self) -> int:
        return len(self._matched)

    @property
    def symbols(self) -> tuple[Symbol, ...]:
        """The song so far."""
        names = tuple(self._numbers)
        return tuple(names[number] for number in self._history.tolist())

    @property
    def matched(self) -> NDArray[np.int32]:
        """How many symbols before each place are the same as the last ones of the song."""
        return self._matched

    @property
    def longest(self) -> int:
        """How many of the last symbols have stood together before; 0 where the last one is new."""
        return int(self._matched.max(initial=0))

    def push(self, symbol: Symbol) -> None:
        """Take the song one symbol on.

        Parameters
        ----------
        symbol : hashable
            What comes next.
        """
        number = self._numbers.setdefault(symbol, len(self._numbers))
        place = len(self)
        self._matched = matched_after(self._matched, self._history == number)
        if place == len(self._room):
            self._room = np.concatenate([self._room, np.zeros_like(self._room)])
        self._room[place] = number

    def followers(self, order: int) -> dict[Symbol, int]:
        """Count what followed the last symbols before.

        Parameters
        ----------
        order : int
            How many of the last symbols must be the same; 0 counts the whole song.

        Returns
        -------
        dict
            How often each symbol followed, the most frequent first; of equals, the latest first.
        """
        here = self._history[self._matched >= order]
        names = tuple(self._numbers)
        counts = Counter(here[::-1].tolist())
        return {names[number]: count for number, count in counts.most_common()}

    def copy(self) -> SongMemory[Symbol]:
        """Make a memory of the same song that can go another way."""
        other: SongMemory[Symbol] = SongMemory()
        other._numbers = dict(self._numbers)
        other._room = self._room.copy()
        other._matched = self._matched
        return other

    @property
    def _history(self) -> NDArray[np.int32]:
        return self._room[: len(self)]
