"""Where one note, as it was heard, seems to be several written ones."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from assistant.theory.intonation.anchors import Anchors
from assistant.theory.intonation.take import TakeNote
from assistant.theory.intonation.written import Written

__all__ = ["Split", "find_splits", "pieces"]

_EDGE = 0.06  # seconds: what begins closer to the end of a note is not in it
_MOVED = 0.5  # share of the written step that has to be heard
_SAME = 0.25  # semitones


@dataclass(frozen=True, slots=True)
class Split:
    """A sung note that spans several written ones.

    Parameters
    ----------
    note : int
        The sung note.
    written : tuple of int
        The written notes, in order.
    at : tuple of float
        Seconds where the pitch should change; `()` where all are one pitch, and it is whole.
    pitches : tuple of float
        MIDI number of each part as written, one more than `at`.
    """

    note: int
    written: tuple[int, ...]
    at: tuple[float, ...]
    pitches: tuple[float, ...]


def find_splits(
    notes: Sequence[TakeNote],
    written: Sequence[Written],
    places: NDArray[np.int64],
    anchors: Anchors,
) -> tuple[Split, ...]:
    """Find the sung notes that last through written ones which no other sung note is.

    Parameters
    ----------
    notes : sequence of TakeNote
        As they were sung.
    written : sequence of Written
        The score.
    places : ndarray of int, shape (notes,)
        The written note that each is, -1 for an extra one.
    anchors : Anchors
        Of the same.

    Returns
    -------
    tuple of Split
        In order of time; it is for the sound to tell whether the pitch does change there.
    """
    taken = set(places.tolist())
    found = []
    for sung, place in enumerate(places.tolist()):
        if place < 0:
            continue
        spanned = _spanned(notes[sung], sung, place, written, taken, anchors)
        if len(spanned) > 1:
            found.append(_split(sung, spanned, written, anchors))
            taken.update(spanned)
    return tuple(found)


def pieces(
    note: TakeNote,
    split: Split,
    centre: Callable[[float, float], float | None],
) -> tuple[TakeNote, ...]:
    """Take a note apart where a score says so, if the sound agrees.

    Parameters
    ----------
    note : TakeNote
        What is to be split.
    split : Split
        Where.
    centre : callable
        Tells the pitch that is held between two times (seconds), a MIDI number with a fraction;
        None where nothing is.

    Returns
    -------
    tuple of TakeNote
        The parts; the note alone where the pitch does not move at least half as far as written.
    """
    edges = (note.start, *split.at, note.end)
    heard = [centre(start, end) for start, end in pairwise(edges)]
    held = [pitch for pitch in heard if pitch is not None]
    if len(held) < len(heard) or not _moves(held, split.pitches):
        return (note,)
    last = len(held) - 1
    return tuple(
        _piece(note, start, end, pitch, first=place == 0, last=place == last)
        for place, ((start, end), pitch) in enumerate(zip(pairwise(edges), held, strict=True))
    )


def _moves(heard: Sequence[float], pitches: Sequence[float]) -> bool:
    """Tell whether all that is heard moves as it is written, half as far at least."""
    moves = zip(pairwise(heard), pairwise(pitches), strict=True)
    return all((there - here) / (to - fro) >= _MOVED for (here, there), (fro, to) in moves)


def _piece(
    note: TakeNote, start: float, end: float, centre: float, *, first: bool, last: bool
) -> TakeNote:
    """Cut a part out of a note: the scoop stays with the first, the fall with the last."""
    half = 0.5 * (end - start)
    return replace(
        note, start=start, end=end, centre=centre, drift_cents=0.0,
        scoop_cents=note.scoop_cents if first else 0.0,
        scoop_seconds=min(note.scoop_seconds, half) if first else 0.0,
        fall_cents=note.fall_cents if last else 0.0,
        fall_seconds=min(note.fall_seconds, half) if last else 0.0,
    )  # fmt: skip


def _spanned(
    note: TakeNote,
    sung: int,
    place: int,
    written: Sequence[Written],
    taken: set[int],
    anchors: Anchors,
) -> tuple[int, ...]:
    """Collect the written notes around one that begin while a sung note sounds."""
    low = high = place
    while low > 0 and low - 1 not in taken:
        if not anchors.onset(sung, written[low - 1]) >= note.start - _EDGE:
            break
        low -= 1
    while high + 1 < len(written) and high + 1 not in taken:
        if not anchors.onset(sung, written[high + 1]) < note.end - _EDGE:
            break
        high += 1
    return tuple(range(low, high + 1))


def _split(
    sung: int, spanned: tuple[int, ...], written: Sequence[Written], anchors: Anchors
) -> Split:
    at, pitches = [], [written[spanned[0]].pitch]
    for place in spanned[1:]:
        if abs(written[place].pitch - pitches[-1]) > _SAME:
            at.append(anchors.onset(sung, written[place]))
            pitches.append(written[place].pitch)
    return Split(sung, spanned, tuple(at), tuple(pitches))
