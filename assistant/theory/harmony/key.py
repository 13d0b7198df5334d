"""A key: a tonic, spelled, and a mode."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from assistant.errors import SettingError, did_you_mean
from assistant.theory.harmony import spelling
from assistant.theory.harmony.key_names import key_named

__all__ = ["FAMILY_SCALES", "MODES", "Family", "Key", "read_key", "respelled", "spelled_key"]

Family = Literal["major", "minor"]

MODES: dict[str, tuple[int, ...]] = {
    "major": (0, 2, 4, -1, 1, 3, 5),
    "minor": (0, 2, -3, -1, 1, -4, -2),
    "dorian": (0, 2, -3, -1, 1, 3, -2),
    "phrygian": (0, -5, -3, -1, 1, -4, -2),
    "lydian": (0, 2, 4, 6, 1, 3, 5),
    "mixolydian": (0, 2, 4, -1, 1, 3, -2),
    "locrian": (0, -5, -3, -1, -6, -4, -2),
    "harmonic minor": (0, 2, -3, -1, 1, -4, 5),
    "melodic minor": (0, 2, -3, -1, 1, 3, 5),
}
"""Degrees 1 to 7 of each mode, in fifths above the tonic."""

FAMILY_SCALES: dict[Family, tuple[int, ...]] = {
    "major": MODES["major"],
    "minor": MODES["minor"],
}
"""What roman numerals count from: the major scale, or the natural minor one."""

_SIGNATURE_SHIFT = {
    "minor": -3, "harmonic minor": -3, "melodic minor": -3, "dorian": -2, "phrygian": -4,
    "lydian": 1, "mixolydian": -1, "locrian": -5,
}  # fmt: skip
_ALIASES = {
    "": "major", "maj": "major", "ionian": "major", "min": "minor", "m": "minor", "mi": "minor",
    "aeolian": "minor", "natural minor": "minor", "dor": "dorian", "phr": "phrygian",
    "lyd": "lydian", "mix": "mixolydian", "mixo": "mixolydian", "loc": "locrian",
}  # fmt: skip
_KEY = re.compile(r"([A-Ga-g])\s*(♯♯|♭♭|##|bb|#|♯|b|♭|-?sharp\b|-?flat\b)?\s*[-_]?\s*(.*)")
_MAX_SIGNATURE = 7


@dataclass(frozen=True, slots=True)
class Key:
    """A tonic and a mode.

    Parameters
    ----------
    tonic : int
        Place on the line of fifths, C at 0.
    mode : str
        A name from `MODES`.
    """

    tonic: int
    mode: str = "major"

    def __str__(self) -> str:
        return f"{spelling.name(self.tonic)} {self.mode}"

    @property
    def family(self) -> Family:
        """Whether the third above the tonic is major or minor."""
        return "minor" if MODES[self.mode][2] == -3 else "major"

    @property
    def scale(self) -> tuple[int, ...]:
        """The seven notes, as fifths."""
        return tuple(self.tonic + fifth for fifth in MODES[self.mode])

    @property
    def pitch_classes(self) -> frozenset[int]:
        """The seven notes, as semitones above C."""
        return frozenset(spelling.pitch_class(fifth) for fifth in self.scale)

    @property
    def signature(self) -> int:
        """Sharps of the key signature; flats are negative."""
        return self.tonic + _SIGNATURE_SHIFT.get(self.mode, 0)

    @property
    def root(self) -> int:
        """The tonic in semitones above C."""
        return spelling.pitch_class(self.tonic)

    def note_name(self, pitch: float) -> str:
        """Name a MIDI number as this key spells it, the nearest where it lies between two.

        Parameters
        ----------
        pitch : float
            MIDI number.

        Returns
        -------
        str
            Such as ``"Eb5"`` in Bb major; what is not of the key has the sign its signature has.
        """
        nearest = round(pitch)
        around = range(self.signature - 5, self.signature + 7)
        # Minor raises its seventh and sixth, and borrows the third of major and a sharp fourth.
        raised = [self.tonic + up for up in (5, 3, 4, 6)] if self.family == "minor" else []
        fifths = (*self.scale, *raised, *around)
        fifth = next(fifth for fifth in fifths if spelling.pitch_class(fifth) == nearest % 12)
        name = spelling.name(fifth)
        natural = nearest - name.count("#") + name.count("b")
        return f"{name}{natural // 12 - 1}"


def spelled_key(pitch_class: int, mode: str) -> Key:
    """Spell the key on a pitch class with the fewest sharps or flats.

    Parameters
    ----------
    pitch_class : int
        Semitones above C.
    mode : str
        A name from `MODES`.

    Returns
    -------
    Key
        The one with flats where two spellings tie (Gb major, Eb minor).
    """
    spellings = (Key(fifth, mode) for fifth in range(-8, 13))
    same = [key for key in spellings if key.root == pitch_class % 12]
    return min(same, key=lambda key: (abs(key.signature), key.signature))


@lru_cache(maxsize=256)
def read_key(text: str) -> Key:
    """Read a key as a musician writes it.

    Parameters
    ----------
    text : str
        ``"A minor"``, ``"F# dorian"``, ``"Bb"``, ``"Am"``, ``"e flat major"``; ``"h-moll"``,
        ``"B-Dur"`` and ``"la menor"`` as in `key_names`. A lone letter is major. A key whose
        signature would need more than seven accidentals is read as its enharmonic twin
        (``"G# major"`` as Ab major).

    Returns
    -------
    Key
        Spelled as written, apart from that.

    Raises
    ------
    SettingError
        Where it is no key.
    """
    named = key_named(text)
    if named is not None:
        return respelled(Key(*named))
    match = _KEY.fullmatch(" ".join(text.split()))
    if match is None:
        raise _no_key(text)
    letter, sign, rest = match.groups()
    accidental = (sign or "").lstrip("-").replace("sharp", "#").replace("flat", "b")
    word = rest if rest in {"M", "m"} else rest.lower()
    mode = "major" if word == "M" else _ALIASES.get(word, word)
    if mode not in MODES:
        raise _no_key(text, rest)
    return respelled(Key(spelling.read(letter + accidental), mode))


def respelled(key: Key) -> Key:
    """Spell a key anew where its signature has more than seven accidentals.

    Parameters
    ----------
    key : Key
        Such as Gb minor.

    Returns
    -------
    Key
        Its enharmonic twin, such as F# minor, or the same.
    """
    return spelled_key(key.root, key.mode) if abs(key.signature) > _MAX_SIGNATURE else key


def _no_key(text: str, mode: str = "") -> SettingError:
    hint = did_you_mean(mode, MODES) if mode else ""
    return SettingError(
        f"key is {text[:80]!r}; it takes a note and a mode, such as 'A minor', 'F# dorian' or"
        f" 'Bb'.{hint}"
    )
