"""How usual each step of a progression is in the songs that a model was learned from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Protocol

from assistant.contract import ChordMark
from assistant.theory.harmony.key import Key
from assistant.theory.harmony.labels import label_of, numeral_said
from assistant.theory.harmony.roman import Numeral, realise

__all__ = ["Customs", "with_customs"]

_RARE = 0.005  # share of the changes under which a step is called rare
_FEWEST = 50  # changes from a chord under which nothing is said of what follows it
_PLAIN = {3: "min", 4: "maj"}


class Share(Protocol):
    """How usual it is that one chord follows another."""

    @property
    def times(self) -> float:
        """Share of the changes from the first chord, 0.0 to 1.0."""


class Counted(Share, Protocol):
    """How usual a step is in songs of one mode, chords told apart by root and third."""

    @property
    def cases(self) -> int:
        """How many changes from the first chord were counted."""


class Customs(Protocol):
    """What is known of a style."""

    def followers(self, label: str, /) -> Mapping[str, Share]:
        """Tell what follows a chord, and how often."""

    def step(self, before: str, after: str, mode: str, /) -> Counted | None:
        """Tell how usual a step is in ``"maj"`` or ``"min"``; None where it is no step."""


def with_customs(
    marks: Sequence[ChordMark],
    numerals: Sequence[Numeral],
    key: Key,
    customs: Customs,
    songs: str,
) -> tuple[ChordMark, ...]:
    """Add to the why of each chord how often it follows the one before.

    Chords are told apart by root and third, and songs in major and in minor are counted apart, so
    that V7b9 before i7 counts as V before i in minor. Nothing is said where a share would stand on
    few cases.

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
    labels = [_plain(numeral, key) for numeral in numerals]
    told = list(marks[:1])
    for (before, after), mark in zip(pairwise(labels), marks[1:], strict=False):
        step = customs.step(before, after, key.family[:3])
        if step is None or step.cases < _FEWEST:
            told.append(mark)
            continue
        name = numeral_said(before, key)
        usual = (
            f"{name} goes here {100.0 * step.times:.0f} % of the time"
            if step.times >= _RARE
            else f"{name} hardly ever goes here"
        )
        told.append(replace(mark, why=f"{mark.why}; {usual} in {key.family}, in {songs}"))
    return tuple(told)


def _plain(numeral: Numeral, key: Key) -> str:
    """Label the triad of a chord, as major where it has no third."""
    chord = realise(numeral, key)
    classes = {(place - chord.pitch_classes[0]) % 12 for place in chord.pitch_classes}
    third = 3 if 3 in classes and 4 not in classes else 4
    kind = "dim" if third == 3 and 6 in classes and 7 not in classes else _PLAIN[third]
    return f"{label_of(chord, key).partition(':')[0]}:{kind}"
