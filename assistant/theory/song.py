"""The chords that a song has already, bar by bar."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from assistant.material import Meter
from assistant.theory.chord import Chord
from assistant.theory.key import Key
from assistant.theory.progression import Bar
from assistant.theory.rhythm import half_bar
from assistant.theory.roman import Numeral, numeral_of

__all__ = ["Placed", "bar_starts", "bars_heard"]

_ENOUGH = 0.25  # share of half a bar that a chord must sound in it


class Placed(Protocol):
    """A chord with its place in the song."""

    @property
    def start(self) -> float:
        """Where it begins, in beats."""

    @property
    def length(self) -> float:
        """How long it sounds, in beats."""

    @property
    def chord(self) -> Chord:
        """What sounds."""


def bar_starts(meters: Sequence[Meter], end: float) -> tuple[Meter, ...]:
    """Walk through the bars of a song.

    Parameters
    ----------
    meters : sequence of Meter
        The metre map, the first at beat 0.
    end : float
        Where the song ends, in beats; the last bar may reach beyond.

    Returns
    -------
    tuple of Meter
        One for each bar, at the beat where the bar begins.
    """
    bars: list[Meter] = []
    beat, place = 0.0, 0
    while beat < end - 1e-6:
        while place + 1 < len(meters) and meters[place + 1].beat <= beat + 1e-6:
            place += 1
        meter = meters[place]
        bars.append(Meter(beat, meter.numerator, meter.denominator))
        beat += meter.bar_beats
    return tuple(bars)


def bars_heard(chords: Sequence[Placed], bars: Sequence[Meter], key: Key) -> tuple[Bar, ...]:
    """Say the chords of a song by bar, at most one in each half.

    Parameters
    ----------
    chords : sequence of Placed
        In order of start, at least one.
    bars : sequence of Meter
        As `bar_starts` gives them.
    key : Key
        What the numerals count from.

    Returns
    -------
    tuple of Bar
        As many; where nothing sounds the chord before goes on, or the first one is awaited.
    """
    said: list[Bar] = []
    before = numeral_of(chords[0].chord, key)
    for bar in bars:
        whole, half = bar.bar_beats, half_bar(bar)
        halves: list[Numeral] = []
        for start, length in ((bar.beat, half), (bar.beat + half, whole - half)):
            found = _most(chords, start, start + length)
            before = numeral_of(found, key) if found else before
            halves.append(before)
        said.append(tuple(dict.fromkeys(halves)))
    return tuple(said)


def _most(chords: Sequence[Placed], start: float, end: float) -> Chord | None:
    """Find the chord that sounds longest between two places; None where none does for long."""
    sounding: dict[Chord, float] = {}
    for each in chords:
        overlap = min(end, each.start + each.length) - max(start, each.start)
        if overlap > 0:
            sounding[each.chord] = sounding.get(each.chord, 0.0) + overlap
    if not sounding or max(sounding.values()) < _ENOUGH * (end - start):
        return None
    return max(sounding, key=lambda chord: sounding[chord])
