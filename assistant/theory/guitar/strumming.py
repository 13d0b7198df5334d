"""The right hand of a guitarist: strums and picking patterns -> notes, string by string.

A line has a sign a sixteenth: ``D d`` a downstroke, ``U u`` an upstroke over the highest strings,
``L l`` a downstroke over root, fifth and octave, ``x`` a stroke on damped strings, ``p P`` the
thumb on the lowest string and on the next, ``i m a`` a finger on the third, second and highest
string from the top, ``f`` all three fingers, ``b`` thumb and fingers, ``+`` thumb and highest
string together, ``=`` ring on, ``.`` damped. Capitals are louder.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from assistant.material import Meter, Note
from assistant.theory.guitar.shapes import Direction, Shape, strum
from assistant.theory.playing.rhythm import swung

__all__ = ["SIGNS", "Held", "play_guitar"]

_STRUMS: dict[str, tuple[Direction, int]] = {
    "D": ("down", 98), "d": ("down", 82), "U": ("up", 86), "u": ("up", 66),
    "L": ("down", 100), "l": ("down", 86), "x": ("down", 34),
}  # fmt: skip
_PICKS = {"p": (0,), "P": (1,), "i": (-3,), "m": (-2,), "a": (-1,), "f": (-3, -2, -1),
          "b": (0, -3, -2, -1), "+": (0, -1)}  # fmt: skip
_THUMB_VELOCITY, _FINGER_VELOCITY = 82, 70
SIGNS = frozenset(_STRUMS) | frozenset(_PICKS) | frozenset("=.")
"""What a line may hold."""

_SIXTEENTH = 0.25  # beats
_LOW_STRINGS = 3
_DEAD_BEATS = 0.06  # how long damped strings click
_CUTS = frozenset("LlxDd.")  # what ends every string that still rings
_HUMAN = 4  # velocities vary by as much up and down
_DOWNBEAT = 6
_SHARE = 0.5  # of the time to the next stroke, that a strum may take


@dataclass(frozen=True, slots=True)
class Held:
    """A shape for a while, within one bar: `start` and `length` in beats."""

    start: float
    length: float
    shape: Shape


@dataclass(frozen=True, slots=True)
class _Stroke:
    """Where the hand strikes and where what it struck may ring to at most, in beats."""

    sign: str
    start: float
    following: float


def play_guitar(
    spans: Sequence[Held],
    lines: Sequence[str],
    meter: Meter,
    swing: float,
    bpm: float,
    rng: np.random.Generator,
) -> tuple[Note, ...]:
    """Play some shapes.

    Parameters
    ----------
    spans : sequence of Held
        In order, none across a bar line.
    lines : sequence of str
        A line a bar, see `assistant.theory.playing.comping.varied`; after the last the first again.
    meter : Meter
        Of the lines.
    swing : float
        Where the second eighth of a beat falls, 0.5 straight; only in metres of quarter notes.
    bpm : float
        Quarter notes a minute: a strum takes its time in milliseconds.
    rng : numpy.random.Generator
        The dice for velocities.

    Returns
    -------
    tuple of Note
        In order of start; no note is struck while it sounds.
    """
    feel = swing if meter.denominator == 4 else 0.5
    notes: list[Note] = []
    for span in spans:
        bar = int(span.start / meter.bar_beats + 1e-9)
        strokes = _strokes(span, lines[bar % len(lines)], bar * meter.bar_beats, feel)
        for place, stroke in enumerate(strokes):
            notes += _struck(stroke, strokes[place + 1 :], span, bpm)
    notes.sort(key=lambda note: (note.start, note.pitch))
    shifts = rng.integers(-_HUMAN, _HUMAN + 1, len(notes)).tolist()
    return tuple(
        Note(note.pitch, note.start, note.length, note.velocity + shift
             + (0 if note.start % meter.bar_beats else _DOWNBEAT))
        for note, shift in zip(notes, shifts, strict=True)
    )  # fmt: skip


def _strokes(span: Held, line: str, bar: float, feel: float) -> list[_Stroke]:
    """Cut out what the line says during a span; a new chord is heard at once, or at all."""
    first = round((span.start - bar) / _SIXTEENTH)
    signs = list(line[first : first + round(span.length / _SIXTEENTH)])
    if signs[0] == "=" or all(sign in "=.x" for sign in signs):
        signs[0] = "d"
    places = [place for place, sign in enumerate(signs) if sign != "="]
    times = [bar + swung((first + place) * _SIXTEENTH, feel) for place in places]
    ends = [*times[1:], span.start + span.length]
    return [
        _Stroke(signs[place], start, end)
        for place, start, end in zip(places, times, ends, strict=True)
    ]


def _struck(stroke: _Stroke, later: Sequence[_Stroke], span: Held, bpm: float) -> Iterator[Note]:
    """Sound one stroke; each string rings until something ends it."""
    for pitch, offset, velocity in _hit(stroke, span.shape, bpm):
        start = stroke.start + offset
        end = span.start + span.length
        if stroke.sign == "x":
            end = min(end, start + _DEAD_BEATS)
        for each in later:
            again = any(pitch == other for other, *_ in _hit(each, span.shape, bpm))
            if again or each.sign in _CUTS:
                end = min(end, each.start)
                break
        yield Note(float(pitch), start, end - start, velocity)


def _hit(stroke: _Stroke, shape: Shape, bpm: float) -> list[tuple[int, float, int]]:
    """List the strings that a stroke strikes: pitch, beats after the stroke, velocity."""
    pitches = shape.pitches
    if stroke.sign in _STRUMS:
        direction, velocity = _STRUMS[stroke.sign]
        reached = _power(shape) if stroke.sign in "Ll" else pitches
        struck = strum(reached, direction, bpm)
        room = _SHARE * (stroke.following - stroke.start)
        share = min(1.0, room / max(struck[-1][1], 1e-9))
        return [(pitch, offset * share, velocity) for pitch, offset in struck]
    hits = {}
    for string in _PICKS.get(stroke.sign, ()):
        at = max(0, len(pitches) + string) if string < 0 else min(string, len(pitches) - 1)
        hits[pitches[at]] = _THUMB_VELOCITY if string >= 0 else _FINGER_VELOCITY
    return [(pitch, 0.0, velocity) for pitch, velocity in hits.items()]


def _power(shape: Shape) -> tuple[int, ...]:
    """Find the lowest three strings without a third; the lowest three where there are fewer."""
    root, *_ = shape.chord.pitch_classes
    bare = tuple(pitch for pitch in shape.pitches if (pitch - root) % 12 in {0, 7})
    return bare[:_LOW_STRINGS] if len(bare) > 1 else shape.pitches[:_LOW_STRINGS]
