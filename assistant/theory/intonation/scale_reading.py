"""Scales as musicians write them: ``"A minor"``, ``"E blues"``, ``"D maqam bayati"``, masks."""

from __future__ import annotations

import re
from collections.abc import Mapping
from math import log2
from typing import Any

from assistant.errors import SettingError, did_you_mean
from assistant.theory.harmony import spelling
from assistant.theory.harmony.key import MODES, Key, read_key, respelled
from assistant.theory.intonation.scales import (
    COMMON,
    Scale,
    scale_from_cents,
    scale_of_key,
    tempered_scale,
)

__all__ = ["read_scale", "scale_names"]

_COMMA_CENTS = 1200.0 / 53.0
_NOTE = r"[A-Ga-g](?:##|bb|#|b|♯|♭)?"
_MASK = re.compile(rf"notes?\s*:?\s+(.+)|({_NOTE}(?:(?:\s*,\s*|\s+){_NOTE}){{2,}})", re.IGNORECASE)
_NOTED = re.compile(rf"({_NOTE})\s+(.+)")
_EQUAL = re.compile(r"(\d{1,2})[ -]?edo")
_EQUALS = range(5, 54)
_SHORTHAND = {"pentatonic": "major pentatonic", "octatonic": "diminished"}
_EXAMPLES = "'A minor', 'E blues', 'D maqam bayati', 'C 19-edo' or 'notes A C D E G'"

Traditions = Mapping[str, Mapping[str, Any]]


def read_scale(text: str, traditions: Traditions | None = None) -> Scale:
    """Read a scale.

    Parameters
    ----------
    text : str
        A key (``"Bb"``, ``"h-moll"``), a note and a scale of `COMMON` or of `traditions`
        (``"E blues"``, ``"D bayati"``), a tradition alone on its usual tonic, equal parts of an
        octave (``"C 19-edo"``), or names of notes, the first of them the tonic
        (``"notes A C"``; three or more need no ``notes``).
    traditions : mapping, optional
        The table ``scales`` of ``presets/traditions/scales.toml``.

    Returns
    -------
    Scale
        With no more notes than its name says where those are a mask or a tradition; else other
        semitones are taken for borrowed.

    Raises
    ------
    SettingError
        Where it is no scale, with the name that was probably meant.
    """
    plain = " ".join(text.split())
    mask = _MASK.fullmatch(plain)
    if mask is not None:
        return _mask(mask[1] or mask[2])
    noted = _NOTED.fullmatch(plain)
    if noted is not None:
        scale = _named(noted[2].lower(), noted[1], traditions or {})
        if scale is not None:
            return scale
    scale = _named(plain.lower(), None, traditions or {})
    if scale is not None:
        return scale
    try:
        return scale_of_key(read_key(plain))
    except SettingError:
        note, word = (noted[1], noted[2].lower()) if noted else ("C", plain.lower())
        message = f"key is {text[:80]!r}; it takes {_EXAMPLES}.{_hint(note, word, traditions)}"
        raise SettingError(message) from None


def _hint(note: str, word: str, traditions: Traditions | None) -> str:
    """Say what was probably meant, so that it can be typed just so."""
    names = scale_names(traditions)
    hint = f" Did you mean {word!r}?" if word in COMMON else did_you_mean(word, names)
    return hint.replace("'", f"'{_written(note)} ", 1) if hint.startswith(" Did") else ""


def scale_names(traditions: Traditions | None = None) -> tuple[str, ...]:
    """List the names that may follow a tonic."""
    return tuple(sorted({*COMMON, *(traditions or {})}))


def _named(name: str, note: str | None, traditions: Traditions) -> Scale | None:
    tonic = _class(note) if note is not None else None
    equal = _EQUAL.fullmatch(name)
    if equal is not None and int(equal[1]) in _EQUALS:
        parts = int(equal[1])
        cents = [1200.0 * (step + 1) / parts for step in range(parts)]
        return scale_from_cents(f"{note or 'C'} {parts}-edo", cents, float(tonic or 0))
    name = _SHORTHAND.get(name, name)
    if name in MODES:
        return None
    if name in COMMON:
        alone = note is None and name != "chromatic"
        return None if alone else _common(name, note or "C")
    full = next((each for each in traditions if name in {each, each.partition(" ")[2]}), None)
    if full is None:
        return None
    told = traditions[full]
    on = float(tonic) if tonic is not None else float(told.get("on", 0.0))
    title = f"{_written(note)} {full}" if note is not None else full
    return scale_from_cents(title, _cents(told), on)


def _common(name: str, note: str) -> Scale:
    steps = COMMON[name]
    mode = "minor" if 3 in steps and 4 not in steps else "major"
    key = respelled(Key(spelling.read(note), mode))
    return tempered_scale(f"{_written(note)} {name}", key.root, steps, key)


def _cents(told: Mapping[str, Any]) -> list[float]:
    if "ratios" in told:
        return [1200.0 * log2(_ratio(each)) for each in told["ratios"]]
    if "commas" in told:
        return [_COMMA_CENTS * each for each in told["commas"]]
    return [float(each) for each in told["cents"]]


def _ratio(text: str) -> float:
    above, _, below = text.partition("/")
    return int(above) / int(below or 1)


def _mask(words: str) -> Scale:
    names = words.replace(",", " ").split()
    classes = [_class(each) for each in names]
    steps = sorted({(each - classes[0]) % 12 for each in classes})
    title = "notes " + " ".join(_written(each) for each in names)
    return tempered_scale(title, classes[0], steps, strict=True)


def _class(note: str) -> int:
    try:
        return spelling.pitch_class(spelling.read(note))
    except ValueError:
        raise SettingError(
            f"key holds {note[:20]!r}, which is no note; notes are A to G with # or b."
        ) from None


def _written(note: str) -> str:
    return note[0].upper() + note[1:]
