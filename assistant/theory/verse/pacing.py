"""How much room words want: the pace of syllables, the bars of a line, the upbeat before it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.errors import SettingError
from assistant.theory.verse.lyrics import Line
from assistant.theory.verse.syllables import STRONG

__all__ = ["FASTEST", "SIXTEENTH_S", "Pace", "Room", "room_of", "share_out"]

FASTEST = 5.5
"""Syllables a second that no two in a row go beyond."""

_SLOW, _RANGE = 1.6, 2.2  # syllables a second at density 0, and what density 1 adds
_LINE_END = 1.25  # time of a line, long last note and breath included, to that of its syllables
_STRETCH = 2.5  # how far a line may be drawn out where there are more bars than words
SIXTEENTH_S = 15.0
"""Seconds of a sixteenth at 1 bpm."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast words are set: quarter notes a minute, and the density, 0.0 to 1.0."""

    bpm: float = 100.0
    density: float = 0.5

    @property
    def shortest(self) -> int:
        """Sixteenths from one syllable to the next, at the least."""
        return max(1, math.ceil(self.bpm / (SIXTEENTH_S * FASTEST) - 1e-9))

    @property
    def usual(self) -> float:
        """Sixteenths of a syllable at the pace that the density asks for."""
        rate = _SLOW + _RANGE * self.density
        return max(float(self.shortest), self.bpm / (SIXTEENTH_S * rate))


@dataclass(frozen=True, slots=True)
class Room:
    """The bars of a line, in sixteenths: how many, how many before its first bar line are free."""

    first: int
    size: int
    before: int
    reserve: int


def share_out(lines: Sequence[Line], bar: int, pace: Pace, bars: int) -> list[int]:
    """Tell how many bars each line has.

    Parameters
    ----------
    lines : sequence of Line
        The words.
    bar : int
        Sixteenths in a bar.
    pace : Pace
        Tempo and density.
    bars : int
        How many there are for all lines; 0 for as many as they want.

    Returns
    -------
    list of int
        Not more than `bars` in sum; fewer where the words would drag.

    Raises
    ------
    SettingError
        Where the words do not fit, with the bars that they need.
    """
    least = [max(1, math.ceil(_needed(line, pace) / bar)) for line in lines]
    wanted = [max(low, _round(line, bar, pace)) for line, low in zip(lines, least, strict=True)]
    if not bars:
        return wanted
    if sum(least) > bars:
        need = f"the words need {sum(least)} at {pace.bpm:g} bpm, and have {bars}"
        raise SettingError(
            f"lyrics are too long for the bars: {need}. Ask for more bars, fewer words or a slower"
            " tempo."
        )
    most = [max(low, math.floor(want * _STRETCH)) for low, want in zip(least, wanted, strict=True)]
    even = bars // len(lines)
    if all(low <= even <= high for low, high in zip(least, most, strict=True)):
        return [even] * len(lines)
    share = list(least)
    while sum(share) < bars:
        gaps = [
            (want / have if have < high else 0.0, -index)
            for index, (want, have, high) in enumerate(zip(wanted, share, most, strict=True))
        ]
        fullest, place = max(gaps)
        if fullest == 0.0:
            break
        share[-place] += 1
    return share


def _needed(line: Line, pace: Pace) -> int:
    """Count the sixteenths that a line takes at its fastest, a breath at its end included."""
    breaths = sum(word.breath for word in line.words)
    return (line.count + breaths + 1) * pace.shortest


def _round(line: Line, bar: int, pace: Pace) -> int:
    """Find how many bars a line wants: 1, 2, 4 or 8, as phrases have them."""
    ideal = line.count * pace.usual * _LINE_END / bar
    return int(min(2 ** max(0, round(math.log2(max(ideal, 0.5)))), 8))


def room_of(
    line: Line, first: int, size: int, last: int | None, later: Line | None, pace: Pace
) -> Room:
    """See what a line may use: an upbeat reaches back to where the line before has ended.

    Parameters
    ----------
    line : Line
        The line.
    first, size : int
        Where its first bar begins, and how long its bars are, in sixteenths.
    last : int or None
        Where the last syllable before it begins.
    later : Line or None
        The line after it, which may want an upbeat.
    pace : Pace
        Tempo and density.
    """
    free = 0 if last is None else first - last - 2 * pace.shortest
    reserve = pace.shortest
    if later is not None:
        reserve += round(_upbeat(later) * max(pace.shortest, min(pace.usual, 2.0)))
    spare = max(pace.shortest, size - _needed(line, pace))
    return Room(first, size, max(0, min(free, size // 2)), min(reserve, spare, size // 3))


def _upbeat(line: Line) -> int:
    """Count the light syllables before the first strong one, 3 at most."""
    levels = [level for word in line.words for level in word.stress]
    return min(3, levels.index(STRONG)) if STRONG in levels else 0
