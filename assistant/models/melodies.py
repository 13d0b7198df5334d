"""Melodies as a network reads them: each note among 66 pitches, and what is known before it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from assistant.models.layers import Floats

__all__ = [
    "LENGTHS",
    "LOWEST",
    "PITCHES",
    "ROWS",
    "Ints",
    "Melodies",
    "contexts",
    "length_class",
    "tokens",
]

Ints: TypeAlias = NDArray[np.integer[Any]]

LOWEST, PITCHES = 30, 66
"""Pitches that the network tells apart: above the tonic of MIDI octave -1; others are folded in."""

LENGTHS = 19
"""Lengths and rests that it tells apart: 0 to 16 sixteenths, up to 24, and longer."""

_LEAP = 13
_SIZES = {
    "pitch": PITCHES + 1,
    "class": 13,
    "interval": 2 * _LEAP + 2,
    "length": LENGTHS,
    "rest": LENGTHS,
    "place": 16,
    "bar": 4,
    "mode": 3,
    "root": 13,
    "before": 14,
}
ROWS = sum(_SIZES.values())
"""Rows of the table that `contexts` points into."""

_FIRST_ROWS = np.cumsum([0, *_SIZES.values()])[:-1].astype(np.int32)
_MODES = {"maj": 0, "min": 1}


@dataclass(frozen=True)
class Melodies:
    """Melodies side by side, all in one key, with as many notes each.

    Parameters
    ----------
    pitches : ndarray of shape (melodies, notes)
        MIDI pitches of the notes that sound.
    lengths : ndarray of shape (melodies, notes)
        In sixteenths, 1 and more.
    starts : ndarray of shape (melodies, notes)
        In sixteenths from a bar line, ascending; a rest is what lies between an end and a start.
    tonic : int
        Pitch class, 0 for C.
    mode : str
        ``"maj"``, ``"min"`` or ``"unk"``.
    roots : ndarray of shape (melodies, notes) or (1, notes), optional
        Pitch class of the root of the chord that sounds at each start, -1 for none.
    tones : ndarray of shape (melodies, notes, 12) or (1, notes, 12), optional
        1 for each pitch class of that chord, else 0. Given together with ``roots``.
    bar : int
        Sixteenths in a bar.
    """

    pitches: Ints
    lengths: Ints
    starts: Ints
    tonic: int = 0
    mode: str = "unk"
    roots: Ints | None = None
    tones: Floats | None = None
    bar: int = 16

    @property
    def rests(self) -> Ints:
        """Sixteenths of rest before each note; 0 where notes overlap."""
        rests = np.diff(self.starts, axis=1, prepend=0)
        rests[:, 1:] -= np.asarray(self.lengths)[:, :-1]
        return np.maximum(rests, 0)

    def notes(self, start: int, end: int) -> Melodies:
        """Take some notes of each melody, counted from 0, ``end`` not among them."""
        return replace(
            self,
            pitches=self.pitches[:, start:end],
            lengths=self.lengths[:, start:end],
            starts=self.starts[:, start:end],
            roots=None if self.roots is None else self.roots[:, start:end],
            tones=None if self.tones is None else self.tones[:, start:end],
        )

    def without_chords(self) -> Melodies:
        """Leave the chords away."""
        return replace(self, roots=None, tones=None)


def tokens(melodies: Melodies) -> Ints:
    """Turn pitches into numbers from 0 to 65, those out of reach an octave or more nearer."""
    above = np.asarray(melodies.pitches) - melodies.tonic - LOWEST
    above = np.where(above < 0, above % 12, above)
    over = np.maximum(above - PITCHES + 12, 0) // 12
    folded: Ints = above - 12 * over
    return folded


def contexts(melodies: Melodies, heard: Melodies | None = None) -> NDArray[np.int32]:
    """Say in numbers what is known before each note, chord tones excepted.

    Parameters
    ----------
    melodies : Melodies
        The melodies.
    heard : Melodies, optional
        One melody that comes before all of them, on the same clock.

    Returns
    -------
    ndarray of shape (melodies, notes, 10)
        Rows of the table of the network: the pitch before and its class, the interval to it,
        its length, the rest since, the place in the bar, the bar of four, the mode, the root of
        the chord, the class of the pitch before last.
    """
    if heard is not None:
        known = min(np.shape(heard.pitches)[1], 2)
        rows = contexts(_joined(heard, melodies))[:, known:]
        rows[..., 8] = _relative_roots(melodies) + _FIRST_ROWS[8]
        return rows
    pitch = tokens(melodies)
    starts = np.asarray(melodies.starts)
    rows = np.empty((*pitch.shape, len(_SIZES)), dtype=np.int32)
    rows[..., 0] = _late(pitch, 1, PITCHES)
    rows[..., 1] = _late((pitch + LOWEST) % 12, 1, 12)
    steps = np.diff(pitch, axis=1, prepend=0).clip(-_LEAP, _LEAP) + _LEAP
    steps[:, :1] = 2 * _LEAP + 1
    rows[..., 2] = _late(steps, 1, 2 * _LEAP + 1)
    rows[..., 3] = _late(length_class(np.asarray(melodies.lengths)), 1, 0)
    rows[..., 4] = length_class(melodies.rests)
    rows[..., 5] = starts % melodies.bar % 16
    rows[..., 6] = starts // melodies.bar % 4
    rows[..., 7] = _MODES.get(melodies.mode, 2)
    rows[..., 8] = _relative_roots(melodies)
    rows[..., 9] = _late((pitch + LOWEST) % 12, 2, 13)
    rows += _FIRST_ROWS
    return rows


def _late(numbers: Ints, notes: int, start: int) -> Ints:
    """Move numbers some notes later; ``start`` stands where nothing was before."""
    late = np.full_like(numbers, start)
    late[:, notes:] = numbers[:, :-notes]
    return late


def length_class(sixteenths: Ints) -> Ints:
    """Sort lengths into kinds from 0 to 18."""
    kinds: Ints = np.searchsorted(np.r_[np.arange(17), 24], sixteenths)
    return kinds


def _relative_roots(melodies: Melodies) -> Ints:
    if melodies.roots is None:
        return np.full((1, 1), 12)
    roots = np.asarray(melodies.roots)
    return np.where(roots < 0, 12, (roots - melodies.tonic) % 12)


def _joined(heard: Melodies, melodies: Melodies) -> Melodies:
    """Put the last two notes heard before each melody."""

    def one(before: Ints, after: Ints) -> Ints:
        last = np.asarray(before)[:, -2:]
        return np.concatenate([np.repeat(last, len(after), axis=0), after], axis=1)

    return replace(
        melodies,
        pitches=one(heard.pitches, melodies.pitches),
        lengths=one(heard.lengths, melodies.lengths),
        starts=one(heard.starts, melodies.starts),
        roots=None,
    )
