"""Where notes and strokes begin in a sound, which bands they rise in, and how long they last.

What is told of an onset is what it adds to what sounded just before, so that a hum, a rumble or a
held chord below it tells nothing. Strength of onsets as rise of compressed band powers, after
Klapuri, "Sound onset detection by applying psychoacoustic knowledge", ICASSP 1999.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy import fft

from assistant.dsp.mono import mono_weights
from assistant.dsp.windows import window_frames
from assistant.material import Audio, Samples

__all__ = ["EDGES_HZ", "HOPS_PER_SECOND", "OnsetShapes", "onset_shapes"]

Array: TypeAlias = NDArray[np.float64]

EDGES_HZ = (50.0, 100.0, 200.0, 400.0, 800.0, 1_600.0, 3_200.0, 6_400.0, 12_800.0, 25_600.0)
HOPS_PER_SECOND = 100
WINDOW_SECONDS = 0.023
STRETCH = 3_000  # hops looked at together
MARGIN = 60  # hops around them, so that an onset at their edge is heard as any other
BATCH = 64  # windows transformed at once

FLOOR = 1e-6  # of the power of what is loud: a rise from under it is none
STEP = 3  # hops over which a band rises
LEAST_RISE = 0.12  # of all that sounds, compressed
OVER_MEAN = 1.8  # and over what is usual around it
AROUND = 25  # hops that tell what is usual
APART = 4  # hops to the next onset at least
COMPRESSION = 0.25
LATER = slice(12, 17)  # hops after an onset, where it is told how much is left of it


@dataclass(frozen=True, eq=False)
class OnsetShapes:
    """The onsets of a sound.

    Parameters
    ----------
    times : ndarray of float64, shape (onsets,)
        In seconds.
    rises : ndarray of float64, shape (onsets,)
        Share of all that sounds, loudness-like, that is new: 0.12 to about 1.
    powers : ndarray of float64, shape (onsets, 9)
        What each adds in power to each octave (`EDGES_HZ`), 50 ms after it against 50 ms before.
        Below 0.0 where something else dies away; means tell more than single ones.
    left_db : ndarray of float64, shape (onsets,)
        Level 120 to 170 ms after against the first 50 ms, in dB.
    """

    times: Array
    rises: Array
    powers: Array
    left_db: Array

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self.times)


def onset_shapes(audio: Audio, loud: float) -> Generator[float, None, OnsetShapes]:
    """Find the onsets of a sound.

    Parameters
    ----------
    audio : Audio
        Finite. May be memory-mapped: it is read in blocks.
    loud : float
        Mean square of where it is loud, above 0.0: the measure of all else, so that gain does not
        matter.

    Yields
    ------
    float
        Share that is done.

    Returns
    -------
    OnsetShapes
        In order of time.
    """
    weights = mono_weights(audio)
    total = int(np.ceil(audio.seconds * HOPS_PER_SECOND))
    found: list[tuple[Array, Array, Array, Array]] = []
    for first in range(0, total, STRETCH):
        last = min(first + STRETCH, total)
        begin = first - MARGIN
        heard = list(_powers(audio, weights, begin, last + MARGIN))
        powers = np.concatenate(heard).astype(np.float64) / loud
        hops, rises = _onsets(powers)
        inside = (hops + begin >= first) & (hops + begin < last)
        found.append(_shapes(powers, hops[inside], rises[inside], begin))
        yield last / total
    joined = [np.concatenate(parts) for parts in zip(*found, strict=True)] if found else _none()
    return OnsetShapes(*joined)


def _none() -> list[Array]:
    return [np.zeros(0), np.zeros(0), np.zeros((0, len(EDGES_HZ) - 1)), np.zeros(0)]


def _powers(audio: Audio, weights: NDArray[np.float32], begin: int, end: int) -> Iterator[Samples]:
    """Tell the power of each octave, hop by hop, shape (hops, 9); outside there is silence."""
    size = window_frames(WINDOW_SECONDS, audio.rate)
    window = np.hanning(size + 1)[:-1].astype(np.float32)
    hertz = np.maximum(np.fft.rfftfreq(size, 1.0 / audio.rate), 1.0)[:, None]
    inside = (hertz >= EDGES_HZ[:-1]) & (hertz < EDGES_HZ[1:])
    scale = 2.0 / (size * float(np.sum(np.square(window, dtype=np.float64))))
    # Differences, twice: else a window so short would show what rumbles at 30 Hz at 80 Hz as well.
    weight = (2.0 * np.sin(np.pi * hertz / audio.rate)) ** -4.0 * scale
    bands = np.where(inside, weight, 0.0).astype(np.float32)
    for first in range(begin, end, BATCH):
        hops = np.arange(first, min(first + BATCH, end))
        starts = hops * audio.rate // HOPS_PER_SECOND - size // 2
        low, high = int(starts[0]) - 2, int(starts[-1]) + size
        row = weights @ audio.samples[:, max(low, 0) : max(high, 0)]
        row = np.pad(row, (min(max(-low, 0), high - low), max(high - max(audio.frames, low), 0)))
        twice = np.diff(row[: high - low], 2)
        frames = np.lib.stride_tricks.sliding_window_view(twice, size)[starts - starts[0]]
        frames *= window
        lines = fft.rfft(frames, axis=1, overwrite_x=True)
        yield (np.square(lines.real) + np.square(lines.imag)) @ bands


def _onsets(powers: Array) -> tuple[NDArray[np.int64], Array]:
    """Return at which hops there are onsets, and how strong they are."""
    squeezed = np.maximum(powers, FLOOR) ** COMPRESSION
    rise = np.zeros(len(powers))
    news = np.maximum(squeezed[STEP:] - squeezed[:-STEP], 0.0).sum(axis=1)
    rise[STEP:] = news / np.maximum(squeezed[STEP:].sum(axis=1), squeezed[:-STEP].sum(axis=1))
    quiet = powers.sum(axis=1) < 1e-4  # 40 dB under what is loud: no note anybody plays to be heard
    rise[quiet] = 0.0
    usual = np.convolve(rise, np.full(2 * AROUND + 1, 1.0 / (2 * AROUND + 1)), "same")
    padded = np.pad(rise, APART)
    near = np.lib.stride_tricks.sliding_window_view(padded, 2 * APART + 1)
    first = rise > near[:, :APART].max(axis=1)
    peak = first & (rise >= near.max(axis=1)) & (rise > LEAST_RISE) & (rise > OVER_MEAN * usual)
    hops = np.flatnonzero(peak)
    return hops, rise[hops]


def _shapes(
    powers: Array, hops: NDArray[np.int64], rises: Array, begin: int
) -> tuple[Array, Array, Array, Array]:
    """Tell what onsets add, and what is left of them later."""
    near = np.clip(hops[:, None] + np.arange(5), 0, len(powers) - 1)
    before = np.clip(hops[:, None] - STEP - np.arange(1, 6), 0, len(powers) - 1)
    later = np.clip(hops[:, None] + np.arange(LATER.start, LATER.stop), 0, len(powers) - 1)
    early, added = (
        powers[near].mean(axis=1),
        powers[near].mean(axis=1) - powers[before].mean(axis=1),
    )
    told = np.maximum(added, 0.0)  # by the bands in which it rose, what is left of it
    whole = np.maximum((told * early).sum(axis=1), 1e-30)
    left = np.maximum((told * powers[later].mean(axis=1)).sum(axis=1), 1e-12 * whole)
    return (hops + begin) / HOPS_PER_SECOND, rises, added, 10.0 * np.log10(left / whole)
