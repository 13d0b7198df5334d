"""K-weighting: how much energy of a sound counts towards its loudness, as in ITU-R BS.1770-5.

Two filters in a row, a high shelf for the head and a high-pass for the ear, then the mean square
of each hop, weighted by channel and summed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol, TypeAlias

import numpy as np
from numba import float64, njit, types, void
from numpy.typing import NDArray

from assistant.material import Samples

__all__ = [
    "CHANNEL_WEIGHTS",
    "HOPS_PER_SECOND",
    "Energies",
    "energies",
    "hop_count",
    "hops",
    "k_weighting",
]

Energies: TypeAlias = NDArray[np.float64]


class Gain(Protocol):
    """A gain for each frame, drawn where it is asked for."""

    def __getitem__(self, span: slice, /) -> Samples:
        """Return these frames of it."""


HOPS_PER_SECOND = 100
CHUNK = 200  # hops handed to the kernel at once

# By number of channels, in the order of WAV and FLAC. What stands 60 to 120 degrees to the side
# counts 1.41, the low-frequency channel not at all.
CHANNEL_WEIGHTS = {
    1: (1.0,),
    2: (1.0, 1.0),
    3: (1.0, 1.0, 1.0),  # L R C
    4: (1.0, 1.0, 1.41, 1.41),  # L R Ls Rs
    5: (1.0, 1.0, 1.0, 1.41, 1.41),  # L R C Ls Rs
    6: (1.0, 1.0, 1.0, 0.0, 1.41, 1.41),  # L R C LFE Ls Rs
    7: (1.0, 1.0, 1.0, 0.0, 1.0, 1.41, 1.41),  # L R C LFE, back, sides
    8: (1.0, 1.0, 1.0, 0.0, 1.0, 1.0, 1.41, 1.41),  # L R C LFE, back two, sides
}

# The analogue filters that the table of BS.1770 for 48 kHz comes from.
SHELF_HZ, SHELF_Q = 1681.974450955533, 0.7071752369554196
SHELF_GAIN, SHELF_MIDDLE = 10.0 ** (3.999843853973347 / 20.0), 0.4996667741545416
HIGH_PASS_HZ, HIGH_PASS_Q = 38.13547087602444, 0.5003270373238773

FLUSH = 1e-60  # far below any sound, far above the tiny numbers that a processor is slow with

_ROW = types.Array(types.float32, 1, "C", readonly=True)
_EDGES = types.Array(types.int64, 1, "C", readonly=True)
_NUMBERS = types.Array(types.float64, 1, "C", readonly=True)


def k_weighting(rate: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Design the two filters by the bilinear transform.

    BS.1770 gives the numerator of the high-pass as 1, -2, 1 at 48 kHz, and asks for the same
    response at other rates; so at these the numerator is scaled, which keeps the passband gain.

    Parameters
    ----------
    rate : int
        In Hz.

    Returns
    -------
    shelf, high_pass : ndarray of float64, shape (5,)
        ``b0, b1, b2, a1, a2`` of each, with ``a0`` = 1.
    """
    k = np.tan(np.pi * SHELF_HZ / rate)
    scale = 1.0 + k / SHELF_Q + k * k
    middle = SHELF_GAIN**SHELF_MIDDLE * k / SHELF_Q
    shelf = [
        SHELF_GAIN + middle + k * k,
        2.0 * (k * k - SHELF_GAIN),
        SHELF_GAIN - middle + k * k,
        2.0 * (k * k - 1.0),
        1.0 - k / SHELF_Q + k * k,
    ]
    k = np.tan(np.pi * HIGH_PASS_HZ / rate)
    k_table = np.tan(np.pi * HIGH_PASS_HZ / 48_000)
    gain = 1.0 + k_table / HIGH_PASS_Q + k_table * k_table
    high_pass = [gain, -2.0 * gain, gain, 2.0 * (k * k - 1.0), 1.0 - k / HIGH_PASS_Q + k * k]
    return np.array(shelf) / scale, np.array(high_pass) / (1.0 + k / HIGH_PASS_Q + k * k)


def energies(samples: Samples, rate: int, weights: Sequence[float] | None = None) -> Energies:
    """Measure the K-weighted energy of each hop of 10 ms.

    Parameters
    ----------
    samples : ndarray of float32, shape (channels, frames)
        Finite. May be memory-mapped.
    rate : int
        In Hz.
    weights : sequence of float, optional
        How much each channel counts; by default as `CHANNEL_WEIGHTS` has it.

    Returns
    -------
    ndarray of float64, shape (hops,)
        Weighted sum over channels of the mean square; in dB, less 0.691, it is the loudness in
        LUFS. Hop n runs from frame ``n * rate / 100`` to where hop n + 1 begins, both rounded.
        Whole hops only. Of a sound of hours that is much: walk through its `hops`.
    """
    return np.concatenate([np.zeros(0), *hops(samples, rate, weights=weights)])


