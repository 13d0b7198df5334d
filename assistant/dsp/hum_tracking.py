"""The phase of the mains followed through music, and with it every harmonic.

All harmonics turn with one phase, and against it each keeps its own amplitude and phase for long.
So the phase is told by all of them together: it is followed outwards, forwards and backwards,
from the second in which the lines stand clearest over what is beside them, which is a pause where
there is one. A high harmonic tells it finely and, where it is not yet known well, wrongly, by a
whole turn of its own; so low harmonics are asked first, and high ones only as far as the phase is
known (an extended Kalman filter with one state for the mains). Then phase and harmonics are
smoothed by turns over the whole stretch.

A point that lies far from where a line should be is a note on it, and counts for little: weights
are one over the power beside the line plus the square of how far off the point is (those of a
Cauchy distribution). So lines are carried through notes from the moments before and after.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from assistant.dsp.hum_lines import Lines
from assistant.dsp.smoothing import carried, smooth

__all__ = ["Track", "follow", "sharpened"]

Array: TypeAlias = NDArray[np.float64]
Complex: TypeAlias = NDArray[np.complex128]

ASKED_BY_TURNS = ((1, 4), (5, 10), (11, 20), (21, 40))  # orders
SURE_RADIANS = 0.5  # a harmonic is asked where its phase is known as well as this
DRIFT = 0.06  # of the frequency in rad/s, and of a line as a share of it, in one second
OVERLAPPING = 2.0  # windows share sound, so that each tells half as much
ANCHOR_SECONDS = 0.8
CLEAR = 0.5  # of the clearest: the quietest of those that are as clear holds no notes
SEARCH_HZ, SEARCH_STEP_HZ = 0.3, 0.01
MOST_CLEAR = 1e3  # times what is beside it: a line that is clearer counts for no more
FIRST_DOUBT = ((1e-4, 0.0), (0.0, 1e-2))  # rad^2, (rad/s)^2
LINE_DOUBT = 0.01  # of its power
ROUNDS = 4
KNOWN_BY = (1e-3, 1e8)  # one over the variance of the phase in a hop: no worse, no better
_TINY = 1e-20


@dataclass(frozen=True, eq=False)
class Track:
    """Hum, hop by hop.

    Parameters
    ----------
    lines : Lines
        What it was followed through.
    turned : ndarray of float64, shape (hops,)
        How far the first harmonic is ahead of an oscillator at ``lines.hertz``, in radians.
    made : ndarray of complex128, shape (channels, orders, hops)
        The harmonics against that phase.
    doubt : ndarray of float64, shape (channels, orders, hops)
        Their variance.
    power : ndarray of float64, shape (channels, orders)
        Of each harmonic where it is known best.
    """

    lines: Lines
    turned: Array
    made: Complex
    doubt: Array
    power: Array

    @property
    def hertz(self) -> float:
        """Frequency of the mains, on the average."""
        ahead = float(self.turned[-1] - self.turned[0]) / max(1, self.turned.size - 1)
        return self.lines.hertz + ahead / (2.0 * np.pi * self.lines.hop_seconds)

    @property
    def heard(self) -> Complex:
        """What was heard at each harmonic, against the phase of the mains."""
        return self.lines.values * np.exp(-1j * np.multiply.outer(self.lines.orders, self.turned))


@dataclass(frozen=True, eq=False)
class _Anchor:
    """Where to begin: the hop, the frequency off the oscillator in rad/s, and the harmonics."""

    hop: int
    speed: float
    made: Complex
    doubt: Array


def follow(lines: Lines, orders: tuple[int, ...]) -> Track:
    """Follow the mains through a stretch of sound.

    Parameters
    ----------
    lines : Lines
        At least three hops, taken at the frequency of the mains to some hundredths of a hertz.
    orders : tuple of int
        Those that seem to be there.

    Returns
    -------
    Track
        Whether it is hum is another question.
    """
    anchor = _anchor(lines, orders)
    turned, made = np.zeros(lines.values.shape[2]), np.zeros_like(lines.values)
    for hops in (range(anchor.hop - 1, -1, -1), range(anchor.hop, turned.size)):
        for hop, phase, values in _outwards(lines, anchor, hops):
            turned[hop], made[:, :, hop] = phase, values
    return _smoothed(lines, turned, made)


def sharpened(lines: Lines, orders: tuple[int, ...]) -> float:
    """Measure the frequency of the mains, in Hz, where some of its lines stand clearest."""
    return lines.hertz + _anchor(lines, orders).speed / (2.0 * np.pi)


def _anchor(lines: Lines, orders: tuple[int, ...]) -> _Anchor:
    """Find where some of the lines stand clearest, and what all are there."""
    some = np.array([order - 1 for order in orders if order <= lines.orders.size])
    power = np.square(np.abs(lines.values[:, some]))
    span = min(power.shape[2], max(3, round(ANCHOR_SECONDS / lines.hop_seconds)))
    clear = _sums(np.log1p(power / lines.beside[:, some]).sum(axis=(0, 1)), span)
    loud = _sums(np.log(power + _TINY).sum(axis=(0, 1)), span)
    first = int(np.argmin(np.where(clear >= CLEAR * clear.max(), loud, np.inf)))
    values = lines.values[:, :, first : first + span]
    weights = 1.0 / lines.beside[:, :, first : first + span]
    total_weight = weights.sum(axis=2) + _TINY
    shares = weights / total_weight[:, :, None]
    power = (shares * np.square(np.abs(values))).sum(axis=2) + _TINY
    off = 2.0 * np.pi * np.arange(-SEARCH_HZ, SEARCH_HZ + SEARCH_STEP_HZ / 2.0, SEARCH_STEP_HZ)
    weighty = np.minimum(total_weight / span, MOST_CLEAR / power)
    best, speed, made = -1.0, 0.0, values[:, :, 0]
    for turn in off:
        back = np.outer(lines.orders, turn * lines.hop_seconds * np.arange(span))
        mean = (shares * values * np.exp(-1j * back)).sum(axis=2)
        kept = float((weighty * np.square(np.abs(mean)))[:, some].sum())
        if kept > best:
            best, speed, made = kept, float(turn), mean
    doubt = OVERLAPPING / total_weight + LINE_DOUBT * np.square(np.abs(made))
    return _Anchor(first, speed, made, doubt)


def _sums(values: Array, span: int) -> Array:
    """Return the sum of so many values from each on."""
    total = np.concatenate([[0.0], np.cumsum(values)])
    return np.asarray(total[span:] - total[:-span])


def _outwards(lines: Lines, anchor: _Anchor, hops: range) -> Iterator[tuple[int, float, Complex]]:
    """Follow phase and harmonics from the anchor through the hops given: each hop, and them."""
    seconds = lines.hop_seconds
    moves = np.array([[1.0, hops.step * seconds], [0.0, 1.0]])
    both = hops.step * seconds**2 / 2.0
    gains = DRIFT**2 * np.array([[seconds**3 / 3.0, both], [both, seconds]])
    made_gains = DRIFT**2 * seconds * np.square(np.abs(anchor.made))
    since = hops.start - anchor.hop - hops.step
    state, doubt = np.array([anchor.speed * seconds * since, anchor.speed]), np.array(FIRST_DOUBT)
    made, made_doubt = anchor.made, anchor.doubt
    for hop in hops:
        state, doubt = moves @ state, moves @ doubt @ moves.T + gains
        made_doubt = made_doubt + made_gains
        values, noise = lines.values[:, :, hop], OVERLAPPING * lines.beside[:, :, hop]
        state, doubt = _phase(lines.orders, values, made, noise + made_doubt, (state, doubt))
        off = values * np.exp(-1j * lines.orders * state[0]) - made
        unsure = np.square(lines.orders) * doubt[0, 0] * np.square(np.abs(made))
        trust = made_doubt / (made_doubt + noise + np.square(np.abs(off)) + unsure)
        made, made_doubt = made + trust * off, made_doubt * (1.0 - trust)
        yield hop, float(state[0]), made


def _phase(
    orders: Array, values: Complex, made: Complex, noise: Array, known: tuple[Array, Array]
) -> tuple[Array, Array]:
    """Correct phase and speed, and their covariance, by what was heard: low harmonics first."""
    state, doubt = known
    for first, last in ASKED_BY_TURNS:
        some, turns = slice(first - 1, last), orders[first - 1 : last]
        heard = values[:, some] * np.exp(-1j * turns * state[0])
        weights = 1.0 / (noise[:, some] + np.square(np.abs(heard - made[:, some])))
        weights = weights / (1.0 + np.square(np.square(turns / SURE_RADIANS) * doubt[0, 0]))
        known_by = float((weights * np.square(turns * np.abs(made[:, some]))).sum())
        ahead = float((weights * turns * (made[:, some].conj() * heard).imag).sum())
        gain = doubt[:, 0] / (1.0 + known_by * doubt[0, 0])
        state, doubt = state + gain * ahead, doubt - known_by * np.outer(gain, doubt[0])
    return state, doubt


def _smoothed(lines: Lines, turned: Array, made: Complex) -> Track:
    """Smooth harmonics and phase by turns."""
    orders, noise = lines.orders[:, None], OVERLAPPING * lines.beside
    stiffness = 1.0 / (DRIFT**2 * lines.hop_seconds**3)
    for turn in range(ROUNDS):
        heard = lines.values * np.exp(-1j * orders * turned)
        weights = 1.0 / (noise + np.square(np.abs(heard - made)))
        power = _mean_power(made, weights)
        made, doubt = carried(heard, weights, DRIFT**2 * power * lines.hop_seconds + _TINY)
        if turn < ROUNDS - 1:
            known_by = (weights * np.square(orders * np.abs(made))).sum(axis=(0, 1))
            known_by = np.clip(known_by, *KNOWN_BY)
            ahead = (weights * orders * (made.conj() * heard).imag).sum(axis=(0, 1))
            turned = smooth(turned + ahead / known_by, known_by, stiffness)
    return Track(lines, turned, made, doubt, _mean_power(made, weights))


def _mean_power(made: Complex, weights: Array) -> Array:
    """Return the power of each line where it is known best."""
    total = weights.sum(axis=2) + _TINY
    return np.asarray((np.square(np.abs(made)) * weights).sum(axis=2) / total + _TINY)
