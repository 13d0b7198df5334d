"""What a value that a DAW sent may be; None where it is something else."""

from __future__ import annotations

from bridge.daws.adapter import Value

__all__ = ["flag", "real", "text", "whole"]

MAX_TEXT = 4096


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
