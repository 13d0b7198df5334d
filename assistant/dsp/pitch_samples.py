"""Whether one voice sounds, where its pitch lies and how it moves: an estimate from samples.

A few hundred short windows tell it of a sound of any length. The pitch is found by the
autocorrelation of a compressed spectrum (Tolonen and Karjalainen, "A computationally efficient
multipitch analysis model", IEEE Trans. Speech and Audio Processing 8(6), 2000).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy import fft

from assistant.material import Audio, Samples

__all__ = ["PitchSamples", "pitch_samples"]

Array: TypeAlias = NDArray[np.float64]

WINDOW_SECONDS = 0.093
HOP_SECONDS = 0.02
RUN = 10  # windows in a row, so that a pitch is seen to move
RUNS = 60  # over the whole sound
RANGE_HZ = (35.0, 1_200.0)
HEARD_HZ = (70.0, 4_000.0)  # the overtones tell a lower pitch; under it lies what rumbles
VOICED = 0.55  # peak of the autocorrelation
NEAR = 0.9  # of the highest peak: the first one that comes so close is the pitch
STEADY_CENTS = 120.0  # what changes more from window to window is another note
FAINT = 1e-4  # of the power of the loudest windows


@dataclass(frozen=True, slots=True)
class PitchSamples:
    """What a few hundred windows tell of the pitch.

    Parameters
    ----------
    voiced : float
        Share of the windows with sound in which one pitch explains what sounds, 0.0 to 1.0.
    low_hz, middle_hz, high_hz : float
        The 5th, 50th and 95th percentile of these pitches; 0.0 where there are none.
    moving_cents : float
        How far the pitch moves within a held note, from window to window (20 ms), median: near 0
        for keys and plucked strings, several cents for a voice.
    """

    voiced: float
    low_hz: float
    middle_hz: float
    high_hz: float
    moving_cents: float


def pitch_samples(audio: Audio, active_seconds: Array) -> PitchSamples:
    """Take samples of the pitch.

    Parameters
    ----------
    audio : Audio
        Finite. May be memory-mapped: little of it is read.
    active_seconds : ndarray of float64
        Where it sounds: samples are taken evenly from these times.

    Returns
    -------
    PitchSamples
        All 0.0 where nothing sounds.
    """
    runs = [_run(audio, start) for start in _starts(active_seconds)]
    runs = [run for run in runs if run is not None]
    if not runs:
        return PitchSamples(0.0, 0.0, 0.0, 0.0, 0.0)
    hz, height, power = (np.array(kind) for kind in zip(*runs, strict=True))
    sounds = power > FAINT * np.percentile(power, 95)
    voiced = sounds & (height > VOICED)
    if not voiced.any():
        return PitchSamples(0.0, 0.0, 0.0, 0.0, 0.0)
    low, middle, high = np.percentile(hz[voiced], [5, 50, 95])
    cents = 1200.0 * np.abs(np.diff(np.log2(hz), axis=1))
    held = voiced[:, 1:] & voiced[:, :-1] & (cents < STEADY_CENTS)
    moving = float(np.median(cents[held])) if held.any() else 0.0
    share = float(voiced.sum() / max(1, sounds.sum()))
    return PitchSamples(share, float(low), float(middle), float(high), moving)


def _starts(active_seconds: Array) -> Array:
    """Choose evenly spread times."""
    if len(active_seconds) <= RUNS:
        return active_seconds
    return np.asarray(active_seconds[np.linspace(0, len(active_seconds) - 1, RUNS).astype(int)])


def _run(audio: Audio, start: float) -> tuple[Array, Array, Array] | None:
    """Follow the pitch for a moment: pitch in Hz, height of its peak, and power; or nothing."""
    size = fft.next_fast_len(round(WINDOW_SECONDS * audio.rate))
    begin, hop = round(start * audio.rate), round(HOP_SECONDS * audio.rate)
    block = audio.samples[:, begin : begin + size + (RUN - 1) * hop]
    if block.shape[1] < size + (RUN - 1) * hop:
        return None
    row = block[int(np.argmax(np.square(block).sum(axis=1)))]  # one channel cannot cancel out
    frames = np.lib.stride_tricks.sliding_window_view(row, size)[::hop]
    return _pitches(np.ascontiguousarray(frames), audio.rate)


def _pitches(frames: Samples, rate: int) -> tuple[Array, Array, Array]:
    """Find the pitch of each frame."""
    size = frames.shape[1]
    window = np.hanning(size + 1)[:-1].astype(np.float32)
    lines = fft.rfft(frames * window, 2 * size, axis=1)
    top = min(lines.shape[1] - 1, round(HEARD_HZ[1] * 2 * size / rate))
    squeezed = np.abs(lines[:, : top + 1])
    squeezed[:, : round(HEARD_HZ[0] * 2 * size / rate)] = 0.0
    # Two bins to the pitch period are enough, so four times as many lags as lines place it well.
    lags = 4 * fft.next_fast_len(2 * top)
    likeness = fft.irfft(squeezed, lags, axis=1)
    spread = fft.irfft(np.square(np.abs(fft.rfft(window, 2 * size)))[: top + 1], lags)
    lag_rate = lags * rate / (2 * size)
    first, last = round(lag_rate / RANGE_HZ[1]), round(lag_rate / RANGE_HZ[0])
    taper = np.maximum(spread[: last + 2] / spread[0], 0.2)
    curve = likeness[:, : last + 2] / np.maximum(likeness[:, :1], 1e-30) / taper
    return *_first_peaks(curve, first, lag_rate), np.square(squeezed).sum(axis=1)


def _first_peaks(curve: Array, first: int, lag_rate: float) -> tuple[Array, Array]:
    """Return pitch and height of the first peak that is nearly the highest."""
    here = curve[:, first:-1]
    peak = (here >= curve[:, first - 1 : -2]) & (here > curve[:, first + 1 :])
    heights = np.where(peak, here, -1.0)
    good = heights >= NEAR * np.maximum(heights.max(axis=1, keepdims=True), 1e-9)
    place = np.argmax(good, axis=1)
    rows = np.arange(len(curve))
    before, at, after = (curve[rows, first + place + step] for step in (-1, 0, 1))
    bend = before - 2.0 * at + after
    shift = np.where(np.abs(bend) > 1e-12, 0.5 * (before - after) / np.where(bend == 0, 1, bend), 0)
    hz = lag_rate / (first + place + np.clip(shift, -0.5, 0.5))
    return hz, np.where(good.any(axis=1), heights[rows, place], 0.0)
