"""Loudness as the EBU measures it: ITU-R BS.1770-5, EBU Tech 3341 and Tech 3342.

Everything is told from the `energies` of hops of 10 ms. The gating blocks of integrated loudness
follow each other every 100 ms, as the standard has it; momentary and short-term loudness slide by
10 ms, so that their maxima are found wherever they fall. Only whole blocks count: a sound under
400 ms has no integrated and no momentary loudness, one under 3 s no short-term loudness and no
range. There, as in silence, loudness reads minus infinity and the range 0.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.dsp.kweighting import HOPS_PER_SECOND, Energies, energies, energies_with_gain
from assistant.dsp.truepeak import sample_peak, true_peak
from assistant.errors import MaterialError
from assistant.material import Audio

__all__ = [
    "Loudness",
    "energies",
    "energies_with_gain",
    "integrated",
    "loudness_range",
    "measure",
    "momentary",
    "short_term",
]

BLOCK = HOPS_PER_SECOND * 4 // 10  # 400 ms, in hops
SHORT_TERM = HOPS_PER_SECOND * 3
STEP = HOPS_PER_SECOND // 10  # from one gating block to the next

SILENCE_GATE_LUFS = -70.0
QUIET_GATE_LU = -10.0
QUIET_GATE_RANGE_LU = -20.0


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
    peak = sample_peak(audio.samples)
    if not math.isfinite(peak):
        raise MaterialError("The audio holds samples that are no numbers (NaN or infinite).")
    heard = energies(audio.samples, audio.rate)
    return Loudness(
        integrated=integrated(heard),
        short_term_max=float(short_term(heard).max(initial=-math.inf)),
        momentary_max=float(momentary(heard).max(initial=-math.inf)),
        loudness_range=loudness_range(heard),
        true_peak=_decibels(true_peak(audio.samples)),
        sample_peak=_decibels(peak),
    )


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
    blocks = _gated(_means(heard, BLOCK)[::STEP], QUIET_GATE_LU)
    return float(_lufs(blocks.mean())) if blocks.size else -math.inf


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
    return _lufs(_means(heard, BLOCK))


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
    return _lufs(_means(heard, SHORT_TERM))


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
    blocks = np.sort(_gated(_means(heard, SHORT_TERM)[::STEP], QUIET_GATE_RANGE_LU))
    if not blocks.size:
        return 0.0
    low, high = (blocks[round((blocks.size - 1) * part)] for part in (0.10, 0.95))
    return float(_lufs(high) - _lufs(low))


def _means(heard: Energies, hops: int) -> Energies:
    """Average each run of as many hops."""
    total = np.concatenate([[0.0], np.cumsum(heard)])
    return np.asarray((total[hops:] - total[:-hops]) / hops)


def _gated(blocks: Energies, quiet_lu: float) -> Energies:
    """Keep the blocks above both gates, the second one relative to what passed the first."""
    blocks = blocks[blocks > _energy(SILENCE_GATE_LUFS)]
    if not blocks.size:
        return blocks
    return np.asarray(blocks[blocks > blocks.mean() * 10.0 ** (quiet_lu / 10.0)])


def _energy(lufs: float) -> float:
    return float(10.0 ** ((lufs + 0.691) / 10.0))


def _lufs(energy: Energies) -> NDArray[np.float64]:
    with np.errstate(divide="ignore"):
        return np.asarray(10.0 * np.log10(energy) - 0.691)


def _decibels(linear: float) -> float:
    return 20.0 * math.log10(linear) if linear > 0.0 else -math.inf
