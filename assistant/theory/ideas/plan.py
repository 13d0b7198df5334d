"""What is asked for: settings, prompt and context brought together, contradictions named."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from assistant.errors import MaterialError, SettingError, UnknownName
from assistant.material import Meter
from assistant.settings import unsaid
from assistant.theory.ear.hearing import Heard
from assistant.theory.harmony.colour import Colour, colour_named
from assistant.theory.harmony.key import FAMILY_SCALES, Family, Key, read_key, respelled
from assistant.theory.ideas.choice import Wish
from assistant.theory.ideas.library import Library, Style
from assistant.theory.ideas.timing import BPM_RANGE, bpm_of, meter_of, read_meter
from assistant.theory.prompt.words import Reading, read_prompt

__all__ = ["METERS", "Asked", "Plan", "make_plan"]

METERS = ("4/4", "3/4", "2/4", "6/8", "12/8", "5/4", "7/8")
"""Metres that may be asked for; a song may have any."""

_LONE_NOTE = re.compile(r"\s*[A-Ga-g]\s*(?:#|♯|b|♭|-?sharp|-?flat)?\s*")
_HANDY_SIGNATURES = (0, 1, -1, 2, -2, 3, -3, 4, -4)
_HANDY_ODDS = (0.22, 0.17, 0.15, 0.12, 0.10, 0.08, 0.08, 0.04, 0.04)
_HALF_SURE = 0.5  # under which the key that comes second may be the right one
_MINOR_TONIC = 3  # fifths from a major tonic to the relative minor
_COMPOUND_PACE = 1.25  # quarter notes run faster where the pulse is a dotted quarter


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
    remarks : tuple of str
        Sentences that say what was chosen where words, settings and song pull apart.
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
    remarks: tuple[str, ...] = ()

    def key_for(self, family: Family) -> Key:
        """Return the key for a progression of that family."""
        if self.key is not None:
            return self.key
        tonic = self.signature + (_MINOR_TONIC if family == "minor" else 0)
        return Key(tonic, self.wish.mode or family)

    def meter_for(self, style: Style) -> Meter:
        """Return the metre for a style."""
        return self.meter or read_meter(style.meter)

    def bpm_for(self, style: Style, arousal: float) -> float:
        """Return the tempo for a style and a mood, -1.0 calm to 1.0 excited."""
        if self.bpm is not None:
            return self.bpm
        bpm = style.slow + (style.quick - style.slow) * (arousal + 1.0) / 2.0
        meter = self.meter_for(style)
        compound = meter.denominator == 8 and meter.numerator % 3 == 0
        scaled = bpm * self.pace * (_COMPOUND_PACE if compound else 1.0)
        return float(round(min(max(scaled, BPM_RANGE[0]), BPM_RANGE[1])))

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
        Where a song has no key that was heard, and nobody says one.
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
        meter_of(asked.meter, reading, heard),
        bpm_of(asked.tempo, reading, heard),
        reading.pace,
        styles[-1] if styles else None,
        colour_named(reading.colour) if reading.colour else None,
        reading,
        heard,
        (*reading.remarks, *_remarks(asked, reading, heard, styles)),
    )


def _remarks(
    asked: Asked, reading: Reading, heard: Heard | None, styles: tuple[str, ...]
) -> Iterator[str]:
    """Say what of the prompt is left aside for a setting or for the song."""
    others = [style for style in reading.styles if style not in styles]
    if not unsaid(asked.style) and others:
        yield f"Style is {styles[0]}, as set; {' and '.join(others)} of your words is left aside"
    told = asked.tempo if asked.tempo is not None else reading.bpm
    if heard is not None and told is None and reading.pace != 1.0:
        word = "slower" if reading.pace < 1.0 else "faster"
        yield (
            f"What is written into your song keeps its tempo; for one that is {word} say the tempo"
        )


def _key(text: str, reading: Reading, heard: Heard | None) -> Key | None:
    if unsaid(text):
        return _key_unsaid(reading, heard)
    key = read_key(text)
    lone = _LONE_NOTE.fullmatch(text)
    if reading.mode and lone:
        return respelled(Key(key.tonic, reading.mode))
    if reading.key is not None and reading.key != key:
        if lone and reading.key.tonic == key.tonic:
            return reading.key
        raise SettingError(f"key is '{key}', but prompt says 'in {reading.key}'; say one of them.")
    if reading.mode and not _agree(reading.mode, key.mode):
        raise SettingError(f"key is '{key}', but prompt says {reading.mode!r}; say one of them.")
    return key


def _key_unsaid(reading: Reading, heard: Heard | None) -> Key | None:
    if reading.key is not None:
        return reading.key
    if heard is None:
        return None
    if not heard.key_heard:
        raise MaterialError(f"No key was heard {heard.at_best}.")
    if reading.mode and not _agree(reading.mode, heard.key.mode):
        if heard.confidence < _HALF_SURE and _agree(reading.mode, heard.second.mode):
            return heard.second
        return respelled(Key(heard.key.tonic, reading.mode))
    return heard.key


def _agree(asked: str, mode: str) -> bool:
    """Tell whether a mode is what was asked for: "minor" is said of every mode like it."""
    return asked == mode or (asked in FAMILY_SCALES and Key(0, mode).family == asked)


def _styles(text: str, reading: Reading, library: Library) -> tuple[str, ...]:
    """List the styles asked for: chords are taken from the first, the rhythm from the last."""
    if unsaid(text):
        return reading.styles[:2]
    name = text.strip().lower()
    if name not in library.styles:
        raise UnknownName("style", text, library.styles)
    if name in reading.without:
        raise SettingError(f"style is {name!r}, but prompt says not {name}; say one of them.")
    return (name,)
