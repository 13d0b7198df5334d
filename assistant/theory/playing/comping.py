"""Comping: what keys and guitar play behind a song, by style and metre, varied from bar to bar.

The shelf holds up to three bars of each: the figure, how its second bar answers, and what leads
out of the fourth. Odd metres can be counted in other groups; a figure is regrouped by moving its
beats, with the accent kept on the downbeat.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import permutations
from typing import Any, Literal, TypeAlias

import numpy as np

from assistant.errors import SettingError
from assistant.material import Meter
from assistant.theory.playing.rhythm import Pattern, pattern_for

__all__ = ["GROUPINGS", "Book", "Comp", "Instrument", "comp_for", "read_comping", "regrouped",
           "varied", "varied_patterns"]  # fmt: skip

Instrument = Literal["keys", "guitar"]

GROUPINGS: dict[str, tuple[int, ...]] = {"5/4": (3, 2), "7/8": (2, 2, 3)}
"""How the shelf counts odd metres, in quarters or eighths."""

_LINES: dict[Instrument, str] = {"keys": "chords", "guitar": "guitar"}
_PLAIN = "plain"
_PHRASE = 4  # bars
_ANSWER_ODDS = 0.3  # that the third bar of a later phrase is the answer
_DROP_ODDS = 0.2  # that a soft stroke of a repeated bar is left to ring
_SOFT = frozenset("ou")


@dataclass(frozen=True, slots=True)
class Comp:
    """A figure of one bar, its answer in every second bar, and the way out of every fourth."""

    figure: str
    answer: str
    fill: str


Book: TypeAlias = Mapping[tuple[str, str, Instrument], Comp]


def read_comping(page: Mapping[str, Any]) -> dict[tuple[str, str, Instrument], Comp]:
    """Read what keys and guitar play from the page of rhythms.

    Parameters
    ----------
    page : mapping
        ``rhythms.<style>.<metre>`` is a table of lines; ``chords`` and ``guitar`` are figures,
        ``chords-2`` and ``guitar-2`` their answers, ``chords-4`` and ``guitar-4`` the ways out.

    Returns
    -------
    dict of tuple of (str, str, str) to Comp
        By style, metre and instrument.
    """
    book: dict[tuple[str, str, Instrument], Comp] = {}
    for style, meters in page["rhythms"].items():
        for meter, table in meters.items():
            lines = {name: line.replace(" ", "") for name, line in table.items()}
            for instrument, name in _LINES.items():
                if name in lines:
                    answer = lines.get(f"{name}-2", lines[name])
                    fill = lines.get(f"{name}-4", answer)
                    book[style, meter, instrument] = Comp(lines[name], answer, fill)
    return book


def comp_for(
    book: Book, style: str, meter: Meter, instrument: Instrument, grouping: Sequence[int] = ()
) -> Comp:
    """Choose what an instrument plays.

    Parameters
    ----------
    book : mapping
        See `read_comping`.
    style : str
        A style from the shelf.
    meter : Meter
        The metre.
    instrument : {"keys", "guitar"}
        Who plays.
    grouping : sequence of int
        How an odd metre is counted, such as 3, 2, 2 in 7/8; empty for the usual way.

    Returns
    -------
    Comp
        Of the style, else the plain one of that metre, else one stroke a bar.

    Raises
    ------
    SettingError
        Where the metre is not counted in such groups.
    """
    name = meter.signature
    found = book.get((style, name, instrument)) or book.get((_PLAIN, name, instrument))
    if found is None:
        line = ("X" if instrument == "keys" else "D").ljust(max(1, round(meter.bar_beats * 4)), "=")
        found = Comp(line, line, line)
    if not grouping:
        return found
    lines = (regrouped(line, name, grouping) for line in (found.figure, found.answer, found.fill))
    return Comp(*lines)


def regrouped(line: str, meter: str, grouping: Sequence[int]) -> str:
    """Count a line of an odd metre in other groups.

    Parameters
    ----------
    line : str
        One bar, a sign a sixteenth, in the groups of `GROUPINGS`.
    meter : str
        A name from `GROUPINGS`.
    grouping : sequence of int
        The same groups in another order.

    Returns
    -------
    str
        The groups moved; the first sign of the bar stays where it is.

    Raises
    ------
    SettingError
        Where the metre is not counted in such groups.
    """
    usual = GROUPINGS.get(meter, ())
    if tuple(grouping) not in set(permutations(usual)):
        ways = sorted({"+".join(map(str, way)) for way in permutations(usual)} - {""})
        right = f"it is counted {' or '.join(ways)}" if ways else "its groups are fixed"
        raise SettingError(f"{meter} is not counted {'+'.join(map(str, grouping))}; {right}.")
    unit = len(line) // sum(usual)
    groups: list[tuple[int, str]] = []
    place = 0
    for size in usual:
        groups.append((size, line[place : place + size * unit]))
        place += size * unit
    moved: list[str] = []
    for size in grouping:
        at = next(index for index, group in enumerate(groups) if group[0] == size)
        moved.append(groups.pop(at)[1])
    first = next(index for index, each in enumerate(moved) if each == line[: len(each)])
    signs = [moved[0][0], moved[first][0]]
    moved[first] = signs[0] + moved[first][1:]
    moved[0] = signs[1] + moved[0][1:]
    return "".join(moved)


def varied(comp: Comp, bars: int, rng: np.random.Generator) -> tuple[str, ...]:
    """Play a figure for some bars without playing every bar alike.

    Parameters
    ----------
    comp : Comp
        The figure.
    bars : int
        How many.
    rng : numpy.random.Generator
        The dice; two draws a bar, so that the first bars do not depend on how many follow.

    Returns
    -------
    tuple of str
        A line a bar: figure, answer, figure, way out; where it comes again, the third bar may be
        the answer, and a soft stroke may be left out. The first four bars are as written.
    """
    lines: list[str] = []
    for bar in range(bars):
        answer, drop = rng.random(2)
        place = bar % _PHRASE
        line = comp.fill if place == _PHRASE - 1 else comp.answer if place == 1 else comp.figure
        if bar >= _PHRASE:
            line = comp.answer if place == 2 and answer < _ANSWER_ODDS else line
            line = _thinned(line) if drop < _DROP_ODDS else line
        lines.append(line)
    return tuple(lines)


def varied_patterns(
    patterns: Mapping[tuple[str, str], Pattern],
    book: Book,
    style: str,
    meter: Meter,
    bars: int,
    rng: np.random.Generator,
) -> tuple[Pattern, ...]:
    """Choose the patterns of keys, bass and drums, bar by bar.

    Parameters
    ----------
    patterns, book : mapping
        See `assistant.theory.playing.rhythm.read_patterns` and `read_comping`.
    style : str
        A style from the shelf.
    meter : Meter
        The metre.
    bars : int
        How many.
    rng : numpy.random.Generator
        See `varied`.

    Returns
    -------
    tuple of Pattern
        One a bar, for `assistant.theory.playing.rhythm.play`.
    """
    pattern = pattern_for(patterns, style, meter)
    lines = varied(comp_for(book, style, meter, "keys"), bars, rng)
    return tuple(replace(pattern, chords=line) for line in lines)


def _thinned(line: str) -> str:
    """Leave out the last soft stroke and let the one before it ring."""
    soft = [place for place, sign in enumerate(line) if sign in _SOFT]
    return f"{line[: soft[-1]]}={line[soft[-1] + 1 :]}" if soft else line
