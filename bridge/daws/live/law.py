"""How Live counts: the fader's 0 to 1 as decibels, knobs, the root and scale of a set as a key.

The volume law is the measured one (Live 12.4; within 0.02 dB above -60 dB): a straight line above
-18 dB, a parabola below it. Live's own numbers go a little lower near the bottom of the fader.
"""

from __future__ import annotations

import math
from typing import NamedTuple

from assistant.theory.harmony.key import spelled_key

__all__ = ["CURVES", "HIGHEST_DB", "SCALES", "SILENT_DB", "Curve", "gain_db", "key", "volume"]

HIGHEST_DB = 6.0
"""Where the fader ends."""
SILENT_DB = -120.0
"""Stands for minus infinity, the bottom of the fader: the lowest gain that a move may name."""

_KNEE_DB = -18.0
_KNEE = 0.4
_UNITY = 0.85
_BOTTOM_DB = -66.8


class Curve(NamedTuple):
    """A knob that is counted from 0 to 1 and turns by equal ratios from its lowest value up."""

    lowest: float
    ratio: float

    def value(self, place: float) -> float:
        """Tell the value at a place, 0 to 1."""
        return float(self.lowest * self.ratio ** min(1.0, max(0.0, place)))

    def place(self, value: float) -> float:
        """Tell the place of a value; outside 0 to 1 where the knob does not reach it."""
        return math.log(value / self.lowest) / math.log(self.ratio) if value > 0.0 else -math.inf


CURVES = {"eq.freq_hz": Curve(10.0, 2200.0), "eq.q": Curve(0.1, 180.0)}
"""Knobs of EQ Eight, as others measured them in Live 12; never taken on trust, see `devices`."""

SCALES = {
    "Major": "major",
    "Minor": "minor",
    "Dorian": "dorian",
    "Phrygian": "phrygian",
    "Lydian": "lydian",
    "Mixolydian": "mixolydian",
    "Locrian": "locrian",
    "Harmonic Minor": "harmonic minor",
    "Melodic Minor": "melodic minor",
}
"""The scales of Live that are modes of bandmate; the others say no key."""


def gain_db(volume: float) -> float:
    """Tell what the fader shows.

    Parameters
    ----------
    volume : float
        As Live counts, 0 to 1.

    Returns
    -------
    float
        In dB, at most `HIGHEST_DB`; `SILENT_DB` at the bottom.
    """
    if volume <= 0.0:
        return SILENT_DB
    if volume >= _KNEE:
        return 40.0 * (min(volume, 1.0) - _UNITY)
    return -200.0 * volume**2 + 202.0 * volume + _BOTTOM_DB


def volume(gain_db: float) -> float:
    """Tell where the fader has to stand.

    Parameters
    ----------
    gain_db : float
        In dB, at most `HIGHEST_DB`.

    Returns
    -------
    float
        As Live counts, 0 to 1; 0 below what the law reaches.
    """
    if gain_db <= _BOTTOM_DB:
        return 0.0
    if gain_db >= _KNEE_DB:
        return min(1.0, _UNITY + gain_db / 40.0)
    return (202.0 - math.sqrt(202.0**2 - 800.0 * (gain_db - _BOTTOM_DB))) / 400.0


def key(root: int, scale: str) -> str:
    """Name the key of a set, ``""`` where bandmate knows no such mode.

    Every new set says C major, meant or not, and AbletonOSC does not tell whether the scale is
    switched on: C major is taken for "nobody said".
    """
    mode = SCALES.get(scale, "")
    if not mode or (root, mode) == (0, "major"):
        return ""
    return str(spelled_key(root, mode))