def hop_count(frames: int, rate: int) -> int:
    """Tell how many whole hops of 10 ms so many frames have."""
    return ((frames + 1) * HOPS_PER_SECOND - HOPS_PER_SECOND // 2 - 1) // rate


def hops(
    samples: Samples,
    rate: int,
    gain: Gain | None = None,
    weights: Sequence[float] | None = None,
) -> Iterator[Energies]:
    """Walk through what `energies` measures, two seconds at a time.

    Parameters
    ----------
    samples : ndarray of float32, shape (channels, frames)
        Finite. May be memory-mapped.
    rate : int
        In Hz.
    gain : ndarray of float32, shape (frames,), or what gives one for a slice of frames, optional
        What the sound would be turned up by, without making that sound: linear, the same for all
        channels.
    weights : sequence of float, optional
        As in `energies`.

    Yields
    ------
    ndarray of float64, shape (<= 200,)
        Only the last one has fewer.
    """
    channels, frames = samples.shape
    pairs = _pairs(CHANNEL_WEIGHTS[channels] if weights is None else weights)
    shelf, high_pass = k_weighting(rate)
    # The first coefficients of both are left to the end, which saves the kernel some work.
    filters = np.concatenate([shelf[1:3] / shelf[0], shelf[3:], high_pass[3:]])
    power = (shelf[0] * high_pass[0]) ** 2
    count = hop_count(frames, rate)
    state = np.zeros((len(pairs), 2, 4))
    unity = np.ones(CHUNK * (rate // HOPS_PER_SECOND + 1), dtype=np.float32)
    for first in range(0, count, CHUNK):
        edges = _edges(first, min(first + CHUNK, count), rate)
        span = slice(edges[0], edges[-1])
        heard = np.zeros(len(edges) - 1)
        curve = unity if gain is None else np.ascontiguousarray(gain[span])
        for pair, (channel, other, shares) in enumerate(pairs):
            left = np.ascontiguousarray(samples[channel, span])
            right = np.ascontiguousarray(samples[other, span])
            _add(left, right, curve, edges - edges[0], filters, shares, state[pair], heard)
        yield np.asarray(heard * (power * HOPS_PER_SECOND / rate))


def _pairs(weights: Sequence[float]) -> list[tuple[int, int, NDArray[np.float64]]]:
    """Pair up the channels that count; one left over goes with itself, at no weight."""
    heard = [(channel, weight) for channel, weight in enumerate(weights) if weight > 0.0]
    if len(heard) % 2 == 1:
        heard.append((heard[-1][0], 0.0))
    pairs = zip(heard[::2], heard[1::2], strict=True)
    return [(left, right, np.array([one, other])) for (left, one), (right, other) in pairs]


def _edges(first: int, last: int, rate: int) -> NDArray[np.int64]:
    """Return where hops begin, and where the last one ends: rounded to frames, never drifting."""
    places = np.arange(first, last + 1, dtype=np.int64)
    return (places * rate + HOPS_PER_SECOND // 2) // HOPS_PER_SECOND


@njit(
    void(_ROW, _ROW, _ROW, _EDGES, _NUMBERS, _NUMBERS, float64[:, ::1], float64[::1]),
    cache=True,
    nogil=True,
)
def _add(left, right, gain, edges, filters, weights, state, hops):  # type: ignore[no-untyped-def]
    """Add the weighted squares of two channels to each hop, and carry the filters' state on.

    Two channels at once, s and h of the left, t and k of the right, keep the processor busy while
    each waits for its own last value; brackets put the newest value last for the same reason.
    Between hops a state that has died away is set to nothing.
    """
    b1, b2, a1, a2, c1, c2 = filters
    s1, s2, h1, h2 = state[0]
    t1, t2, k1, k2 = state[1]
    for hop in range(hops.shape[0]):
        squares, others = 0.0, 0.0
        rise, climb = h1 - h2, k1 - k2
        for i in range(edges[hop], edges[hop + 1]):
            s0 = (left[i] * gain[i] - a2 * s2) - a1 * s1
            t0 = (right[i] * gain[i] - a2 * t2) - a1 * t1
            h0 = ((s0 + b1 * s1) + (b2 * s2 - c2 * h2)) - c1 * h1
            k0 = ((t0 + b1 * t1) + (b2 * t2 - c2 * k2)) - c1 * k1
            squares += ((h0 - h1) - rise) ** 2
            others += ((k0 - k1) - climb) ** 2
            rise, climb = h0 - h1, k0 - k1
            s2, s1, h2, h1 = s1, s0, h1, h0
            t2, t1, k2, k1 = t1, t0, k1, k0
        hops[hop] += weights[0] * squares + weights[1] * others
        if abs(s1) + abs(s2) + abs(h1) + abs(h2) < FLUSH:
            s1 = s2 = h1 = h2 = 0.0
        if abs(t1) + abs(t2) + abs(k1) + abs(k2) < FLUSH:
            t1 = t2 = k1 = k2 = 0.0
    state[0, 0], state[0, 1], state[0, 2], state[0, 3] = s1, s2, h1, h2
    state[1, 0], state[1, 1], state[1, 2], state[1, 3] = t1, t2, k1, k2
