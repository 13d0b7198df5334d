"""Colour: plain triads dressed with sevenths and ninths as a style would, or undressed again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Literal, get_args

from assistant.theory.harmony import spelling
from assistant.theory.harmony.key import Key
from assistant.theory.harmony.progression import Bar
from assistant.theory.harmony.roman import Numeral, diatonic

__all__ = ["COLOURS", "Colour", "colour_for", "colour_named", "dress"]

Colour = Literal["triads", "sevenths", "ninths", "dominants"]

COLOURS: tuple[Colour, ...] = get_args(Colour)

_LADDER: tuple[Colour, ...] = ("triads", "dominants", "sevenths", "ninths")

_PLAIN = {
    "7": "maj", "maj7": "maj", "9": "maj", "maj9": "maj", "13": "maj", "6": "maj", "69": "maj",
    "add9": "maj", "7b9": "maj", "7#9": "maj", "7b13": "maj", "7#11": "maj", "maj7#11": "maj",
    "7#5": "aug", "maj7#5": "aug", "7b5": "maj", "m7": "min", "m9": "min", "m11": "min",
    "m6": "min", "m69": "min", "madd9": "min", "m(maj7)": "min", "m7b5": "dim", "dim7": "dim",
    "7sus4": "sus4", "9sus4": "sus4",
}  # fmt: skip
_RICHER = {"maj7": "maj9", "m7": "m9", "7": "9", "7sus4": "9sus4"}
_SWEET_FIFTHS = frozenset({-3, -4, -5})  # bIII, bVI and bII take a major seventh
_NINTH = 2


def colour_named(name: str) -> Colour:
    """Return the colour of that name.

    Parameters
    ----------
    name : str
        One of `COLOURS`.

    Returns
    -------
    {"triads", "sevenths", "ninths", "dominants"}
        The same.

    Raises
    ------
    ValueError
        Where there is none.
    """
    for colour in COLOURS:
        if colour == name:
            return colour
    raise ValueError(f"there is no colour {name!r}")


def colour_for(complexity: float) -> Colour:
    """Return the colour of a complexity: 0.0 plain triads to 1.0 sevenths and ninths."""
    return _LADDER[min(int(complexity * len(_LADDER)), len(_LADDER) - 1)]


def dress(bars: Iterable[Bar], key: Key, colour: Colour) -> tuple[Bar, ...]:
    """Colour the chords of some bars.

    Parameters
    ----------
    bars : iterable of Bar
        Numerals in `key`.
    key : Key
        The key: a seventh or a ninth is taken from its scale.
    colour : {"triads", "sevenths", "ninths", "dominants"}
        ``triads`` takes colour away; the others add it to major, minor and diminished triads in
        root position and leave every other chord as it is.

    Returns
    -------
    tuple of Bar
        As many bars of as many chords.
    """
    return tuple(tuple(_dress(chord, key, colour) for chord in bar) for bar in bars)


def _dress(chord: Numeral, key: Key, colour: Colour) -> Numeral:
    if colour == "triads":
        plain = _PLAIN.get(chord.kind, chord.kind)
        return replace(chord, kind=plain, inversion=min(chord.inversion, 2))
    if chord.kind not in {"maj", "min", "dim"} or chord.inversion:
        return chord
    if colour == "dominants":
        return replace(chord, kind={"maj": "7", "min": "m7", "dim": "dim7"}[chord.kind])
    seventh = replace(chord, kind=_seventh(chord, key))
    return _richer(seventh, key) if colour == "ninths" else seventh


def _seventh(chord: Numeral, key: Key) -> str:
    """Choose the seventh: that of the scale, else the usual one."""
    if chord.of is None and chord.kind == diatonic(key, chord.degree).kind:
        here = diatonic(key, chord.degree, seventh=True)
        if here.accidental == chord.accidental:
            return here.kind
    if chord.kind == "maj":
        sweet = chord.of is None and chord.fifth(key.family) in _SWEET_FIFTHS
        return "maj7" if sweet else "7"
    leading = chord.accidental > 0 or chord.degree == 7
    return "m7" if chord.kind == "min" else "dim7" if leading else "m7b5"


def _richer(chord: Numeral, key: Key) -> Numeral:
    """Add a ninth where the scale has a major one; a dominant of a minor chord takes the minor."""
    if chord.kind not in _RICHER:
        return chord
    ninth = spelling.pitch_class(key.tonic + chord.fifth(key.family) + _NINTH)
    if ninth in key.pitch_classes or (chord.kind == "maj7" and chord.accidental):
        return replace(chord, kind=_RICHER[chord.kind])
    return replace(chord, kind="7b9") if chord.kind == "7" else chord
