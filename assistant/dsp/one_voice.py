"""One voice in a sound: its fundamental, and how much of what sounds are its overtones."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from assistant.dsp import f0
from assistant.dsp.beats import ONSETS_PER_SECOND
from assistant.dsp.f0 import F0Track
from assistant.dsp.mono import mono_weights, resampled_mono
from assistant.material import Audio

__all__ = ["Overtones", "Voice", "follow_voice", "harmonic_shares"]

Array = NDArray[np.float64]

_WINDOW = 2048  # samples: 128 ms
_EVERY = 4  # frames of the track from one look at the overtones to the next
_LOWEST_HZ, _HIGHEST_HZ = 60.0, 4_000.0
_WIDE = 0.03  # share of an overtone's frequency: half a semitone to each side
_BINS = 2.0  # of the spectrum: an overtone is no narrower
_WIDEST = 0.25  # of the fundamental
_OCTAVE_LEAD = 0.3  # share by which an octave lower must explain more
_SOUNDING_DB = 35.0  # under the loud frames
_PROBES, _PROBE_SECONDS = 6, 1.5
_LOOKS, _FLAT, _SILENT = 40, 0.3, 1e-12  # spectral flatness: white noise has 0.56
_CERTAIN = 0.9  # confidence of a frame
_PLAUSIBLE = 0.2  # share of the sounding frames of the probes


@dataclass(frozen=True, eq=False)
class Voice:
    """What one voice does, frame by frame; whether there is one is for the listener to judge.

    Parameters
    ----------
    track : F0Track
        Its fundamental.
    harmonic : ndarray of float, shape (frames,)
        How much of the energy lies on overtones of the fundamental: 0.0 as much as in noise, 1.0
        all of it.
    onsets : ndarray of float, shape (frames,)
        How strongly something begins at each frame.
    """

    track: F0Track
    harmonic: Array
    onsets: Array


def follow_voice(
    audio: Audio, seconds: float, strength: Array
) -> Generator[float, None, Voice | None]:
    """Follow one voice through a sound, where a few probes say that it may be one.

    Parameters
    ----------
    audio : Audio
        Any sound that is not silent.
    seconds : float
        How much of it, from the start.
    strength : ndarray of float, shape (frames,)
        Onset strength: see `assistant.dsp.beats.onsets`.

    Yields
    ------
    float
        Share of the work that is done, rising to 1.0.

    Returns
    -------
    Voice or None
        None where hardly any frame of the probes has a fundamental that is certain.
    """
    audio = Audio(audio.samples[:, : round(seconds * audio.rate)], audio.rate)
    weights = mono_weights(audio)
    if _like_noise(audio, weights) or not _plausible(audio, weights):
        return None
    tracker = f0.Tracker()
    overtones = Overtones()
    parts: list[F0Track] = []
    for done, block in resampled_mono(audio, f0.RATE_HZ, weights):
        parts.append(tracker.push(block))
        overtones.push(block, parts[-1])
        yield done
    parts.append(tracker.finish())
    overtones.finish(parts[-1])
    found = f0.joined(parts)
    shares, octave = overtones.shares()
    places = np.round(found.times * ONSETS_PER_SECOND).astype(np.int64)
    onsets = strength[np.minimum(places, strength.size - 1)]
    return Voice(replace(found, hz=np.maximum(found.hz / octave, f0.LOWEST_HZ)), shares, onsets)


def _like_noise(audio: Audio, weights: NDArray[np.float32]) -> bool:
    """Tell whether a sound is mostly as flat as noise: so cheap that no tracker need be loaded."""
    last = max(0, audio.frames - _WINDOW)
    starts = np.linspace(0, last, _LOOKS).astype(np.int64)
    looks = np.stack([weights @ audio.samples[:, at : at + _WINDOW] for at in starts])
    looks -= looks.mean(axis=1, keepdims=True)
    power = np.abs(np.fft.rfft(looks * np.hanning(_WINDOW))) ** 2 + _SILENT
    energy = power.mean(axis=1)
    flatness = np.exp(np.log(power).mean(axis=1)) / energy
    loud = energy >= energy.max() * 10.0 ** (-_SOUNDING_DB / 10.0)
    return bool(np.median(flatness[loud]) > _FLAT)


def _plausible(audio: Audio, weights: NDArray[np.float32]) -> bool:
    """Look into a few places of a sound for frames with a certain fundamental."""
    if audio.seconds <= 2.0 * _PROBES * _PROBE_SECONDS:
        return True
    probes: list[F0Track] = []
    for place in range(_PROBES):
        start = round((place + 0.5) / _PROBES * audio.frames)
        piece = Audio(audio.samples[:, start : start + round(_PROBE_SECONDS * audio.rate)],
                      audio.rate)  # fmt: skip
        tracker = f0.Tracker()
        blocks = resampled_mono(piece, f0.RATE_HZ, weights)
        parts = [tracker.push(block) for _, block in blocks]
        probes += [*parts, tracker.finish()]
    level_db = np.concatenate([each.level_db for each in probes])
    sure = np.concatenate([each.confidence for each in probes])
    loud = level_db > level_db.max() - _SOUNDING_DB
    return bool((sure[loud] > _CERTAIN).mean() > _PLAUSIBLE)


def harmonic_shares(windows: NDArray[np.float32], hz: Array) -> Array:
    """Measure how much of the energy lies on the overtones of a fundamental.

    Parameters
    ----------
    windows : ndarray of float32, shape (looks, 2048)
        Sound at `f0.RATE_HZ`.
    hz : ndarray of float, shape (looks,)
        The fundamental of each.

    Returns
    -------
    ndarray of float, shape (looks,)
        0.0 as much as noise has there, 1.0 all.
    """
    bin_hz = f0.RATE_HZ / _WINDOW
    first, last = round(_LOWEST_HZ / bin_hz), round(_HIGHEST_HZ / bin_hz)
    window = np.hanning(_WINDOW).astype(np.float32)
    energy = np.abs(np.fft.rfft(windows * window, axis=1)[:, first:last]) ** 2
    bins_hz = np.arange(first, last) * bin_hz
    order = np.maximum(1.0, np.round(bins_hz / hz[:, None]))
    off = np.abs(bins_hz - order * hz[:, None])
    width = np.maximum(_WIDE * order * hz[:, None], _BINS * bin_hz)
    on = off <= np.minimum(width, np.maximum(_WIDEST * hz[:, None], _BINS * bin_hz))
    covered = np.minimum(on.mean(axis=1), 0.95)
    inside = (energy * on).sum(axis=1) / np.maximum(energy.sum(axis=1), 1e-20)
    return np.asarray(np.clip((inside - covered) / (1.0 - covered), 0.0, 1.0), dtype=np.float64)


class Overtones:
    """Looks at the overtones of a stream whose fundamental arrives a little later."""

    def __init__(self) -> None:
        self._rest = np.zeros(_WINDOW // 2, dtype=np.float32)
        self._base = 0  # frame of the track whose window begins the rest
        self._frames = 0
        self._looks: list[Array] = []

    def push(self, block: NDArray[np.float32], found: F0Track) -> None:
        """Take a block, and the frames of the track that are final."""
        self._rest = np.concatenate((self._rest, block))
        places = np.arange(-self._frames % _EVERY, found.times.size, _EVERY)
        starts = (self._frames + places - self._base) * f0.HOP
        inside = starts + _WINDOW <= self._rest.size
        places, starts = places[inside], starts[inside]
        self._frames += found.times.size
        if places.size:
            views = np.lib.stride_tricks.sliding_window_view(self._rest, _WINDOW)[starts]
            whole, half = (harmonic_shares(views, found.hz[places] / each) for each in (1.0, 2.0))
            lower = half > whole + _OCTAVE_LEAD
            self._looks.append(np.stack((np.where(lower, half, whole), 1.0 + lower)))
        keep = max(0, self._frames - self._base)
        self._rest = self._rest[keep * f0.HOP :]
        self._base += keep

    def finish(self, found: F0Track) -> None:
        """Take the last frames of the track."""
        self.push(np.zeros(_WINDOW, dtype=np.float32), found)

    def shares(self) -> tuple[Array, Array]:
        """Return the share of each frame, and 2.0 where the tracker was an octave too high."""
        looks = np.concatenate(self._looks, axis=1) if self._looks else np.ones((2, 1))
        shares, octave = np.repeat(looks, _EVERY, axis=1)[:, : self._frames]
        return shares, octave
