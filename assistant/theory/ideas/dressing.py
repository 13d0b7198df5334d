"""Chords dressed as a style dresses them, as far as a melody lets them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from assistant.theory.harmony.change import Suits
from assistant.theory.harmony.colour import Colour, dress
from assistant.theory.harmony.key import Key
from assistant.theory.harmony.progression import Bar
from assistant.theory.harmony.roman import Numeral

__all__ = ["dressed"]

_LESS: dict[Colour, tuple[Colour, ...]] = {"ninths": ("ninths", "sevenths")}
_SIXTHS = {"maj": "6", "min": "m6"}


def dressed(bars: Sequence[Bar], key: Key, colour: Colour, suits: Suits) -> tuple[Bar, ...]:
    """Dress the chords of some bars, each as richly as suits.

    Parameters
    ----------
    bars : sequence of Bar
        Numerals in `key`.
    key : Key
        The key.
    colour : {"triads", "sevenths", "ninths", "dominants"}
        How rich.
    suits : callable
        Tells what may stand where.

    Returns
    -------
    tuple of Bar
        As many bars of as many chords. Where ninths do not suit sevenths do, where those do not
        I and IV have a sixth, and what nothing suits stays as it was.
    """
    made: list[Bar] = []
    for place, bar in enumerate(bars):
        now = bar
        for half, chord in enumerate(bar):
            for rich in _ways(chord, key, colour):
                instead = (*now[:half], rich, *now[half + 1 :])
                if suits(place, now, instead):
                    now = instead
                    break
        made.append(now)
    return tuple(made)


def _ways(chord: Numeral, key: Key, colour: Colour) -> Iterator[Numeral]:
    """List how a chord could be dressed, the richest first."""
    for each in _LESS.get(colour, (colour,)):
        ((rich,),) = dress(((chord,),), key, each)
        yield rich
    settled = chord.degree in {1, 4} and chord.accidental == 0 and chord.of is None
    room = colour in {"sevenths", "ninths"} and chord.kind in _SIXTHS and not chord.inversion
    if settled and room:
        yield replace(chord, kind=_SIXTHS[chord.kind])
