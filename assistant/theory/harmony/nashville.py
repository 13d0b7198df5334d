"""Nashville numbers: chords as degrees in figures, as session players chart them.

Degrees count from the major scale of the tonic. In keys with a minor third they count from the
relative major, so that the tonic of A minor is ``6m`` and its dominant ``3``, as most charts do.
What follows the figure is what a lead sheet writes after the root (``2m7``, ``4maj7``), in brackets
where it would run into the figure (``5(7)``), and a bass note other than the root stands after a
slash as a degree (``5/7`` is G/B in C).
"""

from __future__ import annotations

import re

from assistant.theory.harmony import spelling
from assistant.theory.harmony.chord import Chord, read_chord
from assistant.theory.harmony.key import MODES, Key
from assistant.theory.harmony.roman import Numeral, realise

__all__ = ["counted_from", "nashville", "read_nashville"]

_DEGREES = MODES["major"]
_RELATIVE_MAJOR = -3  # fifths
_DEGREE = r"([#b♯♭]{0,2})([1-7])"
_NUMBER = re.compile(rf"{_DEGREE}(.*?)(?:/{_DEGREE})?")
_SHARPS = {"#": 1, "♯": 1, "b": -1, "♭": -1}


def counted_from(key: Key) -> Key:
    """Return the major key whose tonic is ``1``: the key itself, or its relative major."""
    return Key(key.tonic + (_RELATIVE_MAJOR if key.family == "minor" else 0))


def nashville(chord: Chord | Numeral, key: Key) -> str:
    """Write a chord as a Nashville number.

    Parameters
    ----------
    chord : Chord or Numeral
        What to write; a numeral is realised in the key first.
    key : Key
        The key of the song.

    Returns
    -------
    str
        Such as ``"1"``, ``"6m"``, ``"b7"``, ``"5/7"``, ``"2m7"``.
    """
    sounding = realise(chord, key) if isinstance(chord, Numeral) else chord
    one = counted_from(key).tonic
    suffix = sounding.quality.suffix
    number = _degree(sounding.root - one) + (f"({suffix})" if suffix[:1].isdigit() else suffix)
    if sounding.bass == sounding.root:
        return number
    return f"{number}/{_degree(sounding.bass - one)}"


def read_nashville(text: str, key: Key) -> Chord:
    """Read a Nashville number.

    Parameters
    ----------
    text : str
        As `nashville` writes it; ``-`` is read as ``m``, and so are the other spellings of chord
        symbols.
    key : Key
        The key of the song.

    Returns
    -------
    Chord
        The chord.

    Raises
    ------
    ValueError
        Where it is none.
    """
    match = _NUMBER.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"{text!r} is no Nashville number")
    signs, degree, suffix, low_signs, low = match.groups()
    one = counted_from(key).tonic
    symbol = spelling.name(one + _fifth(signs, degree)) + _plain(suffix)
    if low:
        symbol += "/" + spelling.name(one + _fifth(low_signs, low))
    try:
        return read_chord(symbol)
    except ValueError:
        raise ValueError(f"{text!r} is no Nashville number in {key}") from None


def _degree(fifth: int) -> str:
    """Name a place on the line of fifths above the tonic: -2 is b7."""
    letter = next(place for place, each in enumerate(_DEGREES) if (fifth - each) % 7 == 0)
    sharps = (fifth - _DEGREES[letter]) // 7
    return ("#" * sharps if sharps > 0 else "b" * -sharps) + str(letter + 1)


def _fifth(signs: str, degree: str) -> int:
    return _DEGREES[int(degree) - 1] + 7 * sum(_SHARPS[sign] for sign in signs)


def _plain(suffix: str) -> str:
    """Take brackets off, and read a dash, with whatever follows, as minor."""
    bare = suffix[1:-1] if suffix.startswith("(") and suffix.endswith(")") else suffix
    return "m" + bare[1:] if bare.startswith("-") else bare
