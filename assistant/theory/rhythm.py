"""How chords are played: patterns of one bar, a sign a sixteenth, and the notes they make."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from assistant.material import Meter, Note
from assistant.theory.bass import LOWEST
from assistant.theory.chord import Chord
from assistant.theory.voicing import Voicing

__all__ = ["DRUMS", "Pattern", "Span", "half_bar", "pattern_for", "play", "play_drums",
           "read_patterns"]  # fmt: skip

DRUMS = {"kick": 36, "rim": 37, "snare": 38, "hat": 42, "open": 46, "ride": 51}
"""General MIDI keys of the lines of a pattern."""

_PLAIN = "plain"
_SIXTEENTH = 0.25  # beats
_BEAT_STEPS = 4
_VELOCITIES = {"X": 96, "x": 82, "o": 62}
_VOICE_VELOCITY = 72
_BASS_VELOCITY = 88
_DOWNBEAT = 6
_HUMAN = 4  # velocities vary by as much up and down
_HELD, _SILENT = "=", "."
_FIFTHS = (1, -6, 8)
_THIRDS = (4, -3, -1, 2)


@dataclass(frozen=True, slots=True)
class Pattern:
    """One bar of playing; a sign a sixteenth.

    Parameters
    ----------
    chords, bass : str
        Lines of the two hands; ``""`` for none.
    drums : tuple of tuple of (int, str)
        General MIDI key and line of each drum.
    """

    chords: str
    bass: str
    drums: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Span:
    """A chord for a while, within one bar: where, for how long (beats), and its notes."""

    start: float
    length: float
    chord: Chord
    voicing: Voicing
    bass: int


def read_patterns(page: Mapping[str, Any]) -> dict[tuple[str, str], Pattern]:
    """Read a page of rhythms from the shelf.

    Parameters
    ----------
    page : mapping
        ``rhythms.<style>.<metre>`` is a table of lines.

    Returns
    -------
    dict of tuple of (str, str) to Pattern
        By style and metre.

    Raises
    ------
    ValueError
        Where a line is not as long as its bar.
    """
    patterns: dict[tuple[str, str], Pattern] = {}
    for style, meters in page["rhythms"].items():
        for meter, lines in meters.items():
            numerator, denominator = map(int, meter.split("/"))
            plain = {name: line.replace(" ", "") for name, line in lines.items()}
            for name, line in plain.items():
                if len(line) * denominator != 16 * numerator:
                    raise ValueError(f"{style} {meter} {name} has {len(line)} sixteenths")
            drums = tuple((DRUMS[name], plain[name]) for name in plain if name in DRUMS)
            patterns[style, meter] = Pattern(plain.get("chords", ""), plain.get("bass", ""), drums)
    return patterns


def pattern_for(
    patterns: Mapping[tuple[str, str], Pattern], style: str, meter: Meter
) -> Pattern:  # fmt: skip
    """Choose the pattern of a style in a metre, else the plain one, else held chords."""
    name = f"{meter.numerator}/{meter.denominator}"
    found = patterns.get((style, name)) or patterns.get((_PLAIN, name))
    if found:
        return found
    steps = max(1, round(meter.bar_beats / _SIXTEENTH))
    return Pattern("X".ljust(steps, _HELD), "1".ljust(steps, _HELD))


def half_bar(meter: Meter) -> float:
    """Find where the second of two chords falls: on the beat nearest the middle, in beats."""
    pulse = 3 if meter.numerator % 3 == 0 and meter.numerator > 3 else 1
    pulses = meter.numerator // pulse
    return math.ceil(pulses / 2) * pulse * 4.0 / meter.denominator


def play(
    spans: Sequence[Span], pattern: Pattern, meter: Meter, swing: float, rng: np.random.Generator
) -> tuple[tuple[Note, ...], tuple[Note, ...]]:
    """Play some chords.

    Parameters
    ----------
    spans : sequence of Span
        In order, none across a bar line.
    pattern : Pattern
        How.
    meter : Meter
        Of the pattern.
    swing : float
        Where the second eighth of a beat falls, 0.5 straight; only in metres of quarter notes.
    rng : numpy.random.Generator
        The dice for velocities.

    Returns
    -------
    tuple of tuple of Note
        Notes of the chords and notes of the bass, in order of start.
    """
    feel = swing if meter.denominator == 4 else 0.5
    upper: list[Note] = []
    lower: list[Note] = []
    for span, following in pairwise((*spans, None)):
        if span is None:
            continue
        first = round(span.start % meter.bar_beats / _SIXTEENTH)
        last = first + round(span.length / _SIXTEENTH)
        struck = _strokes(pattern.chords[first:last], "x")
        upper += _chord_notes(struck, span, feel)
        plucked = _strokes(pattern.bass[first:last], "1")
        lower += _bass_notes(plucked, span, following, feel)
    return _humanised(upper, meter, rng), _humanised(lower, meter, rng)


def _strokes(line: str, stroke: str) -> str:
    """Make sure that a chord is heard: strike it where the line holds on, or never strikes."""
    if not line:
        return line
    silent = all(sign in _HELD + _SILENT for sign in line)
    if line[0] != _HELD and not silent:
        return line
    ring = min(_BEAT_STEPS, len(line))
    rest = line[1:ring].replace(_SILENT, _HELD) + line[ring:]
    return stroke + rest


def _chord_notes(line: str, span: Span, feel: float) -> Iterator[Note]:
    voices = dict.fromkeys(span.voicing)
    for place, pitch in enumerate(voices, start=1):
        signs = {*_VELOCITIES, str(place)}
        if place == len(voices):
            signs.update(str(missing) for missing in range(place, 5))
        for step, length, sign in _events(line, signs):
            start, end = (_swung(span.start + at, feel) for at in (step, step + length))
            yield Note(float(pitch), start, end - start, _VELOCITIES.get(sign, _VOICE_VELOCITY))


def _bass_notes(line: str, span: Span, following: Span | None, feel: float) -> Iterator[Note]:
    for step, length, sign in _events(line, set("1358a")):
        pitch = _bass_pitch(sign, span, following)
        start, end = (_swung(span.start + at, feel) for at in (step, step + length))
        yield Note(float(pitch), start, end - start, _BASS_VELOCITY)


def _events(line: str, signs: set[str]) -> Iterator[tuple[float, float, str]]:
    """Find where a voice is struck, for how long it sounds (beats), and by what sign."""
    start, struck = 0, ""
    for place, sign in enumerate(line):
        if sign in signs or sign == _SILENT:
            if struck:
                yield start * _SIXTEENTH, (place - start) * _SIXTEENTH, struck
            start, struck = place, "" if sign == _SILENT else sign
    if struck:
        yield start * _SIXTEENTH, (len(line) - start) * _SIXTEENTH, struck


def _bass_pitch(sign: str, span: Span, following: Span | None) -> int:
    """Find the note that a sign of the bass line stands for; below the chord in any case."""
    ceiling = span.voicing[0] - 1
    wanted = span.bass
    if sign == "8":
        wanted = span.bass + 12
    elif sign in "35":
        wanted = span.bass + _above(span, _FIFTHS if sign == "5" else _THIRDS)
    elif sign == "a" and following is not None:
        wanted = following.bass + (1 if following.bass < span.bass else -1)
    while wanted > ceiling:
        wanted -= 12
    return wanted if wanted >= LOWEST else span.bass


def _above(span: Span, tones: tuple[int, ...]) -> int:
    """Count the semitones from the bass note up to a tone of its chord; 0 where it has none."""
    found = (tone for tone in tones if tone in span.chord.quality.tones)
    tone = next(found, 0)
    return (span.chord.pitch_classes[0] + 7 * tone - span.bass) % 12


def _swung(beat: float, feel: float) -> float:
    """Move a place within its beat so that the second eighth falls on `feel`."""
    whole, part = divmod(beat, 1.0)
    if part < 0.5:
        return whole + part * feel / 0.5
    return whole + feel + (part - 0.5) * (1.0 - feel) / 0.5


def _humanised(
    notes: list[Note], meter: Meter, rng: np.random.Generator
) -> tuple[Note, ...]:  # fmt: skip
    """Vary velocities a little, lean on the downbeat, and put the notes in order."""
    notes.sort(key=lambda note: (note.start, note.pitch))
    shifts = rng.integers(-_HUMAN, _HUMAN + 1, len(notes)).tolist()
    return tuple(
        Note(
            note.pitch,
            note.start,
            note.length,
            note.velocity + shift + (_DOWNBEAT if note.start % meter.bar_beats == 0 else 0),
        )
        for note, shift in zip(notes, shifts, strict=True)
    )


def play_drums(pattern: Pattern, bars: int, meter: Meter, swing: float) -> tuple[Note, ...]:
    """Play the drums of a pattern.

    Parameters
    ----------
    pattern : Pattern
        How.
    bars : int
        For how many bars.
    meter : Meter
        Of the pattern.
    swing : float
        See `play`.

    Returns
    -------
    tuple of Note
        General MIDI keys, in order of start.
    """
    feel = swing if meter.denominator == 4 else 0.5
    notes = [
        Note(float(key), _swung(bar * meter.bar_beats + step * _SIXTEENTH, feel), _SIXTEENTH,
             _VELOCITIES[sign])
        for bar in range(bars)
        for key, line in pattern.drums
        for step, sign in enumerate(line)
        if sign in _VELOCITIES
    ]  # fmt: skip
    return tuple(sorted(notes, key=lambda note: (note.start, note.pitch)))
