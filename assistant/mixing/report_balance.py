"""The balance of a mix: a table whose rows are drawn, so that forty tracks stay readable."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from assistant.mixing.dialling import pan_words
from assistant.mixing.report_style import role_class
from assistant.mixing.report_told import TrackTold
from assistant.mixing.report_words import named
from assistant.reports.drawing import write
from assistant.reports.frame import key, row, table
from assistant.reports.words import safe, signed

__all__ = ["balance_table"]

# Lengths in units of the viewBox, which are pixels.
_WIDE, _HIGH, _EDGE = 270.0, 28.0, 14.0
_SIDES_WIDE = 96.0
_MIDDLE = _HIGH / 2.0
_STEP_DB = 6.0
_LEAST_DB, _MOST_DB = 18.0, 48.0  # that the scale shows
_UNMOVED_DB = 0.05
_UNMOVED_PAN = 0.005
_NOTHING = "\u2013"

_HEADS = (
    ("t", "track"), ("t", "loudness, LUFS"), ("", "now"), ("", "its place"), ("", "fader, dB"),
    ("t", "left to right"), ("t", "pan"), ("t", "role"), ("", "true peak, dBTP"),
    ("", "covered, %"), ("t", "most by"),
)  # fmt: skip
_KEY = (
    ('<rect class="r-other bar" x="1" y="3" width="32" height="10"/>', "loudness now"),
    ('<line class="place" x1="17" y1="1" x2="17" y2="15"/>', "its place in the balance"),
    (
        '<path class="way" d="M4 8H26"/><circle class="then" cx="26" cy="8" r="4.5"/>',
        "with the moves",
    ),
)


@dataclass(frozen=True, slots=True)
class _Scale:
    """Where loudness lies, from left to right."""

    low: float
    high: float

    def x(self, loudness: float) -> float:
        part = (min(max(loudness, self.low), self.high) - self.low) / (self.high - self.low)
        return _EDGE + part * (_WIDE - 2.0 * _EDGE)

    def ticks(self) -> list[float]:
        count = round((self.high - self.low) / _STEP_DB)
        return [self.low + n * _STEP_DB for n in range(count + 1)]


def balance_table(tracks: Sequence[TrackTold]) -> str:
    """Draw how loud each track is, where it belongs, and where it comes to lie.

    Parameters
    ----------
    tracks : sequence of TrackTold
        In the order of the rows; at least one.

    Returns
    -------
    str
        HTML: a key, and a table of numbers with a picture of them in each row.
    """
    scale = _scale(tracks)
    rows = [_ruler(scale), *(_row(one, scale) for one in tracks)]
    return key(_KEY) + table("Balance", _HEADS, rows)


def _scale(tracks: Iterable[TrackTold]) -> _Scale:
    known = sorted(level for one in tracks for level in _levels(one))
    if not known:
        return _Scale(-_MOST_DB, -_MOST_DB + _LEAST_DB)
    high = math.ceil(known[-1] / _STEP_DB) * _STEP_DB
    low = math.floor((known[0] - 1.0) / _STEP_DB) * _STEP_DB
    return _Scale(min(max(low, high - _MOST_DB), high - _LEAST_DB), high)


def _levels(one: TrackTold) -> Iterator[float]:
    for level in (one.loudness, one.after, one.place):
        if level is not None and math.isfinite(level):
            yield level


def _ruler(scale: _Scale) -> str:
    """Name the ticks, once, over all rows."""
    places = [(scale.x(tick), signed(tick).removeprefix("+")) for tick in scale.ticks()]
    levels = "".join(write(x, 18.0, words) for x, words in places)
    sides = "".join(
        write(_side(pan), 18.0, words) for pan, words in ((-1, "L"), (0, "C"), (1, "R"))
    )
    named_sides, nothing = ("c", _svg("sides", _SIDES_WIDE, sides)), ("", "")
    cells = (("c", _svg("levels", _WIDE, levels)), *[nothing] * 3, named_sides, *[nothing] * 5)
    return row("", cells)


def _row(one: TrackTold, scale: _Scale) -> str:
    drawn = _svg("levels", _WIDE, *_grid(map(scale.x, scale.ticks())), *_level_marks(one, scale))
    sides = _svg("sides", _SIDES_WIDE, *_grid(map(_side, (-1.0, 0.0, 1.0))), *_pan_marks(one))
    moved = abs(one.gain_db) >= _UNMOVED_DB
    cells = (
        ("c", f'<div class="{role_class(one.role)}">{drawn}</div>'),
        ("", _number(one.loudness)),
        ("", _number(one.place)),
        ("", signed(one.gain_db, 1) if moved else _NOTHING),
        ("c", f'<div class="{role_class(one.role)}">{sides}</div>'),
        ("t", _pan_told(one)),
        ("q", safe(one.role.words)),
        ("warn" if one.peak_db > 0.0 else "", _number(one.peak_db)),
        ("", _lost(one)),
        ("p", _short(one.by) if one.by else ""),
    )
    return row(f'<span class="chip {role_class(one.role)}"></span>{_short(one.name)}', cells)


def _short(name: str) -> str:
    """Show a name in few lines, so that rows stay low; whoever points at it sees all of it."""
    return f'<span class="short" title="{safe(name)}">{named(name)}</span>'


def _level_marks(one: TrackTold, scale: _Scale) -> Iterator[str]:
    if math.isfinite(one.loudness):
        now, then = scale.x(one.loudness), scale.x(one.after)
        yield f'<rect class="bar" x="{_EDGE:g}" y="8" width="{now - _EDGE:.1f}" height="12"/>'
        if abs(one.gain_db) >= _UNMOVED_DB:
            yield _line("way", (now, _MIDDLE), (then, _MIDDLE))
            yield _dot("then", then, 4.5)
    if one.place is not None and math.isfinite(one.place):
        x = scale.x(one.place)
        yield _line("place", (x, 4.0), (x, _HIGH - 4.0))


def _pan_marks(one: TrackTold) -> Iterator[str]:
    yield _line("grid", (_side(-1.0), _MIDDLE), (_side(1.0), _MIDDLE))
    if _stays(one):
        yield _dot("now alone", _side(one.pan), 4.5)
        return
    now, then = _side(one.pan), _side(one.panned or 0.0)
    yield _line("way", (now, _MIDDLE), (then, _MIDDLE))
    yield _dot("now", now, 4.0)
    yield _dot("then", then, 4.5)


def _stays(one: TrackTold) -> bool:
    return one.panned is None or abs(one.panned - one.pan) < _UNMOVED_PAN


def _pan_told(one: TrackTold) -> str:
    if _stays(one) or one.panned is None:
        return pan_words(one.pan)
    return f"{pan_words(one.pan)}\u00a0\u2192\u00a0{pan_words(one.panned)}"


def _lost(one: TrackTold) -> str:
    sides = [f"{100.0 * side:.0f}" for side in (one.lost, one.lost_after) if side is not None]
    return "\u00a0\u2192\u00a0".join(sides)


def _number(value: float | None) -> str:
    """Say a level with a true minus; a dash of silence, nothing where nothing is known."""
    if value is None:
        return ""
    return signed(value, 1).removeprefix("+") if math.isfinite(value) else _NOTHING


def _side(pan: float) -> float:
    return _SIDES_WIDE / 2.0 + min(max(pan, -1.0), 1.0) * (_SIDES_WIDE / 2.0 - _EDGE)


def _svg(kind: str, width: float, *parts: str) -> str:
    return (
        f'<svg class="{kind}" width="{width:g}" viewBox="0 0 {width:g} {_HIGH:g}"'
        f' aria-hidden="true">{"".join(parts)}</svg>'
    )


def _grid(places: Iterable[float]) -> Iterator[str]:
    for x in places:
        yield _line("grid", (x, 0.0), (x, _HIGH))


def _line(kind: str, start: tuple[float, float], end: tuple[float, float]) -> str:
    return (
        f'<line class="{kind}" x1="{start[0]:.1f}" y1="{start[1]:.1f}" x2="{end[0]:.1f}"'
        f' y2="{end[1]:.1f}"/>'
    )


def _dot(kind: str, x: float, radius: float) -> str:
    return f'<circle class="{kind}" cx="{x:.1f}" cy="{_MIDDLE:g}" r="{radius:g}"/>'
