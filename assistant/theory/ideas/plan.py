"""What is asked for: settings, prompt and context brought together, contradictions named."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from assistant.errors import MaterialError, SettingError, UnknownName
from assistant.material import Meter
from assistant.theory.ear.hearing import Heard
from assistant.theory.harmony.colour import Colour, colour_named
from assistant.theory.harmony.key import FAMILY_SCALES, Family, Key, read_key
from assistant.theory.ideas.choice import Wish
from assistant.theory.ideas.library import Library, Style
from assistant.theory.prompt.words import Reading, read_prompt

__all__ = ["METERS", "Asked", "Plan", "make_plan"]

METERS = ("4/4", "3/4", "2/4", "6/8", "12/8", "5/4", "7/8")
"""Metres that may be asked for; a song may have any."""

_UNSAID = frozenset({"", "auto"})
_LONE_NOTE = re.compile(r"\s*[A-Ga-g]\s*(?:#|♯|b|♭|-?sharp|-?flat)?\s*")
_HANDY_SIGNATURES = (0, 1, -1, 2, -2, 3, -3, 4, -4)
_HANDY_ODDS = (0.22, 0.17, 0.15, 0.12, 0.10, 0.08, 0.08, 0.04, 0.04)
_MINOR_TONIC = 3  # fifths from a major tonic to the relative minor
_COMPOUND_PACE = 1.25  # quarter notes run faster where the pulse is a dotted quarter
_BPM_RANGE = (30.0, 300.0)


class Asked(Protocol):
    """The settings that say what should be made."""

    @property
    def prompt(self) -> str:
        """Mood and style words."""

    @property
    def key(self) -> str:
        """Such as ``"A minor"``, or ``""``."""

    @property
    def tempo(self) -> float | None:
        """Quarter notes a minute."""

    @property
    def meter(self) -> str | None:
        """Such as ``"3/4"``."""

    @property
    def style(self) -> str:
        """A name from the shelf, or ``""``."""

    @property
    def surprise(self) -> float:
        """0.0 to 1.0."""


@dataclass(frozen=True)
class Plan:
    """What is asked for; ``None`` where nobody said.

    Parameters
    ----------
    wish : Wish
        What is wanted of a progression.
    key : Key or None
        The key.
    signature : int
        Sharps to take where there is no key; flats are negative.
    meter : Meter or None
        The metre.
    bpm : float or None
        Quarter notes a minute.
    pace : float
        What to multiply the tempo of a style by.
    feel : str or None
        The style whose rhythm is played.
    colour : str or None
        How chords are dressed.
    reading : Reading
        What the prompt was taken to mean.
    heard : Heard or None
        What the context told.
    """

    wish: Wish
    key: Key | None
    signature: int
    meter: Meter | None
    bpm: float | None
    pace: float
    feel: str | None
    colour: Colour | None
    reading: Reading
    heard: Heard | None

    def key_for(self, family: Family) -> Key:
        """Return the key for a progression of that family."""
        if self.key is not None:
            return self.key
        tonic = self.signature + (_MINOR_TONIC if family == "minor" else 0)
        return Key(tonic, self.wish.mode or family)

    def meter_for(self, style: Style) -> Meter:
        """Return the metre for a style."""
        return self.meter or _read_meter(style.meter)

    def bpm_for(self, style: Style, arousal: float) -> float:
        """Return the tempo for a style and a mood, -1.0 calm to 1.0 excited."""
        if self.bpm is not None:
            return self.bpm
        bpm = style.slow + (style.quick - style.slow) * (arousal + 1.0) / 2.0
        meter = self.meter_for(style)
        compound = meter.denominator == 8 and meter.numerator % 3 == 0
        scaled = bpm * self.pace * (_COMPOUND_PACE if compound else 1.0)
        return float(round(min(max(scaled, _BPM_RANGE[0]), _BPM_RANGE[1])))

    @property
    def certainty(self) -> float:
        """How much of the prompt and of the song was understood, 0.25 to 1.0."""
        words = len(self.reading.understood) + len(self.reading.questions)
        understood = len(self.reading.understood) / words if words else 1.0
        followed = self.heard.confidence if self.heard and self.key == self.heard.key else 1.0
        return (0.5 + 0.5 * understood) * (0.5 + 0.5 * followed)


def make_plan(
    asked: Asked, library: Library, heard: Heard | None, rng: np.random.Generator
) -> Plan:
    """Bring together what is asked for.

    What a setting says goes before what the prompt says, and that before what was heard.

    Parameters
    ----------
    asked : Asked
        The settings.
    library : Library
        The shelf.
    heard : Heard or None
        What the context told.
    rng : numpy.random.Generator
        The dice for the key, where nobody says.

    Returns
    -------
    Plan
        What to make.

    Raises
    ------
    SettingError
        Where settings, or a setting and the prompt, contradict each other.
    UnknownName
        Where there is no such style.
    MaterialError
        Where a sound has no key that was heard, and nobody says one.
    """
    reading = read_prompt(asked.prompt, library.vocabulary, library.languages)
    signature = int(rng.choice(_HANDY_SIGNATURES, p=_HANDY_ODDS))
    key = _key(asked.key, reading, heard)
    styles = _styles(asked.style, reading, library)
    mode = key.mode if key else reading.mode
    family: Family | None = Key(0, mode).family if mode else None
    wish = Wish(
        reading.place,
        reading.moods,
        styles[0] if styles else None,
        reading.without,
        family,
        mode if mode and mode not in FAMILY_SCALES else None,
        min(1.0, max(0.0, asked.surprise + reading.surprise)),
    )
    return Plan(
        wish,
        key,
        signature,
        _meter(asked.meter, reading, heard),
        _bpm(asked.tempo, reading, heard),
        reading.pace,
        styles[-1] if styles else None,
        colour_named(reading.colour) if reading.colour else None,
        reading,
        heard,
    )


def _key(text: str, reading: Reading, heard: Heard | None) -> Key | None:
    if text.strip().lower() in _UNSAID:
        return _key_unsaid(reading, heard)
    key = read_key(text)
    if reading.mode and _LONE_NOTE.fullmatch(text):
        return Key(key.tonic, reading.mode)
    if reading.key not in {None, key}:
        raise SettingError(f"key is '{key}', but prompt says 'in {reading.key}'; say one of them.")
    if reading.mode and not _agree(reading.mode, key.mode):
        raise SettingError(f"key is '{key}', but prompt says {reading.mode!r}; say one of them.")
    return key


def _key_unsaid(reading: Reading, heard: Heard | None) -> Key | None:
    if reading.key is not None:
        return reading.key
    if heard is None:
        return None
    if heard.origin == "sound" and not heard.key_heard:
        raise MaterialError(f"No key was heard ({heard.key} at best); say the key.")
    if reading.mode and not _agree(reading.mode, heard.key.mode):
        return Key(heard.key.tonic, reading.mode)
    return heard.key


def _agree(asked: str, mode: str) -> bool:
    """Tell whether a mode is what was asked for: "minor" is said of every mode like it."""
    return asked == mode or (asked in FAMILY_SCALES and Key(0, mode).family == asked)


def _styles(text: str, reading: Reading, library: Library) -> tuple[str, ...]:
    """List the styles asked for: chords are taken from the first, the rhythm from the last."""
    name = text.strip().lower()
    if name in _UNSAID:
        return reading.styles[:2]
    if name not in library.styles:
        raise UnknownName("style", text, library.styles)
    if name in reading.without:
        raise SettingError(f"style is {name!r}, but prompt says not {name}; say one of them.")
    return (name,)


def _meter(text: str | None, reading: Reading, heard: Heard | None) -> Meter | None:
    if text and reading.meter and text != reading.meter:
        raise SettingError(
            f"meter is {text}, but prompt asks for {reading.meter}; say one of them."
        )
    said = text or reading.meter
    if said:
        return _read_meter(said)
    return Meter(0.0, heard.meter.numerator, heard.meter.denominator) if heard else None


def _read_meter(text: str) -> Meter:
    numerator, denominator = text.split("/")
    return Meter(0.0, int(numerator), int(denominator))


def _bpm(tempo: float | None, reading: Reading, heard: Heard | None) -> float | None:
    low, high = _BPM_RANGE
    if reading.bpm is not None and not low <= reading.bpm <= high:
        raise SettingError(f"prompt asks for {reading.bpm:g} bpm; it takes {low:g} to {high:g}.")
    if tempo is not None and reading.bpm not in {None, tempo}:
        raise SettingError(
            f"tempo is {tempo:g}, but prompt says {reading.bpm:g} bpm; say one of them."
        )
    said = tempo if tempo is not None else reading.bpm
    if said is not None or heard is None:
        return said
    return min(max(heard.bpm, low), high)
