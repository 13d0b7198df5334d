"""Chords on the guitar: shapes to hold, the way from one to the next, and how they are strummed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from assistant.errors import SettingError
from assistant.theory.guitar.fretboard import Form, forms
from assistant.theory.guitar.grip import Barre
from assistant.theory.guitar.naming import shape_name, shape_names
from assistant.theory.guitar.tuning import STANDARD, Tuning
from assistant.theory.harmony.chord import Chord

__all__ = ["HIGHEST_CAPO", "Direction", "Shape", "finger", "shapes", "strum"]

HIGHEST_CAPO = 9

Direction = Literal["down", "up"]

_SHIFT_COST = 0.35  # a fret of the whole hand
_PLACED_COST = 0.5  # a finger put down anew
_SLID_COST = 0.2  # a finger that stays on its string
_STRING_GAP_MS = 9.0  # from string to string of a strum
_UP_STRINGS = 4  # an upstroke reaches the highest strings only
_NO_FINGER = -9


@dataclass(frozen=True, slots=True)
class Shape:
    """A chord on the neck.

    Parameters
    ----------
    chord : Chord
        What sounds.
    name : str
        What the hand plays: the symbol of the shape, other than that of the chord with a capo.
    frets : tuple of int or None
        By string, in the order of a chord diagram, counted from the capo: None muted, 0 open.
    fingers : tuple of int
        1 index to 4 little finger, 0 where there is none.
    barres : tuple of Barre
        Fingers that lie on more than one string.
    strings : tuple of int or None
        What sounds, string by string, as MIDI numbers.
    cost : float
        How hard it is to hold; lower is easier.
    """

    chord: Chord
    name: str
    frets: tuple[int | None, ...]
    fingers: tuple[int, ...]
    barres: tuple[Barre, ...]
    strings: tuple[int | None, ...]
    cost: float

    @property
    def pitches(self) -> tuple[int, ...]:
        """The notes that sound, each once, lowest first."""
        return tuple(sorted({pitch for pitch in self.strings if pitch is not None}))

    @property
    def position(self) -> int:
        """The fret of the lowest finger, 0 where all strings are open."""
        return min((fret for fret in self.frets if fret), default=0)

    @property
    def barred(self) -> bool:
        """Whether a finger lies on three strings or more."""
        return any(len(barre.strings) > 2 for barre in self.barres)

    @property
    def text(self) -> str:
        """Such as ``"x32010"``; frets of two figures are set apart: ``"x-10-12-12-11-10"``."""
        signs = ["x" if fret is None else str(fret) for fret in self.frets]
        return ("-" if any(len(sign) > 1 for sign in signs) else "").join(signs)

    def diagram(self) -> str:
        """Draw the neck upright, one line a fret, with the number of the finger at its place.

        Returns
        -------
        str
            Open strings ``o`` and muted ones ``x`` above the nut (``=``), or above the number of
            the first fret where that is not the first of the neck.
        """
        highest = max((fret for fret in self.frets if fret), default=1)
        first = 1 if highest <= 4 else self.position
        head = " ".join("x" if fret is None else " " if fret else "o" for fret in self.frets)
        nut = "=" * len(head) if first == 1 else f"{'-' * len(head)} {first}"
        rows = [
            " ".join(
                str(finger) if at == fret else "|"
                for at, finger in zip(self.frets, self.fingers, strict=True)
            )
            for fret in range(first, max(highest, first + 3) + 1)
        ]
        return "\n".join((head.rstrip(), nut, *rows))


def shapes(chord: Chord, tuning: Tuning = STANDARD, capo: int = 0) -> tuple[Shape, ...]:
    """Find how a chord can be held.

    Parameters
    ----------
    chord : Chord
        What should sound.
    tuning : Tuning
        The open strings.
    capo : int
        Its fret, 0 for none.

    Returns
    -------
    tuple of Shape
        The easiest first; the bass note of the chord is the lowest unless the tuning forbids it.

    Raises
    ------
    SettingError
        Where there is no such capo, or the chord cannot be held in this tuning.
    """
    if not 0 <= capo <= HIGHEST_CAPO:
        raise SettingError(f"capo is {capo}; it takes 0 to {HIGHEST_CAPO}.")
    return _shapes(chord, tuning, capo)


def finger(chords: Sequence[Chord], tuning: Tuning = STANDARD, capo: int = 0) -> tuple[Shape, ...]:
    """Find the easiest way through a progression.

    Parameters
    ----------
    chords : sequence of Chord
        In order.
    tuning : Tuning
        The open strings.
    capo : int
        Its fret, 0 for none.

    Returns
    -------
    tuple of Shape
        One a chord, so that shapes and changes together are as easy as they can be: the hand
        moves little, fingers stay where they are or slide. Behind a capo they are spelled alike,
        in sharps or in flats.

    Raises
    ------
    SettingError
        See `shapes`.
    """
    found = [shapes(chord, tuning, capo) for chord in chords]
    if not found:
        return ()
    total = _costs(found[0])
    came_from: list[NDArray[np.intp]] = []
    for before, after in pairwise(chords):
        ways = total[:, None] + _changes(before, after, tuning, capo)
        came_from.append(ways.argmin(axis=0))
        total = ways.min(axis=0) + _costs(found[len(came_from)])
    place = int(total.argmin())
    path = [place]
    for back in reversed(came_from):
        place = int(back[place])
        path.append(place)
    held = [each[at] for each, at in zip(found, reversed(path), strict=True)]
    names = shape_names(chords, capo)
    return tuple(
        replace(shape, name=name) if shape.name != name else shape
        for shape, name in zip(held, names, strict=True)
    )


def strum(
    pitches: Sequence[int], direction: Direction, bpm: float
) -> tuple[tuple[int, float], ...]:
    """Spread the notes of a chord as a hand does.

    Parameters
    ----------
    pitches : sequence of int
        Lowest string first.
    direction : {"down", "up"}
        Down runs from the lowest string; up from the highest, over the four highest only.
    bpm : float
        Quarter notes a minute.

    Returns
    -------
    tuple of (int, float)
        Each note that is struck, with how many beats after the first: 9 ms a string.
    """
    struck = list(pitches) if direction == "down" else list(reversed(pitches))[:_UP_STRINGS]
    gap = _STRING_GAP_MS / 60_000.0 * bpm
    return tuple((pitch, place * gap) for place, pitch in enumerate(struck))


@lru_cache(maxsize=4096)
def _shapes(chord: Chord, tuning: Tuning, capo: int) -> tuple[Shape, ...]:
    held = Chord(chord.root + 5 * capo, chord.kind, chord.inversion)  # as many semitones lower
    found = tuple(_shape(form, chord, tuning, capo) for form in forms(held, tuning.strings))
    if not found:
        raise SettingError(
            f"{chord.symbol} cannot be held in tuning {tuning.name!r} ({tuning.notes});"
            f" take another tuning, or play it without a guitar."
        )
    return found


def _shape(form: Form, chord: Chord, tuning: Tuning, capo: int) -> Shape:
    frets = tuple(None if fret < 0 else fret for fret in form.frets)
    strings = tuple(
        None if fret is None else string + capo + fret
        for fret, string in zip(frets, tuning.strings, strict=True)
    )
    name = shape_name(chord, capo)
    return Shape(chord, name, frets, form.grip.fingers, form.grip.barres, strings, form.cost)


def _costs(found: Sequence[Shape]) -> NDArray[np.float64]:
    return np.array([shape.cost for shape in found])


@lru_cache(maxsize=4096)
def _changes(before: Chord, after: Chord, tuning: Tuning, capo: int) -> NDArray[np.float64]:
    """Rate every change from a shape of one chord to one of the next.

    Returns
    -------
    ndarray of float, shape (shapes of `before`, shapes of `after`)
        What the hand and its fingers have to move.
    """
    old, new = (_hand(shapes(chord, tuning, capo)) for chord in (before, after))
    was, now = old[:, None, :, :], new[None, :, :, :]
    down = now[..., 0] != _NO_FINGER
    same_string = down & (was[..., 0] == now[..., 0])
    same_place = same_string & (was[..., 1] == now[..., 1])
    fingers = np.where(same_string, _SLID_COST, _PLACED_COST) * (down & ~same_place)
    position = (np.array([shape.position for shape in shapes(chord, tuning, capo)])
                for chord in (before, after))  # fmt: skip
    first, second = position
    # From or to open strings the hand has time to travel, but has to travel all the same.
    moved = np.abs(np.maximum(first, 1)[:, None] - np.maximum(second, 1)[None, :])
    return np.asarray(fingers.sum(axis=2) + _SHIFT_COST * moved, dtype=np.float64)


def _hand(found: Sequence[Shape]) -> NDArray[np.int64]:
    """Say where the fingers of each shape are.

    Returns
    -------
    ndarray of int, shape (shapes, 4, 2)
        String and fret of each finger, the lowest string of a barre.
    """
    hand = np.full((len(found), 4, 2), _NO_FINGER)
    for row, shape in enumerate(found):
        for string in reversed(range(len(shape.frets))):
            if shape.fingers[string]:
                hand[row, shape.fingers[string] - 1] = string, shape.frets[string]
    return hand
