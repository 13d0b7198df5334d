"""How each earlier place of a song resembles the place where it stands now, for chords.

A place resembles here when the same chords led to it: exactly, by root and third alone, with the
same lengths, or with a slip or two; and when it is near, or a whole number of bars ago. It also
counts whether the match is the longest there is, or the latest of the longest, and whether the song
was repeating itself when it came to that place or took a turn there. Each likeness is a small
number, and a table learned from songs says how loudly it lets a place speak.
Many songs of equal length are kept side by side: the continuations of one song, for instance.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields

import numpy as np
from numpy.typing import NDArray

from assistant.models.layers import Floats
from assistant.models.memory import forgiving_after, matched_after
from assistant.models.vocabulary import length_class

__all__ = ["FIRST", "LIKENESSES", "ROWS", "UNTIMED", "WORTHS", "Loudness", "Recall", "worth"]

WORTHS = 15  # steps of a match
_WORTH = np.array([min(n, 12) if n < 16 else 13 if n < 24 else 14 for n in range(25)])
_NEAR, _AGOS = 64, 72  # up to so many chords ago each distance counts apart
_FAR = np.minimum(_NEAR + np.log2(np.arange(_NEAR, 1024) / _NEAR) * 2, _AGOS - 1)
_AGO = np.concatenate([np.arange(1, _NEAR), _FAR]).astype(np.intp)
_EVENS = 21  # 7 even distances, each plain, 16 or 32 beats
_CYCLE = 128  # half beats after which distances are even in the same way
_LEADS = 10  # steps of how many chords longer a match is than another, from 5 shorter on
_TURNS = 12  # 6 steps of a match, each broken off and gone on
_TURN = np.array([0, 1, 2, 3, 3, 4, 4, 4, 4, 5])
_SIZES = (WORTHS, WORTHS, WORTHS, WORTHS + 1, _AGOS, _EVENS + 1, _LEADS**2, _TURNS)
LIKENESSES = ("exact", "thirds", "forgiving", "lengths", "ago", "even", "lead", "turn")
FIRST = tuple(sum(_SIZES[:at]) for at in range(len(_SIZES)))  # rows of a table of them all
ROWS = sum(_SIZES)
UNTIMED = {"lengths": WORTHS, "even": _EVENS}  # what is said where lengths are unknown
_LOUDEST = np.float32(10)  # logarithm of how loudly one place may speak


def _evenness() -> NDArray[np.intp]:
    """Tell how even distances in half beats are: by the largest of 64, 32 .. 2 beats in them."""
    halves = np.arange(2 * _CYCLE)
    divided = halves[:, None] % (2 * np.array([2, 4, 8, 16, 32, 64])) == 0
    return np.asarray(divided.sum(axis=1) * 3 + (halves == 32) + 2 * (halves == 64), dtype=np.intp)


_EVEN = _evenness()


def worth(matched: NDArray[np.int32]) -> NDArray[np.intp]:
    """Put lengths of matches into steps: each up to 12, then up to 16, 24 and above."""
    return np.asarray(_WORTH.take(matched, mode="clip"), dtype=np.intp)


@dataclass(frozen=True)
class Recall:
    """Songs of equal length side by side.

    Parameters
    ----------
    chords : ndarray of int32, shape (songs, places)
        The chords so far, as numbers.
    thirds : ndarray of int32, shape (songs, places)
        The same by root and third only.
    lengths : ndarray of int32, shape (songs, places)
        Classes of length, from 1 on; 0 where unknown.
    starts : ndarray of int32, shape (songs, places)
        Where each chord starts, in half beats.
    now : ndarray of float32, shape (songs,)
        Where the next chord starts, in beats.
    exact, rough, forgiving, long : ndarray of int32, shape (songs, places)
        How many chords before each place match the last ones: exactly, by root and third, by root
        and third with slips, exactly and in length.
    turns : ndarray of int32, shape (songs, places)
        How long the longest match was when the song came to each place, in steps, and whether it
        went on there.
    timed : bool
        Whether the length of every chord is known.
    """

    chords: NDArray[np.int32]
    thirds: NDArray[np.int32]
    lengths: NDArray[np.int32]
    starts: NDArray[np.int32]
    now: Floats
    exact: NDArray[np.int32] = field(repr=False)
    rough: NDArray[np.int32] = field(repr=False)
    forgiving: NDArray[np.int32] = field(repr=False)
    long: NDArray[np.int32] = field(repr=False)
    turns: NDArray[np.int32] = field(repr=False)
    timed: bool = True

    @classmethod
    def begin(cls, timed: bool = True) -> Recall:
        """Start one song that has no chord yet."""
        none = np.zeros((1, 0), dtype=np.int32)
        start = np.zeros(1, np.float32)
        return cls(none, none, none, none, start, none, none, none, none, none, timed)

    @property
    def longest(self) -> NDArray[np.int32]:
        """How many of the last chords have stood together before, song by song."""
        return _longest(self.exact)

    def after(
        self, chords: NDArray[np.int32], thirds: NDArray[np.int32], beats: Floats | None
    ) -> Recall:
        """Take each song one chord on.

        Parameters
        ----------
        chords, thirds : ndarray of int32, shape (songs,)
            What comes.
        beats : ndarray of float32, shape (songs,), or None
            How long it lasts; None where unknown.

        Returns
        -------
        Recall
            The songs with one place more.
        """
        lengths = np.zeros_like(chords) if beats is None else length_class(beats)
        same = self.chords == chords[:, None]
        alike = self.thirds == thirds[:, None]
        exact = matched_after(self.exact, same)
        turn = _turned(self.longest, _longest(exact))
        return Recall(
            np.concatenate([self.chords, chords[:, None]], axis=1),
            np.concatenate([self.thirds, thirds[:, None]], axis=1),
            np.concatenate([self.lengths, lengths[:, None]], axis=1),
            np.concatenate([self.starts, self._halves()[:, None]], axis=1),
            self.now if beats is None else self.now + beats,
            exact,
            matched_after(self.rough, alike),
            forgiving_after(self.forgiving, alike),
            matched_after(self.long, same & (self.lengths == lengths[:, None])),
            np.concatenate([self.turns, turn[:, None]], axis=1),
            self.timed and beats is not None,
        )

    def spread(self, count: int) -> Recall:
        """Repeat one song, so that each copy can go its own way."""
        names = [told.name for told in fields(self) if told.name != "timed"]
        wide = {name: np.repeat(getattr(self, name), count, axis=0) for name in names}
        return Recall(**wide, timed=self.timed)

    def likenesses(self) -> tuple[NDArray[np.intp], ...]:
        """Tell how each place resembles here.

        Returns
        -------
        tuple of ndarray of intp
            One for each of `LIKENESSES`, of shape (songs, places); "ago" of shape (places,).
        """
        ago = _AGO.take(np.arange(self.chords.shape[1])[::-1], mode="clip")
        return (
            worth(self.exact),
            worth(self.rough),
            worth(self.forgiving),
            worth(self.long) if self.timed else np.full(self.long.shape, UNTIMED["lengths"]),
            ago,
            self._even() if self.timed else np.full(self.long.shape, UNTIMED["even"]),
            _lead(self.exact),
            self.turns.astype(np.intp),
        )

    def _halves(self) -> NDArray[np.int32]:
        return np.asarray(np.rint(self.now * 2), dtype=np.int32)

    def _even(self) -> NDArray[np.intp]:
        halves = self._halves()[:, None] - self.starts
        within = np.where(halves < _CYCLE, halves, halves % _CYCLE + _CYCLE)
        return np.asarray(_EVEN.take(within, mode="clip"), dtype=np.intp)


def _longest(matched: NDArray[np.int32]) -> NDArray[np.int32]:
    return np.asarray(matched.max(axis=1, initial=0), dtype=np.int32)


def _turned(before: NDArray[np.int32], after: NDArray[np.int32]) -> NDArray[np.int32]:
    """Tell how long the longest match was before a chord, in steps, and whether it went on."""
    return np.asarray(2 * _TURN.take(before, mode="clip") + (after > before), dtype=np.int32)


def _lead(matched: NDArray[np.int32]) -> NDArray[np.intp]:
    """Tell how much longer each match is than the best of the later and of the earlier places."""
    best = np.zeros((len(matched), matched.shape[1] + 1), dtype=np.int32)
    np.maximum.accumulate(matched, axis=1, out=best[:, 1:])
    earlier = np.clip(matched - best[:, :-1], -_LEADS // 2, _LEADS // 2 - 1)
    np.maximum.accumulate(matched[:, ::-1], axis=1, out=best[:, 1:])
    later = np.clip(matched - best[:, -2::-1], -_LEADS // 2, _LEADS // 2 - 1)
    return np.asarray((later * _LEADS + earlier) + (_LEADS + 1) * (_LEADS // 2), dtype=np.intp)


class Loudness:
    """How loudly places speak, from what their likenesses are worth.

    Parameters
    ----------
    table : ndarray of shape (ROWS, heads)
        Logarithms, the rows of all likenesses one after another; they add up. Each head listens
        in its own way.
    """

    def __init__(self, table: Floats) -> None:
        parts = np.split(np.asarray(table).T, FIRST[1:], axis=1)
        exact, rough, forgiving, lengths, self._ago, self._even, lead, turn = parts
        # Two likenesses at once halve the look-ups.
        self._chords = (exact[:, :, None] + rough[:, None, :]).reshape(len(exact), -1)
        self._slips = (forgiving[:, :, None] + lengths[:, None, :]).reshape(len(exact), -1)
        self._turns = (lead[:, :, None] + turn[:, None, :]).reshape(len(exact), -1)

    def __call__(self, recall: Recall) -> Floats:
        """Tell how loudly each place speaks.

        Parameters
        ----------
        recall : Recall
            Songs side by side.

        Returns
        -------
        ndarray of shape (heads, songs, places)
            Above 0.
        """
        exact, rough, forgiving, lengths, ago, even, lead, turn = recall.likenesses()
        chords, slips = exact * WORTHS + rough, forgiving * (WORTHS + 1) + lengths
        turns = lead * _TURNS + turn
        loud = np.empty((len(self._ago), *chords.shape), dtype=np.float32)
        for head in range(len(loud)):
            self._chords[head].take(chords, out=loud[head], mode="clip")
            loud[head] += self._slips[head].take(slips)
            loud[head] += self._turns[head].take(turns)
            loud[head] += self._even[head].take(even)
            loud[head] += self._ago[head].take(ago)
        np.minimum(loud, _LOUDEST, out=loud)
        return np.exp(loud, out=loud)
