"""The paper that pictures are drawn on: two axes, a grid, lines in between."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.reports.drawing import curve, write
from assistant.reports.words import clock, safe

__all__ = ["MINUS", "Paper", "axis"]

MINUS = "\u2212"

# Lengths in units of the viewBox, which are pixels where a picture is as wide as the page.
_LEFT, _WIDTH, _TOP, _AXIS, _MARGIN = 44.0, 1120.0, 10.0, 22.0, 10.0
_TICKS = 12  # at most, from left to right
_LINES = 8  # at most, from top to bottom
_TIMES = (0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400)
_STEPS_DB = (0.5, 1, 2, 3, 6, 12, 24)
_HERTZ = (20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000)
_SIDE_OCTAVES = 0.18  # the outermost third octaves reach beyond their middle
_LETTER = 6.6  # about as wide as a letter is

Row = NDArray[np.float64]


def axis(low: float, high: float) -> tuple[float, float, float]:
    """Choose where an axis in dB begins and ends, and the step of its grid.

    Parameters
    ----------
    low, high : float
        What must be on it.

    Returns
    -------
    tuple of float
        Lowest, highest, step; the first two are multiples of the last.
    """
    step = next((step for step in _STEPS_DB if (high - low) / step <= _LINES - 1), _STEPS_DB[-1])
    return math.floor(low / step) * step, math.ceil(high / step) * step, step


@dataclass(frozen=True, slots=True)
class Paper:
    """Where values lie on a picture.

    Parameters
    ----------
    start, end : float
        Of the axis from left to right: seconds, or Hz.
    low, high, step : float
        Of the other one, and between two lines of its grid, in dB.
    depth : float
        From top to bottom of the picture, without what stands under it.
    octaves : bool
        Whether left to right is Hz, an octave as wide as any other.
    """

    start: float
    end: float
    low: float
    high: float
    step: float
    depth: float
    octaves: bool = False

    @property
    def bottom(self) -> float:
        """Where the axis lies."""
        return _TOP + self.depth

    def svg(self, title: str, *parts: str) -> str:
        """Put a picture together; `title` is plain text."""
        height = self.bottom + _AXIS
        right = _WIDTH - _MARGIN
        ground = (
            f'<rect class="ground" x="{_LEFT:g}" y="{_TOP:g}" width="{right - _LEFT:g}"'
            f' height="{self.depth:g}"/>'
        )
        inside = "".join((f"<title>{safe(title)}</title>", ground, *self._grid()))
        return f'<svg viewBox="0 0 {_WIDTH:g} {height:g}" role="img">{inside}{"".join(parts)}</svg>'

    def x(self, places: Row) -> Row:
        """Return where seconds or Hz lie."""
        start, end, at = (
            (math.log2(self.start) - _SIDE_OCTAVES, math.log2(self.end) + _SIDE_OCTAVES, np.log2)
            if self.octaves
            else (self.start, self.end, np.asarray)
        )
        return np.asarray(_LEFT + (at(places) - start) / (end - start) * _room())

    def y(self, values: Row) -> Row:
        """Return where values lie; those beyond the paper lie on its edge, NaN nowhere."""
        part = (self.high - np.clip(values, self.low, self.high)) / (self.high - self.low)
        return np.asarray(_TOP + part * self.depth)

    def line(self, kind: str, places: Row, values: Row) -> str:
        """Draw values, broken where they are NaN."""
        return curve(self.x(places), self.y(values), kind)

    def area(self, kind: str, places: Row, top: Row, bottom: Row) -> str:
        """Fill what lies between two rows of values."""
        x = self.x(places)
        there = zip(np.append(x, x[::-1]), self.y(np.append(top, bottom[::-1])), strict=True)
        return f'<path class="{kind}" d="M{"L".join(f"{a:.1f} {b:.1f}" for a, b in there)}Z"/>'

    def level(self, kind: str, value: float) -> str:
        """Draw a line from left to right, where it is on the paper."""
        if not self.low <= value <= self.high:
            return ""
        y, right = float(self.y(np.array(value))), _WIDTH - _MARGIN
        return f'<line class="{kind}" x1="{_LEFT:g}" y1="{y:.1f}" x2="{right:g}" y2="{y:.1f}"/>'

    def _grid(self) -> Iterator[str]:
        count = round((self.high - self.low) / self.step)
        for value in np.linspace(self.low, self.high, count + 1):
            yield self.level("grid", float(value))
            words = f"{value:g}".replace("-", MINUS)
            yield write(_LEFT - 6.0, float(self.y(value)) + 4.0, words, "end")
        for place, words in self._places():
            x = float(self.x(np.array(place)))
            yield (
                f'<line class="grid" x1="{x:.1f}" y1="{_TOP:g}" x2="{x:.1f}" y2="{self.bottom:g}"/>'
            )
            close = x + len(words) * _LETTER / 2.0 > _WIDTH
            yield write(
                _WIDTH if close else x, self.bottom + 16.0, words, "end" if close else "middle"
            )

    def _places(self) -> Iterator[tuple[float, str]]:
        """Name places from left to right."""
        if self.octaves:
            for hertz in _HERTZ:
                yield float(hertz), f"{hertz // 1000} kHz" if hertz >= 1000 else f"{hertz} Hz"
            return
        length = self.end - self.start
        step = next((step for step in _TIMES if length / step <= _TICKS), length / _TICKS)
        for n in range(int(length / step * (1 + 1e-9)) + 1):
            yield self.start + n * step, clock(self.start + n * step, tenths=step < 1)


def _room() -> float:
    return _WIDTH - _LEFT - _MARGIN
