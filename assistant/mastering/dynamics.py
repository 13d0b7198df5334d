"""Whether a mix needs compression before the limiter, where, and how much.

A band is held only where it swings by itself: its loud moments stand further over its middle level
than is usual for it, and the rest of the mix does not go with it. So a chorus is no reason, and a
bass note that booms is one. All of it together is held only where a dense master is asked for and
the peaks stand far over the ceiling: at equal loudness that costs as much as the limiting that it
saves (within 0.25 dB of residual), and buys body, not cleanness.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from assistant.dsp.band_levels import Levels
from assistant.dsp.crossover import NAMES
from assistant.dsp.loudness import Loudness
from assistant.dsp.multiband import Compressor

__all__ = ["Decision", "Swing", "advise", "body", "swings", "told"]

Rows: TypeAlias = NDArray[np.float64]

HOP_SECONDS, WINDOW_HOPS = 0.1, 4  # 400 ms, as momentary loudness has it
LOUD, MIDDLE = 95.0, 50.0  # percentiles
SOUNDING_DB = 20.0  # below its loud moments a band counts as absent
SHORTEST_HOPS = 50  # of sound, to know what is usual

# By band, bass to air: how far loud moments stand over the middle in a mix that is even; how far
# under the whole mix a band matters no more; and over what time its level is averaged.
USUAL_DB = (5.0, 4.0, 5.0, 6.0)
MATTERS_DB = (-12.0, -12.0, -20.0, -26.0)
BODY_IS_ALL_DB = -3.0  # a body nearer to the whole is the music itself, which may swell
WINDOWS_SECONDS = (0.2, 0.15, 0.1, 0.06)
CARE_DB = 2.0  # by how much more a transparent master lets a band swing than a dense one
LEAST_DB = 1.0  # of excess: less is left alone
MOST_DB = 6.0
FAULTS = (
    "Some bass notes boom",
    "The low mids swell in places",
    "The presence turns harsh in places",
    "The air splashes in places",
)

GLUE_LIMITING_DB = (8.0, 3.0)  # from where on, in a transparent and in a dense master
GLUE_SECONDS = 0.05
GLUE_PERCENTILE = 80.0
GLUE_MOST_DB = 3.0
BODY_SLOPE, BODY_MOST_DB = 0.3, 2.0  # of what is done to taste


@dataclass(frozen=True, slots=True)
class Swing:
    """How evenly a band is played.

    Parameters
    ----------
    band : int
        From 0 for the bass.
    middle_db : float
        Its level, where it sounds, half of the time at least.
    over_db : float
        How far its loud moments stand over that.
    apart_db : float
        How far its loud moments stand over the place that it has against the other bands.
    place_db : float
        Its loud moments, against those of the whole mix.
    """

    band: int
    middle_db: float
    over_db: float
    apart_db: float
    place_db: float

    @property
    def alone_db(self) -> float:
        """How far the band swings by itself."""
        return min(self.over_db, self.apart_db)


@dataclass(frozen=True, slots=True)
class Decision:
    """A compressor, and the evidence for it."""

    compressor: Compressor
    why: str


def advise(
    levels: Levels, *, density: float = 0.0, limiting_db: float = 0.0, amount: float = 1.0
) -> tuple[Decision, ...]:
    """Decide from measurement what to compress.

    Parameters
    ----------
    levels : Levels
        From `assistant.dsp.band_levels.listen`.
    density : float
        What kind of master is wanted: 0.0 transparent to 1.0 dense.
    limiting_db : float
        How far the peaks stand over the ceiling at the loudness wanted.
    amount : float
        0.0 to 1.0; scales what is done.

    Returns
    -------
    tuple of Decision
        The bands first, bass to air, then the whole; empty where nothing speaks for any.
    """
    if amount <= 0.0:
        return ()
    found = [_band(swing, density, amount) for swing in swings(levels)]
    found.append(_glue(levels, density, limiting_db, amount))
    return tuple(decision for decision in found if decision)


def body(levels: Levels, amount: float = 1.0) -> Decision | None:
    """Hold all of it a little where nothing asks for it: to taste, for who wants it denser.

    Parameters
    ----------
    levels : Levels
        From `assistant.dsp.band_levels.listen`.
    amount : float
        0.0 to 1.0; scales what is done.

    Returns
    -------
    Decision or None
        None where there is too little sound to know what is loud in it.
    """
    threshold_db = _loud_db(levels)
    if amount <= 0.0 or threshold_db is None:
        return None
    ratio, most_db = 1.0 / (1.0 - amount * BODY_SLOPE), amount * BODY_MOST_DB
    why = (
        f"All bands together are held at {ratio:.1f}:1 above {threshold_db:z.1f} dB, by less than"
        f" {most_db:.1f} dB, to taste: the quieter moments come nearer to the loud ones."
    )
    return Decision(Compressor(None, threshold_db, ratio, GLUE_SECONDS, most_db), why)


def swings(levels: Levels) -> tuple[Swing, ...]:
    """Measure how evenly each band is played.

    Parameters
    ----------
    levels : Levels
        From `assistant.dsp.band_levels.listen`.

    Returns
    -------
    tuple of Swing
        Of the bands that sound for five seconds at least, over 400 ms.
    """
    windows = _windows(levels)
    if not windows.shape[1]:
        return ()
    whole = windows.sum(axis=0)
    loud_db = float(np.percentile(_decibels(whole), LOUD))
    found = []
    for band, row in enumerate(windows):
        level_db = _decibels(row)
        sounds = level_db > np.percentile(level_db, LOUD) - SOUNDING_DB
        if level_db.max() <= -120.0 or np.count_nonzero(sounds) < SHORTEST_HOPS:
            continue
        apart_db = (level_db - _decibels(whole - row))[sounds]
        loud, middle = np.percentile(level_db[sounds], [LOUD, MIDDLE])
        apart = np.percentile(apart_db, LOUD) - np.percentile(apart_db, MIDDLE)
        numbers = (middle, loud - middle, apart, loud - loud_db)
        found.append(Swing(band, *map(float, numbers)))
    return tuple(found)


def told(before: Loudness, after: Loudness) -> str:
    """Say what became of the dynamics.

    Parameters
    ----------
    before, after : Loudness
        From `assistant.dsp.loudness.measure`.

    Returns
    -------
    str
        One sentence with loudness range and peak to loudness ratio, where there are any.
    """
    crests = [one.true_peak - one.integrated for one in (before, after)]
    if not all(map(math.isfinite, crests)):
        return "There is too little sound to tell its dynamics."
    ratio = f"peaks stand {crests[1]:.1f} dB over the loudness, {crests[0]:.1f} before"
    if before.loudness_range == 0.0:
        return f"{ratio[0].upper()}{ratio[1:]}."
    ranges = f"{after.loudness_range:.1f} LU, {before.loudness_range:.1f} before"
    return f"The loudness range is {ranges}; {ratio}."


def _band(swing: Swing, density: float, amount: float) -> Decision | None:
    """Hold a band that swings by itself."""
    usual_db = USUAL_DB[swing.band] + (1.0 - density) * CARE_DB
    excess_db = swing.alone_db - usual_db
    all_there_is = swing.band == 1 and swing.place_db > BODY_IS_ALL_DB
    if excess_db < LEAST_DB or swing.place_db < MATTERS_DB[swing.band] or all_there_is:
        return None
    slope = amount * (0.5 + 0.15 * density)
    threshold_db = swing.middle_db + USUAL_DB[swing.band]
    most_db = amount * min(MOST_DB, 1.0 + excess_db)
    why = (
        f"{FAULTS[swing.band]}: the {NAMES[swing.band]} goes {swing.over_db:.1f} dB over its middle"
        f" level where {usual_db:.1f} would do, {swing.apart_db:.1f} dB out of its place in the"
        f" mix; it is held at {1.0 / (1.0 - slope):.1f}:1, by less than {most_db:.1f} dB."
    )
    seconds = WINDOWS_SECONDS[swing.band]
    ratio = 1.0 / (1.0 - slope)
    return Decision(Compressor(swing.band, threshold_db, ratio, seconds, most_db), why)


def _glue(levels: Levels, density: float, limiting_db: float, amount: float) -> Decision | None:
    """Hold all of it, where a dense master asks for more than the peaks let through."""
    transparent_db, dense_db = GLUE_LIMITING_DB
    from_db = transparent_db + density * (dense_db - transparent_db)
    if density <= 0.0 or limiting_db <= from_db:
        return None
    threshold_db = _loud_db(levels)
    if threshold_db is None:
        return None
    slope = amount * (0.2 + 0.3 * density)
    ratio = 1.0 / (1.0 - slope)
    why = (
        f"Peaks stand {limiting_db:.1f} dB over the ceiling at the loudness asked for, more than"
        f" the {from_db:.1f} dB that a limiter should take alone: all bands together are held at"
        f" {ratio:.1f}:1 above {threshold_db:z.1f} dB first, which brings up the body."
    )
    most_db = amount * GLUE_MOST_DB
    return Decision(Compressor(None, threshold_db, ratio, GLUE_SECONDS, most_db), why)


def _loud_db(levels: Levels) -> float | None:
    """Tell the level that all bands together pass one time in five, where they sound enough."""
    level_db = _decibels(_windows(levels, hops=1, glued=True)[0])
    sounding = level_db[level_db > level_db.max(initial=-140.0) - SOUNDING_DB]
    if sounding.size < SHORTEST_HOPS or sounding.max() <= -120.0:
        return None
    return float(np.percentile(sounding, GLUE_PERCENTILE))


def _windows(levels: Levels, hops: int = WINDOW_HOPS, *, glued: bool = False) -> Rows:
    """Average the powers over windows that follow each other every 100 ms: bands, windows."""
    cells = levels.cells(HOP_SECONDS)
    powers = levels.of(None)[None] if glued else levels.bands
    count = powers.shape[1] // cells
    steps = powers[:, : count * cells].reshape(len(powers), count, cells)
    means: Rows = steps.mean(axis=2, dtype=np.float64)
    if count < hops:
        return means[:, :0]
    return np.asarray(np.lib.stride_tricks.sliding_window_view(means, hops, axis=1).mean(axis=2))


def _decibels(power: Rows) -> Rows:
    return np.asarray(10.0 * np.log10(power.clip(1e-14)))
