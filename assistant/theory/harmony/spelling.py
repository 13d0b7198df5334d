"""Names of pitch classes on the line of fifths, so that F# and Gb stay two notes.

A *fifth* is an integer: C is 0, G is 1, D is 2, F is -1, Bb is -2. Seven steps up the line is one
sharp more on the same letter, and an interval is a difference: a major third is 4, a minor third
-3. Everything that has to be spelled is computed here and only then turned into MIDI numbers.
"""

from __future__ import annotations

import re

__all__ = ["name", "pitch_class", "read", "simplest"]

_LETTERS = "FCGDAEB"
_FIRST = -1  # F stands one fifth below C
_NAME = re.compile(r"([A-Ga-g])(##|#|bb|b)?")
_SIGNS = {"♯": "#", "♭": "b", "𝄪": "##", "𝄫": "bb"}
_SHARPS = {None: 0, "": 0, "#": 1, "##": 2, "b": -1, "bb": -2}


def name(fifth: int) -> str:
    """Spell a pitch class.

    Parameters
    ----------
    fifth : int
        Place on the line of fifths, C at 0.

    Returns
    -------
    str
        Such as ``"F#"``, ``"Gb"``, ``"B##"``.
    """
    sharps, letter = divmod(fifth - _FIRST, 7)
    return _LETTERS[letter] + ("#" * sharps if sharps >= 0 else "b" * -sharps)


def read(text: str) -> int:
    """Read the name of a pitch class.

    Parameters
    ----------
    text : str
        A letter with at most two accidentals: ``"F#"``, ``"bb"`` (B flat), ``"C♯"``.

    Returns
    -------
    int
        Place on the line of fifths.

    Raises
    ------
    ValueError
        Where it is no such name.
    """
    plain = text.strip()
    for sign, ascii_sign in _SIGNS.items():
        plain = plain.replace(sign, ascii_sign)
    match = _NAME.fullmatch(plain)
    if match is None:
        raise ValueError(f"{text!r} is no note name")
    letter, accidental = match.groups()
    return _LETTERS.index(letter.upper()) + _FIRST + 7 * _SHARPS[accidental]


def pitch_class(fifth: int) -> int:
    """Turn a place on the line of fifths into semitones above C, 0 to 11."""
    return 7 * fifth % 12


def simplest(fifth: int) -> int:
    """Respell a note that would need a double accidental; leave any other as it is.

    Parameters
    ----------
    fifth : int
        Place on the line of fifths.

    Returns
    -------
    int
        The same pitch class with at most one accidental (B double flat becomes A).
    """
    while fifth < _FIRST - 7:
        fifth += 12
    while fifth > _FIRST + 13:
        fifth -= 12
    return fifth
