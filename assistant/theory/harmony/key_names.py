"""Names of keys in other languages: ``"h-moll"``, ``"B-Dur"``, ``"la menor"``, ``"ré mineur"``.

Three ways of naming notes go with the words for major and minor. Where those are *Dur* and *Moll*
(German, Scandinavian and Slavic languages, Finnish, Hungarian), H is the note that English calls B,
and B is B flat. Romance languages sing the notes: *do re mi fa sol la si*; so does Russian.
"""

from __future__ import annotations

import re
import unicodedata

from assistant.theory.harmony import spelling

__all__ = ["NORTH", "RUSSIAN", "SOUTH", "key_named"]

_DUR = "dur|duur|duuri|dúr"
_MOLL = "moll|molli|mol"
_MAJOR = "mayor|maior|maggiore|majeur|major"
_MINOR = "menor|minore|mineur|minor"
_SUNG = {"do": "C", "ut": "C", "re": "D", "mi": "E", "fa": "F", "sol": "G", "la": "A", "si": "B"}
_SUNG_IN_RUSSIAN = {
    "до": "C", "ре": "D", "ми": "E", "мі": "E", "фа": "F",  # noqa: RUF001
    "соль": "G", "ля": "A", "си": "B", "сі": "B",  # noqa: RUF001
}  # fmt: skip
_SHARP = "sostenido|sustenido|diesis|diese|dièse|диез|дієз|#|♯"
_FLAT = "bemol|bémol|bemolle|бемоль|♭"
_ACCENTED = {"do": "d[oó]", "re": "r[eéè]", "fa": "f[aá]", "la": "l[aáà]", "si": "s[ií]"}

NORTH = rf"(?:[a-h](?:is|es|s)?|[a-g][#♯♭]|[a-g]b)[ -]?(?:{_DUR}|{_MOLL})"
"""What names a key where H is B; a pattern for lower and upper case alike."""

SOUTH = (
    rf"(?:{'|'.join(_ACCENTED.get(note, note) for note in _SUNG)})"
    rf"(?:[ -]?(?:{_SHARP}|{_FLAT}))?[ -](?:{_MAJOR}|{_MINOR})"
)
"""What names a key by a sung note."""

RUSSIAN = (
    rf"(?:{'|'.join(_SUNG_IN_RUSSIAN)})(?:[ -]?(?:{_SHARP}|{_FLAT}))?[ -](?:мажор|минор|мінор)"
)
"""The same in Russian and Ukrainian."""

_PLAIN = re.compile(rf"(?P<note>[a-g])(?P<sign>[#♯♭b])?[ -](?P<mode>{_MAJOR}|{_MINOR})")
_NORTH = re.compile(rf"(?P<note>[a-h](?:is|es|s)?)(?P<sign>[#♯♭b])?[ -]?(?P<mode>{_DUR}|{_MOLL})")
_SOUTH = re.compile(
    rf"(?P<note>{'|'.join((*_SUNG, *_SUNG_IN_RUSSIAN))})[ -]?(?P<sign>{_SHARP}|{_FLAT})?"
    rf"[ -](?P<mode>{_MAJOR}|{_MINOR}|мажор|минор|мінор)"
)
_ENDINGS = {"is": "#", "es": "♭", "s": "♭"}
_B_FLAT = -2
_MINORS = frozenset((*_MOLL.split("|"), *_MINOR.split("|"), "минор", "мінор"))


def key_named(text: str) -> tuple[int, str] | None:
    """Read a key that is named in another language than English.

    Parameters
    ----------
    text : str
        Such as ``"h-moll"``.

    Returns
    -------
    tuple of (int, str) or None
        Its tonic as a place on the line of fifths, and ``"major"`` or ``"minor"``; None where it
        is no such name.
    """
    low = " ".join(unicodedata.normalize("NFKC", text).lower().split())
    match = _NORTH.fullmatch(low)
    if match is not None:
        tonic = _northern(match["note"], match["sign"] or "")
    else:
        match = _SOUTH.fullmatch(_unaccented(low)) or _PLAIN.fullmatch(low)
        if match is None:
            return None
        letter = (_SUNG | _SUNG_IN_RUSSIAN).get(match["note"], match["note"])
        tonic = _signed(spelling.read(letter), match["sign"] or "")
    if tonic is None:
        return None
    return tonic, "minor" if match["mode"] in _MINORS else "major"


def _northern(note: str, sign: str) -> int | None:
    """Read a note as where H is B: "fis" is F#, "es" is Eb, and "b" is Bb."""
    letter, ending = note[0], note[1:]
    if letter == "b":
        return spelling.read("B" + sign) if sign else _B_FLAT if ending in {"", "es"} else None
    if ending in {"s", "es"} and (ending == "s") != (letter in "ae"):
        return None  # flats of A and E are "as" and "es", of others "ces", "des", "ges"
    fifth = spelling.read("B" if letter == "h" else letter)
    return _signed(fifth, _ENDINGS.get(ending, sign))


def _signed(fifth: int, sign: str) -> int:
    """Raise or lower a note by what its sign says, in any language."""
    if not sign:
        return fifth
    return fifth + 7 if re.fullmatch(_SHARP, sign) else fifth - 7


def _unaccented(text: str) -> str:
    """Take the accents of sung notes away; Cyrillic letters keep what is part of them."""
    marks = frozenset("\u0300\u0301")
    bare = "".join(sign for sign in unicodedata.normalize("NFD", text) if sign not in marks)
    return unicodedata.normalize("NFC", bare)
