"""The pictures of a master: loudness, peaks and gain over time, and the spectrum."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from assistant.dsp.third_octaves import CENTRES_HZ, FLOOR_DB, Spectrum
from assistant.mastering.curves import Curve, deviation
from assistant.mastering.over_time import OverTime, Sketch
from assistant.reports.paper import Paper, axis

__all__ = ["draw_change", "draw_gain", "draw_loudness", "draw_peaks", "draw_spectrum"]

_LOUDNESS_RANGE = (9.0, 36.0)  # least and most that is shown, in LU
_PEAK_RANGE = (9.0, 30.0)
_LEVEL_RANGE = (24.0, 54.0)
_LEAST_CHANGE_DB, _MOST_CHANGE_DB = 2.0, 12.0
_LEAST_GAIN_DB = -3.0
_DEEP, _FLAT, _TALL = 210.0, 110.0, 280.0  # in units of the viewBox
_QUIETEST = 0.02  # the share of all steps that may lie under the paper
_CENTRES = np.array(CENTRES_HZ)
_LOW_HZ, _HIGH_HZ = CENTRES_HZ[0], CENTRES_HZ[-1]


def draw_loudness(before: Sketch, after: Sketch, target: float) -> str:
    """Draw how loud the sound is over time.

    Parameters
    ----------
    before, after : Sketch
        Of the mix and of the master; the mix is drawn as loud as the master.
    target : float
        In LUFS.

    Returns
    -------
    str
        An ``svg`` element; ``""`` where the sound is too short for it.
    """
    lines = (_shifted(before.loudness, _apart(before, after)), after.loudness)
    title = "Loudness over time, before and after"
    return _over_time(title, lines, after.seconds, target, _LOUDNESS_RANGE)


def draw_peaks(before: Sketch, after: Sketch, ceiling: float) -> str:
    """Draw how high the waveform goes over time, as `draw_loudness` does; the ceiling in dBTP."""
    lines = (_shifted(before.peaks, _apart(before, after)), after.peaks)
    title = "True peak over time, before and after"
    return _over_time(title, lines, after.seconds, ceiling, _PEAK_RANGE)


def draw_gain(gain: OverTime, seconds: float) -> str:
    """Draw what the limiter takes away.

    Parameters
    ----------
    gain : OverTime
        In dB, 0 or less.
    seconds : float
        How long the sound is.

    Returns
    -------
    str
        An ``svg`` element.
    """
    lowest = min(_LEAST_GAIN_DB, float(gain.values.min(initial=0.0)))
    paper = Paper(0.0, seconds, *axis(lowest, 0.0), _FLAT)
    drawn = paper.area("taken", gain.times, np.zeros(len(gain.times)), gain.values)
    return paper.svg("Gain of the limiter over time, in dB", drawn if gain.times.size else "")


def draw_spectrum(before: Sketch, after: Sketch, aim: Curve | Spectrum | None) -> str:
    """Draw the spectrum in third octaves.

    Parameters
    ----------
    before, after : Sketch
        Of the mix and of the master; the mix is drawn as loud as the master.
    aim : Curve, Spectrum or None
        The curve of a genre or the spectrum of a reference, drawn as loud as the master.

    Returns
    -------
    str
        An ``svg`` element; ``""`` where the master is silent.
    """
    mix, master = _levels(before.spectrum) + _apart(before, after), _levels(after.spectrum)
    if not np.isfinite(master).any():
        return ""
    aimed = _aimed(after.spectrum, aim)
    shown = _range([mix, master, aimed], _LEVEL_RANGE)
    paper = Paper(_LOW_HZ, _HIGH_HZ, *shown, _TALL, octaves=True)
    return paper.svg(
        "Spectrum in third octaves, before and after",
        _band(paper, aimed, aim) if isinstance(aim, Curve) else "",
        paper.line("aim", _CENTRES, aimed),
        paper.line("before", _CENTRES, mix),
        paper.line("after", _CENTRES, master),
    )


def draw_change(before: Sketch, after: Sketch) -> str:
    """Draw what changed in tone, as `draw_spectrum` does; what only became louder is none."""
    change = _levels(after.spectrum) - _levels(before.spectrum) - _apart(before, after)
    there = change[np.isfinite(change)]
    if not there.size:
        return ""
    most = min(max(_LEAST_CHANGE_DB, float(np.abs(there).max())), _MOST_CHANGE_DB)
    paper = Paper(_LOW_HZ, _HIGH_HZ, *axis(-most, most), _FLAT, octaves=True)
    title = "Change in each third octave, in dB"
    return paper.svg(title, paper.level("zero", 0.0), paper.line("after", _CENTRES, change))


def _aimed(heard: Spectrum, aim: Curve | Spectrum | None) -> NDArray[np.float64]:
    """Return what was aimed at, as loud as what is heard; NaN where that is nothing."""
    if aim is None:
        return np.full(len(_CENTRES), np.nan)
    if isinstance(aim, Curve):
        return heard.levels_db - deviation(heard, aim).over_db
    levels = _levels(aim)
    return levels + _middle(_levels(heard) - levels)


def _band(paper: Paper, aimed: NDArray[np.float64], curve: Curve) -> str:
    """Draw how far from a curve is usual."""
    return paper.area("band", _CENTRES, aimed + curve.tolerance_db, aimed - curve.tolerance_db)


def _middle(apart: NDArray[np.float64]) -> float:
    """Return the median from 100 Hz to 8 kHz, of what is there."""
    core = apart[(_CENTRES >= 100.0) & (_CENTRES <= 8000.0) & np.isfinite(apart)]
    return float(np.median(core)) if core.size else 0.0


def _over_time(
    title: str,
    lines: tuple[OverTime, OverTime],
    seconds: float,
    mark: float,
    shown: tuple[float, float],
) -> str:
    before, after = lines
    if min(len(before.times), len(after.times)) < 2:
        return ""
    paper = Paper(0.0, seconds, *_range([before.values, after.values], shown, mark), _DEEP)
    return paper.svg(
        title,
        paper.line("before", before.times, before.values),
        paper.line("after", after.times, after.values),
        paper.level("aim", mark),
    )


def _range(
    rows: Sequence[NDArray[np.float64]], shown: tuple[float, float], mark: float = -math.inf
) -> tuple[float, float, float]:
    """Choose what an axis shows: all but the quietest, within limits."""
    values = np.concatenate(rows)
    values = np.sort(values[np.isfinite(values)])
    least, most = shown
    if not values.size:
        return axis(-least, 0.0)
    high = max(float(values[-1]), mark)
    low = min(float(values[int(_QUIETEST * values.size)]), mark if mark > high - most else high)
    return axis(min(max(low, high - most), high - least), high)


def _levels(spectrum: Spectrum) -> NDArray[np.float64]:
    """Return the level of each third octave; NaN where there is nothing."""
    levels = spectrum.levels_db
    return np.where(levels > FLOOR_DB, levels, np.nan)


def _apart(before: Sketch, after: Sketch) -> float:
    """Return what makes the mix as loud as the master, in dB."""
    apart = after.integrated - before.integrated
    return apart if math.isfinite(apart) else 0.0


def _shifted(one: OverTime, gain_db: float) -> OverTime:
    return OverTime(one.times, one.values + gain_db)
