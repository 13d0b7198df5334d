"""Lines of notes, written and sung, for the tests of what follows a score."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from assistant.theory.intonation.take import TakeNote
from assistant.theory.intonation.written import Written

TUNE = (60, 62, 64, 65, 67, 67, 69, 67, 65, 64, 62, 64, 60, 67, 65, 64)
BEATS = (1, 1, 0.5, 0.5, 1, 1, 0.5, 0.5, 2, 1, 0.5, 0.5, 1, 1, 1, 2)


def written_line(
    pitches: Sequence[float] = TUNE,
    beats: Sequence[float] = BEATS,
    *,
    beat: float = 0.5,
    first: float = 0.0,
) -> tuple[Written, ...]:
    """Write notes one after the other."""
    edges = first + beat * np.concatenate(([0.0], np.cumsum(beats)))
    rows = zip(pitches, edges[:-1].tolist(), edges[1:].tolist(), strict=True)
    return tuple(Written(float(pitch), start, end) for pitch, start, end in rows)


def tune(seed: int, notes: int) -> tuple[Written, ...]:
    """Write a tune of a scale, by dice."""
    rng = np.random.default_rng([41, seed])
    scale = np.array([0, 2, 4, 5, 7, 9, 11])
    degrees = np.clip(np.cumsum(rng.choice([-2, -1, -1, 0, 1, 1, 2], notes)) + 5, 0, 11)
    pitches = 55 + 12 * (degrees // 7) + scale[degrees % 7]
    beats = rng.choice([0.5, 1.0, 1.0, 1.5, 2.0], notes)
    return written_line(pitches.tolist(), beats.tolist())


def sung(
    line: Sequence[Written],
    *,
    tempo: float = 1.0,
    late: float = 0.0,
    off: Sequence[float] | float = 0.0,
) -> list[TakeNote]:
    """Sing notes: so many times slower than written, so many seconds late, semitones off."""
    offs = np.broadcast_to(np.asarray(off, dtype=np.float64), (len(line),)).tolist()
    return [
        TakeNote(late + tempo * note.start, late + tempo * (note.end - 0.02), note.pitch + each)
        for note, each in zip(line, offs, strict=True)
    ]


def badly(line: Sequence[Written], seed: int) -> list[TakeNote]:
    """Sing in a tempo that gives, late, 60 cents off at random and drifting."""
    rng = np.random.default_rng([43, seed])
    count = len(line)
    off = rng.uniform(-0.4, 0.4) + np.cumsum(rng.normal(0.0, 0.05, count))
    off += rng.normal(0.0, 0.6, count)
    tempo = np.exp(rng.normal(0.0, 0.15) + np.cumsum(rng.normal(0.0, 0.03, count)))
    spans = np.diff([note.start for note in line], append=line[-1].end)
    starts = 1.0 + np.concatenate(([0.0], np.cumsum(spans * tempo)))
    starts[:-1] += np.clip(rng.normal(0.0, 0.03, count), -0.06, 0.06)
    rows = zip(line, starts[:-1].tolist(), starts[1:].tolist(), off.tolist(), strict=True)
    return [TakeNote(start, end - 0.01, note.pitch + each) for note, start, end, each in rows]
