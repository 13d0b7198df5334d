"""The words on the report of a mix: names of tracks, shares, and numbers no finer than is heard."""

from __future__ import annotations

import re

from assistant.contract import Quantity
from assistant.dsp.third_octaves import band_name
from assistant.reports.words import quantity, safe, signed

__all__ = ["UNTOLD_UNITS", "named", "percent", "reading", "sentence"]

UNTOLD_UNITS = frozenset({"nats"})
"""Of evidence that weighs one explanation against another: no musician reads numbers in them."""

_MINUS = re.compile(r"(?<![^\s(])-(?=\d)")
_PERCENT = re.compile(r"(?<=\d) ?%")
_LEVELS = ("dB", "LU", "LUFS", "dBFS", "dBTP")


def named(name: str) -> str:
    """Show the name of a track, in whichever direction it is written; HTML."""
    return f"<bdi>{safe(name)}</bdi>" if name.strip() else "<i>(no name)</i>"


def sentence(text: str) -> str:
    """Set a sentence as the numbers beside it are: minus signs, and room before per cent."""
    return _PERCENT.sub("\u2009%", _MINUS.sub("\u2212", text))


def percent(share: float) -> str:
    """Say a share of 0.0 to 1.0."""
    return f"{100.0 * share:.0f}\u2009%"


def reading(one: Quantity) -> str:
    """Say what was measured, both sides of it and its unit; HTML.

    Levels are told to a tenth, shares by three figures, and frequencies as an engineer names them.
    """
    sides = [side for side in (one.before, one.after) if side is not None]
    if one.unit in _LEVELS:
        told = " \u2192 ".join(signed(side, 1).removeprefix("+") for side in sides)
        return safe(f"{told} {one.unit}")
    if one.unit == "%":
        told = " \u2192 ".join(f"{side:.3g}" for side in sides)
        return safe(told.replace("-", "\u2212") + "\u2009%")
    if one.unit == "Hz" and min(sides, default=0.0) > 0.0:
        return safe(" \u2192 ".join(map(band_name, sides)))
    return quantity(one)
