"""The fundamental of one voice every 5 ms, to cents, from a coarse track of it.

Three steps, the first two over the sound, block by block: octave slips of the coarse track are
mended, the period is measured near what it says, and both are drawn into one curve. A frame is
voiced only where the tracker and the sound itself say so.
"""

from __future__ import annotations

from collections.abc import Generator

import numpy as np
from numpy.typing import NDArray

from assistant.dsp import f0
from assistant.dsp.f0 import F0Track
from assistant.dsp.f0_lags import REACH_SECONDS, best_periods
from assistant.dsp.f0_slips import RATIOS, mended
from assistant.dsp.f0_smoothing import fused
from assistant.dsp.levels import frame_levels
from assistant.dsp.mono import mono_weights, resampled_mono
from assistant.material import Audio
from assistant.steps import part

__all__ = ["HOP_SECONDS", "mend", "refine", "runs", "sharpen"]

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]

HOP_SECONDS = 0.005

_RATE_HZ = 12_000  # what lies above is more breath than voice
_SPAN_CENTS = 80.0
_WORTH = 0.2  # confidence from which a coarse frame tells of pitch
_MENDING = 0.4  # of the work
# A voiced stretch reaches the first and keeps to the second: shares of how well a voice can repeat
# that is so much louder than the noise, and no less than the third
_REPEATS, _STILL_REPEATS, _LEAST_REPEATS = 0.7, 0.45, 0.15
_FLOOR, _FEWEST = 0.1, 20  # quantile of the frames without a voice, and how many there must be
_SHORTEST_FRAMES = 6  # 30 ms
_GAP_FRAMES = 3  # the tracker being sure
_QUIET_DB, _SILENT_DB = 50.0, -110.0  # under the loudest frame; of full scale
_REACH = round(REACH_SECONDS * _RATE_HZ)  # samples
_BEYOND = 1.1  # of the range: where it is of use to look
_GOES_ON = 0.125  # octaves from a frame to the next
_NO_PITCH_HZ = 220.0  # where nothing is voiced
_CERTAIN, _DOUBTFUL = 0.5, 0.49  # confidence: at least, at most


def refine(
    audio: Audio,
    coarse: F0Track,
    lowest_hz: float = f0.LOWEST_HZ,
    highest_hz: float = f0.HIGHEST_HZ,
) -> Generator[float, None, F0Track]:
    """Refine the track of a voice to 5 ms and to cents.

    Parameters
    ----------
    audio : Audio
        The voice.
    coarse : F0Track
        Its track: see `assistant.dsp.f0.track`.
    lowest_hz, highest_hz : float
        What the voice can sing; a semitone beyond is let through.

    Yields
    ------
    float
        Share of the work that is done, rising to 1.0.

    Returns
    -------
    F0Track
        A frame every 5 ms from 0.0 on. Where it is not voiced the pitch is drawn between those of
        the voiced stretches around, and the confidence is below 0.5.
    """
    mending = mend(audio, coarse, lowest_hz, highest_hz)
    coarse = yield from part(mending, 0.0, _MENDING)
    return (yield from part(sharpen(audio, coarse), _MENDING, 1.0 - _MENDING))


def mend(
    audio: Audio,
    coarse: F0Track,
    lowest_hz: float = f0.LOWEST_HZ,
    highest_hz: float = f0.HIGHEST_HZ,
    weights: NDArray[np.float32] | None = None,
) -> Generator[float, None, F0Track]:
    """Mend the octave slips of a coarse track: the first part of `refine`, with the same words.

    `weights` are those of `mono_weights`, where they are known.
    """
    wanted = coarse.hz[:, None] * RATIOS
    wanted[~coarse.voiced] = np.nan
    wanted[(wanted < lowest_hz / _BEYOND) | (wanted > highest_hz * _BEYOND)] = np.nan
    search = _Search(coarse.times, wanted)
    for done, block in resampled_mono(audio, _RATE_HZ, weights):
        search.push(block)
        yield done
    repeats = search.finish()[1]
    del search, wanted  # of an hour they are large
    return mended(coarse, repeats, lowest_hz, highest_hz)


def sharpen(
    audio: Audio, coarse: F0Track, weights: NDArray[np.float32] | None = None
) -> Generator[float, None, F0Track]:
    """Measure a voice near a coarse track of it: the second part of `refine`, without octaves.

    `weights` are those of `mono_weights`, where they are known.
    """
    weights = mono_weights(audio) if weights is None else weights
    frames = int(np.ceil(audio.seconds / HOP_SECONDS))
    # One after the other, and anew rather than kept: of an hour each of these arrays is large
    level_db = frame_levels(audio, HOP_SECONDS, weights)
    times: Array = np.arange(frames, dtype=np.float64)
    times *= HOP_SECONDS
    sure = np.interp(times, coarse.times, coarse.confidence) if coarse.times.size else 0.0 * times
    guess = _drawn(times, coarse.times, coarse.hz, _worth(coarse))
    guess[sure < f0.VOICED] = np.nan
    search = _Search(times, guess[:, None])
    for done, block in resampled_mono(audio, _RATE_HZ, weights):
        search.push(block)
        yield done
    hz, repeats = (found[:, 0] for found in search.finish())
    voiced = _voiced(sure, repeats, level_db)
    del search, guess
    curve = _drawn(times, coarse.times, coarse.hz, _worth(coarse))
    _draw(curve, hz, repeats, voiced)
    del hz
    confidence = _confidence(sure, repeats, voiced)
    del sure, repeats
    return F0Track(times, _drawn(times, times, curve, voiced), confidence, level_db, HOP_SECONDS)


