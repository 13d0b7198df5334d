"""What a value that a DAW sent may be; None where it is something else."""

from __future__ import annotations

import re

from bridge.daws.adapter import Value

__all__ = ["NOTHING_SHOWN", "flag", "real", "shown", "text", "whole"]

MAX_TEXT = 4096
NOTHING_SHOWN = -1e6
"""Stands for a text without a number that is understood."""

_SHOWN = re.compile(r"\s*([+-]?\d{1,7}(?:\.\d{1,6})?)\s*(Hz|kHz|dB|ms|s|%|: ?1|)\s*")
_IN_OUR_UNITS = {"kHz": 1000.0, "s": 1000.0, "%": 0.01}


def real(value: Value, low: float = -1e6, high: float = 1e6) -> float | None:
    """Take a finite number within a range."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if low <= value <= high else None


def whole(value: Value, high: int) -> int | None:
    """Take a whole number from 0 to `high`, written as 2 or as 2.0."""
    number = real(value, 0, high)
    return int(number) if number is not None and number.is_integer() else None


def text(value: Value) -> str | None:
    """Take a string that is not absurdly long; a path that was cut would lead elsewhere."""
    return value if isinstance(value, str) and len(value) <= MAX_TEXT else None


def flag(value: Value) -> bool | None:
    """Take a yes or no."""
    return bool(value) if isinstance(value, bool | int) else None


def shown(value: str) -> float:
    """Read what Live shows for a knob, such as ``1.20 kHz``, in Hz, dB, ms or parts of one."""
    found = _SHOWN.fullmatch(value)
    return float(found[1]) * _IN_OUR_UNITS.get(found[2], 1.0) if found else NOTHING_SHOWN
