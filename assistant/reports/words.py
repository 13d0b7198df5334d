"""The words of a report: times, numbers with their sign and unit, and text that is safe to show."""

from __future__ import annotations

from html import escape

from assistant.contract import Quantity

__all__ = ["clock", "quantity", "safe", "signed"]

_UNITS = {"%": "\u2009%"}
_SPACES = "\u00a0\u2009\u202f"  # narrow and fixed ones


def safe(text: str) -> str:
    """Make text fit to stand in a page: nothing in it is markup, and all of it can be shown."""
    shown = (letter if letter.isprintable() or letter in _SPACES else " " for letter in text)
    return escape("".join(shown))


def clock(seconds: float, *, tenths: bool = True) -> str:
    """Say a time: ``"1:05.2"``, with hours where there are any."""
    count = round(seconds * 10)
    hours, minutes, rest = count // 36_000, count // 600 % 60, count % 600
    end = f"{rest // 10:02d}" + (f".{rest % 10}" if tenths else "")
    return f"{hours}:{minutes:02d}:{end}" if hours else f"{minutes}:{end}"


def signed(number: float, places: int = 0) -> str:
    """Say a number with its sign, rounded: ``"+12"``, ``"0"``, and a true minus.

    Parameters
    ----------
    number : float
        Finite.
    places : int
        Behind the point.
    """
    told = f"{number:+.{places}f}".replace("-", "\u2212")
    return told[1:] if float(told[1:]) == 0.0 else told


def quantity(one: Quantity) -> str:
    """Say what was measured, both sides of it and its unit, safe to show."""
    sides = [_figure(side) for side in (one.before, one.after) if side is not None]
    unit = _UNITS.get(one.unit, f" {one.unit}") if one.unit else ""
    return safe(" \u2192 ".join(sides).replace("-", "\u2212") + unit)


def _figure(number: float) -> str:
    """Say a number by four figures, a large one by all it has: nobody reads powers of ten."""
    return f"{number:,.0f}" if 1e4 <= abs(number) < 1e12 else f"{number:.4g}"