def runs(flags: Flags) -> list[tuple[int, int]]:
    """List the stretches that are true: first frame, and the frame after the last."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], flags, [False])).astype(np.int8)))
    return list(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True))


class _Search:
    """Looks for the periods of the frames of a stream, each near some guesses; NaN is none.

    What it finds takes the place of the guesses.
    """

    def __init__(self, times: Array, guesses: Array) -> None:
        self._times = times
        self._hz = guesses
        self._repeats = np.zeros(guesses.shape)
        self._done = 0
        self._rest = np.zeros(_REACH, dtype=np.float32)
        self._base = -_REACH  # sample that the rest begins with

    def push(self, block: NDArray[np.float32]) -> None:
        """Take a block; look at the frames that it completes."""
        self._rest = np.concatenate((self._rest, block))
        end = self._base + self._rest.size - _REACH
        last = int(np.searchsorted(self._times, end / _RATE_HZ, "right"))
        here = slice(self._done, max(last, self._done))
        middles = self._times[here] * _RATE_HZ - self._base
        for hz, repeats in zip(self._hz[here].T, self._repeats[here].T, strict=True):
            wanted = ~np.isnan(hz)
            hz[wanted], repeats[wanted] = best_periods(
                self._rest, _RATE_HZ, middles[wanted], hz[wanted], _SPAN_CENTS
            )
            hz[~wanted] = 1.0
        self._done = here.stop
        keep = max(0, end - _REACH - 1 - self._base)
        self._rest = self._rest[keep:]
        self._base += keep

    def finish(self) -> tuple[Array, Array]:
        """Return the fundamental of each frame, and how well the sound repeats there."""
        while self._done < self._times.size:
            self.push(np.zeros(_REACH, dtype=np.float32))
        return self._hz, self._repeats


def _worth(coarse: F0Track) -> Flags:
    """Tell which frames tell of pitch: the voiced, and what goes on from them."""
    voiced = coarse.voiced
    if coarse.times.size < 2:
        return voiced
    near = np.abs(np.diff(np.log2(coarse.hz))) < _GOES_ON
    beside = np.zeros(voiced.size, dtype=np.bool_)
    beside[1:] |= voiced[:-1] & near
    beside[:-1] |= voiced[1:] & near
    return np.asarray(voiced | (beside & (coarse.confidence >= _WORTH)))


def _drawn(times: Array, known: Array, hz: Array, which: Flags) -> Array:
    """Draw the pitch through some frames, as a line between two of them."""
    if not which.any():
        return np.full(times.size, _NO_PITCH_HZ)
    heights = hz[which]
    drawn = np.interp(times, known[which], np.log2(heights, out=heights))
    return np.asarray(np.exp2(drawn, out=drawn))


def _voiced(sure: Array, repeats: Array, level_db: Array) -> Flags:
    """Tell which frames are voiced: where the tracker is sure and the sound repeats."""
    loudest = float(level_db.max(initial=_SILENT_DB))
    may_be = (sure >= f0.VOICED) & (level_db > max(loudest - _QUIET_DB, _SILENT_DB))
    noise_db = _noise_db(sure, level_db)
    least = _can_repeat(level_db, noise_db)
    least *= _STILL_REPEATS
    holds = may_be & (repeats >= np.maximum(least, _LEAST_REPEATS, out=least))
    del least
    for first, last in runs(may_be & ~holds):
        inside = first and last < holds.size and holds[first - 1] and holds[last]
        if inside and last - first <= _GAP_FRAMES:
            holds[first:last] = True
    for first, last in runs(holds):
        full = _REPEATS * _can_repeat(level_db[first:last], noise_db)
        if last - first < _SHORTEST_FRAMES or not (repeats[first:last] >= full).any():
            holds[first:last] = False
    return holds


def _noise_db(sure: Array, level_db: Array) -> float:
    """Tell how loud the noise is: as what sounds where there is no voice; else none is known."""
    without = level_db[sure < f0.VOICED]
    if without.size < _FEWEST:
        return -np.inf
    return float(np.quantile(without, _FLOOR, overwrite_input=True))


def _can_repeat(level_db: Array, noise_db: float) -> Array:
    """Tell how well a voice can repeat beside the noise: its share of the power of each frame."""
    share = noise_db - level_db
    share /= 10.0
    np.subtract(1.0, np.power(10.0, share, out=share), out=share)
    return np.clip(share, 0.0, 1.0, out=share)


def _draw(curve: Array, hz: Array, repeats: Array, voiced: Flags) -> None:
    """Draw one curve through what the coarse track says and what was measured, in its place."""
    for first, last in runs(voiced):
        coarse, fine = (1200.0 * np.log2(each[first:last]) for each in (curve, hz))
        curve[first:last] = np.exp2(fused(coarse, fine, repeats[first:last]) / 1200.0)


def _confidence(sure: Array, repeats: Array, voiced: Flags) -> Array:
    """Tell how sure each frame is: from one half on where it is voiced, else less.

    `repeats` is used up.
    """
    confidence = 0.5 * repeats
    confidence += 0.5
    confidence *= sure
    np.clip(confidence, _CERTAIN, 1.0, out=confidence)
    repeats *= sure
    np.minimum(repeats, _DOUBTFUL, out=repeats)
    np.copyto(confidence, repeats, where=~voiced)
    return confidence
