"""The frame of a tune: a grid of sixteenths with its bars, its harmony, and the notes there are.

A tune is written in *steps*: the notes of the key within the range, counted from the lowest. What
a step sounds like depends on the chord: over E7 in A minor the step on G is a G sharp, as the chord
spells it. So a tune stays in the key and still follows a chord that leaves it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from assistant.errors import SettingError
from assistant.material import Meter, note_name
from assistant.theory.ear.grid import bar_starts, walk_bars
from assistant.theory.harmony import spelling
from assistant.theory.harmony.chord import Chord
from assistant.theory.harmony.key import Key

__all__ = ["SLOTS_A_BEAT", "Frame", "Measure", "Stretch", "bar_lines", "bars_until",
           "darkened", "groups", "make_frame", "measures"]  # fmt: skip

Ints: TypeAlias = NDArray[np.int16]
Flags: TypeAlias = NDArray[np.bool_]

SLOTS_A_BEAT = 4
"""Slots are sixteenths."""

MIN_STEPS = 4
_DOWNBEAT, _BEAT, _OFFBEAT = 3, 2, 1
_BRIGHT = (4, 9, 11)  # semitones above the tonic: what minor has a semitone lower


@dataclass(frozen=True, slots=True)
class Measure:
    """A bar on the grid: its first slot, and the lengths of its beats in slots."""

    start: int
    groups: tuple[int, ...]

    @property
    def end(self) -> int:
        """The slot after its last."""
        return self.start + sum(self.groups)


@dataclass(frozen=True, slots=True)
class Stretch:
    """A chord from one slot to before another."""

    start: int
    end: int
    chord: Chord


@dataclass(frozen=True, eq=False)
class Frame:
    """Where a tune is written.

    Parameters
    ----------
    measures : tuple of Measure
        Its bars.
    key : Key
        Its key.
    chords : tuple of Chord
        Its chords, each once.
    strength : ndarray of int8, shape (slots,)
        3 on a downbeat, 2 on a beat, 1 on half a beat, 0 between.
    harmony : ndarray of int16, shape (slots,)
        Which chord sounds.
    pitches : ndarray of int16, shape (chords, steps)
        MIDI number of each step over each chord.
    tones : ndarray of bool, shape (chords, steps)
        Whether the step is a note of the chord.
    roles : ndarray of int8, shape (chords, steps)
        Letters above the root: 0 root, 2 third, 4 fifth, 6 seventh.
    degrees : ndarray of int8, shape (steps,)
        0 to 6, the tonic 0.
    """

    measures: tuple[Measure, ...]
    key: Key
    chords: tuple[Chord, ...]
    strength: NDArray[np.int8]
    harmony: Ints
    pitches: Ints
    tones: Flags
    roles: NDArray[np.int8]
    degrees: NDArray[np.int8]

    @property
    def slots(self) -> int:
        """Number of slots."""
        return len(self.harmony)

    @property
    def steps(self) -> int:
        """Number of steps in the range."""
        return len(self.degrees)


def groups(meter: Meter) -> tuple[int, ...]:
    """Part a bar into its beats.

    Parameters
    ----------
    meter : Meter
        Any metre of quarters, eighths or longer; a bar of sixteenths is taken to the nearest slot.

    Returns
    -------
    tuple of int
        Slots a beat: four for a quarter, six for a dotted quarter; 7/8 is two, two and three
        eighths.
    """
    slots = max(1, round(meter.bar_beats * SLOTS_A_BEAT))
    if meter.denominator == 8 and meter.numerator > 2:
        threes = meter.numerator // 3 if meter.numerator % 3 == 0 else meter.numerator % 2
        return (4,) * ((slots - 6 * threes) // 4) + (6,) * threes
    rest = slots % 4
    return (4,) * (slots // 4) + ((rest,) if rest else ())


def bar_lines(meters: Sequence[Meter], first: int, count: int) -> tuple[Meter, ...]:
    """Walk through some bars of a song, and on after its end.

    Parameters
    ----------
    meters : sequence of Meter
        The metre map, the first at beat 0.
    first : int
        The first bar, counted from 0.
    count : int
        How many.

    Returns
    -------
    tuple of Meter
        One for each bar, at the beat where the bar begins.
    """
    return tuple(islice(walk_bars(meters), first, first + count))


def bars_until(meters: Sequence[Meter], end: float) -> tuple[Meter, ...]:
    """Walk through the bars of a song until a place in beats; there is one at least."""
    return bar_starts(meters, end) or bar_lines(meters, 0, 1)


def measures(bars: Sequence[Meter]) -> tuple[Measure, ...]:
    """Lay bars out on a grid that begins with the first of them."""
    found: list[Measure] = []
    slot = 0
    for bar in bars:
        measure = Measure(slot, groups(bar))
        found.append(measure)
        slot = measure.end
    return tuple(found)


def make_frame(
    bars: Sequence[Measure], key: Key, chords: Sequence[Stretch], low: float, high: float
) -> Frame:
    """Lay out where a tune is written.

    Parameters
    ----------
    bars : sequence of Measure
        The grid.
    key : Key
        The key.
    chords : sequence of Stretch
        In order; where none sounds the one before is thought to go on.
    low, high : float
        Ends of the range, MIDI numbers.

    Returns
    -------
    Frame
        The frame.

    Raises
    ------
    SettingError
        Where the range holds fewer than four notes of the key.
    """
    slots = bars[-1].end
    different = list(dict.fromkeys(stretch.chord for stretch in chords))
    harmony = np.zeros(slots, dtype=np.int16)
    for stretch in chords:
        harmony[stretch.start :] = different.index(stretch.chord)
    degrees, pitches = _scale(key, low, high)
    shifts = np.array([_shifts(chord, key) for chord in different], dtype=np.int16)
    sounded = pitches[None, :] + shifts[:, degrees]
    fits = ((sounded >= low) & (sounded <= high)).all(axis=0)
    if int(fits.sum()) < MIN_STEPS:
        seen = f"{note_name(low)} to {note_name(high)}"
        raise SettingError(
            f"low and high leave {seen}; a melody needs {MIN_STEPS} notes of {key}, say a fifth."
        )
    sounded, degrees = sounded[:, fits], degrees[fits]
    tones = np.array([np.isin(row % 12, chord.pitch_classes)
                      for row, chord in zip(sounded, different, strict=True)])  # fmt: skip
    roots = np.array([_degree(chord.root, key) for chord in different])
    roles = (degrees[None, :] - roots[:, None]) % 7
    return Frame(
        tuple(bars),
        key,
        tuple(different),
        _strength(bars),
        harmony,
        np.ascontiguousarray(sounded),
        tones,
        roles.astype(np.int8),
        degrees.astype(np.int8),
    )


def darkened(frame: Frame) -> Frame:
    """Borrow the minor third, sixth and seventh where a chord of a major key allows it.

    Parameters
    ----------
    frame : Frame
        The frame.

    Returns
    -------
    Frame
        The same in a minor key. In a major one a step is flat over chords that do not hold it,
        unless it would rub against a note of the chord a semitone below.
    """
    if frame.key.family == "minor":
        return frame
    pitches = frame.pitches.copy()
    for row, chord in zip(pitches, frame.chords, strict=True):
        classes = np.array(chord.pitch_classes)
        natural = np.isin((row - frame.key.root) % 12, _BRIGHT)
        natural &= ~np.isin(row % 12, classes) & ~np.isin((row - 2) % 12, classes)
        natural[0] = False  # the lowest step would leave the range
        row[natural] -= 1
    return replace(frame, pitches=pitches)


def _scale(key: Key, low: float, high: float) -> tuple[Ints, Ints]:
    """List the notes of a key around a range: degree and pitch of each, from the lowest."""
    heights = [(spelling.pitch_class(fifth) - key.root) % 12 for fifth in key.scale]
    notes = sorted(
        (key.root + height + 12 * octave, degree)
        for octave in range(-1, 11)
        for degree, height in enumerate(heights)
    )
    near = [(pitch, degree) for pitch, degree in notes if low - 2 <= pitch <= high + 2]
    pitches, degrees = np.array(near, dtype=np.int16).reshape(-1, 2).T
    return degrees, pitches


def _shifts(chord: Chord, key: Key) -> list[int]:
    """Tell by how many semitones a chord bends each degree of the key."""
    shifts = [0] * 7
    for tone in chord.tones:
        degree = _degree(tone, key)
        shifts[degree] = (tone - key.scale[degree]) // 7
    return shifts


def _degree(fifth: int, key: Key) -> int:
    """Find the degree on the same letter."""
    return next(place for place, own in enumerate(key.scale) if (fifth - own) % 7 == 0)


def _strength(bars: Sequence[Measure]) -> NDArray[np.int8]:
    strength = np.zeros(bars[-1].end, dtype=np.int8)
    for bar in bars:
        strength[bar.start : bar.end : 2] = _OFFBEAT
        at = bar.start
        for length in bar.groups:
            strength[at] = _BEAT
            at += length
        strength[bar.start] = _DOWNBEAT
    return strength
