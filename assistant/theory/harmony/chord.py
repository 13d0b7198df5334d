"""A chord: a spelled root, a quality, and which of its notes is in the bass."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from assistant.theory.harmony import spelling

__all__ = ["QUALITIES", "Chord", "Quality", "read_chord"]


@dataclass(frozen=True, slots=True)
class Quality:
    """What kind of chord it is.

    Parameters
    ----------
    suffix : str
        What a lead sheet writes after the root.
    tones : tuple of int
        Notes above the root, in fifths, in the order in which they are stacked.
    lower : bool
        Whether its roman numeral is lower case (minor third).
    figure : str
        What a roman numeral writes after the degree.
    omit : tuple of int
        Notes that may be left to the bass or left out, dearest last, in fifths.
    """

    suffix: str
    tones: tuple[int, ...]
    lower: bool = False
    figure: str = ""
    omit: tuple[int, ...] = ()


_P5, _R = 1, 0

QUALITIES: dict[str, Quality] = {
    "maj": Quality("", (0, 4, 1)),
    "min": Quality("m", (0, -3, 1), lower=True),
    "dim": Quality("dim", (0, -3, -6), lower=True, figure="°"),
    "aug": Quality("aug", (0, 4, 8), figure="+"),
    "5": Quality("5", (0, 1), figure="5"),
    "sus2": Quality("sus2", (0, 2, 1), figure="sus2"),
    "sus4": Quality("sus4", (0, -1, 1), figure="sus4"),
    "6": Quality("6", (0, 4, 1, 3), figure="add6", omit=(_P5,)),
    "m6": Quality("m6", (0, -3, 1, 3), lower=True, figure="add6", omit=(_P5,)),
    "add9": Quality("add9", (0, 4, 1, 2), figure="add9"),
    "madd9": Quality("madd9", (0, -3, 1, 2), lower=True, figure="add9"),
    "7": Quality("7", (0, 4, 1, -2), figure="7", omit=(_P5,)),
    "maj7": Quality("maj7", (0, 4, 1, 5), figure="maj7", omit=(_P5,)),
    "m7": Quality("m7", (0, -3, 1, -2), lower=True, figure="7", omit=(_P5,)),
    "m(maj7)": Quality("m(maj7)", (0, -3, 1, 5), lower=True, figure="maj7", omit=(_P5,)),
    "m7b5": Quality("m7b5", (0, -3, -6, -2), lower=True, figure="ø7"),
    "dim7": Quality("dim7", (0, -3, -6, -9), lower=True, figure="°7"),
    "7sus4": Quality("7sus4", (0, -1, 1, -2), figure="7sus4", omit=(_P5,)),
    "7#5": Quality("7#5", (0, 4, 8, -2), figure="+7"),
    "7b5": Quality("7b5", (0, 4, -6, -2), figure="7b5"),
    "maj7#5": Quality("maj7#5", (0, 4, 8, 5), figure="+maj7"),
    "69": Quality("69", (0, 4, 1, 3, 2), figure="69", omit=(_P5, _R)),
    "m69": Quality("m69", (0, -3, 1, 3, 2), lower=True, figure="69", omit=(_P5, _R)),
    "9": Quality("9", (0, 4, 1, -2, 2), figure="9", omit=(_P5, _R)),
    "maj9": Quality("maj9", (0, 4, 1, 5, 2), figure="maj9", omit=(_P5, _R)),
    "m9": Quality("m9", (0, -3, 1, -2, 2), lower=True, figure="9", omit=(_P5, _R)),
    "9sus4": Quality("9sus4", (0, -1, 1, -2, 2), figure="9sus4", omit=(_P5, _R)),
    "m11": Quality("m11", (0, -3, 1, -2, 2, -1), lower=True, figure="11", omit=(_P5, _R)),
    "13": Quality("13", (0, 4, 1, -2, 2, 3), figure="13", omit=(_P5, _R)),
    "7b9": Quality("7b9", (0, 4, 1, -2, -5), figure="7b9", omit=(_P5, _R)),
    "7#9": Quality("7#9", (0, 4, 1, -2, 9), figure="7#9", omit=(_P5, _R)),
    "7b13": Quality("7b13", (0, 4, 1, -2, -4), figure="7b13", omit=(_P5, _R)),
    "7#11": Quality("7#11", (0, 4, 1, -2, 6), figure="7#11", omit=(_P5, _R)),
    "maj7#11": Quality("maj7#11", (0, 4, 1, 5, 6), figure="maj7#11", omit=(_P5, _R)),
}
"""Every quality there is, by its own name."""

_SUFFIXES = {quality.suffix: kind for kind, quality in QUALITIES.items()} | {
    "M": "maj", "maj": "maj", "-": "min", "min": "min", "mi": "min", "°": "dim", "o": "dim",
    "+": "aug", "sus": "sus4", "M7": "maj7", "Δ": "maj7", "Δ7": "maj7", "min7": "m7", "-7": "m7",
    "ø": "m7b5", "ø7": "m7b5", "°7": "dim7", "o7": "dim7", "mM7": "m(maj7)", "mmaj7": "m(maj7)",
    "M9": "maj9", "min9": "m9", "6/9": "69", "aug7": "7#5", "+7": "7#5", "m(add9)": "madd9",
    "2": "add9", "7-5": "7b5", "m7-5": "m7b5",
}  # fmt: skip
_CHORD = re.compile(r"([A-G](?:##|bb|#|b|♯|♭)?)(.*?)(?:/([A-G](?:##|bb|#|b|♯|♭)?))?")


@dataclass(frozen=True, slots=True)
class Chord:
    """A chord.

    Parameters
    ----------
    root : int
        Place on the line of fifths, C at 0.
    kind : str
        A name from `QUALITIES`.
    inversion : int
        Which note of the stack is lowest: 0 root, 1 third, 2 fifth, 3 seventh.
    """

    root: int
    kind: str = "maj"
    inversion: int = 0

    @property
    def quality(self) -> Quality:
        """Its entry in `QUALITIES`."""
        return QUALITIES[self.kind]

    @property
    def tones(self) -> tuple[int, ...]:
        """Its notes from the root up, in fifths."""
        return tuple(self.root + tone for tone in self.quality.tones)

    @property
    def bass(self) -> int:
        """Its lowest note, in fifths."""
        return self.tones[self.inversion]

    @property
    def pitch_classes(self) -> tuple[int, ...]:
        """Its notes from the root up, in semitones above C."""
        return tuple(spelling.pitch_class(tone) for tone in self.tones)

    @property
    def symbol(self) -> str:
        """Its lead-sheet symbol: ``"Am7"``, ``"F#m7b5"``, ``"Bb/D"``."""
        symbol = spelling.name(self.root) + self.quality.suffix
        return f"{symbol}/{spelling.name(self.bass)}" if self.inversion else symbol


@lru_cache(maxsize=1024)
def read_chord(symbol: str) -> Chord:
    """Read a lead-sheet symbol.

    Parameters
    ----------
    symbol : str
        ``"Am7"``, ``"Bb/D"``, ``"C#ø7"``, ``"G7sus4"``; common other spellings are understood.

    Returns
    -------
    Chord
        The chord.

    Raises
    ------
    ValueError
        Where the root, the quality or the bass is not one we know.
    """
    match = _CHORD.fullmatch(symbol.strip())
    if match is None or match[2] not in _SUFFIXES:
        raise ValueError(f"{symbol!r} is no chord symbol")
    root, suffix, bass = match.groups()
    chord = Chord(spelling.read(root), _SUFFIXES[suffix])
    if bass is None:
        return chord
    low = spelling.pitch_class(spelling.read(bass))
    if low not in chord.pitch_classes:
        raise ValueError(f"{symbol!r}: {bass} is not a note of the chord")
    return Chord(chord.root, chord.kind, chord.pitch_classes.index(low))
