"""Whether what was followed at the harmonics of the mains is hum, or a note that lies there.

Hum stays while all else comes and goes: where least sounds at its lines, they are there, as strong
as ever and in phase. A bass note or a drone, however near to 50 or 60 Hz, begins, dies away,
breathes, or moves its vowel.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from assistant.dsp.hum_lines import UNKNOWN
from assistant.dsp.hum_tracking import OVERLAPPING, Track
from assistant.dsp.mains import LOWEST_ORDERS, is_mains
from assistant.dsp.smoothing import carried

__all__ = ["Evidence", "evidence_of", "swell"]

Array: TypeAlias = NDArray[np.float64]
Flags: TypeAlias = NDArray[np.bool_]

LINE = 50.0  # times its doubt, in power
FAINT = 1e-7  # of the strongest, in power: rounding to 16 bits makes lines as strong
MOST_WEIGHT = 10.0  # of a line over its own power: the strongest are not all that counts
TELLING = 2.0  # weight of a line, on the average, in a hop that tells something
LEAST_SECONDS = 0.4  # of hops that tell something
QUIETEST, LEAST_HOPS = 0.25, 8  # share of these, and how many at least
SELDOM = 0.1  # quantile of these
LEAST_LINES = 2
STEADY = (0.5, 0.8)  # share of the lines that is there: none sure, all sure
LEAST = (0.4, 0.6)  # of the power of the lines, that is ever heard there
RARELY = 0.01  # quantile of the hops
MISSING, MOST_LINES = 0.2, 0.7  # of the power of a line; quantile of the lines
GONE = (0.15, 0.06)  # share of the time in which they are missing
STRAY = (1.5, 0.5)  # what is heard off the lines, against them
STOPS = 0.2  # as `STEADY`, where hum is known to be
SWELLS = (
    0.15  # between quartiles of how much of the lines is there: steadier ones are left as they are
)
SWELL_DRIFT = 1.0  # of it, in one second
LEAST_SPREAD = 1e-3
_TINY = 1e-20


@dataclass(frozen=True, eq=False)
class Evidence:
    """What speaks for hum.

    Parameters
    ----------
    standing : ndarray of bool, shape (channels, orders)
        Harmonics that stand as lines.
    steady : float
        Share of the lines that is there where there is least; 1.0 is hum.
    least : float
        Least power heard at the lines over what should be there; under 1.0 only by chance in hum.
    stray : float
        Power off the lines over that on them, there; 0.0 is hum. Infinite where it cannot be told.
    gone : float
        How much of the time lines are not there that are gone most; hardly ever in hum.
    sure : float
        0.0 to 1.0.
    """

    standing: Flags
    steady: float
    least: float
    stray: float
    gone: float
    sure: float

    @property
    def refutes(self) -> bool:
        """Whether it is no hum even where hum is known to be: lines are not there, or stop."""
        stops = math.isfinite(self.stray) and self.steady < STOPS
        return stops or self.least < LEAST[0] or not _enough(self.standing)


class _Match(NamedTuple):
    """How well lines agree with what is heard, hop by hop.

    Their weighted power; what of it is there; what is heard beside it; and whether that tells.
    """

    on: Array
    there: Array
    off: Array
    tells: Flags


def evidence_of(track: Track) -> Evidence:
    """Judge what was followed.

    Parameters
    ----------
    track : Track
        Of some seconds.

    Returns
    -------
    Evidence
        How sure it is that this is hum.
    """
    made = np.square(np.abs(track.made))
    power = made.mean(axis=2)
    standing = (made / track.doubt).mean(axis=2) > LINE
    standing &= power > FAINT * power.max(initial=0.0)
    count = int(standing.any(axis=0).sum())
    if not _enough(standing) or not is_mains(track.hertz):
        return Evidence(standing, 0.0, 0.0, np.inf, 1.0, 0.0)
    least, gone = _least(track, standing), _gone(track, standing)
    match = _match(track, standing)
    if np.count_nonzero(match.tells) * track.lines.hop_seconds < LEAST_SECONDS:
        return Evidence(standing, 0.0, least, np.inf, gone, 0.0)
    quiet = _quiet(match)
    steady = float(np.quantile((match.there / match.on)[quiet], SELDOM))
    stray = float(np.median((match.off / match.on)[quiet]))
    sure = (1.0 - 0.5**count) * _between(steady, *STEADY) * _between(least, *LEAST)
    sure *= _between(stray, *STRAY) * _between(gone, *GONE)
    return Evidence(standing, steady, least, stray, gone, sure)


def swell(track: Track, standing: Flags) -> Array:
    """Follow how all lines swell and fade together, as where a guitar is turned; or stop.

    Parameters
    ----------
    track : Track
        Of hum.
    standing : ndarray of bool, shape (channels, orders)
        Its lines.

    Returns
    -------
    ndarray of float, shape (hops,)
        How much of them is there. All 1.0 where they hardly swell, as that is known best.
    """
    match = _match(track, standing)
    quiet = _quiet(match)
    share = match.there / np.maximum(match.on, _TINY)
    if not quiet.any() or float(np.diff(np.quantile(share[quiet], (0.25, 0.75)))[0]) < SWELLS:
        return np.ones(track.turned.size)
    # The error of a share that is measured at so many lines, each of which is off by so much.
    spread = OVERLAPPING * match.off / np.maximum(match.on, _TINY) / np.count_nonzero(standing)
    weights = np.where(match.tells, 1.0 / (spread + LEAST_SPREAD), LEAST_SPREAD)
    drift = np.array(SWELL_DRIFT**2 * track.lines.hop_seconds)
    return np.asarray(np.maximum(carried(share, weights, drift)[0].real, 0.0))


def _least(track: Track, standing: Flags) -> float:
    """Tell how little is ever heard at the lines, where the sound is not cut silent."""
    weights = (standing / track.power)[:, :, None]
    heard = (weights * np.square(np.abs(track.lines.values))).sum(axis=(0, 1))
    wanted = (weights * np.square(np.abs(track.made))).sum(axis=(0, 1))
    return float(np.quantile((heard / np.maximum(wanted, _TINY))[_known(track)], RARELY))


def _gone(track: Track, standing: Flags) -> float:
    """Tell for how much of the time lines are not there: those of every other note are not."""
    heard = np.square(np.abs(track.lines.values[:, :, _known(track)]))
    missing = (heard < MISSING * track.power[:, :, None]).mean(axis=2)
    return float(np.quantile(missing[standing], MOST_LINES))


def _known(track: Track) -> Flags:
    """Tell which hops are not cut silent in all channels; all where each is."""
    known = (track.lines.beside < UNKNOWN).any(axis=(0, 1))
    return np.asarray(known if known.any() else ~known)


def _enough(standing: Flags) -> bool:
    """Tell whether there are lines enough, and one of the lowest among them."""
    return int(standing.any(axis=0).sum()) >= LEAST_LINES and bool(
        standing[:, :LOWEST_ORDERS].any()
    )


def _match(track: Track, standing: Flags) -> _Match:
    heard, power = track.heard, track.power[:, :, None]
    weights = np.minimum(1.0 / track.lines.beside, MOST_WEIGHT / power) * standing[:, :, None]
    on = (weights * np.square(np.abs(track.made))).sum(axis=(0, 1))
    there = (weights * (track.made.conj() * heard).real).sum(axis=(0, 1))
    off = (weights * np.square(np.abs(heard - track.made))).sum(axis=(0, 1))
    return _Match(on, there, off, on > TELLING * np.count_nonzero(standing))


def _quiet(match: _Match) -> Flags:
    """Tell in which hops that tell something least sounds at the lines."""
    sounding = match.off + 2.0 * match.there - match.on
    if not match.tells.any():
        return match.tells
    share = max(QUIETEST, min(1.0, LEAST_HOPS / np.count_nonzero(match.tells)))
    return np.asarray(match.tells & (sounding <= np.quantile(sounding[match.tells], share)))


def _between(value: float, none: float, all_: float) -> float:
    return float(np.clip((value - none) / (all_ - none), 0.0, 1.0))
