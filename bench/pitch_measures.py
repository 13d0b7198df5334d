"""What the pitch bench measures, by other means than bandmate's own.

The fundamental is Praat's (autocorrelation, through parselmouth) where that is installed, else
librosa's pYIN. Cents, dB and milliseconds; lists hold one value a note.
"""

from __future__ import annotations

import importlib.util
import math
from dataclasses import dataclass

import librosa
import numpy as np
from numpy.typing import NDArray

from assistant.material import Audio, Samples
from bench.pitch_cases import HOP_SECONDS, Truth
from bench.pitch_phrasing import SungNote

__all__ = [
    "Heard", "centres", "cents_off", "hear", "log_spectral_distance", "null_db", "onset_shifts_ms",
    "rms_db", "unvoiced", "unvoiced_snr_db", "wobbles",
]  # fmt: skip

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]

MOST_DB = 150.0
"""What stands for "identical"."""

_GUARD_FRAMES = 4  # of 5 ms, between what is voiced and what is surely not
_OCTAVE_SLIP = 3.0  # semitones from the middle of a note: the tracker's mistake, not the singer's
_LEAST_FRAMES = 4
_WOBBLE_SECONDS = 0.15
_FFT, _FFT_HOP = 2_048, 512
_BAND_HZ = (100.0, 8_000.0)
_QUIET_DB = 50.0  # below the loudest frame
_FLOOR_DB = 80.0  # below the loudest bin
_ONSET_SECONDS, _ONSET_HOP, _ONSET_LAG = 0.06, 0.001, 25


@dataclass(frozen=True, eq=False)
class Heard:
    """A fundamental that was measured: seconds, MIDI numbers; NaN where nothing is voiced."""

    times: Array
    pitch: Array


def hear(samples: Samples, rate: int, low: float, high: float) -> Heard:
    """Measure the fundamental of a sound every 5 ms.

    Parameters
    ----------
    samples : ndarray of float32, shape (channels, frames)
        The first channel is measured.
    rate : int
        Frames a second.
    low, high : float
        The lowest and the highest note, MIDI numbers; some room is left around them.

    Returns
    -------
    Heard
        By Praat, or pYIN.
    """
    floor, ceiling = (440.0 * 2.0 ** ((at - 69.0) / 12.0) for at in (low - 6.0, high + 6.0))
    sound = samples[0].astype(np.float64)
    if importlib.util.find_spec("parselmouth"):
        parselmouth = importlib.import_module("parselmouth")

        heard = parselmouth.Sound(sound, rate).to_pitch_ac(
            time_step=HOP_SECONDS, pitch_floor=floor, pitch_ceiling=ceiling
        )
        times, hz = heard.xs(), heard.selected_array["frequency"]
    else:
        hop = round(HOP_SECONDS * rate)
        hz, voiced, _ = librosa.pyin(
            sound, sr=rate, fmin=floor, fmax=ceiling, hop_length=hop, resolution=0.02
        )
        hz = np.where(voiced, hz, 0.0)
        times = np.arange(hz.size) * hop / rate
    pitch = 69.0 + 12.0 * np.log2(np.where(hz > 0.0, hz, np.nan) / 440.0)
    return Heard(np.asarray(times), np.asarray(pitch))


def centres(heard: Heard, take: Truth) -> Array:
    """Return where each note is held, MIDI numbers; NaN where nothing was heard."""
    found = []
    for note in take.notes:
        pitch = _within(heard, note)[1]
        found.append(float(pitch.mean()) if pitch.size >= _LEAST_FRAMES else math.nan)
    return np.array(found)


def wobbles(heard: Heard, take: Truth) -> Array:
    """Return how far the pitch of each note strays from a straight line, cents (RMS)."""
    found = []
    for note in take.notes:
        times, pitch = _within(heard, note)
        if note.held[1] - note.held[0] < _WOBBLE_SECONDS or pitch.size < 2 * _LEAST_FRAMES:
            found.append(math.nan)
            continue
        line = np.polyval(np.polyfit(times - times[0], pitch, 1), times - times[0])
        found.append(100.0 * float(np.std(pitch - line)))
    return np.array(found)


def _within(heard: Heard, note: SungNote) -> tuple[Array, Array]:
    first, last = note.held
    here = (heard.times >= first) & (heard.times < last) & ~np.isnan(heard.pitch)
    times, pitch = heard.times[here], heard.pitch[here]
    near = np.abs(pitch - np.median(pitch)) < _OCTAVE_SLIP if pitch.size else np.zeros(0, bool)
    return times[near], pitch[near]


