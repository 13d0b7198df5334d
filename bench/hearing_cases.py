"""Music made for hearing tests: progressions of the shelf, arranged, with what is in them known."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from assistant.contract import ChordMark
from assistant.material import Meter, Note, Score, Track
from assistant.theory.harmony.chord import Chord, read_chord
from assistant.theory.harmony.colour import dress
from assistant.theory.harmony.form import fit
from assistant.theory.harmony.key import Key
from assistant.theory.ideas.arrange import Playing, arrange, with_drums
from assistant.theory.ideas.library import Library, open_library
from assistant.theory.playing.rhythm import Pattern, pattern_for
from bridge.presets import data

__all__ = ["TEXTURES", "Case", "cases", "truth"]

TEXTURES = ("block", "comping", "arpeggio", "melody on top", "one piano", "5 % wrong notes")
_WITH_TUNE = ("melody on top", "one piano")
LOW, HIGH = 52, 76
BARS = 12


@dataclass(frozen=True)
class Case:
    """A score, and what is in it."""

    score: Score
    key: Key
    marks: tuple[ChordMark, ...]
    meter: Meter
    bpm: float
    tune: tuple[Note, ...]


def cases(texture: str, seeds: Sequence[int], *, drums: bool = False) -> Iterator[Case]:
    """Make music.

    Parameters
    ----------
    texture : str
        One of `TEXTURES`.
    seeds : sequence of int
        One piece each.
    drums : bool
        Whether to add drums.

    Yields
    ------
    Case
        The same for the same seed.
    """
    library = open_library(data)
    for seed in seeds:
        yield _case(library, texture, np.random.default_rng([7, seed]), drums)


def truth(case: Case) -> list[tuple[float, float, Chord]]:
    """List the chords of a case: start, end (beats), chord."""
    return [(mark.start, mark.start + mark.length, read_chord(mark.symbol)) for mark in case.marks]


def _case(library: Library, texture: str, rng: np.random.Generator, drums: bool) -> Case:
    progression = library.progressions[rng.integers(len(library.progressions))]
    style = library.styles[progression.style]
    key = Key(int(rng.integers(-5, 7)) + (3 if progression.family == "minor" else 0),
              progression.family)  # fmt: skip
    bars = dress(progression.bars, key, style.colour) if rng.random() < 0.5 else progression.bars
    bars, _ = fit(bars, max(BARS, len(bars)))
    numerator, denominator = map(int, style.meter.split("/"))
    meter = Meter(0.0, numerator, denominator)
    if rng.random() < 0.25 and texture != "comping":
        meter = Meter(0.0, *((3, 4), (6, 8), (5, 4))[rng.integers(3)])
    bpm = float(round(rng.uniform(style.slow, style.quick)))
    pattern = _pattern(library, texture, progression.style, meter)
    playing = Playing(pattern, meter, bpm, 0.5, style.program, style.bass, LOW, HIGH)
    made = arrange(bars, key, playing, rng)
    tune = _tune(made.marks, key, rng) if texture in _WITH_TUNE else ()
    score = _textured(made.score, tune, texture, rng)
    if drums:
        beat = replace(playing, pattern=pattern_for(library.patterns, progression.style, meter))
        score = with_drums(score, beat, len(bars))
    return Case(score, key, made.marks, meter, bpm, tune)


def _pattern(library: Library, texture: str, style: str, meter: Meter) -> Pattern:
    if texture in {"comping", "melody on top", "one piano", "5 % wrong notes"}:
        return pattern_for(library.patterns, style, meter)
    steps = max(1, round(meter.bar_beats / 0.25))
    held = Pattern("X".ljust(steps, "="), "1".ljust(steps, "="))
    if texture == "block":
        return held
    rising = "".join(f"{1 + step % 4}=" for step in range(steps // 2)).ljust(steps, "=")
    return replace(held, chords=rising)


def _textured(
    score: Score, tune: tuple[Note, ...], texture: str, rng: np.random.Generator
) -> Score:
    if texture in {"block", "comping", "arpeggio"}:
        return score
    if texture == "5 % wrong notes":
        return replace(score, tracks=tuple(_wrong(track, rng) for track in score.tracks))
    if texture == "melody on top":
        return replace(score, tracks=(Track("Track 1", tune, 73), *score.tracks))
    notes = (*tune, *(note for track in score.tracks for note in track.notes))
    return replace(score, tracks=(Track("Piano", tuple(sorted(notes, key=_place))),))


def _place(note: Note) -> tuple[float, float]:
    return note.start, note.pitch


def _wrong(track: Track, rng: np.random.Generator) -> Track:
    """Move one note in twenty by a semitone or a whole tone."""
    notes = [
        replace(note, pitch=note.pitch + rng.choice([-2, -1, 1, 2]))
        if rng.random() < 0.05
        else note
        for note in track.notes
    ]
    return replace(track, notes=tuple(notes))


def _tune(marks: Sequence[ChordMark], key: Key, rng: np.random.Generator) -> tuple[Note, ...]:
    """Make a tune: chord notes on the beat, steps of the scale between, rests now and then."""
    notes: list[Note] = []
    pitch = 76.0
    for mark in marks:
        classes = set(read_chord(mark.symbol).pitch_classes)
        beat = mark.start
        while beat < mark.start + mark.length - 1e-6:
            length = min(float(rng.choice([0.5, 0.5, 1.0, 1.5])), mark.start + mark.length - beat)
            wanted = classes if beat % 1.0 == 0.0 and rng.random() < 0.75 else key.pitch_classes
            near = [each for each in range(70, 89) if each % 12 in wanted and each != pitch]
            odds = np.exp(-0.5 * np.abs(np.array(near) - pitch))
            pitch = float(rng.choice(near, p=odds / odds.sum()))
            if rng.random() > 0.1:
                notes.append(Note(pitch, beat, length))
            beat += length
    return tuple(notes)
