"""How usual each step of a progression is in the songs that a model was learned from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Protocol

from assistant.contract import ChordMark
from assistant.theory.harmony.key import Key
from assistant.theory.harmony.labels import label_of
from assistant.theory.harmony.roman import Numeral, realise

__all__ = ["Customs", "with_customs"]

_RARE = 0.005  # share of the changes under which a step is called rare


class Share(Protocol):
    """How usual it is that one chord follows another."""

    @property
    def times(self) -> float:
        """Share of the changes from the first chord, 0.0 to 1.0."""


class Customs(Protocol):
    """What is known of a style."""

    def followers(self, label: str, /) -> Mapping[str, Share]:
        """Tell what follows a chord, and how often."""


def with_customs(
    marks: Sequence[ChordMark],
    numerals: Sequence[Numeral],
    key: Key,
    customs: Customs,
    songs: str,
) -> tuple[ChordMark, ...]:
    """Add to the why of each chord how often it follows the one before.

    Parameters
    ----------
    marks : sequence of ChordMark
        The chords.
    numerals : sequence of Numeral
        The same.
    key : Key
        The key.
    customs : Customs
        What is known of the style.
    songs : str
        What the style was learned from: ``"pop songs"``.

    Returns
    -------
    tuple of ChordMark
        The first one as it was.
    """
    labels = [label_of(realise(numeral, key), key) for numeral in numerals]
    told = list(marks[:1])
    for (before, after), numeral, mark in zip(pairwise(labels), numerals, marks[1:], strict=False):
        share = customs.followers(before).get(after)
        times = share.times if share else 0.0
        usual = (
            f"{numeral} goes here {100.0 * times:.0f} % of the time in {songs}"
            if times >= _RARE
            else f"{numeral} hardly ever goes here in {songs}"
        )
        told.append(replace(mark, why=f"{mark.why}; {usual}") if before != after else mark)
    return tuple(told)
