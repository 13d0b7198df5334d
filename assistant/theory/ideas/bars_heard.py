"""Which chords of a song are followed, bar by bar: at most one in each half."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from typing import Protocol

from assistant.material import Meter
from assistant.theory.harmony.chord import Chord
from assistant.theory.harmony.key import Key
from assistant.theory.harmony.progression import Bar
from assistant.theory.harmony.roman import Numeral, numeral_of
from assistant.theory.playing.rhythm import half_bar

__all__ = ["Placed", "bars_crowded", "bars_heard"]

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
    first = 0
    for bar in bars:
        whole, half = bar.bar_beats, half_bar(bar)
        halves: list[Numeral] = []
        for start, length in ((bar.beat, half), (bar.beat + half, whole - half)):
            while first < len(chords) - 1 and chords[first].start + chords[first].length <= start:
                first += 1
            found = _most(chords, first, start, start + length)
            before = numeral_of(found, key) if found else before
            halves.append(before)
        said.append(tuple(dict.fromkeys(halves)))
    return tuple(said)


def _most(chords: Sequence[Placed], first: int, start: float, end: float) -> Chord | None:
    """Find the chord that sounds longest between two places; None where none does for long.

    Chords before the first one have ended by then.
    """
    sounding: dict[Chord, float] = {}
    for place in range(first, len(chords)):
        each = chords[place]
        if each.start >= end:
            break
        overlap = min(end, each.start + each.length) - max(start, each.start)
        if overlap > 0:
            sounding[each.chord] = sounding.get(each.chord, 0.0) + overlap
    if not sounding or max(sounding.values()) < _ENOUGH * (end - start):
        return None
    return max(sounding, key=lambda chord: sounding[chord])


def bars_crowded(
    chords: Sequence[Placed], grid: Sequence[Meter], bars: Sequence[Bar], key: Key
) -> tuple[int, ...]:
    """List the bars that hold a chord which is not followed.

    Parameters
    ----------
    chords : sequence of Placed
        In order of start.
    grid : sequence of Meter
        The bars, at the beat where each begins.
    bars : sequence of Bar
        What `bars_heard` said of them.
    key : Key
        What the numerals count from.

    Returns
    -------
    tuple of int
        Counted from 1, in order.
    """
    found: dict[int, None] = {}
    for each in chords:
        place = bisect_right(grid, each.start + 1e-6, key=lambda bar: bar.beat) - 1
        reaches = min(len(bars) - 1, place + 1)
        held = each.start + each.length > grid[place].beat + grid[place].bar_beats + 1e-6
        said = (*bars[place], *(bars[reaches] if held else ()))
        if numeral_of(each.chord, key) not in said:
            found[place + 1] = None
    return tuple(found)
