"""Second-order sections for sound that comes block by block.

What comes out does not depend on where the blocks are cut, bit for bit: states that have died away
are cleared at frames that are counted from the beginning of the song.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numba import float64, int64, njit, types, void
from numpy.typing import NDArray

from assistant.dsp.equaliser import BUTTERWORTH_Q, Band, band_sections
from assistant.errors import MaterialError

__all__ = ["Biquads", "Pair", "Sections", "band_pass", "low_pass", "sections"]

Pair = NDArray[np.float64]
"""Left and right, shape (2, frames)."""
Sections = NDArray[np.float64]
"""One row ``b0, b1, b2, a1, a2`` a section, shape (sections, 5)."""

_FLUSH = 1e-60  # far below any sound, far above the tiny numbers that a processor is slow with
_FLUSH_FRAMES = 1024  # a power of two

_SECTIONS = types.Array(types.float64, 2, "C", readonly=True)


def sections(bands: Sequence[Band], rate: int) -> Sections:
    """Design the sections of an equaliser.

    Parameters
    ----------
    bands : sequence of Band
        Their `side` does not count. Bells and shelves at or above half the rate have nothing to
        change there, and are left out.
    rate : int
        In Hz.

    Returns
    -------
    ndarray of float64, shape (sections, 5)
        Those of `assistant.dsp.equaliser`: minimum phase, no latency.

    Raises
    ------
    MaterialError
        Where a high pass lies at or above half the rate, as nothing would be left.
    """
    kept = [
        band
        for band in bands
        if not band.idle and (band.shape == "high pass" or band.freq_hz < rate / 2.0)
    ]
    return band_sections(kept, rate)


def low_pass(freq_hz: float, rate: int) -> Sections:
    """Design a Butterworth low pass of 12 dB an octave.

    Its poles are those of the analogue filter, and its zero makes its magnitude the analogue one
    at 0 and at its corner (Vicanek, "Matched second order digital filters", 2016).

    Parameters
    ----------
    freq_hz : float
        Where it is down by 3 dB; above 0.
    rate : int
        In Hz.

    Returns
    -------
    ndarray of float64, shape (0 or 1, 5)
        None at or above half the rate, as nothing lies there.
    """
    if freq_hz >= rate / 2.0:
        return np.zeros((0, 5))
    turn = 2.0 * math.pi * freq_hz / rate
    decay = math.exp(-turn * BUTTERWORTH_Q)
    a1, a2 = -2.0 * decay * math.cos(turn * BUTTERWORTH_Q), decay**2
    low, high = (1.0 + a1 + a2) ** 2, (1.0 - a1 + a2) ** 2
    near, far = math.cos(turn / 2.0) ** 2, math.sin(turn / 2.0) ** 2
    corner = (low * near + high * far - 16.0 * a2 * near * far) * BUTTERWORTH_Q**2
    root = math.sqrt(max(corner - low * near, 0.0) / far)
    b0, b1 = (math.sqrt(low) + root) / 2.0, (math.sqrt(low) - root) / 2.0
    return np.array([[b0, b1, 0.0, a1, a2]])


def band_pass(freq_hz: float, q: float, rate: int) -> Sections:
    """Design a band pass that leaves its centre as it is, in level and in phase.

    Parameters
    ----------
    freq_hz : float
        Its centre; below half the rate.
    q : float
        Centre over width at -3 dB, above 0.
    rate : int
        In Hz.

    Returns
    -------
    ndarray of float64, shape (1, 5)
        By the bilinear transform.

    Raises
    ------
    MaterialError
        Where the centre lies at or above half the rate.
    """
    if freq_hz >= rate / 2.0:
        raise MaterialError(f"There is no band at {freq_hz:g} Hz in sound of {rate} Hz.")
    turn = 2.0 * math.pi * freq_hz / rate
    half = math.sin(turn) / (2.0 * q)
    row = np.array([half, 0.0, -half, -2.0 * math.cos(turn), 1.0 - half])
    return np.asarray(row / (1.0 + half))[None]


class Biquads:
    """Sections one after the other, with what they remember.

    Parameters
    ----------
    rows : ndarray of float64, shape (sections, 5)
        None leave the sound as it is.
    """

    def __init__(self, rows: Sections) -> None:
        self._rows = np.ascontiguousarray(rows)
        self._state = np.zeros((len(rows), 4))

    def run(self, pair: Pair, first: int) -> None:
        """Filter a block in place.

        Parameters
        ----------
        pair : ndarray of float64, shape (2, frames)
            What follows the block before.
        first : int
            The frame of the song at which it begins.
        """
        _run(pair, self._rows, self._state, first)


@njit(void(float64[:, ::1], _SECTIONS, float64[:, ::1], int64), cache=True, nogil=True)
def _run(pair, rows, state, first):  # type: ignore[no-untyped-def]
    """Filter two rows in place; two at once keep the processor busy while each waits."""
    for n in range(rows.shape[0]):
        b0, b1, b2, a1, a2 = rows[n]
        s1, s2, t1, t2 = state[n]
        for i in range(pair.shape[1]):
            if (first + i) & (_FLUSH_FRAMES - 1) == 0:
                s1 = s1 if math.fabs(s1) > _FLUSH else 0.0
                s2 = s2 if math.fabs(s2) > _FLUSH else 0.0
                t1 = t1 if math.fabs(t1) > _FLUSH else 0.0
                t2 = t2 if math.fabs(t2) > _FLUSH else 0.0
            x, u = pair[0, i], pair[1, i]
            y, v = b0 * x + s1, b0 * u + t1
            s1, t1 = (b1 * x + s2) - a1 * y, (b1 * u + t2) - a1 * v
            s2, t2 = b2 * x - a2 * y, b2 * u - a2 * v
            pair[0, i], pair[1, i] = y, v
        state[n, 0], state[n, 1], state[n, 2], state[n, 3] = s1, s2, t1, t2
