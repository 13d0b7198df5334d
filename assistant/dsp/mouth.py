"""Bursts of a band that a mouth makes: found against the vowels of the same voice, turned down.

What is common to sibilance and plosives. A burst is a short time in which one band holds more than
the voice beside it, and it stands out where that is loud against the loud vowels of this take.
"""

from __future__ import annotations

import math
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from assistant.material import Audio, Samples, Scratch

__all__ = ["Burst", "Heard", "Plan", "bursts", "turned_down"]

Array: TypeAlias = NDArray[np.float64]

WINDOW_HOPS = 4
PART_OF_PEAK = 0.03  # power
FAR_UNDER_DB = 30.0  # the vowels: bursts as soft as that are not told
LONGER = 4.0  # times the longest burst, with what rings after it
_TOGETHER = 2048  # hops
_FEW = 128  # of them
_BLOCK_FRAMES = 1 << 18
_LOWEST_DB, _BINS_A_DB, _BINS = -140.0, 2, 400
_TINY = 1e-14


@dataclass(frozen=True, slots=True)
class Plan:
    """What to listen for.

    Parameters
    ----------
    hop_seconds : float
        From one look to the next; a look lasts four of them.
    band_hz, voice_hz : tuple of float
        Where a burst is, and where the voice is that it is compared with.
    times : float
        So much more power in the band than in the voice makes a burst.
    seconds : tuple of float
        How short and how long a burst can be.
    """

    hop_seconds: float
    band_hz: tuple[float, float]
    voice_hz: tuple[float, float]
    times: float
    seconds: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Burst:
    """From which frame to which, and how loud against the vowels at its loudest, in dB."""

    start: int
    stop: int
    level_db: float


@dataclass(frozen=True, eq=False)
class Heard:
    """What was heard in a take.

    Parameters
    ----------
    bursts : tuple of Burst
        In order, of any level but those far under the vowels.
    voice_share : float
        How much of the power is in looks in which the voice holds more than the band.
    hertz : ndarray of float, shape (bins,)
        Of the spectra.
    burst_power, voice_power : ndarray of float, shape (bins,)
        Mean spectrum of the bursts, and of all else.
    """

    bursts: tuple[Burst, ...]
    voice_share: float
    hertz: Array
    burst_power: Array
    voice_power: Array


