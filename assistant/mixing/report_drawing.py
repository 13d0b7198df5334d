"""The spectra of a mix: all tracks over each other, where one is hidden, and the sum."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from assistant.dsp.third_octaves import CENTRES_HZ, FLOOR_DB, Levels
from assistant.mixing.report_style import role_class
from assistant.mixing.report_told import MixReport, Region, TrackTold
from assistant.reports.drawing import write
from assistant.reports.paper import Paper, axis

__all__ = ["chosen", "draw_change", "draw_hidden", "draw_sum", "draw_tracks"]

_TOLD = 10  # tracks that have a number
_RANGE_DB = 60.0
_TALL, _DEEP, _FLAT = 400.0, 260.0, 110.0  # in units of the viewBox
_LEAST_CHANGE_DB, _MOST_CHANGE_DB = 2.0, 12.0
_CLEAR_DB = 6.0  # over all others is far enough
_NEAR_TOP = 0.25  # dB that a line may stand out less for each dB that it is higher there
_APART = 24.0  # between the middles of two numbers
_LINE = 15.0  # between two lines of words
_SPACE = 4.0  # between words
_LETTER = 6.6  # about as wide as a letter is
_STRIP_WIDE, _STRIP_HIGH, _EDGE = 320.0, 28.0, 8.0
_STRIP_HERTZ = (50, 100, 200, 500, 1000, 2000, 5000, 10_000)
_CENTRES = np.array(CENTRES_HZ)
_LOW_HZ, _HIGH_HZ = CENTRES_HZ[0], CENTRES_HZ[-1]


def chosen(told: MixReport) -> list[TrackTold]:
    """Choose the tracks that have a number in the picture: those it speaks of, then the loudest.

    Parameters
    ----------
    told : MixReport
        What the report tells.

    Returns
    -------
    list of TrackTold
        At most ten: those whose hidden regions are shaded and those that hide them, and the
        loudest of the others.
    """
    by_name = {one.name: one for one in reversed(told.tracks)}
    spoken: list[TrackTold] = []
    for track, region in told.hidden():
        spoken += [track, *([by_name[region.by]] if region.by in by_name else [])]
    loudest = sorted(told.tracks, key=lambda one: -one.loudness)
    drawn = [one for one in (*spoken, *loudest) if one.seen]
    return list({id(one): one for one in drawn}.values())[:_TOLD]


def draw_tracks(told: MixReport, *, after: bool = False) -> str:
    """Draw the spectrum of each track and of the sum.

    Parameters
    ----------
    told : MixReport
        What the report tells.
    after : bool
        With the moves, and then without what is hidden: that was found in what came.

    Returns
    -------
    str
        An ``svg`` element; ``""`` where nothing sounds.
    """
    rows = [_row(one.spectrum_after if after else one.spectrum) for one in told.tracks]
    whole = _row(told.spectrum_after if after else told.spectrum)
    paper = _paper([*rows, whole], _TALL)
    if paper is None:
        return ""
    numbers = {id(one): n for n, one in enumerate(chosen(told), start=1)}
    lines = sorted(zip(told.tracks, rows, strict=True), key=lambda pair: id(pair[0]) in numbers)
    drawn = [_track_line(paper, one, levels, id(one) in numbers) for one, levels in lines]
    places = _Places()
    shades = [] if after else list(_shades(paper, told, whole, numbers, places))
    discs = _discs(paper, [pair for pair in lines if id(pair[0]) in numbers], numbers, places)
    return paper.svg(
        f"Spectra of the tracks and of the sum, {'with the moves' if after else 'as they came'}",
        *(shade for shade, _ in shades),
        *drawn,
        paper.line("sum", _CENTRES, _on_paper(paper, whole)),
        *discs,
        *(words for _, words in shades),
    )


def draw_sum(before: Levels | None, after: Levels | None) -> str:
    """Draw the spectrum of the sum as it came and with the moves.

    Parameters
    ----------
    before, after : ndarray of float64, shape (31,), optional
        Third octaves in dB.

    Returns
    -------
    str
        An ``svg`` element; ``""`` where nothing sounds.
    """
    rows = _row(before), _row(after)
    paper = _paper(rows, _DEEP)
    if paper is None:
        return ""
    return paper.svg(
        "Spectrum of the sum in third octaves, before and after",
        paper.line("before", _CENTRES, _on_paper(paper, rows[0])),
        paper.line("after", _CENTRES, _on_paper(paper, rows[1])),
    )


def draw_change(before: Levels | None, after: Levels | None) -> str:
    """Draw what the moves change in each third octave, as `draw_sum` does."""
    change = _row(after) - _row(before)
    there = change[np.isfinite(change)]
    if not there.size:
        return ""
    most = min(max(_LEAST_CHANGE_DB, float(np.abs(there).max())), _MOST_CHANGE_DB)
    paper = Paper(_LOW_HZ, _HIGH_HZ, *axis(-most, most), _FLAT, octaves=True)
    title = "Change in each third octave, in dB"
    return paper.svg(title, paper.level("zero", 0.0), paper.line("after", _CENTRES, change))


def draw_hidden(regions: Sequence[tuple[Region, str]]) -> str:
    """Draw where one track is hidden, on a strip from low to high.

    Parameters
    ----------
    regions : sequence of (Region, str)
        Each with the class of who hides it; none of them draws the names of the ticks.

    Returns
    -------
    str
        An ``svg`` element.
    """
    ticks = [(_strip_x(float(hertz)), hertz) for hertz in _STRIP_HERTZ]
    if regions:
        parts = [
            f'<line class="grid" x1="{x:.1f}" y1="0" x2="{x:.1f}" y2="{_STRIP_HIGH:g}"/>'
            for x, _ in ticks
        ]
    else:
        parts = [write(x, 18.0, f"{n // 1000}k" if n >= 1000 else f"{n}") for x, n in ticks]
    for region, kind in regions:
        left, right = _strip_x(region.low_hz), _strip_x(region.high_hz)
        parts.append(
            f'<rect class="{kind} over" x="{left:.1f}" y="8" width="{max(right - left, 2.0):.1f}"'
            f' height="12" fill-opacity="{region.lost:.2f}"/>'
        )
    return (
        f'<svg class="levels" width="{_STRIP_WIDE:g}" viewBox="0 0 {_STRIP_WIDE:g}'
        f' {_STRIP_HIGH:g}" aria-hidden="true">{"".join(parts)}</svg>'
    )


def _strip_x(hertz: float) -> float:
    part = math.log2(hertz / _LOW_HZ) / math.log2(_HIGH_HZ / _LOW_HZ)
    return _EDGE + min(max(part, 0.0), 1.0) * (_STRIP_WIDE - 2.0 * _EDGE)


def _row(levels: Levels | None) -> Levels:
    """Return levels, NaN where there is nothing."""
    if levels is None:
        return np.full(len(_CENTRES), np.nan)
    return np.where(levels > FLOOR_DB, levels, np.nan)


def _paper(rows: Sequence[Levels], depth: float) -> Paper | None:
    """Choose what is shown: down from the highest, as far as there is anything."""
    values = np.concatenate(rows)
    values = values[np.isfinite(values)]
    if not values.size:
        return None
    high = float(values.max())
    low = min(max(float(values.min()), high - _RANGE_DB), high - _RANGE_DB / 3.0)
    return Paper(_LOW_HZ, _HIGH_HZ, *axis(low, high), depth, octaves=True)


def _on_paper(paper: Paper, levels: Levels) -> Levels:
    """Let a line leave the paper, but not run along its edge."""
    under = ~(levels >= paper.low)
    before, after = np.append(True, under[:-1]), np.append(under[1:], True)
    return np.where(under & before & after, np.nan, levels)


def _track_line(paper: Paper, one: TrackTold, levels: Levels, numbered: bool) -> str:
    kind = f"track{' told' if numbered else ''} {role_class(one.role)}"
    return paper.line(kind, _CENTRES, _on_paper(paper, levels))


@dataclass(slots=True)
class _Places:
    """What is written on a picture so far: boxes of middle, and half of width and height."""

    taken: list[tuple[float, float, float, float]] = field(default_factory=list)

    def gap(self, x: float, y: float, wide: float, high: float) -> float:
        """Return how far a box is from those that are there, below 0 where they overlap."""
        return min(
            (
                max(abs(x - a) - wide - half_wide, abs(y - b) - high - half_high)
                for a, b, half_wide, half_high in self.taken
            ),
            default=math.inf,
        )

    def take(self, x: float, y: float, wide: float, high: float) -> None:
        self.taken.append((x, y, wide, high))


def _shades(
    paper: Paper,
    told: MixReport,
    whole: Levels,
    numbers: dict[int, int],
    places: _Places,
) -> Iterator[tuple[str, str]]:
    """Shade from the line of a hidden track up to the sum, and say who is hidden by whom."""
    by_name = {one.name: numbers.get(id(one)) for one in reversed(told.tracks)}
    for track, region in told.hidden():
        within = _CENTRES[(region.low_hz < _CENTRES) & (region.high_hz > _CENTRES)]
        hertz = np.concatenate(([region.low_hz], within, [region.high_hz]))
        top, bottom = _between(whole, hertz), _between(_row(track.spectrum), hertz)
        if not np.isfinite(top).all():
            continue
        bottom = np.minimum(np.where(np.isfinite(bottom), bottom, paper.low), top)
        shade = paper.area(f"hidden {role_class(track.role)}", hertz, top, bottom)
        by = by_name.get(region.by)
        words = f"{numbers[id(track)]} under {by}" if by else f"{numbers[id(track)]} hidden"
        middle = float(paper.x(np.sqrt(hertz[:1] * hertz[-1:]))[0])
        yield shade, _say(middle, float(paper.y(top).min()) - 8.0, words, places)


def _between(levels: Levels, hertz: NDArray[np.float64]) -> Levels:
    return np.asarray(np.interp(np.log2(hertz), np.log2(_CENTRES), levels))


def _say(x: float, y: float, words: str, places: _Places) -> str:
    """Write words at the first place upwards, or else downwards, where they cover no others."""
    half = len(words) * _LETTER / 2.0
    tries = [y - n * _LINE for n in range(8) if y - n * _LINE > 20.0]
    tries += [y + n * _LINE for n in range(1, 8)]
    at = next((one for one in tries if places.gap(x, one - 4.0, half + _SPACE, 7.0) > 0.0), y)
    places.take(x, at - 4.0, half, 7.0)
    return write(x, at, words, kind="said")


def _discs(
    paper: Paper,
    lines: Sequence[tuple[TrackTold, Levels]],
    numbers: dict[int, int],
    places: _Places,
) -> Iterator[str]:
    """Put a number on each line, where it stands out most from the others that have one."""
    for one, levels in sorted(lines, key=lambda pair: numbers[id(pair[0])]):
        others = [row for other, row in lines if other is not one]
        rivals = np.stack([*others, np.full(len(_CENTRES), paper.low)])
        out = np.minimum(levels - np.nanmax(rivals, axis=0), _CLEAR_DB)
        out += _NEAR_TOP * (levels - np.nanmax(levels, initial=paper.low))
        x, y = paper.x(_CENTRES), paper.y(levels)
        bands = [n for n in np.argsort(-out, kind="stable") if levels[n] > paper.low + 2.0]
        if not bands:
            continue
        room = [places.gap(x[n], y[n], _APART / 2.0, _APART / 2.0) for n in bands]
        free = next((n for n, gap in zip(bands, room, strict=True) if gap > 0.0), None)
        at = bands[int(np.argmax(room))] if free is None else free
        places.take(x[at], y[at], 0.0, 0.0)
        yield (
            f'<g class="{role_class(one.role)}"><circle class="disc" cx="{x[at]:.1f}"'
            f' cy="{y[at]:.1f}" r="9"/>'
            f"{write(x[at], y[at] + 3.6, str(numbers[id(one)]), kind='digit')}</g>"
        )
