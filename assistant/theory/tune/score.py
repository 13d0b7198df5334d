"""From rows of steps to notes with weight and swing, and the chords that go under them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from assistant.material import Meter, Note
from assistant.theory.harmony.key import Key
from assistant.theory.harmony.progression import Bar
from assistant.theory.harmony.roman import realise
from assistant.theory.playing.rhythm import half_bar
from assistant.theory.tune.frame import SLOTS_A_BEAT, Frame, Measure, Stretch
from assistant.theory.tune.passage import Passage

__all__ = ["melody_notes", "stretches"]

_LOUD = 84
_STRONG, _DOWNBEAT, _RISING = 6, 4, 0.9  # velocity: on a beat, on a downbeat, a semitone higher
_HUMAN = 3


def melody_notes(
    row: tuple[Sequence[int], Sequence[int], Sequence[int]],
    frame: Frame,
    passage: Passage,
    swing: float,
    rng: np.random.Generator,
) -> tuple[Note, ...]:
    """Write the notes of a tune in the bars that are to be written.

    Parameters
    ----------
    row : tuple of sequence of int
        Starts and lengths in slots, and pitches.
    frame : Frame
        The grid.
    passage : Passage
        Where it stands in the song.
    swing : float
        Where the second eighth of a quarter falls, 0.5 straight.
    rng : numpy.random.Generator
        The dice for velocities.

    Returns
    -------
    tuple of Note
        In order of start.
    """
    starts, lengths, pitches = row
    middle = float(np.mean(pitches))
    shifts = rng.integers(-_HUMAN, _HUMAN + 1, len(starts)).tolist()
    bars = [bar.start for bar in frame.measures]
    notes: list[Note] = []
    for start, length, pitch, shift in zip(starts, lengths, pitches, shifts, strict=True):
        place = int(np.searchsorted(bars, start, side="right")) - 1
        if not passage.free[place]:
            continue
        strength = int(frame.strength[start])
        weight = _STRONG * (strength >= 2) + _DOWNBEAT * (strength == 3)
        loud = _LOUD + weight + _RISING * (pitch - middle) + shift
        begin, end = (_beat(slot, frame.measures, swing) for slot in (start, start + length))
        velocity = int(min(120, max(40, round(loud))))
        notes.append(Note(float(pitch), passage.origin + begin, end - begin, velocity))
    return tuple(notes)


def _beat(slot: int, bars: Sequence[Measure], swing: float) -> float:
    """Turn a slot into beats from the start of the frame; quarters swing, dotted ones do not."""
    place = int(np.searchsorted([bar.start for bar in bars], slot, side="right")) - 1
    at = bars[place].start
    for length in bars[place].groups:
        if slot < at + length:
            break
        at += length
    else:
        return slot / SLOTS_A_BEAT
    within = slot - at
    if length != SLOTS_A_BEAT or not within:
        return slot / SLOTS_A_BEAT
    swung = (0.0, swing / 2.0, swing, (1.0 + swing) / 2.0)[within]
    return at / SLOTS_A_BEAT + swung


def stretches(bars: Sequence[Bar], lines: Sequence[Meter], key: Key) -> tuple[Stretch, ...]:
    """Lay chords on the grid.

    Parameters
    ----------
    bars : sequence of Bar
        One or two numerals a bar.
    lines : sequence of Meter
        As many bars, at their beats.
    key : Key
        What the numerals count from.

    Returns
    -------
    tuple of Stretch
        In slots from the first bar.
    """
    origin = lines[0].beat
    found: list[Stretch] = []
    for bar, line in zip(bars, lines, strict=True):
        start = line.beat - origin
        edges = [start, start + line.bar_beats]
        if len(bar) > 1:
            edges.insert(1, start + half_bar(line))
        slots = [round(edge * SLOTS_A_BEAT) for edge in edges]
        found += [
            Stretch(first, last, realise(numeral, key))
            for first, last, numeral in zip(slots, slots[1:], bar, strict=False)
        ]
    return tuple(found)