def bursts(audio: Audio, plan: Plan) -> Generator[float, None, Heard]:
    """Listen for bursts of a band, all channels together.

    Parameters
    ----------
    audio : Audio
        Finite; a voice alone. May be memory-mapped.
    plan : Plan
        What to listen for.

    Yields
    ------
    float
        Share that is done.

    Returns
    -------
    Heard
        Bursts, and the voice around them.
    """
    hop = max(1, round(plan.hop_seconds * audio.rate))
    size = WINDOW_HOPS * hop
    hertz = np.arange(size // 2 + 1) / (size / audio.rate)
    band, voice = (_within(hertz, edges) for edges in (plan.band_hz, plan.voice_hz))
    shortest, longest = (limit * audio.rate / hop for limit in plan.seconds)
    runs, levels = _Runs((shortest, longest)), _Levels()
    sums, counts = np.zeros((2, hertz.size)), np.zeros(2)
    looks = max(0, (audio.frames - size) // hop + 1)
    for first in range(0, looks, _TOGETHER):
        last = min(first + _TOGETHER, looks)
        power = _spectra(audio.samples[:, first * hop : (last - 1) * hop + size], size, hop)
        in_band, in_voice = power[:, band].sum(axis=1), power[:, voice].sum(axis=1)
        burst = in_band > plan.times * in_voice
        levels.push(np.where(burst, 0.0, in_voice), power.sum(axis=1))
        runs.push(first, burst, in_band, 10.0 ** ((levels.vowel_db() - FAR_UNDER_DB) / 10.0))
        for n, some in enumerate((burst, ~burst)):
            sums[n] += power[some].sum(axis=0)
            counts[n] += np.count_nonzero(some)
        yield last / looks
    means: Array = sums / np.maximum(counts, 1.0)[:, None]
    found = runs.finish(hop, levels.vowel_db())
    return Heard(found, levels.voice_share(), hertz, means[0], means[1])


def turned_down(
    audio: Audio,
    places: Sequence[tuple[Burst, float]],
    taps: Array,
    fade_seconds: float,
    scratch: Scratch,
) -> Generator[float, None, Audio]:
    """Turn one band down in some places; all else stays as it is, bit for bit.

    Parameters
    ----------
    audio : Audio
        May be memory-mapped.
    places : sequence of (Burst, float)
        Where, in order, and by how many dB.
    taps : ndarray of float, shape (odd,)
        Symmetric filter that lets the band through.
    fade_seconds : float
        How long it takes to go down before a burst, and up after it.
    scratch : callable
        Makes float32 arrays.

    Yields
    ------
    float
        Share that is done.

    Returns
    -------
    Audio
        The sound itself where there are no places.
    """
    if not places:
        return audio
    out = scratch(audio.samples.shape)
    for start, block in audio.blocks(_BLOCK_FRAMES):
        out[:, start : start + block.shape[1]] = block
        yield 0.3 * (start + block.shape[1]) / audio.frames
    fade = round(fade_seconds * audio.rate)
    for n, (burst, down_db) in enumerate(places):
        start, stop = max(0, burst.start - fade), min(audio.frames, burst.stop + fade)
        frames = np.arange(start, stop)
        near = np.minimum(frames + 1.0 - burst.start, burst.stop - frames) / fade + 1.0
        shape = 0.5 - 0.5 * np.cos(np.pi * np.clip(near, 0.0, 1.0))
        taken = (1.0 - 10.0 ** (-down_db / 20.0)) * shape * _filtered(audio, (start, stop), taps)
        out[:, start:stop] -= taken.astype(np.float32)
        yield 0.3 + 0.7 * (n + 1) / len(places)
    return Audio(out, audio.rate)


class _Runs:
    """Bursts across the borders of blocks: first look, last look, greatest power."""

    def __init__(self, looks: tuple[float, float]) -> None:
        self._shortest, self._longest = looks
        self._done: list[tuple[int, int, float]] = []
        self._open, self._first, self._looks = np.zeros(0), 0, 0

    def push(self, first: int, burst: NDArray[np.bool_], power: Array, least: float) -> None:
        """Take some looks; bursts with less power than the least are not worth keeping."""
        edges = np.flatnonzero(np.diff(np.concatenate([[False], burst, [False]]).astype(np.int8)))
        for start, stop in edges.reshape(-1, 2).tolist():
            if first + start != self._first + self._looks:
                self._close(least)
                self._first = first + start
            self._looks += stop - start
            if self._looks <= LONGER * self._longest:
                self._open = np.concatenate([self._open, power[start:stop]])
        if not burst[-1]:
            self._close(least)

    def finish(self, hop: int, vowel_db: float) -> tuple[Burst, ...]:
        self._close(0.0)
        least_db = vowel_db - FAR_UNDER_DB
        return tuple(
            Burst(start * hop, (stop - 1 + WINDOW_HOPS) * hop, _decibels(power) - vowel_db)
            for start, stop, power in self._done
            if _decibels(power) >= least_db
        )

    def _close(self, least: float) -> None:
        """Keep of a burst what is about as loud as its loudest; it may ring long in silence."""
        if 0 < self._looks <= LONGER * self._longest and self._open.max() >= least:
            loud = np.flatnonzero(self._open > PART_OF_PEAK * self._open.max())
            start, stop = self._first + int(loud[0]), self._first + int(loud[-1]) + 1
            if self._shortest <= stop - start <= self._longest:
                self._done.append((start, stop, float(self._open.max())))
        self._open, self._looks = np.zeros(0), 0


class _Levels:
    """How loud the vowels are: half of the voice's energy is in looks that are louder."""

    def __init__(self) -> None:
        self._energy = np.zeros(_BINS)
        self._all = 0.0

    def push(self, voice: Array, whole: Array) -> None:
        level_db = 10.0 * np.log10(voice + _TINY)
        places = np.clip(_BINS_A_DB * (level_db - _LOWEST_DB), 0, _BINS - 1).astype(np.int64)
        self._energy += np.bincount(places, voice, _BINS)
        self._all += float(whole.sum())

    def vowel_db(self) -> float:
        half = np.searchsorted(np.cumsum(self._energy), 0.5 * self._energy.sum())
        return _LOWEST_DB + (float(half) + 0.5) / _BINS_A_DB

    def voice_share(self) -> float:
        return float(self._energy.sum()) / max(self._all, _TINY)


def _spectra(samples: Samples, size: int, hop: int) -> Array:
    """Return the power of each bin in each look, so scaled that a band sums to its mean square."""
    weights = np.hanning(size).astype(np.float32)
    windows = np.lib.stride_tricks.sliding_window_view(samples, size, axis=1)[:, ::hop]
    scale = 2.0 / (size * float(np.square(weights).sum()))
    total = np.zeros((windows.shape[1], size // 2 + 1))
    for first in range(0, len(total), _FEW):  # spectra take far more memory than their powers
        few = slice(first, first + _FEW)
        for row in windows[:, few]:
            total[few] += np.square(np.abs(np.fft.rfft(row * weights)))
    total *= scale
    return total


def _within(hertz: Array, edges: tuple[float, float]) -> NDArray[np.bool_]:
    return np.asarray((hertz >= edges[0]) & (hertz < edges[1]))


def _filtered(audio: Audio, span: tuple[int, int], taps: Array) -> Array:
    """Filter a part of a sound, in which nothing comes later."""
    from scipy.signal import oaconvolve

    half = taps.size // 2
    first, last = max(0, span[0] - half), min(audio.frames, span[1] + half)
    padded = np.pad(
        audio.samples[:, first:last].astype(np.float64),
        ((0, 0), (first - span[0] + half, span[1] + half - last)),
    )
    return np.asarray(oaconvolve(padded, taps[None, :], mode="valid", axes=1))


def _decibels(power: float) -> float:
    return 10.0 * math.log10(max(power, _TINY))
