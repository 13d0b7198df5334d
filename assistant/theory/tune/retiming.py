"""From the grid back to the time of the song: notes that stayed stand where they stood."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from assistant.material import Note
from assistant.theory.tune.choosing import Choice
from assistant.theory.tune.frame import SLOTS_A_BEAT
from assistant.theory.tune.passage import Passage
from assistant.theory.tune.score import melody_notes

__all__ = ["in_time", "rows_of", "written_notes"]

Row: TypeAlias = NDArray[np.float64]
Flags: TypeAlias = NDArray[np.bool_]

_SHORTEST = 0.05  # beats


def written_notes(
    choice: Choice, passage: Passage, swing: float, rng: np.random.Generator
) -> tuple[Note, ...]:
    """Write out what was written of a tune.

    Parameters
    ----------
    choice : Choice
        Which tune.
    passage : Passage
        Where it stands.
    swing : float
        Where the second eighth of a beat falls, 0.5 straight; a song has its own time.
    rng : numpy.random.Generator
        The dice for velocities.

    Returns
    -------
    tuple of Note
        In order of start.
    """
    best, row = choice.best, choice.row
    there = best.tunes.there[row]
    sides = (best.starts, best.tunes.lengths, best.tunes.pitches)
    starts, lengths, pitches = (side[row][there].tolist() for side in sides)
    straight = 0.5 if passage.tune else swing
    line = (starts, lengths, pitches)
    return in_time(melody_notes(line, best.canvas.frame, passage, straight, rng), passage)


def rows_of(kept: Sequence[Note], written: Sequence[Note]) -> tuple[Row, Row, Row, Flags]:
    """Lay a tune and what was written of it out to be compared with others.

    Parameters
    ----------
    kept, written : sequence of Note
        Notes that were there, and new ones.

    Returns
    -------
    tuple of ndarray, shape (1, notes)
        Pitches; lengths and starts in sixteenths; whether a note is new.
    """
    new = set(map(id, written))
    tune = sorted((*kept, *written), key=lambda note: note.start)
    pitches = np.array([[note.pitch for note in tune]])
    lengths = np.array([[SLOTS_A_BEAT * note.length for note in tune]])
    starts = np.array([[SLOTS_A_BEAT * note.start for note in tune]])
    return pitches, lengths, starts, np.array([[id(note) in new for note in tune]])


def in_time(notes: Sequence[Note], passage: Passage) -> tuple[Note, ...]:
    """Put notes that were written on the grid into the time of the song.

    Parameters
    ----------
    notes : sequence of Note
        What was written, straight, in order of start.
    passage : Passage
        Where. What it rewrites keeps its time to the tick where a note is sounded in its place;
        every other note falls as the song divides its beats.

    Returns
    -------
    tuple of Note
        As many.
    """
    if not passage.tune:
        return tuple(notes)
    song = [note for note in passage.tune if passage.rewrites(note)]
    slots = [passage.slot(note.start) for note in song]
    before = dict(zip(slots, song, strict=True))
    after = dict(pairwise(slots))
    marks = [round((note.start - passage.origin) * SLOTS_A_BEAT) for note in notes]
    starts = [
        before[slot].start if slot in before else passage.origin + passage.timing.beat(slot)
        for slot in marks
    ]
    found: list[Note] = []
    for place, (note, slot, start) in enumerate(zip(notes, marks, starts, strict=True)):
        last = place + 1 == len(notes)
        following = float("inf") if last else starts[place + 1]
        end = passage.origin + passage.timing.beat(slot + round(note.length * SLOTS_A_BEAT))
        if slot in before and after.get(slot) == (None if last else marks[place + 1]):
            end = before[slot].end  # its neighbour is the one it had: so is its length
        elif not last and round(note.length * SLOTS_A_BEAT) == marks[place + 1] - slot:
            end = following
        length = max(_SHORTEST, min(end, following) - start)
        if slot in before and end == before[slot].end <= following:
            length = before[slot].length
        found.append(replace(note, start=start, length=length))
    return tuple(found)
