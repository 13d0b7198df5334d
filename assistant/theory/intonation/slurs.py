"""Where one note, as it was heard, seems to be several written ones."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from assistant.theory.ear.singing_heard import VoiceTrack
from assistant.theory.intonation.anchors import Anchors
from assistant.theory.intonation.line import Line, line_of
from assistant.theory.intonation.notes import measure_note
from assistant.theory.intonation.spans import boundary
from assistant.theory.intonation.splitting import VOICED
from assistant.theory.intonation.take import TakeNote
from assistant.theory.intonation.written import Written

__all__ = ["Split", "find_splits", "pieces", "taken_apart"]

Onset: TypeAlias = Callable[[int, Written], float]
"""Tells when a written note was to begin in the phrase of a sung one, seconds."""

_EDGE = 0.06  # seconds: what begins closer to the end of a note is not in it
_MOVED = 0.5  # share of the written step that has to be heard
_SAME = 0.25  # semitones
_LASTS = 0.5  # share of its written length for which a note has to sound to be there for certain
_LEAST_VOICED = 0.3  # of a piece of a note: less tells no pitch


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
    certain : bool
        Whether the score runs with the take and has these notes there, however they are sung.
    """

    note: int
    written: tuple[int, ...]
    at: tuple[float, ...]
    pitches: tuple[float, ...]
    certain: bool = False


def find_splits(
    notes: Sequence[TakeNote],
    written: Sequence[Written],
    places: NDArray[np.int64],
    anchors: Anchors,
    *,
    lag: float | None = None,
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
    lag : float, optional
        Seconds that the take is later than the score, where it runs with it.

    Returns
    -------
    tuple of Split
        In order of time; where they are not certain it is for the sound to tell whether the pitch
        does change there.
    """

    def onset(sung: int, each: Written) -> float:
        return anchors.onset(sung, each) if lag is None else each.start + lag

    taken = set(places.tolist())
    found = []
    for sung, place in enumerate(places.tolist()):
        if place < 0:
            continue
        spanned = _spanned(notes[sung], sung, place, written, taken, onset)
        if len(spanned) > 1:
            split = _split(sung, spanned, written, onset)
            lasting = lag is not None and _lasting(notes[sung], split, written)
            found.append(replace(split, certain=lasting))
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
        The parts; the note alone where the pitch does not move at least half as far as written,
        unless they are certain.
    """
    edges = (note.start, *split.at, note.end)
    heard = [centre(start, end) for start, end in pairwise(edges)]
    held = [pitch for pitch in heard if pitch is not None]
    if len(held) < len(heard) or not (split.certain or _moves(held, split.pitches)):
        return (note,)
    last = len(held) - 1
    return tuple(
        _piece(note, start, end, pitch, first=place == 0, last=place == last)
        for place, ((start, end), pitch) in enumerate(zip(pairwise(edges), held, strict=True))
    )


def taken_apart(
    notes: Sequence[TakeNote], splits: Sequence[Split], fine: VoiceTrack
) -> tuple[TakeNote, ...]:
    """Take notes apart that span several written ones, where the sound agrees.

    Parameters
    ----------
    notes : sequence of TakeNote
        As they were sung.
    splits : sequence of Split
        Which of them, and where.
    fine : VoiceTrack
        The voice.

    Returns
    -------
    tuple of TakeNote
        Parts are measured anew, and meet where something begins or the pitch goes over.
    """
    exact = line_of(fine)

    def centre(start: float, end: float) -> float | None:
        first, last = np.searchsorted(exact.times, (start, end))
        voiced = exact.confidence[first:last] >= VOICED
        if not voiced.size or voiced.mean() < _LEAST_VOICED:
            return None
        return measure_note(exact, start, end).centre

    by_note = {split.note: split for split in splits}
    parts: list[TakeNote] = []
    for place, note in enumerate(notes):
        split = by_note.get(place)
        found = pieces(note, _heard_in(exact, note, split), centre) if split else (note,)
        parts += (
            [note]
            if len(found) == 1
            else [measure_note(exact, piece.start, piece.end) for piece in found]
        )
    return tuple(parts)


def _heard_in(fine: Line, note: TakeNote, split: Split) -> Split:
    """Put the cuts of a split where they are heard."""
    edges = [note.start, *split.at, note.end]
    for place in range(1, len(edges) - 1):
        edges[place] = boundary(fine, *edges[place - 1 : place + 2])
    return replace(split, at=tuple(edges[1:-1]))


def _lasting(note: TakeNote, split: Split, written: Sequence[Written]) -> bool:
    """Tell whether each part of a note lasts at least half as long as its written notes."""
    lengths: list[float] = []
    before: float | None = None
    for each in (written[place] for place in split.written):
        if before is None or abs(each.pitch - before) > _SAME:
            lengths.append(0.0)
            before = each.pitch
        lengths[-1] += each.end - each.start
    sung = np.diff((note.start, *split.at, note.end))
    return bool((sung >= _LASTS * np.array(lengths)).all())


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
    onset: Onset,
) -> tuple[int, ...]:
    """Collect the written notes around one that begin while a sung note sounds."""
    low = high = place
    while low > 0 and low - 1 not in taken:
        if not onset(sung, written[low - 1]) >= note.start - _EDGE:
            break
        low -= 1
    while high + 1 < len(written) and high + 1 not in taken:
        if not onset(sung, written[high + 1]) < note.end - _EDGE:
            break
        high += 1
    return tuple(range(low, high + 1))


def _split(sung: int, spanned: tuple[int, ...], written: Sequence[Written], onset: Onset) -> Split:
    at, pitches = [], [written[spanned[0]].pitch]
    for place in spanned[1:]:
        if abs(written[place].pitch - pitches[-1]) > _SAME:
            at.append(onset(sung, written[place]))
            pitches.append(written[place].pitch)
    return Split(sung, spanned, tuple(at), tuple(pitches))
