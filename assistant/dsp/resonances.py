"""Bells that stand in a track's spectrum whatever is played: made by a filter, not by the music.

A filter lifts all that passes through it alike: loud notes and what is left of them in a rest, the
tones and the air between them. So each place of the spectrum is looked at in many views, and of all
bells the one is told that leaves them smoothest, where a view counts by its precision: one over
the variance of what is left of it about a smooth curve. Views that are rough anyway say little;
one that turns smooth when a bell is taken out says much. What is moved by so many decibels moves
what is told by as many.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

import numpy as np
from numba import float64, njit, types
from numpy.typing import NDArray

from assistant.dsp.equaliser import Band
from assistant.dsp.spectral_views import STEPS_AN_OCTAVE, STEPS_HZ, SpectralViews

__all__ = ["BROAD_Q", "LEAST_NATS", "Resonance", "broad_bell", "resonances", "without"]

Rows: TypeAlias = NDArray[np.float64]

VIEWS = 32  # of each kind, at each place: moments of like level there are averaged
LEAST_VIEWS = 4
ORDER = 2  # of the polynomial that the rest of a spectrum is taken for
SILENCE = 1e-20  # by Hz: under what any converter leaves
LEFT_DB2 = 0.1  # variance about the curve that is left in the smoothest view
GAINS_DB: Rows = np.arange(0.0, 18.1, 0.5)
LEAST_DB = 2.0
LEAST_NATS = 0.15  # by how much more precise the views must become, as a logarithm
NARROW_HZ, NARROW_OCTAVES = (130.0, 8_500.0), 1.0  # where, and how far to either side one looks
NARROW_QS = (1.4, 2.0, 2.8, 4.0, 5.6, 8.0)
BROAD_Q, BROAD_OCTAVES = 0.7, 2.5
BROAD_QS = (BROAD_Q, 1.4, 2.8, 5.6)  # what fits better as a narrow one is none
APART_OCTAVES = 1.0 / 3.0
REACH_OCTAVES = 1.5  # beyond which what is taken out changes nothing
_WITHIN: Rows = 2.0 ** (np.linspace(-0.7, 0.7, 7) / STEPS_AN_OCTAVE)  # of a step
_TYPICAL_DB = 9.0  # bells of other gains are multiples of this one, near enough


@dataclass(frozen=True, slots=True)
class Resonance:
    """A bell that stands in a spectrum.

    Parameters
    ----------
    freq_hz, gain_db, q : float
        Of the bell: 2.0 to 17.5 dB.
    nats : float
        By how much more precise the views become without it, as a logarithm; above `LEAST_NATS`.
        Over 0.5 few sounds have one of their own.
    """

    freq_hz: float
    gain_db: float
    q: float
    nats: float

    @property
    def cut(self) -> Band:
        """The band that takes it away."""
        return Band("bell", self.freq_hz, -self.gain_db, self.q)


def resonances(views: SpectralViews, most: int = 4) -> list[Resonance]:
    """Find the narrow bells of a track.

    Parameters
    ----------
    views : SpectralViews
        Of the track.
    most : int
        How many at most.

    Returns
    -------
    list of Resonance
        The surest first, a third of an octave and more apart, Q 1.4 to 8.
    """
    places = _places(views, NARROW_HZ, NARROW_QS, NARROW_OCTAVES)
    found: list[Resonance] = []
    told = [place.best() for place in places]
    while len(found) < most:
        free = [one for one in told if one and not _near(one, found, APART_OCTAVES)]
        if not free:
            break
        found.append(max(free, key=lambda one: one.nats))
        for n, place in enumerate(places):
            if abs(np.log2(place.hertz / found[-1].freq_hz)) < REACH_OCTAVES:
                place.take_out(found[-1])
                told[n] = place.best()
    return found


def broad_bell(views: SpectralViews, between_hz: tuple[float, float]) -> Resonance | None:
    """Find the one broad bell of a track in some part of the spectrum.

    Parameters
    ----------
    views : SpectralViews
        Of the track.
    between_hz : tuple of (float, float)
        Where its centre may lie.

    Returns
    -------
    Resonance or None
        Of Q 0.7; None where the views are as smooth with it, or smoother without a narrow one.
    """
    places = _places(views, between_hz, BROAD_QS, BROAD_OCTAVES)
    told = [one for one in (place.best() for place in places) if one]
    best = max(told, key=lambda one: one.nats, default=None)
    return best if best and best.q == BROAD_Q else None


def without(views: SpectralViews, bells: Iterable[Resonance]) -> SpectralViews:
    """Take bells out.

    Parameters
    ----------
    views : SpectralViews
        Of a track.
    bells : iterable of Resonance
        What is in it.

    Returns
    -------
    SpectralViews
        Of the track with the bells cut.
    """
    cuts_db = -sum((_bell_db(one.freq_hz, one.gain_db, one.q) for one in bells), np.zeros(1))
    gains = np.broadcast_to(10.0 ** (cuts_db / 10.0), STEPS_HZ.shape)[: views.short.shape[1]]
    return SpectralViews(views.short * gains, views.long * gains)


def _near(one: Resonance, others: Sequence[Resonance], octaves: float) -> bool:
    return any(abs(np.log2(one.freq_hz / other.freq_hz)) < octaves for other in others)


@dataclass(frozen=True, eq=False)
class _Shape:
    """What is looked for at one place: bells per decibel, as they stand out from the curve."""

    span: slice
    rough: Rows  # takes the curve out, shape (steps, steps)
    bells: Rows  # shape (qs, steps)
    powers: Rows  # sums of squares of the bells, shape (qs,)
    qs: tuple[float, ...]


class _Place:
    """One place of the spectrum, in all views."""

    def __init__(self, views: SpectralViews, hertz: float, shape: _Shape) -> None:
        self.hertz = hertz
        self._shape = shape
        levels = [_levels_db(powers[:, shape.span]) for powers in (views.short, views.long)]
        self._rows = np.concatenate(levels) @ shape.rough

    def take_out(self, bell: Resonance) -> None:
        """Go on without a bell."""
        levels_db = _bell_db(bell.freq_hz, bell.gain_db, bell.q)[self._shape.span]
        self._rows -= levels_db @ self._shape.rough

    def best(self) -> Resonance | None:
        """Tell the bell without which the views are most precise."""
        if len(self._rows) < LEAST_VIEWS:
            return None
        shape = self._shape
        sums = np.square(self._rows).sum(axis=1), self._rows @ shape.bells.T, shape.powers
        nats = np.log(_precisions(*sums, GAINS_DB, float(shape.bells.shape[1])))
        peaks = np.argmax(nats, axis=1)
        told = nats[np.arange(len(peaks)), peaks] - nats[:, 0]
        told[(peaks == 0) | (peaks == len(GAINS_DB) - 1)] = 0.0  # flat, or more than any filter
        q = int(np.argmax(told))
        gain_db = _vertex(nats[q], int(peaks[q])) if told[q] > LEAST_NATS else 0.0
        if gain_db < LEAST_DB:
            return None
        return Resonance(self.hertz, gain_db, shape.qs[q], float(told[q]))


def _vertex(nats: Rows, peak: int) -> float:
    """Read the gain between steps off a parabola."""
    before, here, after = nats[peak - 1 : peak + 2]
    bend = before - 2.0 * here + after
    step = 0.5 * (before - after) / bend if bend < 0.0 else 0.0
    return float(GAINS_DB[peak] + step * GAINS_DB[1])


def _levels_db(powers: Rows) -> Rows:
    """Average moments of like level, so that noise is even; what is silent says nothing."""
    heard = powers[powers.min(axis=1, initial=1.0) > SILENCE]
    if not len(heard):
        return np.asarray(heard, dtype=np.float64)
    ordered = heard[np.argsort(heard.sum(axis=1), kind="stable")]
    count = min(VIEWS, len(ordered))
    ends = np.linspace(0, len(ordered), count + 1).astype(np.int64)
    sums = np.add.reduceat(ordered, ends[:-1], axis=0)
    return np.asarray(10.0 * np.log10(sums / np.diff(ends)[:, None]), dtype=np.float64)


def _places(
    views: SpectralViews, between_hz: tuple[float, float], qs: tuple[float, ...], octaves: float
) -> list[_Place]:
    shapes = _shapes(views.short.shape[1], between_hz, qs, octaves)
    return [_Place(views, float(STEPS_HZ[n]), shape) for n, shape in shapes]


@lru_cache(maxsize=32)
def _shapes(
    steps: int, between_hz: tuple[float, float], qs: tuple[float, ...], octaves: float
) -> tuple[tuple[int, _Shape], ...]:
    return tuple(_shapes_of(steps, between_hz, qs, octaves))


def _shapes_of(
    steps: int, between_hz: tuple[float, float], qs: tuple[float, ...], octaves: float
) -> Iterator[tuple[int, _Shape]]:
    reach = round(octaves * STEPS_AN_OCTAVE)
    for n in range(steps):
        if between_hz[0] <= STEPS_HZ[n] <= between_hz[1]:
            span = slice(max(0, n - reach), min(steps, n + reach + 1))
            away = np.arange(span.start - n, span.stop - n) / reach
            smooth, _ = np.linalg.qr(np.vander(away, ORDER + 1))
            rough = np.eye(len(away)) - smooth @ smooth.T
            bells = np.array([_bell_db(STEPS_HZ[n], _TYPICAL_DB, q)[span] for q in qs])
            bells = bells @ rough / _TYPICAL_DB
            yield n, _Shape(span, rough, bells, np.square(bells).sum(axis=1), qs)


def _bell_db(freq_hz: float, gain_db: float, q: float) -> Rows:
    """Return the analogue bell that `Band` stands for, as the steps show it: each is a mean."""
    ratios = STEPS_HZ / freq_hz * _WITHIN[:, None]
    off, over = np.square(1.0 - np.square(ratios)), np.square(ratios / q)
    power = 10.0 ** (gain_db / 20.0)  # squared, it is as much over as it is not under
    return np.asarray(10.0 * np.log10(np.mean((off + over * power) / (off + over / power), axis=0)))


_ROW = types.Array(types.float64, 1, "C")
_TABLE = types.Array(types.float64, 2, "C")


@njit(float64[:, ::1](_ROW, _TABLE, _ROW, _ROW, float64), cache=True, nogil=True)
def _precisions(squares, products, powers, gains, steps):  # type: ignore[no-untyped-def]
    """Sum up the precisions of all views without a bell, for each Q and gain."""
    sums = np.zeros((powers.size, gains.size))
    for view in range(squares.size):
        for q in range(powers.size):
            for n in range(gains.size):
                gain = gains[n]
                left = squares[view] - gain * (2.0 * products[view, q] - gain * powers[q])
                sums[q, n] += 1.0 / (max(left, 0.0) / steps + LEFT_DB2)
    return sums
