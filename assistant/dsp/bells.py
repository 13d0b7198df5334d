"""Bells of an equaliser in a track's spectrum: how they look, and how smooth it is without them.

A filter lifts all that passes through it alike: loud notes and what is left of them in a rest, the
tones and the air between them. So each place of the spectrum is looked at in many views, and each
view counts by its precision: one over the variance of what is left of it about a smooth curve.
Views that are rough anyway say little; one that turns smooth when a bell is taken out says much.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

import numpy as np
from numba import float64, njit, types
from numpy.typing import NDArray

from assistant.dsp.equaliser import Band
from assistant.dsp.spectral_views import STEPS_AN_OCTAVE, STEPS_HZ, SpectralViews

__all__ = ["NATS", "QUANTILES", "SILENCE", "Bell", "Levels", "levels_of", "nats_without"]

Rows: TypeAlias = NDArray[np.float64]

VIEWS = 32  # of each kind: moments of like level are averaged
QUANTILES = 8  # of each kind
LEAST_VIEWS = 8
SILENCE = 1e-20  # by Hz: under what any converter leaves
ORDER = 2  # of the polynomial that the rest of a spectrum is taken for
LEFT_DB2 = 0.1  # variance about the curve that is left in the smoothest view
QS = (0.7, 1.2, 2.2, 4.0, 7.0)
OCTAVES = (2.5, 1.5, 1.0, 1.0, 1.0)  # how far one looks to either side of each
GAINS_DB: Rows = np.arange(0.0, 18.1, 1.5)
NATS = len(QS) * (len(GAINS_DB) - 1)
_WITHIN: Rows = 2.0 ** (np.linspace(-0.7, 0.7, 7) / STEPS_AN_OCTAVE)  # of a step
_TYPICAL_DB = 9.0  # bells of other gains are multiples of this one, near enough


@dataclass(frozen=True, slots=True)
class Bell:
    """A bell that stands in a spectrum.

    Parameters
    ----------
    freq_hz, gain_db, q : float
        As of a band of an equaliser.
    """

    freq_hz: float
    gain_db: float
    q: float

    @property
    def cut(self) -> Band:
        """The band that takes it away."""
        return Band("bell", self.freq_hz, -self.gain_db, self.q)

    @property
    def levels_db(self) -> Rows:
        """How it lifts each of `STEPS_HZ`, each a mean; as an analogue filter, shape (steps,)."""
        ratios = STEPS_HZ / self.freq_hz * _WITHIN[:, None]
        off, over = np.square(1.0 - np.square(ratios)), np.square(ratios / self.q)
        power = 10.0 ** (self.gain_db / 20.0)  # squared, it is as much over as it is not under
        passed = np.mean((off + over * power) / (off + over / power), axis=0)
        return np.asarray(10.0 * np.log10(passed))


@dataclass(frozen=True, eq=False)
class Levels:
    """Views of a track as levels, few enough to be looked at one by one.

    Parameters
    ----------
    averages_db : ndarray of float64, shape (views, steps)
        Of moments of like level: short ones, then what lies between tones in long ones.
    quantiles_db : ndarray of float64, shape (2 * QUANTILES, steps)
        Of all moments, at each step by itself.
    """

    averages_db: Rows
    quantiles_db: Rows

    def without(self, bell: Bell) -> Levels:
        """Take a bell out."""
        lifted_db = bell.levels_db
        return Levels(self.averages_db - lifted_db, self.quantiles_db - lifted_db)


def levels_of(views: SpectralViews) -> Levels | None:
    """Average moments, so that noise is even.

    Parameters
    ----------
    views : SpectralViews
        Of a track.

    Returns
    -------
    Levels or None
        At all `STEPS_HZ`: where the rate has fewer, the last is held. None where fewer than eight
        moments of either length are not silent.
    """
    kinds = [_heard(views.short), _heard(views.long)]
    if min(len(powers) for powers in kinds) < LEAST_VIEWS:
        return None
    quantiles = np.concatenate([_quantiles_db(powers) for powers in kinds])
    return Levels(np.concatenate([_averages_db(powers) for powers in kinds]), quantiles)


def nats_without(levels_db: Rows) -> Rows:
    """Tell how much more precise views become without a bell, for each place, Q and gain.

    Parameters
    ----------
    levels_db : ndarray of float64, shape (views, steps)
        Such as `Levels.averages_db`.

    Returns
    -------
    ndarray of float64, shape (NATS, steps)
        Logarithms of the sums of precisions, against that without any bell: gains of 1.5 to 18 dB
        of the first of `QS`, then those of the next.
    """
    shapes = _shapes()
    rows = levels_db - levels_db.mean(axis=1, keepdims=True)
    sums = np.pad(np.cumsum(np.square(rows), axis=1), ((0, 0), (1, 0)))
    curves = (rows @ shapes.curves).reshape(len(rows), -1, ORDER + 1)
    left = sums[:, shapes.ends] - sums[:, shapes.begins] - np.square(curves).sum(axis=2)
    precisions = _precisions(
        np.maximum(left, 0.0), rows @ shapes.bells, shapes.powers, shapes.steps, GAINS_DB
    )
    nats = np.log(precisions[:, 1:] / precisions[:, :1])
    placed = nats.reshape(len(QS), len(STEPS_HZ), -1).transpose(0, 2, 1)
    return np.ascontiguousarray(placed).reshape(NATS, len(STEPS_HZ))


def _heard(powers: Rows) -> Rows:
    """Leave out what is silent, which says nothing; hold the last step where there are few."""
    there = powers[powers.min(axis=1, initial=1.0) > SILENCE]
    return np.pad(there, ((0, 0), (0, len(STEPS_HZ) - there.shape[1])), mode="edge")


def _averages_db(powers: Rows) -> Rows:
    ordered = powers[np.argsort(powers.sum(axis=1), kind="stable")]
    count = min(VIEWS, len(ordered))
    ends = np.linspace(0, len(ordered), count + 1).astype(np.int64)
    sums = np.add.reduceat(ordered, ends[:-1], axis=0)
    return np.asarray(10.0 * np.log10(sums / np.diff(ends)[:, None]), dtype=np.float64)


def _quantiles_db(powers: Rows) -> Rows:
    shares = np.linspace(0.05, 0.95, QUANTILES)
    return np.asarray(np.quantile(10.0 * np.log10(powers), shares, axis=0))


@dataclass(frozen=True, eq=False)
class _Shapes:
    """Bells per decibel as they stand out from smooth curves, for each Q and place in turn."""

    begins: NDArray[np.int64]
    ends: NDArray[np.int64]
    curves: Rows  # shape (steps, shapes * (ORDER + 1))
    bells: Rows  # shape (steps, shapes)

    @property
    def powers(self) -> Rows:
        return np.asarray(np.square(self.bells).sum(axis=0))

    @property
    def steps(self) -> Rows:
        return (self.ends - self.begins).astype(np.float64)


@lru_cache(maxsize=1)
def _shapes() -> _Shapes:
    count = len(STEPS_HZ)
    reaches = np.repeat([round(STEPS_AN_OCTAVE * octaves) for octaves in OCTAVES], count)
    places = np.tile(np.arange(count), len(QS))
    begins, ends = np.maximum(0, places - reaches), np.minimum(count, places + reaches + 1)
    curves = np.zeros((count, len(places), ORDER + 1))
    bells = np.zeros((count, len(places)))
    for n, (place, reach, q) in enumerate(zip(places, reaches, np.repeat(QS, count), strict=True)):
        span = slice(begins[n], ends[n])
        away = np.arange(begins[n] - place, ends[n] - place) / reach
        smooth, _ = np.linalg.qr(np.vander(away, ORDER + 1))
        bell = Bell(float(STEPS_HZ[place]), _TYPICAL_DB, q).levels_db[span] / _TYPICAL_DB
        curves[span, n], bells[span, n] = smooth, bell - smooth @ (smooth.T @ bell)
    return _Shapes(begins, ends, curves.reshape(count, -1), bells)


_ROW = types.Array(types.float64, 1, "C")
_TABLE = types.Array(types.float64, 2, "C")


@njit(float64[:, ::1](_TABLE, _TABLE, _ROW, _ROW, _ROW), cache=True, nogil=True)
def _precisions(squares, products, powers, steps, gains):  # type: ignore[no-untyped-def]
    """Sum up the precisions of all views without a bell, for each shape and gain."""
    sums = np.zeros((powers.size, gains.size))
    for view in range(squares.shape[0]):
        for n in range(powers.size):
            for m in range(gains.size):
                gain = gains[m]
                left = squares[view, n] - gain * (2.0 * products[view, n] - gain * powers[n])
                sums[n, m] += 1.0 / (max(left, 0.0) / steps[n] + LEFT_DB2)
    return sums
