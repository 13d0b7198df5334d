"""What of an answer is new: what the musician has already does not land a second time."""

from __future__ import annotations

import math

from .answer import PlayedNote, Suggestion
from .note_file import TICKS_PER_BEAT, Note

MELODY = "melody"
NEAR_BEATS = 0.1
"""What begins so little before a bar line begins on it."""


def new_notes(
    suggestion: Suggestion, stage: str, told: list[Note] | None, bar_beats: float
) -> list[PlayedNote]:
    """Return the notes to put into a clip; `told` are those that asked, None for a recording.

    Chords come with the melody that they were found for, a tune that goes on with the song before
    it. What fills or varies a tune stays whole, since its clip plays in the place of the old one.
    """
    if stage == "chords":
        return [note for note in suggestion.notes if note[0] != MELODY]
    if stage == MELODY:
        return _going_on(suggestion, told, bar_beats)
    return suggestion.notes


def _going_on(
    suggestion: Suggestion, told: list[Note] | None, bar_beats: float
) -> list[PlayedNote]:
    """Leave out the song before a tune that goes on from it, and begin where that begins."""
    every = suggestion.notes
    theirs = _heard(suggestion) if told is None else _sent(suggestion, told)
    new = [note for note in every if note not in theirs]
    if not theirs or not new:
        return every
    begin = math.floor((min(note[2] for note in new) + NEAR_BEATS) / bar_beats) * bar_beats
    last = max(note.start for note in told) if told else max(note[2] for note in theirs)
    if last >= begin:
        return every
    return [
        (part, key, max(0.0, start - begin), length, velocity)
        for part, key, start, length, velocity in new
    ]


def _sent(suggestion: Suggestion, told: list[Note]) -> set[PlayedNote]:
    """Find the notes that were sent; on the way their times are rounded."""
    known = {(note.pitch, round(note.start * TICKS_PER_BEAT)) for note in told}
    return {
        note
        for note in suggestion.notes
        if note[0] == MELODY and (note[1], round(note[2] * TICKS_PER_BEAT)) in known
    }


def _heard(suggestion: Suggestion) -> set[PlayedNote]:
    """Find the notes that were heard in a recording: only what is new has chords told with it."""
    span = suggestion.chords
    if span is None:
        return set()
    begin, end = span[0] - NEAR_BEATS, span[1] - NEAR_BEATS
    return {note for note in suggestion.notes if note[0] == MELODY and not begin <= note[2] < end}
