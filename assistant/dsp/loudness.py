"""Loudness as the EBU measures it: ITU-R BS.1770-5, EBU Tech 3341 and Tech 3342.

Everything is told from the `energies` of hops of 10 ms. The gating blocks of integrated loudness
follow each other every 100 ms, as the standard has it, so the energies of these `tenths` of a
second tell it to the last digit; momentary and short-term loudness slide by 10 ms, so that their
maxima are found wherever they fall. Only whole blocks count: a sound under
400 ms has no integrated and no momentary loudness, one under 3 s no short-term loudness and no
range. There, as in silence, loudness reads minus infinity and the range 0.
"""

from __future__ import annotations

import math
from collections.abc import Generator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.dsp.decibels import decibels
from assistant.dsp.gating import (
    BLOCK,
    SHORT_TERM,
    STEP,
    gated_loudness,
    gated_range,
    lufs,
    means_of,
    tenths_of,
)
from assistant.dsp.kweighting import Energies, Gain, energies, hop_count, hops
from assistant.dsp.truepeak import chunk_peaks, highest_point
from assistant.errors import MaterialError
from assistant.material import Audio, Samples
from assistant.steps import part, result

__all__ = [
    "BLOCK",
    "SHORT_TERM",
    "Loudness",
    "Sliding",
    "energies",
    "gated_loudness",
    "integrated",
    "loudness_range",
    "lufs",
    "measure",
    "metering",
    "momentary",
    "short_term",
    "tenths",
    "tenths_of",
]


@dataclass(frozen=True, slots=True)
class Loudness:
    """What a meter says about a whole programme.

    Parameters
    ----------
    integrated, short_term_max, momentary_max : float
        In LUFS; minus infinity in silence, and where the programme is shorter than one block.
    loudness_range : float
        In LU.
    true_peak : float
        In dBTP, found at eight times the rate.
    sample_peak : float
        In dBFS.
    """

    integrated: float
    short_term_max: float
    momentary_max: float
    loudness_range: float
    true_peak: float
    sample_peak: float


def measure(audio: Audio) -> Loudness:
    """Measure a whole programme.

    Parameters
    ----------
    audio : Audio
        Channels in the order of WAV and FLAC. May be memory-mapped: it is read in blocks.

    Returns
    -------
    Loudness
        Never NaN.

    Raises
    ------
    MaterialError
        Where a sample is NaN or infinite.
    """
    return result(metering(audio))


def metering(audio: Audio) -> Generator[float, None, Loudness]:
    """Measure a whole programme, and tell how far it is; in memory that hours do not fill.

    Parameters
    ----------
    audio : Audio
        As in `measure`.

    Yields
    ------
    float
        Share that is done.

    Returns
    -------
    Loudness
        As `measure` says it.

    Raises
    ------
    MaterialError
        Where a sample is NaN or infinite.
    """
    peaks = yield from part(chunk_peaks(audio.samples), 0.0, 0.1)
    peak = float(peaks.max(initial=0.0))
    if not math.isfinite(peak):
        raise MaterialError("The audio holds samples that are no numbers (NaN or infinite).")
    momentary_max, short_term_max = Sliding(BLOCK), Sliding(SHORT_TERM)
    walk = _walk(audio.samples, audio.rate, None, (momentary_max, short_term_max))
    heard = yield from part(walk, 0.1, 0.6)
    highest = yield from part(highest_point(audio.samples, peaks=peaks), 0.7, 0.3)
    return Loudness(
        integrated=gated_loudness(heard),
        short_term_max=float(lufs(short_term_max.highest)),
        momentary_max=float(lufs(momentary_max.highest)),
        loudness_range=gated_range(heard),
        true_peak=decibels(highest),
        sample_peak=decibels(peak),
    )


class Sliding:
    """The mean energy of so many hops in a row, while hops come in.

    Parameters
    ----------
    width : int
        Hops.

    Attributes
    ----------
    highest : float
        Mean so far.
    """

    def __init__(self, width: int) -> None:
        self._width = width
        self._last = np.zeros(0)
        self.highest = 0.0

    def add(self, heard: Energies) -> Energies:
        """Take hops, and return the means that end with one of these."""
        known = np.concatenate([self._last, heard])
        means = means_of(known, self._width)
        self._last = known[max(0, len(known) - self._width + 1) :]
        self.highest = max(self.highest, float(means.max(initial=0.0)))
        return means


def tenths(
    samples: Samples, rate: int, gain: Gain | None = None
) -> Generator[float, None, Energies]:
    """Measure the K-weighted energy of each tenth of a second.

    Parameters
    ----------
    samples, rate, gain
        As in `assistant.dsp.kweighting.hops`.

    Yields
    ------
    float
        Share that is done.

    Returns
    -------
    ndarray of float64, shape (tenths,)
        Whole tenths only: 3 MB for ten hours.
    """
    return (yield from _walk(samples, rate, gain, ()))


def integrated(heard: Energies) -> float:
    """Tell the loudness of the whole, quiet passages left out (BS.1770-5).

    Parameters
    ----------
    heard : ndarray of float64, shape (hops,)
        From `energies`.

    Returns
    -------
    float
        In LUFS; minus infinity where no block of 400 ms lies above -70 LUFS.
    """
    return gated_loudness(tenths_of(heard))


def momentary(heard: Energies) -> NDArray[np.float64]:
    """Tell the loudness of each 400 ms, every 10 ms (Tech 3341).

    Parameters
    ----------
    heard : ndarray of float64, shape (hops,)
        From `energies`.

    Returns
    -------
    ndarray of float64, shape (hops - 39,)
        In LUFS, not gated; the first one covers hops 0 to 39. Empty where there are fewer.
    """
    return lufs(means_of(heard, BLOCK))


def short_term(heard: Energies) -> NDArray[np.float64]:
    """Tell the loudness of each 3 s, every 10 ms (Tech 3341).

    Parameters
    ----------
    heard : ndarray of float64, shape (hops,)
        From `energies`.

    Returns
    -------
    ndarray of float64, shape (hops - 299,)
        In LUFS, not gated; the first one covers hops 0 to 299. Empty where there are fewer.
    """
    return lufs(means_of(heard, SHORT_TERM))


def loudness_range(heard: Energies) -> float:
    """Tell how far quiet and loud passages lie apart (Tech 3342).

    Parameters
    ----------
    heard : ndarray of float64, shape (hops,)
        From `energies`.

    Returns
    -------
    float
        In LU: from the 10th to the 95th percentile of the short-term loudness every 100 ms; 0
        where no 3 s lie above -70 LUFS.
    """
    return gated_range(tenths_of(heard))


def _walk(
    samples: Samples, rate: int, gain: Gain | None, others: tuple[Sliding, ...]
) -> Generator[float, None, Energies]:
    """Keep the tenths of a sound, and let others hear its hops."""
    count = hop_count(samples.shape[1], rate)
    found, filled = np.empty(count // STEP), 0
    for heard in hops(samples, rate, gain):
        for other in others:
            other.add(heard)
        made = tenths_of(heard)
        found[filled : filled + len(made)] = made
        filled += len(made)
        yield min(1.0, (filled + 1) * STEP / count)
    return found
