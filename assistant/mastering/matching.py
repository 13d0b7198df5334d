"""Matching a mix to a reference: its spectrum and some of its width, within limits.

Only shapes are compared, so that a louder reference asks for nothing. The correction is smooth and
bounded, more narrowly at both ends; where one of the two holds nothing, as above the cut of a lossy
file, there is nothing to learn and nothing to bring up. The sides follow the middle and come
nearer to the reference's width by no more than a few dB, so that a reference in mono cannot
collapse the image and a wide one cannot blow up what little a mix has at its sides.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from assistant.dsp.matching_filter import draw
from assistant.dsp.third_octaves import (
    BANDS,
    CENTRES_HZ,
    FLOOR_DB,
    STEPS_A_BAND,
    STEPS_HZ,
    Levels,
    Spectrum,
    band_name,
    levels_of,
)
from assistant.material import Audio, Samples

__all__ = ["MOST_DB", "Match", "apply", "match"]

Mask: TypeAlias = NDArray[np.bool_]

MOST_DB = 6.0
MOST_WIDTH_DB = 3.0
LEAST_DB = 0.3  # a correction that is nowhere larger is none
NOTHING_DB = -25.0  # so far under the other, one of the two holds nothing there
NO_SIDE_DB = -30.0  # sides so far under the middle count as none
FULL_SIDE_DB = -15.0  # from here on the sides may be raised by all that is allowed

_CORE_HZ = (100.0, 8000.0)
_LOW_HZ, _HIGH_HZ = 50.0, 12_000.0  # beyond, half as much is corrected at most
_SMOOTH_BELOW_HZ = 200.0  # where single notes of the bass stand out
_SMOOTHING_STEPS = (3.0, 1.5)  # standard deviations below and above, in quarters of a third octave
_LOWEST_CUT_HZ = 3000.0
_CUT = 100.0  # power of a third octave over that of the octave above
_EASE_STEPS = 12.0  # into what holds nothing, over which the correction goes back to none


@dataclass(frozen=True, eq=False)
class Match:
    """A correction towards a reference.

    Parameters
    ----------
    middle_db, sides_db : ndarray of float64, shape (124,)
        Gains in dB at `assistant.dsp.third_octaves.STEPS_HZ`.
    before_db, after_db : float
        How far the mix lies from the reference on average over third octaves, by shape, as it is
        and as it will be.
    why : str
        In a sentence.
    """

    middle_db: Levels
    sides_db: Levels
    before_db: float
    after_db: float
    why: str


def match(
    mix: Spectrum, reference: Spectrum, *, most_db: float = MOST_DB, amount: float = 100.0
) -> Match:
    """Find the correction that brings a mix towards a reference.

    Parameters
    ----------
    mix, reference : Spectrum
        At any rates, with any channels. Where either has one channel, or more than two, all of
        both is compared and the width is left alone.
    most_db : float
        The most to correct, above 0; half of it below 50 Hz and above 12 kHz.
    amount : float
        How much of the correction to make, 0 to 100 %.

    Returns
    -------
    Match
        Nothing but zeros where the mix is silent or lies as near as 0.3 dB everywhere.
    """
    mix_side, reference_side = (_has_side(each) for each in (mix, reference))
    apart = mix_side and reference_side
    tones = [each.mid_steps_db if apart else each.steps_db for each in (mix, reference)]
    wanted = _wanted(tones[0], tones[1])
    middle = _smooth(_bounded(wanted, most_db), 1.0)
    sides = middle.copy()
    if apart:
        sides += _smooth(_width_change(mix, reference), STEPS_A_BAND)
        sides = np.clip(sides, *_limits(most_db))
    share = amount / 100.0 * (max(np.abs(middle).max(), np.abs(sides).max()) >= LEAST_DB)
    middle, sides = middle * share, sides * share
    before = _distance_db(mix, reference)
    moved = replace(
        mix,
        mid_steps_db=_moved(mix.mid_steps_db, middle),
        side_steps_db=_moved(mix.side_steps_db, sides),
    )
    after = _distance_db(moved, reference)
    return Match(middle, sides, before, after, _told(middle, before, after))


def apply(
    audio: Audio, found: Match, scratch: Callable[[tuple[int, ...]], Samples]
) -> Generator[float, None, Audio]:
    """Correct a mix.

    Parameters
    ----------
    audio : Audio
        The mix.
    found : Match
        From `match`.
    scratch : callable
        Makes the array for what comes out.

    Yields
    ------
    float
        Share that is done.

    Returns
    -------
    Audio
        As long as the mix and at the same place, phases left alone; the mix itself where there is
        nothing to correct.
    """
    made: Audio = yield from draw(audio, found.middle_db, found.sides_db, scratch)
    return made


def _has_side(spectrum: Spectrum) -> bool:
    under_db = _total_db(spectrum.side_steps_db) - _total_db(spectrum.mid_steps_db)
    return under_db > NO_SIDE_DB


def _total_db(steps_db: Levels) -> float:
    return float(10.0 * np.log10(np.sum(10.0 ** (steps_db / 10.0))))


def _wanted(mix_db: Levels, reference_db: Levels) -> Levels:
    """Tell what would make the one the other, eased to nothing where either holds nothing."""
    known = _below_cut(mix_db) & _below_cut(reference_db)
    mix_db, reference_db = _evened(mix_db, known), _evened(reference_db, known)
    known &= np.minimum(mix_db, reference_db) > FLOOR_DB
    wanted = reference_db - mix_db
    for _ in range(2):
        wanted = wanted - _middle(wanted, known)
        known &= np.abs(wanted) < -NOTHING_DB
    if not known.any():
        return np.zeros_like(wanted)
    place, sure = np.arange(len(wanted)), np.flatnonzero(known)
    nearest = sure[np.argmin(np.abs(place[:, None] - sure), axis=1)]
    eased: Levels = wanted[nearest] * np.maximum(0.0, 1.0 - np.abs(place - nearest) / _EASE_STEPS)
    return np.where(known, eased, np.minimum(eased, 0.0))


def _below_cut(steps_db: Levels) -> Mask:
    """Tell what lies below the cut of a lossy file, or below half the rate."""
    power = 10.0 ** (steps_db / 10.0)
    for n in np.flatnonzero(STEPS_HZ > _LOWEST_CUT_HZ):
        if power[n - STEPS_A_BAND : n].mean() > _CUT * power[n : n + 3 * STEPS_A_BAND].max():
            return np.arange(len(power)) < n
    return np.ones(len(power), dtype=np.bool_)


def _middle(values: Levels, known: Mask) -> float:
    low, high = _CORE_HZ
    core = values[known & (low <= STEPS_HZ) & (high >= STEPS_HZ)]
    return float(np.median(core)) if core.size else 0.0


def _evened(steps_db: Levels, known: Mask) -> Levels:
    """Smooth power over neighbours, more of them in the bass, where single notes stand out."""
    low, high = _SMOOTHING_STEPS
    near = _weights(np.where(STEPS_HZ < _SMOOTH_BELOW_HZ, low, high)) * known
    power = near @ 10.0 ** (steps_db / 10.0) / np.maximum(near.sum(axis=1), 1e-9)
    return levels_of(power)


def _smooth(gains_db: Levels, spread: float) -> Levels:
    return np.asarray(_weights(np.full(len(gains_db), spread)) @ gains_db)


def _weights(spread: Levels) -> Levels:
    """Weigh the neighbours of each step by a bell of a given spread; each row adds up to 1."""
    place = np.arange(len(spread))
    near = np.exp(-0.5 * ((place[:, None] - place) / spread[:, None]) ** 2)
    return np.asarray(near / near.sum(axis=1, keepdims=True))


def _limits(most_db: float) -> tuple[Levels, Levels]:
    """Bound the correction: half as much beyond the ends, with a slope of an octave."""
    places = np.log([_LOW_HZ / np.sqrt(2), _LOW_HZ * np.sqrt(2), _HIGH_HZ * 0.8, _HIGH_HZ * 1.2])
    most = most_db * np.interp(np.log(STEPS_HZ), places, [0.5, 1.0, 1.0, 0.5])
    return -most, most


def _bounded(wanted_db: Levels, most_db: float) -> Levels:
    return np.asarray(np.clip(wanted_db, *_limits(most_db)))


def _width_change(mix: Spectrum, reference: Spectrum) -> Levels:
    """Tell how much to raise the sides against the middle, within limits."""
    known = _below_cut(mix.mid_steps_db) & _below_cut(reference.mid_steps_db)
    width, wanted = (
        _evened(each.side_steps_db, known) - _evened(each.mid_steps_db, known)
        for each in (mix, reference)
    )
    may_rise = np.clip((width - NO_SIDE_DB) / (FULL_SIDE_DB - NO_SIDE_DB), 0.0, 1.0)
    change = np.clip(wanted - width, -MOST_WIDTH_DB, MOST_WIDTH_DB * may_rise)
    return np.where(known, change, 0.0)


def _moved(steps_db: Levels, gains_db: Levels) -> Levels:
    return np.where(steps_db > FLOOR_DB, steps_db + gains_db, steps_db)


def _distance_db(one: Spectrum, other: Spectrum) -> float:
    """Compare two spectra by shape: root mean square over third octaves that both have."""
    whole = np.array(CENTRES_HZ) * 10.0**0.05 <= min(one.rate, other.rate) / 2.0
    apart = other.levels_db - one.levels_db
    there = whole & (np.abs(apart - np.median(apart[whole])) < -NOTHING_DB)
    return float(np.std(apart[there])) if there.any() else 0.0


def _told(middle: Levels, before: float, after: float) -> str:
    """Tell the correction in a sentence."""
    thirds = middle.reshape(BANDS, STEPS_A_BAND).mean(axis=1)
    ends = [(int(np.argmax(thirds)), "more"), (int(np.argmin(thirds)), "less")]
    moves = [
        f"{abs(thirds[n]):.1f} dB {word} around {band_name(CENTRES_HZ[n])}"
        for n, word in ends
        if (thirds[n] > 0.0) == (word == "more") and abs(thirds[n]) >= LEAST_DB
    ]
    if not moves:
        return f"The mix is {before:.1f} dB from the reference on average, so nothing is corrected."
    return (
        f"Up to {' and '.join(moves)}; on average {before:.1f} dB from the reference before and"
        f" {after:.1f} dB after."
    )
