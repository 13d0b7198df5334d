"""Curves of genres: how loud each third octave of their records is, and how much that varies.

They are data, ``curves/<name>`` on the shelf, traced to published figures where there are any; each
says what of it is our own judgement.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.contract import Shelf
from assistant.dsp.third_octaves import CENTRES_HZ, Levels, Spectrum
from assistant.errors import MaterialError, UnknownName
from assistant.mastering.genres import GENRES, NEUTRAL

__all__ = ["Curve", "Deviation", "choose", "deviation", "load_curve"]

_REGIONS_HZ = {"sub": 0.0, "low": 50.0, "mid": 160.0, "high": 4000.0, "air": 10_000.0}
_CORE_HZ = (100.0, 8000.0)  # where levels are compared to find how loud the whole is
_NOTHING_DB = -25.0  # so far below its curve, a band holds nothing that could be brought out
_FAR_DB = 45.0  # below what stands out most: not where the level of the whole is told
_HALF_A_BAND = 10.0**0.05
_NEAR_DB = 3.0
_CLEARLY_DB = 0.7  # nearer than the next


@dataclass(frozen=True, eq=False)
class Curve:
    """What a genre sounds like on average.

    Parameters
    ----------
    name, title : str
        On the shelf, and as a word in a sentence.
    levels_db : ndarray of float64, shape (31,)
        In third octaves, at `assistant.dsp.third_octaves.CENTRES_HZ`; only the shape counts.
    tolerance_db : ndarray of float64, shape (31,)
        How far from it a third octave may lie before that is worth a word; above 0.
    """

    name: str
    title: str
    levels_db: Levels
    tolerance_db: Levels

    @property
    def called(self) -> str:
        """What it is called in a sentence: "the curve for folk", "the neutral curve"."""
        return "the neutral curve" if self.name == NEUTRAL else f"the curve for {self.title}"


@dataclass(frozen=True, eq=False)
class Deviation:
    """How far a sound lies from a curve.

    Parameters
    ----------
    over_db : ndarray of float64, shape (31,)
        How far each third octave lies over the curve, in dB.
    heard : ndarray of bool, shape (31,)
        False where half the rate cuts a band, and where so little is left that a boost would only
        bring up what is not music.
    """

    over_db: Levels
    heard: NDArray[np.bool_]

    @property
    def distance_db(self) -> float:
        """Root of the mean square over what is heard, at the level where it is least."""
        return float(np.std(self.over_db[self.heard])) if self.heard.any() else 0.0

    @property
    def core(self) -> int:
        """How many third octaves are heard from 100 Hz to 8 kHz, of twenty."""
        low, high = _CORE_HZ
        hertz = np.array(CENTRES_HZ)
        return int(np.count_nonzero(self.heard & (hertz >= low) & (hertz <= high)))


def load_curve(shelf: Shelf, name: str) -> Curve:
    """Take a curve from the shelf.

    Parameters
    ----------
    shelf : Shelf
        Where ``curves/<name>`` is.
    name : str
        One of `assistant.mastering.genres.GENRES`, or ``"neutral"``.

    Returns
    -------
    Curve
        Drawn by straight lines over the logarithm of frequency.

    Raises
    ------
    MaterialError
        Where the points do not ascend, or the page lacks something.
    UnknownName
        Where there is no such genre.
    """
    known = *GENRES, NEUTRAL
    if name not in known:
        raise UnknownName("genre", name, known)
    page = shelf(f"curves/{name}")
    try:
        points = np.array(page["levels_db"], dtype=np.float64)
        title, tolerance_db = str(page["title"]), _tolerance_db(page["tolerance_db"])
    except (KeyError, TypeError, ValueError) as broken:
        raise MaterialError(
            f"The curve {name!r} has a title, levels_db as pairs of Hz and dB, and a tolerance_db"
            f" of {', '.join(_REGIONS_HZ)}; this one has not: {broken}."
        ) from broken
    if points.ndim != 2 or points.shape[1] != 2 or not _ascending(points[:, 0]):
        raise MaterialError(f"The levels_db of the curve {name!r} are pairs that ascend in Hz.")
    if not (tolerance_db > 0.0).all():
        raise MaterialError(f"The tolerance_db of the curve {name!r} lies above 0.")
    hertz, levels = points.T
    drawn = np.interp(np.log(CENTRES_HZ), np.log(hertz), levels)
    return Curve(name, title, drawn, tolerance_db)


def _ascending(hertz: Levels) -> bool:
    return bool(hertz[0] > 0.0 and (np.diff(hertz) > 0.0).all())


def _tolerance_db(page: Mapping[str, Any]) -> Levels:
    edges = np.array(list(_REGIONS_HZ.values()))
    allowed = np.array([float(page[region]) for region in _REGIONS_HZ])
    return np.asarray(allowed[np.searchsorted(edges, CENTRES_HZ, "right") - 1])


def deviation(spectrum: Spectrum, curve: Curve) -> Deviation:
    """Compare a sound with a curve, by shape alone.

    Parameters
    ----------
    spectrum : Spectrum
        Of a sound.
    curve : Curve
        To compare it with.

    Returns
    -------
    Deviation
        Both set to one level by the median of what is heard from 100 Hz to 8 kHz.
    """
    whole = np.array(CENTRES_HZ) * _HALF_A_BAND <= spectrum.rate / 2.0
    over_db = spectrum.levels_db - curve.levels_db
    there = whole & (over_db > over_db[whole].max() - _FAR_DB)
    for _ in range(2):
        over_db = over_db - _middle(over_db, there)
        there = whole & (over_db > _NOTHING_DB)
    return Deviation(over_db, there & (not spectrum.silent))


def choose(spectrum: Spectrum, curves: Sequence[Curve], neutral: Curve) -> tuple[Curve, str]:
    """Choose the curve that a sound is nearest to, if it is clearly nearest.

    Parameters
    ----------
    spectrum : Spectrum
        Of a sound.
    curves : sequence of Curve
        Two or more to choose from.
    neutral : Curve
        For where none is clearly the nearest.

    Returns
    -------
    Curve
        The one chosen.
    str
        Why, in a sentence.
    """
    apart = {curve.name: deviation(spectrum, curve).distance_db for curve in curves}
    first, second = sorted(curves, key=lambda curve: apart[curve.name])[:2]
    near, next_near = apart[first.name], apart[second.name]
    told = f"{first.title} ({near:.1f} dB away) and {second.title} ({next_near:.1f} dB)"
    if near > _NEAR_DB:
        return neutral, f"No curve is near, {told} are the nearest, so the neutral curve is used."
    if next_near - near < _CLEARLY_DB:
        return neutral, f"Near to {told} alike, so the neutral curve is used."
    return first, f"Clearly nearest to {first.title} ({near:.1f} dB away; next {second.title})."


def _middle(over_db: Levels, there: NDArray[np.bool_]) -> float:
    low, high = _CORE_HZ
    hertz = np.array(CENTRES_HZ)
    core = over_db[there & (hertz >= low) & (hertz <= high)]
    return float(np.median(core)) if core.size else 0.0
