"""A plain reverb: sixteen delay lines that feed each other.

A feedback delay network (Jot and Chaigne, "Digital delay networks for designing artificial
reverberators", AES 90th convention, 1991). A Hadamard matrix, which keeps power, sends each line to
all lines; what each line loses on its way through is what makes the whole fall by 60 dB in the time
asked for, and a low pass of one pole in each makes the treble fall sooner. Before them, all-pass
filters in a row (Schroeder, "Natural sounding artificial reverberation", JAES 10(3), 1962) make
many soft echoes of each stroke. Left goes into the even lines and right into the odd ones, and both
come out of all of them, with signs that make what comes out left and right unlike. The lines are
kept in single precision, whose rounding stays 130 dB under what is in them.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numba import float32, float64, int64, njit, types, void
from numpy.typing import NDArray

from assistant.dsp.biquads import Pair
from assistant.errors import MaterialError

__all__ = ["Reverb", "Reverberation"]

LINES = 16
SHORTEST_SECONDS, LONGEST_SECONDS = 0.019, 0.083
DIFFUSERS_SECONDS = ((0.0021, 0.0037, 0.0066, 0.0117), (0.0023, 0.0041, 0.0071, 0.0109))
DIFFUSION = 0.6  # the gain of an all-pass filter
TREBLE_HZ = 5000.0
_TREBLE_SHARE = 0.4  # of the rate: in slow sound the treble begins here
_FLUSH = np.float32(1e-30)  # far above the tiny numbers that a processor is slow with
_HEARD = (2, 4)  # rows of the Hadamard matrix: what comes out left and right, with a minus
_CHUNK = 256  # frames that go through the lines at once: sixteen rows of them stay in the cache

_VALUES = types.Array(types.float32, 1, "C", readonly=True)
_LENGTHS = types.Array(types.int64, 1, "C", readonly=True)


@dataclass(frozen=True, slots=True)
class Reverb:
    """A room.

    Parameters
    ----------
    decay_seconds : float
        Until it has fallen by 60 dB, in the bass; 0.1 to 10.
    treble_seconds : float
        The same at 5 kHz; above 0, and no longer.
    before_seconds : float
        Until it begins, on top of the shortest of its lines; at least 0.

    Raises
    ------
    MaterialError
        Where a number is out of its range.
    """

    decay_seconds: float
    treble_seconds: float
    before_seconds: float = 0.0

    def __post_init__(self) -> None:
        """Check the numbers."""
        in_order = 0.0 < self.treble_seconds <= self.decay_seconds
        if not (in_order and 0.1 <= self.decay_seconds <= 10.0 and self.before_seconds >= 0.0):
            raise MaterialError(
                "A reverb decays in 0.1 to 10 s, its treble no slower, and begins after 0 s or"
                f" more; this one has {self.decay_seconds:g}, {self.treble_seconds:g} and"
                f" {self.before_seconds:g} s."
            )

    @property
    def tail_seconds(self) -> float:
        """How long it is heard after the sound has ended."""
        return self.before_seconds + LONGEST_SECONDS + self.decay_seconds


class Reverberation:
    """A reverb at work; it returns as much power as a steady noise sends.

    Parameters
    ----------
    room : Reverb
        What it is set to.
    rate : int
        In Hz.
    """

    def __init__(self, room: Reverb, rate: int) -> None:
        self._before = round(room.before_seconds * rate)
        spread = (LONGEST_SECONDS / SHORTEST_SECONDS) ** (np.arange(LINES) / (LINES - 1))
        self._lengths = _primes(SHORTEST_SECONDS * rate * spread)
        self._short = np.array([_primes(rate * np.array(row)) for row in DIFFUSERS_SECONDS])
        self._kept, self._damping = _losses(room, self._lengths, rate)
        self._waiting: Pair
        self._diffusers: NDArray[np.float64]
        self._lines: NDArray[np.float32]
        self._lowest: NDArray[np.float32]
        self._places: NDArray[np.int64]
        self._gain = 1.0  # while it is measured
        self._gain = 1.0 / math.sqrt(self._power(room, rate))
        self._clear()

    def run(self, pair: Pair, first: int) -> None:
        """Turn a block into its reverb, in place.

        Parameters
        ----------
        pair : ndarray of float64, shape (2, frames)
            What follows the block before.
        first : int
            The frame of the song at which it begins.
        """
        delayed = np.concatenate([self._waiting, pair], axis=1)
        self._waiting = delayed[:, pair.shape[1] :].copy()
        pair[:] = delayed[:, : pair.shape[1]]
        _diffuse(pair, self._short, self._diffusers, first)
        _echo(
            pair, self._lengths, self._kept, self._damping, self._lines, self._lowest, self._places
        )
        pair *= self._gain

    def _clear(self) -> None:
        """Fall silent."""
        self._waiting = np.zeros((2, self._before))
        self._diffusers = np.zeros((*self._short.shape, int(self._short.max())))
        self._lines = np.zeros((LINES, int(self._lengths.max())), np.float32)
        self._lowest = np.zeros(LINES, np.float32)
        self._places = np.zeros(LINES, dtype=np.int64)

    def _power(self, room: Reverb, rate: int) -> float:
        """Measure what comes back, in each channel, of noise that is unlike left and right."""
        total = 0.0
        for channel in (0, 1):
            click = np.zeros((2, math.ceil(room.tail_seconds * rate)))
            click[channel, 0] = 1.0
            self._clear()
            self.run(click, 0)
            total += float(np.square(click).sum())
        return total / 2.0


def _primes(lengths: NDArray[np.float64]) -> NDArray[np.int64]:
    """Take the next primes, so that no two lines ring together."""
    found: list[int] = []
    for length in lengths:
        number = math.ceil(length)
        while number in found or any(number % n == 0 for n in range(2, math.isqrt(number) + 1)):
            number += 1
        found.append(number)
    return np.array(found, dtype=np.int64)


def _losses(
    room: Reverb, lengths: NDArray[np.int64], rate: int
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Work out, for each line, the gain in the bass and the pole that takes the treble."""
    seconds = lengths / rate
    kept = 10.0 ** (-3.0 * seconds / room.decay_seconds)
    treble = 10.0 ** (-3.0 * seconds * (1.0 / room.treble_seconds - 1.0 / room.decay_seconds))
    cosine = math.cos(2.0 * math.pi * min(TREBLE_HZ / rate, _TREBLE_SHARE))
    square = np.minimum(treble, 1.0 - 1e-9) ** 2
    middle, outer = 1.0 - square * cosine, 1.0 - square
    damping = (middle - np.sqrt(middle**2 - outer**2)) / outer
    return kept.astype(np.float32), damping.astype(np.float32)


