"""Loudness, peaks and gain over time, in as many steps as a picture can show.

What is shown of each step is its loudest, its highest or its lowest moment: a peak that lasts a
millisecond is seen in a picture of an hour.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.dsp.kweighting import HOPS_PER_SECOND, hop_count, hops
from assistant.dsp.limiter import GainCurve
from assistant.dsp.loudness import BLOCK, SHORT_TERM, Sliding, lufs
from assistant.dsp.third_octaves import Spectrum
from assistant.dsp.truepeak import peak_curve
from assistant.material import Audio
from assistant.steps import part

__all__ = [
    "STEPS",
    "OverTime",
    "Sketch",
    "gain_over_time",
    "loudness_over_time",
    "peaks_over_time",
    "sketch",
]

STEPS = 560  # at most, over the whole sound
OVERSAMPLING = 4
BLOCK_FRAMES = 1 << 18
MARGIN_FRAMES = 32  # more than an interpolated point depends on to either side


@dataclass(frozen=True, eq=False)
class OverTime:
    """Something that changes over a sound.

    Parameters
    ----------
    times : ndarray of float64, shape (steps,)
        Middle of each step, in seconds; rises.
    values : ndarray of float64, shape (steps,)
        In dB; minus infinity where there is nothing.
    """

    times: NDArray[np.float64]
    values: NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Sketch:
    """What is drawn of a sound.

    Parameters
    ----------
    seconds : float
        How long it is.
    integrated : float
        In LUFS.
    loudness, peaks : OverTime
        In LUFS and dBTP.
    spectrum : Spectrum
        Of all of it.
    """

    seconds: float
    integrated: float
    loudness: OverTime
    peaks: OverTime
    spectrum: Spectrum


def sketch(audio: Audio, spectrum: Spectrum, integrated: float) -> Generator[float, None, Sketch]:
    """Measure what is drawn of a sound.

    Parameters
    ----------
    audio : Audio
        Finite. May be memory-mapped: it is read in blocks.
    spectrum : Spectrum
        Of it, from `assistant.dsp.third_octaves.listen`.
    integrated : float
        Of it, in LUFS.

    Yields
    ------
    float
        Share that is done.

    Returns
    -------
    Sketch
        As small for an hour as for a minute.
    """
    loudness = yield from part(loudness_over_time(audio), 0.0, 0.3)
    peaks = yield from part(peaks_over_time(audio), 0.3, 0.7)
    return Sketch(audio.seconds, integrated, loudness, peaks, spectrum)


def loudness_over_time(audio: Audio, steps: int = STEPS) -> Generator[float, None, OverTime]:
    """Tell how loud a sound is over time.

    Parameters
    ----------
    audio : Audio
        Finite. May be memory-mapped: it is read in blocks.
    steps : int
        At most so many.

    Yields
    ------
    float
        Share that is done.

    Returns
    -------
    OverTime
        Highest short-term loudness in each step, in LUFS, at the middle of its 3 s; of a sound
        under 3 s momentary loudness; empty under 0.4 s.
    """
    count = hop_count(audio.frames, audio.rate)
    window = SHORT_TERM if count >= SHORT_TERM else BLOCK
    edges = _edges(max(0, count - window + 1), steps)
    highest, sliding, start = np.zeros(len(edges) - 1), Sliding(window), 0
    for heard in hops(audio.samples, audio.rate):
        means = sliding.add(heard)
        _keep_highest(highest, edges, start, means)
        start += len(means)
        yield min(1.0, (start + window) / count)
    times = (_middles(edges) - 0.5 + window / 2.0) / HOPS_PER_SECOND
    return OverTime(times, lufs(highest))


def peaks_over_time(audio: Audio, steps: int = STEPS) -> Generator[float, None, OverTime]:
    """Tell how high the waveform goes over time.

    Parameters
    ----------
    audio : Audio
        Finite. May be memory-mapped: it is read in blocks.
    steps : int
        At most so many.

    Yields
    ------
    float
        Share that is done.

    Returns
    -------
    OverTime
        Highest true peak in each step, in dBTP, at four times the rate: for a picture, up to half
        a decibel low at the top of the spectrum.
    """
    edges = _edges(audio.frames, steps)
    highest = np.zeros(len(edges) - 1)
    for start in range(0, audio.frames, BLOCK_FRAMES):
        stop = min(start + BLOCK_FRAMES, audio.frames)
        _keep_highest(highest, edges, start, _peaks(audio, start, stop))
        yield stop / audio.frames
    return OverTime(_middles(edges) / audio.rate, _decibels(highest))


def gain_over_time(gain: GainCurve, rate: int, steps: int = STEPS) -> OverTime:
    """Tell what a limiter takes away over time.

    Parameters
    ----------
    gain : GainCurve
        Of a limiter.
    rate : int
        In Hz.
    steps : int
        At most so many.

    Returns
    -------
    OverTime
        Lowest gain in each step, in dB; 0 where nothing is taken away.
    """
    edges = _edges(len(gain.knots), steps)
    lowest = np.array([float(gain.knots[first:last].min()) for first, last in pairwise(edges)])
    return OverTime(_middles(edges) * gain.cell / rate, _decibels(lowest))


def _peaks(audio: Audio, start: int, stop: int) -> NDArray[np.float32]:
    """Return how high the waveform goes around each frame of a block."""
    first, last = max(0, start - MARGIN_FRAMES), min(audio.frames, stop + MARGIN_FRAMES)
    curve = np.zeros(last - first, dtype=np.float32)
    peak_curve(audio.samples[:, first:last], OVERSAMPLING, curve)
    return curve[start - first : stop - first]


def _keep_highest(
    highest: NDArray[np.float64], edges: NDArray[np.int64], start: int, values: NDArray[Any]
) -> None:
    """Raise each step to the highest of the values that lie in it; these begin at a place."""
    if not values.size:
        return
    first, last = np.searchsorted(edges, [start, start + len(values) - 1], side="right") - 1
    heads = np.maximum(edges[first : last + 1], start) - start
    found = np.maximum.reduceat(values, heads)
    highest[first : last + 1] = np.maximum(highest[first : last + 1], found)


def _edges(count: int, steps: int) -> NDArray[np.int64]:
    """Share out so many values, as evenly as whole numbers allow."""
    shares = min(count, steps)
    return np.arange(shares + 1, dtype=np.int64) * count // max(1, shares)


def _middles(edges: NDArray[np.int64]) -> NDArray[np.float64]:
    return np.asarray((edges[:-1] + edges[1:]) / 2.0)


def _decibels(linear: NDArray[np.float64]) -> NDArray[np.float64]:
    with np.errstate(divide="ignore"):
        return np.asarray(20.0 * np.log10(linear))
