"""How chords are played: patterns of one bar, a sign a sixteenth, and the notes they make."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeAlias

import numpy as np

from assistant.material import Meter, Note
from assistant.theory.harmony.bass import LOWEST
from assistant.theory.harmony.chord import Chord
from assistant.theory.harmony.voicing import VOICES, Voicing

__all__ = ["DRUMS", "Pattern", "Span", "half_bar", "pattern_for", "play", "play_drums",
           "read_patterns", "swung"]  # fmt: skip

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
_BASS_SIGNS = frozenset("1358a")

_Hit: TypeAlias = tuple[float, int, float, int]  # start, pitch, length, velocity


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


def pattern_for(patterns: Mapping[tuple[str, str], Pattern], style: str, meter: Meter) -> Pattern:
    """Choose the pattern of a style in a metre, else the plain one, else held chords."""
    name = meter.signature
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
    spans: Sequence[Span],
    pattern: Pattern | Sequence[Pattern],
    meter: Meter,
    swing: float,
    rng: np.random.Generator,
) -> tuple[tuple[Note, ...], tuple[Note, ...]]:
    """Play some chords.

    Parameters
    ----------
    spans : sequence of Span
        In order, none across a bar line.
    pattern : Pattern or sequence of Pattern
        How; one for all bars, or one a bar, from the first again after the last.
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
    patterns = (pattern,) if isinstance(pattern, Pattern) else pattern
    upper: list[_Hit] = []
    lower: list[_Hit] = []
    for place, span in enumerate(spans):
        following = spans[place + 1] if place + 1 < len(spans) else None
        start = span.start % meter.bar_beats
        bar = span.start - start
        here = patterns[round(bar / meter.bar_beats) % len(patterns)]
        first, last = (round(at / _SIXTEENTH) for at in (start, start + span.length))
        voices = tuple(dict.fromkeys(span.voicing))
        struck = _voice_hits(here.chords[first:last], first, len(voices), feel)
        upper += [(bar + at, voices[voice], length, hard) for voice, at, length, hard in struck]
        plucked = _events(_strokes(here.bass[first:last], "1"), _BASS_SIGNS, first, feel)
        lower += [
            (bar + at, _bass_pitch(sign, span, following), length, _BASS_VELOCITY)
            for at, length, sign in plucked
        ]
    return _notes(upper, meter, rng), _notes(lower, meter, rng)


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


@lru_cache(maxsize=1024)
def _voice_hits(
    line: str, first: int, voices: int, feel: float
) -> tuple[tuple[int, float, float, int], ...]:
    """Find what each voice of a chord plays: voice, start in the bar, length, velocity."""
    hits: list[tuple[int, float, float, int]] = []
    for voice in range(voices):
        signs = frozenset(_VELOCITIES) | {str(voice + 1)}
        if voice == voices - 1:  # a doubled voice is played by the highest
            signs |= {str(missing) for missing in range(voices, VOICES + 1)}
        for at, length, sign in _events(_strokes(line, "x"), signs, first, feel):
            hits.append((voice, at, length, _VELOCITIES.get(sign, _VOICE_VELOCITY)))
    return tuple(hits)


@lru_cache(maxsize=4096)
def _events(
    line: str, signs: frozenset[str], first: int, feel: float
) -> tuple[tuple[float, float, str], ...]:
    """Find where a voice is struck in the bar, for how long it sounds (beats), by what sign.

    Parameters
    ----------
    line : str
        Part of a line of a pattern.
    signs : frozenset of str
        What strikes the voice.
    first : int
        The sixteenth of the bar where `line` begins.
    feel : float
        Swing.
    """
    found: list[tuple[float, float, str]] = []
    start, struck = 0, ""
    for place, sign in enumerate((*line, _SILENT)):
        if sign not in signs and sign != _SILENT:
            continue
        if struck:
            at, end = (swung((first + step) * _SIXTEENTH, feel) for step in (start, place))
            found.append((at, end - at, struck))
        start, struck = place, "" if sign == _SILENT else sign
    return tuple(found)


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


def swung(beat: float, feel: float) -> float:
    """Move a place within its beat so that the second eighth falls on `feel`."""
    whole, part = divmod(beat, 1.0)
    if part < 0.5:
        return whole + part * feel / 0.5
    return whole + feel + (part - 0.5) * (1.0 - feel) / 0.5


def _notes(hits: list[_Hit], meter: Meter, rng: np.random.Generator) -> tuple[Note, ...]:
    """Put hits in order, vary their velocities a little, and lean on the downbeat."""
    hits.sort()
    shifts = rng.integers(-_HUMAN, _HUMAN + 1, len(hits)).tolist()
    bar = meter.bar_beats
    return tuple(
        Note(float(pitch), start, length, hard + shift + (0 if start % bar else _DOWNBEAT))
        for (start, pitch, length, hard), shift in zip(hits, shifts, strict=True)
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
        Note(float(key), swung(bar * meter.bar_beats + step * _SIXTEENTH, feel), _SIXTEENTH,
             _VELOCITIES[sign])
        for bar in range(bars)
        for key, line in pattern.drums
        for step, sign in enumerate(line)
        if sign in _VELOCITIES
    ]  # fmt: skip
    return tuple(sorted(notes, key=lambda note: (note.start, note.pitch)))
