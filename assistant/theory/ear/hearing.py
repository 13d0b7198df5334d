"""Listening to a score: its key, chords and melody; tempo and metre stand in it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import compress
from typing import TypeVar

import numpy as np

from assistant.errors import MaterialError
from assistant.material import Note, Score, Track
from assistant.theory.ear.chord_hearing import HeardChord, find_chords, respelled
from assistant.theory.ear.grid import Grid, grid_of, place_on
from assistant.theory.ear.heard import Heard
from assistant.theory.ear.key_finding import (
    key_fits,
    key_from,
    key_of,
    key_with_chords,
    sounding_classes,
)
from assistant.theory.ear.melody_finding import Columns, MelodyLine, find_melody
from assistant.theory.harmony.key import Key

__all__ = ["MAX_NOTES", "Heard", "hear", "key_of"]

MAX_NOTES = 50_000
"""So many notes are listened to; of more, a random choice that is the same every time."""

_SEED = 909
_TOGETHER = 0.05  # beats
_HAIR = 0.01  # beats
_MICROTONE = 0.25  # semitones
_LONGEST_SONG = 1e6  # beats
_MELODY_WEIGHT = 0.5  # of a note of the melody, where chords are looked for
_ALL_MELODY = 0.95  # share of the notes above which there is nothing but the melody
T = TypeVar("T")


def hear(score: Score) -> Heard:
    """Listen to a score.

    Parameters
    ----------
    score : Score
        At least one pitched note.

    Returns
    -------
    Heard
        What it tells. There are no chords where all is one melody, and no melody where nothing is
        like one.

    Raises
    ------
    MaterialError
        Where there are no notes, or drums only.
    """
    tracks = [track for track in score.tracks if not track.drums and track.notes]
    total = sum(len(track.notes) for track in tracks)
    if not total:
        raise _nothing_to_hear(score)
    kept = _in_order(_sample(tracks, total))
    columns = _columns(kept)
    fits = key_fits(sounding_classes(columns.starts, columns.lengths, columns.pitches))
    key, _, _ = key_from(fits)
    line = find_melody(columns, tracks)
    beats = score.beats
    end = min(max(beats, float(columns.starts.max()) + _HAIR), _LONGEST_SONG)
    grid = grid_of(score.meters, end)
    chords = _chords(columns, line, grid, key)
    key, second, confidence = key_with_chords(fits, chords)
    bpm = _longest([(tempo.beat, tempo.bpm) for tempo in score.tempos], end)
    meters = {(meter.numerator, meter.denominator): meter for meter in score.meters}
    named = [(meter.beat, (meter.numerator, meter.denominator)) for meter in score.meters]
    return Heard(
        key,
        confidence,
        second,
        bpm,
        meters[_longest(named, end)],
        len(kept),
        beats=beats,
        chords=respelled(chords, key),
        melody=tuple(kept[place][0] for place in line.places) if line else (),
        melody_track=line.track if line else "",
        melody_confidence=line.confidence if line else 0.0,
        tempos=score.tempos,
        meters=score.meters,
        remarks=tuple(_remarks(total, kept, line, end, float(grid.edges[-1]))),
    )


def _nothing_to_hear(score: Score) -> MaterialError:
    drums = [track.name for track in score.tracks if track.notes]
    if not drums:
        return MaterialError("The score holds no notes; play or draw some, or ask without it.")
    named = ", ".join(repr(name) for name in drums[:4])
    return MaterialError(
        f"The score holds drums only ({named}), which have no key; say the key instead."
    )


def _sample(tracks: Sequence[Track], total: int) -> list[tuple[Note, int]]:
    """List the notes, each with the place of its track; of too many a random choice."""
    every = ((note, place) for place, track in enumerate(tracks) for note in track.notes)
    if total <= MAX_NOTES:
        return list(every)
    taken = np.zeros(total, dtype=np.bool_)
    taken[np.random.default_rng(_SEED).choice(total, MAX_NOTES, replace=False)] = True
    return list(compress(every, taken.tolist()))


def _in_order(rows: list[tuple[Note, int]]) -> list[tuple[Note, int]]:
    """Sort by start and then by pitch; what is struck together within a hair is one start."""
    starts = np.array([note.start for note, _ in rows])
    pitches = np.array([note.pitch for note, _ in rows])
    return [rows[place] for place in np.lexsort((pitches, np.round(starts / _TOGETHER)))]


def _columns(rows: Sequence[tuple[Note, int]]) -> Columns:
    return Columns(
        np.array([note.start for note, _ in rows]),
        np.array([note.length for note, _ in rows]),
        np.array([round(note.pitch) for note, _ in rows]),
        np.array([place for _, place in rows]),
    )


def _chords(
    columns: Columns, line: MelodyLine | None, grid: Grid, key: Key
) -> tuple[HeardChord, ...]:
    if _all_melody(line, columns.starts.size):
        return ()
    weights = np.ones(columns.starts.size)
    if line is not None:
        weights[line.places] = _MELODY_WEIGHT
    inside = columns.starts < grid.edges[-1]
    sounding = place_on(
        grid,
        columns.starts[inside],
        columns.lengths[inside],
        columns.pitches[inside],
        weights[inside],
    )
    return find_chords(sounding, grid, key)


def _remarks(
    sounding: int,
    kept: Sequence[tuple[Note, int]],
    line: MelodyLine | None,
    end: float,
    grid_end: float,
) -> Iterator[str]:
    """Say what was left out."""
    if len(kept) < sounding:
        yield (f"The score holds {sounding} notes; a random choice of {len(kept)} was listened to.")
    if grid_end < end:
        yield f"Only the first {grid_end:.0f} of {end:.0f} beats were searched for chords."
    microtonal = sum(abs(note.pitch - round(note.pitch)) > _MICROTONE for note, _ in kept)
    if microtonal:
        those = (
            "1 note between the semitones was"
            if microtonal == 1
            else (f"{microtonal} notes between the semitones were")
        )
        yield f"{those} heard as the nearest one."
    if _all_melody(line, len(kept)):
        yield "The score is one melody without chords; chords can be put under it."


def _all_melody(line: MelodyLine | None, notes: int) -> bool:
    return line is not None and line.places.size > _ALL_MELODY * notes


def _longest(changes: list[tuple[float, T]], end: float) -> T:
    """Find the value that holds for the most beats; the first of those that tie."""
    lasts: dict[T, float] = {}
    ends = [beat for beat, _ in changes[1:]] + [math.inf]
    for (beat, value), stop in zip(changes, ends, strict=True):
        lasts[value] = lasts.get(value, 0.0) + max(0.0, min(stop, end) - beat)
    return max(lasts, key=lambda value: lasts[value])