def cents_off(heard: Heard, take: Truth, hz: Array) -> Array:
    """Return how far each frame is off a known fundamental; frames in the midst of voice only."""
    inside = ~_widened(~take.voiced)
    here = np.interp(heard.times, take.times, inside) > 0.999
    here &= ~np.isnan(heard.pitch)
    goal = np.interp(heard.times, take.times, 69.0 + 12.0 * np.log2(hz / 440.0))
    return 100.0 * (heard.pitch[here] - goal[here])


def _widened(mask: Mask) -> Mask:
    return np.convolve(mask, np.ones(2 * _GUARD_FRAMES + 1), "same") > 0.5


def unvoiced(take: Truth) -> Mask:
    """Tell which samples are surely not voiced, shape (frames,)."""
    apart = ~_widened(take.voiced)
    places = np.arange(take.audio.frames) / take.audio.rate
    return np.asarray(np.interp(places, take.times, apart) > 0.999)


def unvoiced_snr_db(take: Truth, made: Samples) -> float:
    """Compare what is not voiced with what it was: sound over change, in dB."""
    here = unvoiced(take)
    return null_db(take.audio.samples[:, here], made[:, here])


def null_db(given: Samples, made: Samples) -> float:
    """Compare two sounds that should be one: sound over difference, at most `MOST_DB`."""
    change = float(np.sum((given.astype(np.float64) - made) ** 2))
    sound = float(np.sum(given.astype(np.float64) ** 2))
    return min(MOST_DB, 10.0 * math.log10(sound / change)) if change > 0.0 else MOST_DB


def rms_db(errors: Array) -> float:
    """Return the mean of powers that are given in dB."""
    return float(-10.0 * np.log10(np.mean(10.0 ** (-errors / 10.0))))


def log_spectral_distance(given: Audio, made: Samples) -> float:
    """Compare spectra from 0.1 to 8 kHz: the RMS over bins in dB, its mean over what sounds."""
    first, second = (_spectrum_db(each, given.rate) for each in (given.samples, made))
    top = first.max()
    loud = first.max(axis=0) > top - _QUIET_DB
    floor = top - _FLOOR_DB
    apart = np.maximum(first[:, loud], floor) - np.maximum(second[:, loud], floor)
    return float(np.mean(np.sqrt(np.mean(apart**2, axis=0))))


def _spectrum_db(samples: Samples, rate: int) -> Array:
    bins = librosa.stft(samples[0].astype(np.float64), n_fft=_FFT, hop_length=_FFT_HOP)
    hz = np.arange(bins.shape[0]) * rate / _FFT
    band = (hz >= _BAND_HZ[0]) & (hz <= _BAND_HZ[1])
    return np.asarray(20.0 * np.log10(np.abs(bins[band]) + 1e-9))


def onset_shifts_ms(take: Truth, given: Samples, made: Samples) -> Array:
    """Return how much later each note that begins apart sets in than it did, in ms."""
    first, second = (_swell(each, take.audio.rate) for each in (given, made))
    wide, found = round(_ONSET_SECONDS / _ONSET_HOP), []
    for note in take.notes:
        at = round(note.onset / _ONSET_HOP)
        low, high = at - wide, at + wide
        if note.attack in {"vowel", "voiced"} or low < _ONSET_LAG or high + _ONSET_LAG > first.size:
            continue
        pattern = first[low:high]
        lags = range(-_ONSET_LAG, _ONSET_LAG + 1)
        fits = np.array([float(pattern @ second[low + lag : high + lag]) for lag in lags])
        best = int(np.clip(fits.argmax(), 1, fits.size - 2))
        left, middle, right = fits[best - 1 : best + 2]
        bend = left - 2.0 * middle + right
        fine = 0.5 * (left - right) / bend if bend < 0.0 else 0.0
        found.append(best - _ONSET_LAG + float(np.clip(fine, -0.5, 0.5)))
    return np.array(found)


def _swell(samples: Samples, rate: int) -> Array:
    """Return how much louder it becomes, each ms; of the level over some 8 ms."""
    energy = np.cumsum(np.pad(samples[0].astype(np.float64) ** 2, (1, 0)))
    middles = np.arange(0.0, samples.shape[1] / rate, _ONSET_HOP)
    first, last = (np.clip(((middles + off) * rate).astype(int), 0, energy.size - 1)
                   for off in (-0.004, 0.004))  # fmt: skip
    level = 10.0 * np.log10((energy[last] - energy[first]) / np.maximum(last - first, 1) + 1e-6)
    return np.asarray(np.maximum(np.diff(level, prepend=level[0]), 0.0))
