"""Instruments that a tune is written for: where they sound best, and their programs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

__all__ = ["INSTRUMENTS", "LEAD", "Instrument", "instrument_of"]


@dataclass(frozen=True, slots=True)
class Instrument:
    """Who plays a tune.

    Parameters
    ----------
    program : int
        General MIDI, from 0.
    low, high : float
        Where tunes lie well on it, MIDI numbers.
    """

    program: int
    low: float = 60.0
    high: float = 79.0


LEAD = Instrument(73)
"""A flute from C4 to G5: what most voices and leads have in common."""

INSTRUMENTS: Mapping[str, Instrument] = MappingProxyType({
    "guitar": Instrument(24, 55.0, 76.0),
    "piano": Instrument(0, 60.0, 81.0),
    "keys": Instrument(4, 60.0, 81.0),
    "bass": Instrument(32, 31.0, 50.0),
    "violin": Instrument(40, 62.0, 86.0),
    "cello": Instrument(42, 43.0, 65.0),
    "flute": Instrument(73, 64.0, 88.0),
    "clarinet": Instrument(71, 55.0, 79.0),
    "trumpet": Instrument(56, 58.0, 79.0),
    "brass": Instrument(61, 48.0, 69.0),
    "horn": Instrument(60, 48.0, 69.0),
    "harp": Instrument(46, 55.0, 84.0),
    "bells": Instrument(9, 72.0, 91.0),
    "marimba": Instrument(12, 57.0, 81.0),
    "accordion": Instrument(21, 57.0, 81.0),
    "mandolin": Instrument(25, 62.0, 84.0),
    "organ": Instrument(16, 57.0, 81.0),
    "harmonica": Instrument(22, 60.0, 84.0),
    "sitar": Instrument(104, 50.0, 72.0),
    "kalimba": Instrument(108, 60.0, 81.0),
    "strings": Instrument(48, 57.0, 84.0),
})  # fmt: skip
"""By the names that a prompt is read into; steel strings stand for the mandolin."""


def instrument_of(named: Sequence[str]) -> Instrument:
    """Choose who plays: the first that is named and known, else `LEAD`."""
    return next((INSTRUMENTS[name] for name in named if name in INSTRUMENTS), LEAD)
