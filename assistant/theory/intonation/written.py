"""What was to be sung, note by note in seconds: the parts of a score as lines of one voice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.errors import MaterialError, did_you_mean
from assistant.material import Note, Score
from assistant.theory.ear.melody_finding import role_of

__all__ = ["Part", "Written", "part_called", "written_parts"]

_TOGETHER = 0.06  # beats: notes that begin closer than that are one chord
_SHORTEST = 0.02  # seconds
_FIRST = {"melody": 0, "": 1, "chords": 2, "bass": 3}


@dataclass(frozen=True, slots=True)
class Written:
    """A note as it is written.

    Parameters
    ----------
    pitch : float
        MIDI number, with a fraction where the score has cents.
    start, end : float
        Seconds, at the tempo of the score.
    """

    pitch: float
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Part:
    """One line of a score.

    Parameters
    ----------
    name : str
        Of its track.
    notes : tuple of Written
        In order of start, one at a time.
    top : bool
        True where the track has chords, of which these are the highest notes.
    """

    name: str
    notes: tuple[Written, ...]
    top: bool = False


def written_parts(score: Score) -> tuple[Part, ...]:
    """Read the lines that a score holds, those that look like a melody first.

    Parameters
    ----------
    score : Score
        Drums are passed over; of chords the highest note is taken.

    Returns
    -------
    tuple of Part
        One for each pitched track that has notes; `()` where none has.
    """
    found = [(_FIRST[role_of(track)], _part(score, track.name.strip(), track.notes))
             for track in score.tracks if track.notes and not track.drums]  # fmt: skip
    return tuple(part for _, part in sorted(found, key=lambda each: each[0]))


def part_called(parts: Sequence[Part], name: str) -> Part:
    """Find the part that a musician names.

    Parameters
    ----------
    parts : sequence of Part
        Of a score.
    name : str
        Name of the track, in any case.

    Returns
    -------
    Part
        The first of that name.

    Raises
    ------
    MaterialError
        Where there is none.
    """
    for part in parts:
        if part.name.casefold() == name.strip().casefold():
            return part
    known = did_you_mean(name, [part.name for part in parts])
    raise MaterialError(f"The score has no track {name[:80]!r}.{known}")


def _part(score: Score, name: str, notes: Sequence[Note]) -> Part:
    line = _top_line(notes)
    written = tuple(_in_seconds(score, note) for note in line)
    return Part(name, written, top=len(line) < len(notes))


def _top_line(notes: Sequence[Note]) -> list[Note]:
    """Keep the highest of the notes that begin together; end each where the next begins."""
    line: list[Note] = []
    for note in sorted(notes, key=lambda each: (each.start, each.pitch)):
        if line and note.start - line[-1].start < _TOGETHER:
            start = min(line[-1].start, note.start)
            line[-1] = Note(note.pitch, start, note.end - start, note.velocity)
        elif not (line and note.pitch < line[-1].pitch and note.end <= line[-1].end - _TOGETHER):
            # what is struck under a note that sounds on beyond it is not the tune
            line.append(note)
    following = [note.start for note in line[1:]]
    return [
        Note(note.pitch, note.start, min(note.length, after - note.start), note.velocity)
        for note, after in zip(line, [*following, float("inf")], strict=True)
    ]


def _in_seconds(score: Score, note: Note) -> Written:
    start = score.seconds_at(max(0.0, note.start))
    return Written(note.pitch, start, max(start + _SHORTEST, score.seconds_at(note.end)))
