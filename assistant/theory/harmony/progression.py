"""Progressions: bars of numerals, as they stand on the shelf, and how common each step is."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, TypeAlias

from assistant.theory.harmony.key import FAMILY_SCALES, Family
from assistant.theory.harmony.roman import Numeral, read_numeral

__all__ = ["Bar", "Progression", "Steps", "flat", "read_bars", "read_progressions"]

Bar: TypeAlias = tuple[Numeral, ...]

MAX_CHORDS_A_BAR = 2
_BACK_OFF = 2.0  # weight of the unigram in a bigram estimate (Dirichlet prior, in counts)
_UNSEEN = 0.5  # count given to each of the chords that the shelf never uses
_CHORDS = 36  # 12 roots by major, minor, diminished


@dataclass(frozen=True, slots=True)
class Progression:
    """Bars of numerals that can be repeated.

    Parameters
    ----------
    bars : tuple of tuple of Numeral
        One or two chords a bar.
    family : {"major", "minor"}
        What the numerals count from.
    style : str
        Where it is at home.
    moods : tuple of str
        What it has been found to sound like.
    name : str
        What musicians call it, ``""`` where they do not.
    """

    bars: tuple[Bar, ...]
    family: Family
    style: str
    moods: tuple[str, ...]
    name: str = ""


def read_bars(text: str) -> tuple[Bar, ...]:
    """Read chords by bar.

    Parameters
    ----------
    text : str
        Numerals with a ``|`` between bars: ``"I | V6 | vi IV | V"``.

    Returns
    -------
    tuple of tuple of Numeral
        The bars.

    Raises
    ------
    ValueError
        Where a bar holds no numeral, more than two, or something else.
    """
    bars = tuple(tuple(read_numeral(word) for word in bar.split()) for bar in text.split("|"))
    if not all(1 <= len(bar) <= MAX_CHORDS_A_BAR for bar in bars):
        raise ValueError(f"{text!r}: a bar holds one chord or two")
    return bars


def read_progressions(page: Mapping[str, Any]) -> Iterator[Progression]:
    """Read a page of progressions from the shelf.

    Parameters
    ----------
    page : mapping
        ``progressions.<style>.<family>`` is a list of tables with ``chords``, ``moods`` and
        maybe ``name``.

    Yields
    ------
    Progression
        In the order of the page.
    """
    for style, families in page["progressions"].items():
        for family in FAMILY_SCALES:
            for row in families.get(family, ()):
                moods = tuple(row["moods"].split())
                bars = read_bars(row["chords"])
                yield Progression(bars, family, style, moods, row.get("name", ""))


def flat(bars: Iterable[Bar]) -> tuple[Numeral, ...]:
    """List the chords of some bars, a chord that is held over bar lines once."""
    chords = [chord for bar in bars for chord in bar]
    return tuple(chord for before, chord in pairwise((None, *chords)) if chord and chord != before)


class Steps:
    """How common each step from chord to chord is on the shelf: a bigram model.

    Chords count by their root above the tonic and by their third and fifth, so that V and V7 are
    one. Estimates are backed off to how common a chord is at all (Dirichlet prior).

    Parameters
    ----------
    progressions : iterable of Progression
        What to count; each is taken as a loop.
    """

    def __init__(self, progressions: Iterable[Progression]) -> None:
        self._pairs: Counter[tuple[int, int]] = Counter()
        self._singles: Counter[int] = Counter()
        for progression in progressions:
            chords = _places(flat(progression.bars), progression.family)
            self._singles.update(chords)
            self._pairs.update(pairwise([*chords, chords[0]]))
        self._before: Counter[int] = Counter()
        for (before, _), count in self._pairs.items():
            self._before[before] += count
        self._total = sum(self._singles.values()) + _UNSEEN * _CHORDS

    def bits(self, chords: Sequence[Numeral], family: Family) -> float:
        """Measure how unexpected a progression is.

        Parameters
        ----------
        chords : sequence of Numeral
            Held chords once.
        family : {"major", "minor"}
            What the numerals count from.

        Returns
        -------
        float
            Bits a chord, the first counted by how common it is at all; 0.0 where there is none.
        """
        places = _places(chords, family)
        if not places:
            return 0.0
        bits = -math.log2(self._single(places[0]))
        bits += sum(-math.log2(self._step(*pair)) for pair in pairwise(places))
        return bits / len(places)

    def _single(self, chord: int) -> float:
        return (self._singles[chord] + _UNSEEN) / self._total

    def _step(self, before: int, after: int) -> float:
        seen = self._pairs[before, after] + _BACK_OFF * self._single(after)
        return seen / (self._before[before] + _BACK_OFF)


def _places(chords: Iterable[Numeral], family: Family) -> list[int]:
    """Give each chord a number, 0 to 35, leaving out repeats that differ in colour only."""
    places: list[int] = []
    for chord in chords:
        third = 2 if chord.diminished else 1 if chord.lower else 0
        place = 7 * chord.fifth(family) % 12 * 3 + third
        if not places or place != places[-1]:
            places.append(place)
    return places
