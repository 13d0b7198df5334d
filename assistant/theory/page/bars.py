"""Bars as they are written: where they start, their beats, and which places in them are strong.

Time is counted in *divisions*, twelve to a quarter note: a sixteenth is 3, a triplet eighth is 4.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from assistant.errors import MaterialError
from assistant.material import Meter
from assistant.theory.playing.rhythm import half_bar

__all__ = ["DIVISIONS", "Bar", "bars_of", "divisions", "groups", "strengths", "unwritable"]

DIVISIONS = 12
"""A quarter note."""

_SIXTEENTH, _EIGHTH = 3, 6
_SMALLEST = 16  # lower number of a metre
_BAR, _HALF, _BEAT, _OFFBEAT = 4, 3, 2, 1


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar: its number (0 an upbeat), where it starts and how long it is (divisions)."""

    number: int
    start: int
    length: int
    meter: Meter

    @property
    def end(self) -> int:
        """Where it ends, in divisions."""
        return self.start + self.length


def divisions(beats: float) -> int:
    """Turn beats into divisions, to the nearest sixteenth."""
    return round(beats * DIVISIONS / _SIXTEENTH) * _SIXTEENTH


def unwritable(meters: Sequence[Meter]) -> str:
    """Say why a song cannot be written down; ``""`` where it can.

    Parameters
    ----------
    meters : sequence of Meter
        Its metre map.

    Returns
    -------
    str
        A sentence without its stop.
    """
    small = dict.fromkeys(meter.signature for meter in meters if meter.denominator > _SMALLEST)
    if not small:
        return ""
    return f"A lead sheet is written in sixteenths, which bars of {', '.join(small)} are not"


def bars_of(meters: Sequence[Meter], pickup: float, beats: float) -> tuple[Bar, ...]:
    """Lay out the bars of a song.

    Parameters
    ----------
    meters : sequence of Meter
        In order; a change in the middle of a bar counts from the next bar line.
    pickup : float
        Beats before the first whole bar.
    beats : float
        Length of the song, pickup included.

    Returns
    -------
    tuple of Bar
        At least one, so many that the song ends within the last.

    Raises
    ------
    MaterialError
        Where a metre is in less than sixteenths.
    """
    if small := unwritable(meters):
        raise MaterialError(f"{small}.")
    end = divisions(beats)
    begins = [divisions(meter.beat) for meter in meters]
    bars: list[Bar] = []
    if pickup > 0.0:
        bars.append(Bar(0, 0, divisions(pickup), meters[0]))
    while not bars or bars[-1].end < end or not bars[-1].number:
        start = bars[-1].end if bars else 0
        meter = meters[max(0, bisect_right(begins, start) - 1)]
        length = divisions(meter.bar_beats)
        bars.append(Bar(bars[-1].number + 1 if bars else 1, start, length, meter))
    return tuple(bars)


@lru_cache(maxsize=64)
def groups(numerator: int, denominator: int) -> tuple[int, ...]:
    """Find the beats of a bar: dotted ones in 6/8, two, two and three eighths in 7/8.

    Returns
    -------
    tuple of int
        Their lengths in divisions.
    """
    unit = 4 * DIVISIONS // denominator
    if denominator < 8:
        return (unit,) * numerator
    if numerator % 3 == 0:
        return (3 * unit,) * (numerator // 3)
    twos, odd = divmod(numerator, 2)
    return (2 * unit,) * (twos - odd) + (3 * unit,) * odd


@lru_cache(maxsize=64)
def strengths(meter: Meter) -> Mapping[int, int]:
    """Rate the places of a bar: the bar line, its half, beats, offbeats; the rest is 0."""
    length = divisions(meter.bar_beats)
    levels = dict.fromkeys(range(0, length, _EIGHTH), _OFFBEAT)
    beats = groups(meter.numerator, meter.denominator)
    place = 0
    for beat in beats:
        levels[place] = _BEAT if meter.denominator < 8 else _HALF  # dotted beats are not hidden
        place += beat
    if len(beats) > 3:
        levels[divisions(half_bar(meter))] = _HALF
    levels[0] = _BAR
    return levels
