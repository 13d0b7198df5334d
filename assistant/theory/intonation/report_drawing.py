"""The drawn rows of a take's report: f0 before and after over the lanes of the notes, as SVG."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from html import escape

import numpy as np
from numpy.typing import NDArray

from assistant.reports.drawing import curve, write
from assistant.reports.words import clock, signed
from assistant.theory.intonation.report_rows import LEAD_SECONDS, ROW_SECONDS, Mark, Row
from assistant.theory.intonation.take import Lanes

__all__ = ["draw"]

# Lengths in units of the viewBox, which are pixels where a row is as wide as the page.
_LEFT, _WIDTH, _TOP, _AXIS = 44.0, 1120.0, 16.0, 20.0
_SECOND = (_WIDTH - _LEFT - 8.0) / (ROW_SECONDS + LEAD_SECONDS)
_LANE_HEIGHT = (9.0, 19.0)
_ROW_HEIGHT = 280.0  # lanes are made smaller where a row would be higher
_LABEL_HEIGHT = 11.0
_LETTER = 6.6  # about as wide as a letter is
_CROWDED = 0.6  # a number may stick out this far beyond its note
_BLOCK_CENTS = 80.0
_LANES_AROUND = 1.4  # semitones beyond the outermost notes
_LEAST_LANES = 7
_FAINTEST, _BOLDEST, _HATCHED = 0.1, 0.5, 0.7  # opacity of blocks


def draw(row: Row, lanes: Lanes, names: Callable[[float], str], bars: Sequence[float]) -> str:
    """Draw a row.

    Parameters
    ----------
    row : Row
        What to draw.
    lanes : Lanes
        Of the whole take.
    names : callable
        Names a MIDI number as the key spells it.
    bars : sequence of float
        Where bars begin, seconds; empty where that is not known.

    Returns
    -------
    str
        An ``svg`` element.
    """
    paper = _Paper.of(row)
    said = f"{clock(row.start)} to {clock(row.end)}: pitch before and after, over the notes"
    notes = ", ".join(f"{m.number} {names(m.target.pitch)}" for m in row.marks)
    first, last = np.searchsorted(lanes.times, [row.start, row.end])
    seen = slice(int(first), int(last))
    parts = [
        f'<svg viewBox="0 0 {_WIDTH:g} {paper.height:g}" role="img">',
        f"<title>{escape(said)}</title><desc>Notes: {escape(notes)}.</desc>",
        *_background(paper, names),
        *_grid(paper, row, bars),
        *(_block(paper, mark, names) for mark in row.marks),
        _curve(paper, lanes.times[seen], lanes.before[seen], "before"),
        _curve(paper, lanes.times[seen], lanes.after[seen], "after"),
        *(_label(paper, mark, names) for mark in row.marks),
        "</svg>",
    ]
    return "".join(parts)


@dataclass(frozen=True, slots=True)
class _Paper:
    """Where seconds and pitches lie: the lanes from `low` to `high`, MIDI numbers, both drawn."""

    start: float
    end: float
    low: int
    high: int
    lane: float

    @classmethod
    def of(cls, row: Row) -> _Paper:
        pitches = [p for m in row.marks for p in (m.note.centre, m.target.pitch)]
        low = math.floor(min(pitches) - _LANES_AROUND + 0.5)
        high = math.ceil(max(pitches) + _LANES_AROUND - 0.5)
        missing = max(0, _LEAST_LANES - (high - low + 1))
        low, high = low - missing // 2, high + missing - missing // 2
        smallest, largest = _LANE_HEIGHT
        lane = min(largest, max(smallest, _ROW_HEIGHT / (high - low + 1)))
        return cls(row.start, row.end, low, high, lane)

    @property
    def bottom(self) -> float:
        return _TOP + self.lane * (self.high - self.low + 1)

    @property
    def height(self) -> float:
        return self.bottom + _AXIS

    @property
    def right(self) -> float:
        return self.x(self.end)

    def x(self, seconds: float) -> float:
        inside = min(max(seconds, self.start), self.end)
        return _LEFT + (inside - self.start) * _SECOND

    def y(self, pitch: float) -> float:
        return min(max(_TOP, _TOP + (self.high + 0.5 - pitch) * self.lane), self.bottom)


def _background(paper: _Paper, names: Callable[[float], str]) -> Iterator[str]:
    """Draw the lanes; those of sharps and flats are darker, as on a keyboard."""
    width, labelled = paper.right - _LEFT, math.inf
    for pitch in range(paper.low, paper.high + 1):
        name, y = names(float(pitch)), paper.y(pitch + 0.5)
        dark = " sharp" if set("#b\u266f\u266d") & set(name[1:]) else ""
        yield (
            f'<rect class="lane{dark}" x="{_LEFT:g}" y="{y:.1f}" width="{width:.1f}"'
            f' height="{paper.lane:.1f}"/>'
        )
        middle = y + paper.lane / 2 + 4
        if labelled - middle >= _LABEL_HEIGHT and (paper.lane >= _LABEL_HEIGHT or not dark):
            labelled = middle
            yield write(_LEFT - 6.0, middle, name, "end")


def _grid(paper: _Paper, row: Row, bars: Sequence[float]) -> Iterator[str]:
    """Draw the seconds, and the bars where they are known."""
    for second in range(math.ceil(row.start), math.floor(row.end) + 1):
        yield _upright(paper, float(second), "grid")
        if not bars or second % 2 == 0:
            yield write(paper.x(second), paper.bottom + 14.0, clock(second, tenths=False))
    for number, start in enumerate(bars, 1):
        if row.start <= start <= row.end:
            yield _upright(paper, start, "bar")
            yield write(paper.x(start), _TOP - 4.0, f"bar {number}")


def _upright(paper: _Paper, seconds: float, kind: str) -> str:
    x = paper.x(seconds)
    return f'<line class="{kind}" x1="{x:.1f}" y1="{_TOP:g}" x2="{x:.1f}" y2="{paper.bottom:.1f}"/>'


def _block(paper: _Paper, mark: Mark, names: Callable[[float], str]) -> str:
    """Draw where a note should be, or that it is left alone, with all that is known of it."""
    note, target = mark.note, mark.target
    pitch = target.pitch if target.moves else note.centre
    left, right = paper.x(note.start), paper.x(note.end)
    top, bottom = (paper.y(pitch + side * _BLOCK_CENTS / 200.0) for side in (1, -1))
    off = (note.centre - target.pitch) * 100.0
    done = f"{names(target.pitch)}, sung {signed(off)} cents" if target.moves else "left alone"
    said = f"{mark.number}: {done}. {target.why} ({target.confidence:.0%} sure)"
    sure = _FAINTEST + (_BOLDEST - _FAINTEST) * target.confidence if target.moves else _HATCHED
    kind = "block" if target.moves else "alone"
    return (
        f'<a class="note" href="#n{mark.number}"><title>{escape(said)}</title>'
        f'<rect class="{kind}" x="{left:.1f}" y="{top:.1f}" width="{max(1.0, right - left):.1f}"'
        f' height="{bottom - top:.1f}" rx="3" fill-opacity="{sure:.2f}"/></a>'
    )


def _label(paper: _Paper, mark: Mark, names: Callable[[float], str]) -> str:
    """Write number and name over a note, and why it is left alone, as far as there is room."""
    note, target = mark.note, mark.target
    pitch = max(note.centre, target.pitch) if target.moves else note.centre
    left, width = paper.x(note.start), paper.x(note.end) - paper.x(note.start)
    y = max(_TOP + 10.0, paper.y(pitch + 0.5) - 3.0)
    name = f"{mark.number} {names(target.pitch)}"
    text = name if width >= len(name) * _LETTER else str(mark.number)
    if width < _CROWDED * len(text) * _LETTER:
        return ""
    said = f'<text class="name" x="{left + 1:.1f}" y="{y:.1f}">{escape(text)}</text>'
    room = int((width - (len(text) + 1) * _LETTER) / _LETTER)
    if not target.moves and len(target.why) <= room:
        x = left + (len(text) + 1) * _LETTER
        said += f'<text class="reason" x="{x:.1f}" y="{y:.1f}">{escape(target.why)}</text>'
    return said


def _curve(paper: _Paper, times: NDArray[np.float64], pitch: NDArray[np.float64], kind: str) -> str:
    """Draw a line where something is voiced."""
    x = _LEFT + (times - paper.start) * _SECOND
    y = np.clip(_TOP + (paper.high + 0.5 - pitch) * paper.lane, _TOP, paper.bottom)
    return curve(x, y, kind)
