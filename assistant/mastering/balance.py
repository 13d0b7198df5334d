"""Tonal balance: the few broad moves that bring a mix nearer to the curve of its genre.

What lies within a curve's tolerance is the mix's own and is left alone. Of what lies beyond it
about half is taken back, cuts sooner than boosts, and nothing is boosted where nothing sounds. The
bands are fitted together, by least squares on what they do to the third octaves, so that neighbours
do not add up to more than was meant.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from assistant.dsp.equaliser import Band, response_db
from assistant.dsp.third_octaves import (
    BANDS,
    CENTRES_HZ,
    FLOOR_DB,
    STEPS_A_BAND,
    STEPS_HZ,
    Levels,
    Spectrum,
    band_name,
)
from assistant.mastering.curves import Curve, Deviation, deviation

__all__ = ["LEAST_SAID_DB", "MOST_DB", "Advice", "Balance", "advise", "shaped"]

Mask: TypeAlias = NDArray[np.bool_]
Run: TypeAlias = NDArray[np.int64]

MOST_DB = 3.0
MOST_MOVES = 4
LEAST_DB, LEAST_SAID_DB = 0.5, 0.05  # smaller moves are not worth making; nor worth saying
CUT_SHARE, BOOST_SHARE = 0.55, 0.45  # of the way back to the curve
MOST_OF_EXCESS = 0.7  # a move never goes all of the way
BOOST_OF_CUT = 2.0 / 3.0  # the largest boost over the largest cut
MISSING_DB = -12.0  # so far under its curve, an instrument is missing rather than too quiet
LOWEST_BOOST_HZ = 50.0  # below it there may just be no instrument
SMOOTHING_BANDS = 1.2  # standard deviation, in third octaves
NARROWEST_Q, BROADEST_Q, SHELF_Q = 1.4, 0.5, 0.6
MORE_THAN_A_MIX_DB = 8.0  # so far from its curve no mix is, but one instrument may well be
FEWEST_BANDS = 14  # of the twenty from 100 Hz to 8 kHz
_ROUNDS = 3  # of fitting: what a band does is not quite in proportion to its gain
_SWEEPS, _SETTLED_DB = 500, 1e-10  # of the gains that are nearest: at most, and when to stop


@dataclass(frozen=True, slots=True)
class Advice:
    """One move, and why: "2.1 dB less at 250 Hz: 3.9 dB over the curve for folk"."""

    band: Band
    why: str


@dataclass(frozen=True, eq=False)
class Balance:
    """How a mix lies to a curve, and what to do about it.

    Parameters
    ----------
    curve : Curve
        That it was compared with.
    before, after : Deviation
        Without and with the moves.
    advice : tuple of Advice
        By frequency; empty where nothing is to be done.
    why : str
        All of it in a sentence.
    """

    curve: Curve
    before: Deviation
    after: Deviation
    advice: tuple[Advice, ...]
    why: str

    @property
    def bands(self) -> tuple[Band, ...]:
        """The bands of the moves."""
        return tuple(each.band for each in self.advice)


@dataclass(frozen=True, slots=True)
class _Place:
    """A band, and how far the mix lies over the curve where it works."""

    band: Band
    over_db: float

    def most_db(self, most_db: float) -> float:
        """Return the gain that it goes to at most."""
        if self.over_db > 0.0:
            return -min(most_db, MOST_OF_EXCESS * self.over_db)
        return min(BOOST_OF_CUT * most_db, -MOST_OF_EXCESS * self.over_db)

    def with_gain(self, gain_db: float) -> _Place:
        """Set its gain."""
        return replace(self, band=replace(self.band, gain_db=round(float(gain_db), 2)))

    def advice(self, curve: Curve) -> Advice:
        """Put it into words, with the evidence."""
        band, above = self.band, self.band.shape == "high shelf"
        where = {"high shelf": "from", "low shelf": "up to"}.get(band.shape, "at")
        return Advice(
            band,
            f"{abs(band.gain_db):.1f} dB {'less' if band.gain_db < 0.0 else 'more'} {where}"
            f" {band_name(band.freq_hz)}{' up' if above else ''}: {abs(self.over_db):.1f} dB"
            f" {'over' if self.over_db > 0.0 else 'under'} {curve.called}",
        )


def advise(
    spectrum: Spectrum, curve: Curve, *, most_db: float = MOST_DB, amount: float = 100.0
) -> Balance:
    """Find what brings a mix nearer to a curve.

    Parameters
    ----------
    spectrum : Spectrum
        Of the mix.
    curve : Curve
        Of its genre.
    most_db : float
        The largest cut; a boost goes two thirds as far. Above 0.
    amount : float
        How much of each move to make, 0 to 100 %.

    Returns
    -------
    Balance
        With at most four moves. They never take it farther from the curve.
    """
    before = deviation(spectrum, curve)
    reason = _no_mix(before, curve)
    if reason:
        return Balance(curve, before, before, (), reason)
    smooth = _smooth(before)
    places = _places(smooth, before.heard, curve.tolerance_db)
    places = _fit(places, smooth, before, spectrum.rate, most_db)
    places = [place.with_gain(place.band.gain_db * amount / 100.0) for place in places]
    places, after = _never_farther(places, spectrum, before, curve)
    advice = tuple(place.advice(curve) for place in places)
    return Balance(curve, before, after, advice, _told(advice, before, after, curve))


def shaped(spectrum: Spectrum, bands: Sequence[Band]) -> Spectrum:
    """Tell what spectrum a sound has after bands, without making it.

    Parameters
    ----------
    spectrum : Spectrum
        Before.
    bands : sequence of Band
        Those for the middle alone or the sides alone count there only.

    Returns
    -------
    Spectrum
        After.
    """
    hertz = np.minimum(STEPS_HZ, spectrum.rate / 2.0)
    below = hertz == STEPS_HZ
    levels = []
    for level_db, other in ((spectrum.mid_steps_db, True), (spectrum.side_steps_db, False)):
        gain_db = response_db([b for b in bands if b.side is not other], hertz, spectrum.rate)
        there = below & (level_db > FLOOR_DB)
        levels.append(np.where(there, level_db + gain_db, level_db))
    return replace(spectrum, mid_steps_db=levels[0], side_steps_db=levels[1])


def _no_mix(before: Deviation, curve: Curve) -> str:
    """Say why there is nothing to advise, or nothing where there is."""
    if before.core < FEWEST_BANDS:
        return (
            f"Only {before.core} of the 20 third octaves from 100 Hz to 8 kHz sound, which is no"
            " whole mix, so its balance is left alone."
        )
    if before.distance_db > MORE_THAN_A_MIX_DB:
        return (
            f"It lies {before.distance_db:.1f} dB from {curve.called} on average, farther than"
            " mixes do, so it may well be one instrument, and its balance is left alone."
        )
    return ""


def _smooth(before: Deviation) -> Levels:
    """Even out what single notes do, over what is heard."""
    place = np.arange(BANDS)
    near = np.exp(-0.5 * ((place[:, None] - place) / SMOOTHING_BANDS) ** 2) * before.heard
    weight = near.sum(axis=1)
    mean = near @ np.where(before.heard, before.over_db, 0.0) / np.maximum(weight, 1e-9)
    return np.where(before.heard, mean, 0.0)


def _places(smooth: Levels, heard: Mask, tolerance_db: Levels) -> list[_Place]:
    """Find the runs of third octaves that go beyond what is tolerated, farthest beyond first."""
    share = np.where(heard & (smooth > MISSING_DB), smooth / tolerance_db, 0.0)
    share[(np.array(CENTRES_HZ) < LOWEST_BOOST_HZ) & (share < 0.0)] = 0.0
    turns = np.flatnonzero(np.diff(np.sign(share))) + 1
    runs = [np.arange(*ends) for ends in pairwise((0, *turns, BANDS))]
    beyond = [(float(np.abs(share[run]).max()), int(run[0]), run) for run in runs]
    found = sorted((each for each in beyond if each[0] > 1.0), reverse=True)[:MOST_MOVES]
    return [_place(share, smooth, heard, run) for _, _, run in sorted(found, key=lambda e: e[1])]


def _place(share: Levels, smooth: Levels, heard: Mask, run: Run) -> _Place:
    """Set one band over a run: a shelf where it goes on to the end of what is heard, or a bell."""
    excess = np.abs(share[run])
    wide = run[excess >= 0.5 * excess.max()]
    low, high, over_db = int(wide[0]), int(wide[-1]), float(smooth[wide].mean())
    lowest, highest = np.flatnonzero(heard)[[0, -1]]
    if high >= highest - 1 and high - low >= 2 and (over_db > 0.0 or highest >= BANDS - 2):
        return _Place(Band("high shelf", CENTRES_HZ[low], 0.0, SHELF_Q), over_db)
    if low <= lowest + 1 and high - low >= 2 and over_db > 0.0:
        return _Place(Band("low shelf", CENTRES_HZ[high], 0.0, SHELF_Q), over_db)
    octaves = (high - low + 1) / 3.0
    q = 2.0 ** (octaves / 2.0) / (2.0**octaves - 1.0)
    middle = CENTRES_HZ[round(float(np.average(run, weights=excess**2)))]
    return _Place(
        Band("bell", middle, 0.0, round(min(max(q, BROADEST_Q), NARROWEST_Q), 2)), over_db
    )


def _fit(
    places: list[_Place], smooth: Levels, before: Deviation, rate: int, most_db: float
) -> list[_Place]:
    """Give bands the gains that together do what is wanted; drop those that hardly matter."""
    wanted = -smooth * np.where(smooth > 0.0, CUT_SHARE, BOOST_SHARE)
    while places:
        most = np.array([place.most_db(most_db) for place in places])
        gains = most
        for _ in range(_ROUNDS):
            does = [_does(p.band, g, rate) / g for p, g in zip(places, gains, strict=True)]
            ends = np.minimum(most, 0.0), np.maximum(most, 0.0)
            gains = _nearest(np.stack(does, axis=1)[before.heard], wanted[before.heard], ends)
            gains = np.where(np.abs(gains) < 0.01, np.copysign(0.01, most), gains)
        least = int(np.argmin(np.abs(gains)))
        if abs(gains[least]) >= LEAST_DB:
            return [place.with_gain(g) for place, g in zip(places, gains, strict=True)]
        places = places[:least] + places[least + 1 :]
    return []


def _nearest(does: Levels, wanted: Levels, ends: tuple[Levels, Levels]) -> Levels:
    """Find the gains between two ends whose sum comes nearest to what is wanted.

    Each in turn is set to what is best beside the others, until none moves: the one best place.
    """
    likeness, aim = does.T @ does, does.T @ wanted
    gains = np.zeros(len(aim))
    for _ in range(_SWEEPS):
        before = gains.copy()
        for n, (low, high) in enumerate(zip(*ends, strict=True)):
            better = gains[n] + (aim[n] - likeness[n] @ gains) / likeness[n, n]
            gains[n] = min(max(better, low), high)
        if np.abs(gains - before).max() < _SETTLED_DB:
            break
    return gains


def _does(band: Band, gain_db: float, rate: int) -> Levels:
    """Tell what a band does to each third octave, in dB."""
    hertz = np.minimum(STEPS_HZ, rate / 2.0)
    gain = response_db([replace(band, gain_db=float(gain_db))], hertz, rate)
    return np.asarray(gain.reshape(BANDS, STEPS_A_BAND).mean(axis=1))


def _never_farther(
    places: list[_Place], spectrum: Spectrum, before: Deviation, curve: Curve
) -> tuple[list[_Place], Deviation]:
    """Do less, or nothing, where moves would not bring the mix nearer to the curve."""
    for _ in range(_ROUNDS):
        places = [place for place in places if abs(place.band.gain_db) >= LEAST_SAID_DB]
        moved = deviation(shaped(spectrum, [place.band for place in places]), curve)
        after = replace(moved, heard=before.heard)
        if after.distance_db <= before.distance_db:
            return places, after
        places = [place.with_gain(place.band.gain_db / 2.0) for place in places]
    return [], before


def _told(advice: tuple[Advice, ...], before: Deviation, after: Deviation, curve: Curve) -> str:
    """Tell all of it in a sentence."""
    if not advice:
        return (
            f"Within what is usual around {curve.called}, {before.distance_db:.1f} dB from it on"
            " average, so the balance is left alone."
        )
    return (
        f"{'; '.join(each.why for each in advice)}; on average {before.distance_db:.1f} dB from the"
        f" curve before and {after.distance_db:.1f} dB after."
    )
