"""Listening to a score: its key, chords and melody; tempo and metre stand in it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import compress
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from assistant.errors import MaterialError
from assistant.material import Meter, Note, Score, Tempo, Track
from assistant.theory.ear.grid import bars_in, grid_of
from assistant.theory.ear.heard import KEY_FLOOR, Heard
from assistant.theory.ear.key_finding import key_of
from assistant.theory.ear.keys_heard import hear_keys, too_few
from assistant.theory.ear.melody_finding import Columns, MelodyLine, find_melody

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
_TEMPOS = (10.0, 1000.0)  # BPM; others are mistakes of the file
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
    line = find_melody(columns, tracks)
    beats = score.beats
    end = min(max(beats, float(columns.starts.max()) + _HAIR), _LONGEST_SONG)
    grid = grid_of(score.meters, end)
    parts = hear_keys(columns, _weights(columns, line), grid)
    chords = tuple(chord for _, part in parts for chord in part)
    held = parts[-1][0]
    few = too_few(columns, len(chords))
    tempos = tuple(_playable(tempo) for tempo in score.tempos)
    bpm = _longest([(tempo.beat, tempo.bpm) for tempo in tempos], end)
    meters = {(meter.numerator, meter.denominator): meter for meter in score.meters}
    named = [(meter.beat, (meter.numerator, meter.denominator)) for meter in score.meters]
    return Heard(
        held.key,
        min(held.confidence, KEY_FLOOR / 2.0) if few else held.confidence,
        held.second,
        bpm,
        meters[_longest(named, end)],
        len(kept),
        beats=beats,
        chords=chords,
        melody=tuple(kept[place][0] for place in line.places) if line else (),
        melody_track=line.track if line else "",
        melody_confidence=line.confidence if line else 0.0,
        tempos=tempos,
        meters=score.meters,
        remarks=(
            *_remarks(total, kept, line, end, float(grid.edges[-1])),
            *_oddities(score.tempos, score.meters, float(columns.starts.min())),
        ),
        keys=tuple(key for key, _ in parts) if len(parts) > 1 else (),
        few=few,
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


def _weights(columns: Columns, line: MelodyLine | None) -> NDArray[np.float64]:
    """Tell how much each note counts where chords are looked for."""
    if _all_melody(line, columns.starts.size):
        return np.zeros(columns.starts.size)
    weights = np.ones(columns.starts.size)
    if line is not None:
        weights[line.places] = _MELODY_WEIGHT
    return weights


def _playable(tempo: Tempo) -> Tempo:
    slow, quick = _TEMPOS
    return Tempo(tempo.beat, min(max(tempo.bpm, slow), quick))


def _oddities(tempos: Sequence[Tempo], meters: Sequence[Meter], begins: float) -> Iterator[str]:
    """Say which tempos nobody plays, and where nothing sounds yet."""
    slow, quick = _TEMPOS
    odd = [tempo.bpm for tempo in tempos if not slow <= tempo.bpm <= quick]
    if odd:
        taken = f"{slow:g} to {quick:,g}"
        seen = f"{odd[0]:,.0f}" if odd[0] >= quick else f"{odd[0]:.3g}"
        yield f"A tempo of {seen} BPM is none that is played; it was taken into {taken} BPM."
    silent = int(bars_in(meters, begins) + 1e-6)
    if silent:
        yield f"Nothing sounds in bar{f's 1 to {silent}' if silent > 1 else ' 1'}."


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