@njit(void(float64[:, ::1], int64[:, ::1], float64[:, :, ::1], int64), cache=True, nogil=True)
def _diffuse(pair, lengths, lines, first):  # type: ignore[no-untyped-def]
    """Send each row through its all-pass filters, in place, from end to end of their lines."""
    for side in range(2):
        for n in range(lengths.shape[1]):
            place, begin = first % lengths[side, n], 0
            while begin < pair.shape[1]:
                line, row = lines[side, n, place:], pair[side, begin:]
                size = min(lengths[side, n] - place, row.size)
                for i in range(size):
                    before = line[i]
                    fresh = row[i] - DIFFUSION * before
                    line[i] = fresh if math.fabs(fresh) > _FLUSH else 0.0
                    row[i] = before + DIFFUSION * fresh
                place, begin = 0, begin + size


@njit(cache=True, nogil=True)
def _come_out(lines, places, lengths, kept, out, size):  # type: ignore[no-untyped-def]
    """Read what comes out of the lines next."""
    for n in range(LINES):
        line, gain = lines[n], kept[n]
        ahead = min(size, lengths[n] - places[n])
        to_its_end, row, again = line[places[n] :], out[n], out[n, ahead:]
        for i in range(ahead):
            row[i] = to_its_end[i] * gain
        for i in range(size - ahead):
            again[i] = line[i] * gain


@njit(cache=True, nogil=True)
def _damp(out, lowest, damping, size):  # type: ignore[no-untyped-def]
    """Take the treble; lines side by side, for each waits for the frame before."""
    for i in range(size):
        for n in range(LINES):
            value = out[n, i] + (lowest[n] - out[n, i]) * damping[n]
            lowest[n] = value if math.fabs(value) > _FLUSH else np.float32(0.0)
            out[n, i] = lowest[n]


@njit(cache=True, nogil=True)
def _mingle(out, size):  # type: ignore[no-untyped-def]
    """Do the Hadamard matrix, by halves."""
    step = 1
    while step < LINES:
        for pair in range(LINES // 2):
            n = pair // step * 2 * step + pair % step
            for i in range(size):
                one, other = out[n, i], out[n + step, i]
                out[n, i], out[n + step, i] = one + other, one - other
        step *= 2


@njit(cache=True, nogil=True)
def _go_in(lines, places, lengths, put, out, size):  # type: ignore[no-untyped-def]
    """Write what goes into the lines next."""
    scale = np.float32(1.0 / math.sqrt(LINES))
    for n in range(LINES):
        line, fresh, row = lines[n], put[n & 1], out[n]
        ahead = min(size, lengths[n] - places[n])
        to_its_end, fresh_again, again = line[places[n] :], fresh[ahead:], row[ahead:]
        for i in range(ahead):
            to_its_end[i] = fresh[i] + scale * row[i]
        for i in range(size - ahead):
            line[i] = fresh_again[i] + scale * again[i]
        places[n] = (places[n] + size) % lengths[n]


@njit(
    void(float64[:, ::1], _LENGTHS, _VALUES, _VALUES, float32[:, ::1], float32[::1], int64[::1]),
    cache=True,
    nogil=True,
)
def _echo(pair, lengths, kept, damping, lines, lowest, places):  # type: ignore[no-untyped-def]
    """Send two rows through the lines, in place.

    As many frames at once as the shortest line is long: what they put into the lines comes back
    later, so that one step after the other can be done for all of them. Two rows of the Hadamard
    matrix have the signs with which the lines are heard left and right.
    """
    frames = pair.shape[1]
    most = min(lengths.min(), _CHUNK)
    put, out = np.empty((2, most), np.float32), np.empty((LINES, most), np.float32)
    for first in range(0, frames, most):
        size = min(most, frames - first)
        _come_out(lines, places, lengths, kept, out, size)
        _damp(out, lowest, damping, size)
        _mingle(out, size)
        for side in range(2):
            row, heard = pair[side, first:], out[_HEARD[side]]
            for i in range(size):
                put[side, i] = row[i]
                row[i] = -heard[i]
        _go_in(lines, places, lengths, put, out, size)
