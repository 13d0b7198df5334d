"""How low a compressor has to begin to take so much off a track: tried out on its own envelope."""

from __future__ import annotations

import math
from collections.abc import Generator
from dataclasses import dataclass, replace

import numpy as np

from assistant.dsp.compressor import Compressor, Reduction
from assistant.dsp.peak_hold import HOLD_SECONDS, Levels
from assistant.material import Audio

__all__ = ["PEAKS_PER_SECOND", "duck", "lost_under", "peak_levels", "squeeze"]

PEAKS_PER_SECOND = 200  # finer than any attack that is set here
BLOCK_SECONDS = 10
LOWEST_DB, HIGHEST_DB = -60.0, -1.0  # of thresholds
TRIES = 16  # halvings: to a thousandth of a dB
STEADY_PLR, LIVELY_PLR = 8.0, 16.0  # true peak over loudness: no need to squeeze, and all of it
STROKE = 95.0  # percentile of what sounds: the peak of a usual stroke
_DUCKING = Compressor(0.0, ratio=4.0, attack_ms=5.0, release_ms=90.0)


@dataclass(frozen=True, slots=True)
class Squeeze:
    """A compressor, and what it comes to.

    Parameters
    ----------
    compressor : Compressor
        With the make-up that leaves the track as loud as it was.
    taken_db : float
        By how much it turns the track down before that, weighed by power.
    """

    compressor: Compressor
    taken_db: float


def peak_levels(audio: Audio) -> Generator[float, None, Levels]:
    """Follow the peaks of a track as a compressor does.

    Parameters
    ----------
    audio : Audio
        Finite. May be memory-mapped: it is read in blocks.

    Yields
    ------
    float
        Share that is done.

    Returns
    -------
    ndarray of float64, shape (steps,)
        Linear, held for 12.5 ms, two hundred a second.
    """
    step = max(1, round(audio.rate / PEAKS_PER_SECOND))
    found = []
    block_frames = step * PEAKS_PER_SECOND * BLOCK_SECONDS
    for start, block in audio.blocks(block_frames):
        heads = np.arange(0, block.shape[1], step)
        highest = np.maximum(block.max(axis=0), -block.min(axis=0))
        found.append(np.maximum.reduceat(highest, heads))
        yield min(1.0, (start + block_frames) / audio.frames)
    peaks = np.concatenate(found).astype(np.float64) if found else np.zeros(0)
    held = peaks.copy()
    for late in range(1, 1 + round(HOLD_SECONDS * PEAKS_PER_SECOND)):
        held[late:] = np.maximum(held[late:], peaks[:-late])
    return held


def squeeze(
    peaks: Levels, wanted: Compressor, most_db: float, peak_to_loudness: float
) -> Squeeze | None:
    """Find the threshold at which a compressor takes so much off.

    Parameters
    ----------
    peaks : ndarray of float64, shape (steps,)
        From `peak_levels`, at the place of the compressor.
    wanted : Compressor
        Its ratio, attack and release.
    most_db : float
        What it is to take where the track is as lively as it comes.
    peak_to_loudness : float
        Of the track, in LU: the less, the less is taken, and nothing from what is steady.

    Returns
    -------
    Squeeze or None
        None where a half dB is not worth a compressor.
    """
    lively = (peak_to_loudness - STEADY_PLR) / (LIVELY_PLR - STEADY_PLR)
    target_db = most_db * min(max(lively, 0.0), 1.0)
    if target_db < 0.5 or not peaks.any():
        return None
    low, high = LOWEST_DB, HIGHEST_DB
    for _ in range(TRIES):
        middle = 0.5 * (low + high)
        taken = _taken_db(peaks, replace(wanted, threshold_db=middle))
        low, high = (middle, high) if taken > target_db else (low, middle)
    threshold_db = round(high, 1)
    taken = _taken_db(peaks, replace(wanted, threshold_db=threshold_db))
    made = replace(wanted, threshold_db=threshold_db, makeup_db=round(taken, 1))
    return Squeeze(made, taken) if taken >= 0.5 else None


def duck(peaks: Levels, by_db: float) -> Compressor:
    """Set up a compressor that goes by the strokes of another track.

    Parameters
    ----------
    peaks : ndarray of float64, shape (steps,)
        Of that track, from `peak_levels`; it sounds somewhere.
    by_db : float
        How far a usual stroke is to turn down what is compressed.

    Returns
    -------
    Compressor
        Fast, and back before the next stroke.
    """
    loud = peaks[peaks > 0.1 * peaks.max()]
    stroke_db = 20.0 * math.log10(float(np.percentile(loud, STROKE)))
    threshold_db = stroke_db - by_db / (1.0 - 1.0 / _DUCKING.ratio)
    return replace(_DUCKING, threshold_db=round(min(max(threshold_db, -80.0), 0.0), 1))


def lost_under(compressor: Compressor, key: Levels, peaks: Levels, later: int) -> float:
    """Tell what a track loses where it goes down under the strokes of another one.

    Parameters
    ----------
    compressor : Compressor
        From `duck`.
    key, peaks : ndarray of float64, shape (steps,)
        Of the track with the strokes, and of the one that goes down, from `peak_levels`.
    later : int
        Steps by which the second begins after the first.

    Returns
    -------
    float
        Of its power, in dB: 0.0 where it does not go down, or does not sound.
    """
    gains = Reduction(compressor, PEAKS_PER_SECOND).gains(key)
    here = np.ones(len(peaks))
    first, last = max(0, -later), min(len(peaks), len(key) - later)
    if first < last:
        here[first:last] = gains[first + later : last + later]
    power = np.square(peaks)
    if not power.any():
        return 0.0
    return -10.0 * math.log10(float((power * np.square(here)).sum() / power.sum()))


def _taken_db(peaks: Levels, compressor: Compressor) -> float:
    gains = Reduction(compressor, PEAKS_PER_SECOND).gains(peaks)
    before, after = float(np.square(peaks).sum()), float(np.square(peaks * gains).sum())
    return 10.0 * math.log10(before / after)
