"""Beats: where notes start in a sound, at which tempo, and on which of them one taps.

Tempo by autocorrelation of the onset strength; beats after Ellis, "Beat tracking by dynamic
programming", 2007.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from assistant.dsp.chroma import RATE_HZ

__all__ = [
    "HOP",
    "ONSETS_PER_SECOND",
    "WINDOW",
    "Pulse",
    "may_be",
    "onset_bands",
    "onsets",
    "pulse_at",
    "pulse_of",
    "rises",
    "scaled",
]

Array = NDArray[np.float64]

WINDOW, HOP = 1024, 256
ONSETS_PER_SECOND = RATE_HZ / HOP

_BANDS, _LOW_BANDS = 24, 6
_FLOOR_HZ, _TOP_HZ = 30.0, 9_000.0
_COMPRESS = 100.0
_SLOW, _QUICK = 40.0, 240.0  # BPM
_USUAL, _SPREAD = 112.0, 0.75  # BPM, octaves
_TIGHT = 250.0
_LOW_WEIGHT = 1.5
_MULTIPLES = (0.5, 1.0 / 3.0, 2.0 / 3.0, 1.5, 2.0, 3.0)
_ON_START, _ON_START_SECONDS = 0.5, 0.03  # how much likelier a said beat is where a sound starts
_STEADY_SECONDS = 0.025
_CLEAR, _ALSO, _SAME = 0.2, 0.5, 0.04  # clarity, fit and share of the tempo: see `may_be`
_ROUND = 0.0015  # share of the tempo within which it is a whole number


@dataclass(frozen=True, eq=False)
class Pulse:
    """The beat of a sound.

    Parameters
    ----------
    beats : ndarray of float, shape (beats,)
        When each comes, in seconds.
    bpm : float
        Beats a minute.
    others : tuple of (float, float)
        Tempos that it might be instead and how well each fits, 1.0 as well as the first.
    clarity : float
        How much of the onsets repeats after a beat, 0.0 to 1.0.
    steady : bool
        Whether it keeps to one tempo.
    """

    beats: Array
    bpm: float
    others: tuple[tuple[float, float], ...]
    clarity: float
    steady: bool


def onset_bands(frames: NDArray[np.float32]) -> NDArray[np.float32]:
    """Measure the loudness of each band of some frames.

    Parameters
    ----------
    frames : ndarray of float32, shape (frames, WINDOW)
        Sound at `RATE_HZ`.

    Returns
    -------
    ndarray of float32, shape (frames, bands)
        Compressed as ears do, the lowest band first.
    """
    spectra = np.abs(np.fft.rfft(frames * _hann(), axis=1)).astype(np.float32)
    return np.asarray(np.log1p(_COMPRESS * (spectra @ _bank())), dtype=np.float32)


def onsets(bands: NDArray[np.float32]) -> tuple[Array, Array]:
    """Tell how strongly notes start.

    Parameters
    ----------
    bands : ndarray of float32, shape (frames, bands)
        See `onset_bands`.

    Returns
    -------
    ndarray of float, shape (frames,)
        Onset strength, its spread 1.
    ndarray of float, shape (frames,)
        The same of the lowest bands alone.
    """
    rising = rises(bands, bands[:1])
    return scaled(rising.mean(axis=1)), scaled(rising[:, :_LOW_BANDS].mean(axis=1))


def rises(bands: NDArray[np.float32], before: NDArray[np.float32]) -> Array:
    """Tell how much louder each band gets, 0.0 where it does not; `before` is the frame before."""
    return np.maximum(np.diff(bands, axis=0, prepend=before), 0.0).astype(np.float64)


def pulse_of(strength: Array, low: Array) -> Pulse:
    """Find the beat.

    The tempo is told by all onsets; which of them are on the beat, by those of bass and drum.

    Parameters
    ----------
    strength, low : ndarray of float, shape (frames,)
        See `onsets`; `ONSETS_PER_SECOND`.

    Returns
    -------
    Pulse
        The beat; fewer than two beats where the sound is too short.
    """
    lags, fits, clear = _tempo_fits(strength)
    best = int(fits.argmax())
    frames = lags[best]
    beats = _track(strength + _LOW_WEIGHT * low, float(frames))
    if beats.size < 4:
        return Pulse(beats / ONSETS_PER_SECOND, 60.0 * ONSETS_PER_SECOND / frames, (), 0.0, True)
    times = beats / ONSETS_PER_SECOND
    period, residue = _regress(times)
    bpm = _rounded(60.0 / period)
    others = tuple(
        (_rounded(bpm * share), _fit_at(lags, fits, frames / share) / float(fits[best]))
        for share in _MULTIPLES
        if _SLOW <= bpm * share <= _QUICK
    )
    ranked = tuple(sorted(others, key=lambda each: -each[1]))
    return Pulse(
        times, bpm, ranked, float(np.clip(clear[best], 0.0, 1.0)), residue < _STEADY_SECONDS
    )


def pulse_at(strength: Array, low: Array, bpm: float) -> Pulse:
    """Find the phase of a beat whose tempo is known.

    Parameters
    ----------
    strength, low : ndarray of float, shape (frames,)
        See `onsets`; `ONSETS_PER_SECOND`.
    bpm : float
        Beats a minute.

    Returns
    -------
    Pulse
        The beat, at exactly this tempo; on the start of the sound where nothing speaks against it.
    """
    period = 60.0 / bpm
    whole = np.convolve(strength + _LOW_WEIGHT * low, np.hanning(7) / np.hanning(7).sum(), "same")
    seconds = strength.size / ONSETS_PER_SECOND
    phases = np.arange(0.0, period, 0.25 / ONSETS_PER_SECOND)
    known = np.arange(whole.size)
    count = max(1, int(seconds / period))
    places = (phases[:, None] + period * np.arange(count)) * ONSETS_PER_SECOND
    fits = np.interp(places, known, whole).mean(axis=1)
    away = np.minimum(phases, period - phases)
    fits += _ON_START * np.exp(-0.5 * (away / _ON_START_SECONDS) ** 2)
    first = float(phases[int(fits.argmax())])
    if first > period - 2.0 * _ON_START_SECONDS:
        first -= period
    times = first + period * np.arange(int((seconds - first) / period) + 1)
    return Pulse(np.maximum(times, 0.0), bpm, (), 1.0, steady=True)


def may_be(pulse: Pulse, bpm: float) -> bool:
    """Tell whether a beat that was found leaves room for a tempo that is said.

    Parameters
    ----------
    pulse : Pulse
        As it was found.
    bpm : float
        Beats a minute, as they are said.

    Returns
    -------
    bool
        True where the beat is unclear, or one of its tempos is the one that is said, or in a simple
        ratio to it.
    """
    if pulse.clarity < _CLEAR:
        return True
    tempos = [pulse.bpm, *(other for other, fit in pulse.others if fit >= _ALSO)]
    away = [abs(tempo * share / bpm - 1.0) for tempo in tempos for share in (1.0, *_MULTIPLES)]
    return min(away) < _SAME


def scaled(values: Array) -> Array:
    """Scale values so that their spread is 1."""
    return np.asarray(values / max(float(values.std()), 1e-9), dtype=np.float64)


def _tempo_fits(strength: Array) -> tuple[Array, Array, Array]:
    """Tell how well each beat length fits: lags (frames), weighted fits, autocorrelations."""
    from scipy import fft

    centred = strength - strength.mean()
    size = fft.next_fast_len(2 * centred.size)
    power = np.abs(fft.rfft(centred, size)) ** 2
    again = fft.irfft(power, size)[: centred.size]
    again = again / max(float(again[0]), 1e-12)
    slowest = 60.0 * ONSETS_PER_SECOND / _SLOW
    lags = np.arange(60.0 * ONSETS_PER_SECOND / _QUICK, slowest, 0.25)
    known = np.arange(again.size)
    clear = np.interp(lags, known, again)
    comb = clear + sum(np.interp(times * lags, known, again) / times for times in (2.0, 3.0, 4.0))
    bpm = 60.0 * ONSETS_PER_SECOND / lags
    usual = np.exp(-0.5 * (np.log2(bpm / _USUAL) / _SPREAD) ** 2)
    return lags, np.maximum(comb, 1e-9) * usual, clear


def _fit_at(lags: Array, fits: Array, frames: float) -> float:
    near = np.abs(lags - frames) <= 0.03 * frames
    return float(fits[near].max(initial=0.0))


def _track(strength: Array, period: float) -> Array:
    """Choose beats about a period apart on strong onsets; return their frames, refined."""
    smooth = np.convolve(strength, np.hanning(7) / np.hanning(7).sum(), mode="same")
    away = np.arange(-round(2.0 * period), -round(period / 2.0) + 1)
    cost = _TIGHT * np.log(-away / period) ** 2
    totals = np.zeros(smooth.size)
    before = np.full(smooth.size, -1)
    for frame in range(smooth.size):
        places = frame + away
        inside = int(np.searchsorted(places, 0))
        totals[frame] = smooth[frame]
        if inside == away.size:
            continue
        chain = totals[places[inside:]] - cost[inside:]
        top = int(chain.argmax())
        if chain[top] > 0.0:
            totals[frame] += chain[top]
            before[frame] = places[inside + top]
    last = int(totals[-round(period) :].argmax()) + max(0, totals.size - round(period))
    chosen = []
    while last >= 0:
        chosen.append(last)
        last = int(before[last])
    return np.array([_peak(smooth, frame) for frame in chosen[::-1]])


def _peak(values: Array, frame: int) -> float:
    """Place a peak between frames by a parabola."""
    if not 0 < frame < values.size - 1:
        return float(frame)
    left, middle, right = values[frame - 1 : frame + 2]
    bend = left - 2.0 * middle + right
    return frame + float(np.clip(0.5 * (left - right) / bend, -0.5, 0.5) if bend < 0.0 else 0.0)


def _regress(times: Array) -> tuple[float, float]:
    """Fit a steady beat; return its length and how far beats are from it (seconds, median)."""
    number = np.arange(times.size)
    period, first = np.polyfit(number, times, 1)
    away = np.abs(times - first - period * number)
    near = away <= max(float(np.median(away)) * 3.0, 1e-3)
    period, first = np.polyfit(number[near], times[near], 1)
    return float(period), float(np.median(np.abs(times - first - period * number)))


def _rounded(bpm: float) -> float:
    """Take a tempo that is almost a whole number as that number."""
    whole = round(bpm)
    return float(whole) if abs(bpm - whole) < _ROUND * bpm else round(bpm, 2)


@lru_cache(maxsize=1)
def _hann() -> NDArray[np.float32]:
    window = 0.5 - 0.5 * np.cos(2.0 * np.pi * np.arange(WINDOW) / WINDOW)
    return np.asarray(window, dtype=np.float32)


@lru_cache(maxsize=1)
def _bank() -> NDArray[np.float32]:
    hz = np.arange(WINDOW // 2 + 1) * RATE_HZ / WINDOW
    edges = np.geomspace(_FLOOR_HZ, _TOP_HZ, _BANDS + 2)
    rise = (hz[:, None] - edges[:-2]) / np.maximum(edges[1:-1] - edges[:-2], RATE_HZ / WINDOW)
    fall = (edges[2:] - hz[:, None]) / np.maximum(edges[2:] - edges[1:-1], RATE_HZ / WINDOW)
    weights = np.maximum(0.0, np.minimum(rise, fall))
    return np.asarray(weights / np.maximum(weights.sum(axis=0), 1e-9), dtype=np.float32)
