"""How a guitar is tuned: the open strings as MIDI numbers, by name or note by note."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from assistant.errors import SettingError, did_you_mean
from assistant.material import note_name
from assistant.theory.harmony import spelling

__all__ = ["STANDARD", "TUNINGS", "Tuning", "read_tuning"]


@dataclass(frozen=True, slots=True)
class Tuning:
    """Open strings.

    Parameters
    ----------
    name : str
        As guitarists call it.
    strings : tuple of int
        MIDI numbers in the order of a chord diagram: the string nearest the player's chin first.
    """

    name: str
    strings: tuple[int, ...]

    @property
    def reentrant(self) -> bool:
        """Whether a string sounds higher than the next, as on a ukulele."""
        return list(self.strings) != sorted(self.strings)

    @property
    def notes(self) -> str:
        """Its strings by name: ``"E2 A2 D3 G3 B3 E4"``."""
        return " ".join(note_name(string) for string in self.strings)


_STRINGS = {
    "standard": (40, 45, 50, 55, 59, 64),
    "half step down": (39, 44, 49, 54, 58, 63),
    "whole step down": (38, 43, 48, 53, 57, 62),
    "drop D": (38, 45, 50, 55, 59, 64),
    "drop C": (36, 43, 48, 53, 57, 62),
    "double drop D": (38, 45, 50, 55, 59, 62),
    "DADGAD": (38, 45, 50, 55, 57, 62),
    "open D": (38, 45, 50, 54, 57, 62),
    "open E": (40, 47, 52, 56, 59, 64),
    "open G": (38, 43, 50, 55, 59, 62),
    "open A": (40, 45, 52, 57, 61, 64),
    "open C": (36, 43, 48, 55, 60, 64),
    "baritone": (35, 40, 45, 50, 54, 59),
    "7-string": (35, 40, 45, 50, 55, 59, 64),
    "ukulele": (67, 60, 64, 69),
}
TUNINGS: dict[str, Tuning] = {name: Tuning(name, strings) for name, strings in _STRINGS.items()}
"""The tunings that have a name."""

STANDARD = TUNINGS["standard"]

_ALIASES = {
    "": "standard", "guitar": "standard", "eadgbe": "standard", "eb": "half step down",
    "e flat": "half step down", "half a step down": "half step down", "d": "whole step down",
    "d standard": "whole step down", "celtic": "DADGAD", "uke": "ukulele", "gcea": "ukulele",
    "7 string": "7-string", "seven string": "7-string",
}  # fmt: skip
_NAMED = {name.casefold(): name for name in TUNINGS} | _ALIASES
_MODELS = {len(TUNINGS[name].strings): TUNINGS[name] for name in ("standard", "7-string",
                                                                  "ukulele")}  # fmt: skip
_NOTES = re.compile(r"(?:[A-G][#b]?-?\d?)+")
_NOTE = re.compile(r"([A-G][#b]?)(-?\d)?")
_PITCH_RANGE = range(24, 85)


@lru_cache(maxsize=128)
def read_tuning(text: str) -> Tuning:
    """Read a tuning.

    Parameters
    ----------
    text : str
        A name from `TUNINGS`, or the open strings: ``"DADGAD"``, ``"D A D F# A D"``,
        ``"C2 G2 C3 G3 C4 Eb4"``. Strings without octaves are tuned to the nearest such note from
        those of the guitar, of the seven-string guitar or of the ukulele.

    Returns
    -------
    Tuning
        The tuning; without a name of its own, it is called by its notes.

    Raises
    ------
    SettingError
        Where it is none.
    """
    plain = " ".join(text.split()).replace("♯", "#").replace("♭", "b")
    named = _NAMED.get(plain.casefold().removesuffix(" tuning"))
    if named:
        return TUNINGS[named]
    joined = re.sub(r"[\s,;]+", " ", plain)
    # In lower case without spaces every letter is a note: "dadgbe" holds no G flat.
    parts = [part.capitalize() for part in (joined if joined.islower() else "").split()]
    letters = joined.upper() if len(parts) == 1 else "".join(parts) or joined.replace(" ", "")
    names = _NOTE.findall(letters) if _NOTES.fullmatch(letters) else []
    if len(names) not in _MODELS:
        raise _no_tuning(text)
    model = _MODELS[len(names)].strings
    strings = tuple(
        _pitch(name, octave, near) for (name, octave), near in zip(names, model, strict=True)
    )
    if any(string not in _PITCH_RANGE for string in strings):
        raise _no_tuning(text)
    known = (each for each in TUNINGS.values() if each.strings == strings)
    return next(known, Tuning(" ".join(name + octave for name, octave in names), strings))


def _pitch(name: str, octave: str, near: int) -> int:
    """Find the MIDI number of a string: in its octave, or the nearest to that of a model."""
    pitch_class = spelling.pitch_class(spelling.read(name))
    if octave:
        return _in_octave(name, int(octave))
    return near + (pitch_class - near + 5) % 12 - 5


def _in_octave(name: str, octave: int) -> int:
    """Count from the letter, so that Cb4 lies below C4."""
    letter, sharps = spelling.read(name[0]), name.count("#") - name[1:].count("b")
    return spelling.pitch_class(letter) + sharps + 12 * (octave + 1)


def _no_tuning(text: str) -> SettingError:
    return SettingError(
        f"tuning is {text[:80]!r}; it takes a name, or six open strings such as 'D A D G A D'."
        f"{did_you_mean(text, TUNINGS)}"
    )
