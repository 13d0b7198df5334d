"""The print of a noise: how strong it is at each frequency, alone.

It is kept for windows as long as the longest that is looked through. What a shorter window sees is
the same spectrum, blurred; the blur is that of the window, which in the autocorrelation is a
product. The spectrum is the mean over windows that overlap (Welch, "The use of fast Fourier
transform for the estimation of power spectra", IEEE Trans. Audio and Electroacoustics 15(2), 1967).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import uniform_filter1d

from assistant.dsp.short_spectra import OVERLAP, powers, spectra
from assistant.dsp.windows import hann, window_frames
from assistant.errors import MaterialError
from assistant.material import Audio, Samples

__all__ = [
    "PRINT_SECONDS",
    "SHORTEST_SECONDS",
    "How",
    "Levels",
    "Print",
    "print_of",
    "print_of_pieces",
]

_Number = TypeVar("_Number", bound=np.generic)

Levels: TypeAlias = NDArray[np.float64]
How: TypeAlias = Literal["given", "range", "pauses"]

PRINT_SECONDS = 0.34  # of its windows: lines of a fan 6 Hz apart are told from each other
SHORTEST_SECONDS = 0.1
LONGEST_SECONDS = 60.0  # more tells nothing new
ENOUGH_SECONDS = 1.0  # for full confidence
BLOCK_SECONDS = 10.0
_SHORTEST_WINDOW = 256
_LEAST = 1e-13  # of the strongest bin
_TINY = 1e-30
_SILENCE = 1e-20  # of power: far below the last bit of 24
_HALF_DOWN = 2.0**-0.5

MOMENT_SECONDS = 0.17
MOMENT_WINDOW_SECONDS = 0.043


@dataclass(frozen=True, eq=False)
class Print:
    """The print of a noise.

    Parameters
    ----------
    levels : ndarray of float64, shape (channels, bins)
        Power by frequency, from 0 to half the rate; white noise has its variance in each.
    rate : int
        Of the sound it was taken from, in Hz.
    seconds : float
        How much noise it was taken from.
    how : str
        Where from: ``"given"`` as a sound of its own, a marked ``"range"`` of the take, or
        its ``"pauses"``.
    confidence : float
        That it is the noise, and nothing but the noise, 0.0 to 1.0.
    swell : ndarray of float64, shape (bins,), optional
        How much more power than the mean a moment of it may have; 1 where that is not known.
    """

    levels: Levels
    rate: int
    seconds: float
    how: How
    confidence: float
    swell: Levels | None = None

    @property
    def channels(self) -> int:
        """Number of channels."""
        return int(self.levels.shape[0])

    @property
    def level_db(self) -> float:
        """RMS of the noise in dBFS; negative infinity where there is none."""
        power = float(np.mean(self.levels))
        return 10.0 * math.log10(power) if power > 0.0 else -math.inf

    @property
    def swell_db(self) -> float:
        """By how much a moment of it may be over its mean, in dB: of most frequencies so much."""
        return 0.0 if self.swell is None else float(10.0 * np.log10(np.median(self.swell)))

    @property
    def is_silent(self) -> bool:
        """Whether there is no noise in it."""
        return bool(self.levels.max(initial=0.0) < _SILENCE)

    def scaled(self, decibels: float) -> Print:
        """Return the same noise at another level."""
        gain = 10.0 ** (decibels / 10.0)
        return replace(self, levels=self.levels * gain)

    def swelling(self, size: int, rate: int) -> Levels:
        """Return how much more than the mean a moment may have, by the bins of a take's windows."""
        if self.swell is None:
            return np.ones(size // 2 + 1)
        hertz = np.linspace(0.0, rate / 2.0, size // 2 + 1)
        return np.interp(hertz, np.linspace(0.0, self.rate / 2.0, len(self.swell)), self.swell)

    def seen(self, size: int, rate: int, channels: int) -> Levels:
        """Return what is to be expected in the windows of a take.

        Parameters
        ----------
        size : int
            Frames of a window.
        rate : int
            Of the take, in Hz; above half the rate of the print nothing is known, so none is there.
        channels : int
            Of the take. A print of one channel stands for all.

        Returns
        -------
        ndarray of float64, shape (channels, size // 2 + 1)
            Power in each bin.

        Raises
        ------
        MaterialError
            Where the print has another number of channels, and more than one.
        """
        if self.channels not in (1, channels):
            raise MaterialError(
                f"A noise print of {self.channels} channels does not go with a take of {channels}."
            )
        hertz = np.linspace(0.0, rate / 2.0, size // 2 + 1)
        blurred = _blurred(self.levels, 2 * round(size * self.rate / rate / 2.0))
        known = np.linspace(0.0, self.rate / 2.0, blurred.shape[1])
        rows = [np.interp(hertz, known, row, right=0.0) for row in blurred]
        seen = np.array(rows) * (rate / self.rate)
        return np.repeat(seen, channels // self.channels, axis=0)


def print_of(audio: Audio, start_s: float, end_s: float, how: How = "given") -> Print:
    """Take the print of a noise that sounds alone.

    Parameters
    ----------
    audio : Audio
        Finite.
    start_s, end_s : float
        Where there is nothing else; at most the first minute of it is taken.
    how : str
        What the print is to say about where it is from.

    Returns
    -------
    Print
        Its confidence is how much noise there is to learn from.

    Raises
    ------
    MaterialError
        Where the range is too short, or outside the sound.
    """
    first, last = round(start_s * audio.rate), round(end_s * audio.rate)
    last = min(last, audio.frames, first + round(LONGEST_SECONDS * audio.rate))
    if first < 0 or last - first < round(SHORTEST_SECONDS * audio.rate):
        raise MaterialError(
            f"A noise print needs {SHORTEST_SECONDS:g} s of noise alone; from {start_s:g} to "
            f"{end_s:g} s there are {max(0.0, (last - max(first, 0)) / audio.rate):.2f} s."
        )
    return print_of_pieces([audio.samples[:, first:last]], audio.rate, how)


def print_of_pieces(pieces: Iterable[Samples], rate: int, how: How) -> Print:
    """Take the print of a noise from several places.

    Parameters
    ----------
    pieces : iterable of ndarray of float32, shape (channels, frames)
        One at least; each as long as the shortest print or longer.
    rate : int
        In Hz.
    how : str
        What the print is to say about where it is from.

    Returns
    -------
    Print
        The mean over all windows.
    """
    size = window_frames(PRINT_SECONDS, rate)
    total: Levels | float = 0.0
    mean: Levels | float = 0.0
    most: Levels | float = 0.0
    frames = 0
    for rows in _cut(pieces, round(BLOCK_SECONDS * rate)):
        total = total + _levels(rows, size) * rows.shape[1]
        moments = _moments(rows, rate)
        mean = mean + moments.mean(axis=0) * rows.shape[1]
        most = np.maximum(most, moments.max(axis=0))
        frames += rows.shape[1]
    levels, seconds = np.asarray(total) / frames, frames / rate
    swell = most / np.maximum(np.asarray(mean) / frames, _TINY)
    swell = _stretched(np.maximum(swell, 1.0)[np.newaxis], size)[0]
    return Print(levels, rate, seconds, how, min(1.0, seconds / ENOUGH_SECONDS), swell)


def _cut(pieces: Iterable[Samples], frames: int) -> Iterator[Samples]:
    """Cut what is long into equal parts, as its spectra take a lot of memory; free of offset."""
    for piece in pieces:
        parts = -(-piece.shape[1] // frames)
        for part in np.array_split(piece, parts, axis=1):
            offset = part.mean(axis=1, dtype=np.float64, keepdims=True)
            yield np.asarray(part - offset, dtype=np.float32)


def _moments(rows: Samples, rate: int) -> Levels:
    """Return the power of each moment, smoothed over frequency, shape (moments, bins)."""
    size = window_frames(MOMENT_WINDOW_SECONDS, rate)
    power = _whole(powers(spectra(rows, size))[np.newaxis], rows.shape[1], size)[0]
    around = round(MOMENT_SECONDS * rate * OVERLAP / size)
    return _wide(uniform_filter1d(power.astype(np.float64), around, axis=0, mode="nearest"))


def _wide(levels: Levels) -> Levels:
    """Return means over half an octave to either side, three bins at least."""
    bins = np.arange(levels.shape[1])
    low = np.maximum(np.minimum((bins * _HALF_DOWN).astype(np.int64), bins - 3), 0)
    high = np.minimum(np.maximum((bins / _HALF_DOWN).astype(np.int64), bins + 3) + 1, len(bins))
    sums = np.concatenate([np.zeros((len(levels), 1)), np.cumsum(levels, axis=1)], axis=1)
    return np.asarray((sums[:, high] - sums[:, low]) / (high - low))


def _stretched(levels: Levels, size: int) -> Levels:
    """Read levels at other bins, shape (rows, size // 2 + 1)."""
    at = np.linspace(0.0, 1.0, size // 2 + 1)
    known = np.linspace(0.0, 1.0, levels.shape[1])
    return np.array([np.interp(at, known, row) for row in levels])


def _levels(piece: Samples, size: int) -> Levels:
    """Return mean powers, shape (channels, size // 2 + 1)."""
    own = size
    while own > _SHORTEST_WINDOW and piece.shape[1] < 2 * own:
        own //= 2
    found = _whole(spectra(piece, own), piece.shape[1], own)
    return _stretched(np.square(np.abs(found)).mean(axis=1, dtype=np.float64), size)


def _whole(found: NDArray[_Number], frames: int, size: int) -> NDArray[_Number]:
    """Return the windows, shape (channels, windows, bins), that lie inside the sound."""
    hop = size // OVERLAP
    return found[:, OVERLAP - 1 : max(OVERLAP, OVERLAP + (frames - size) // hop)]


def _blurred(levels: Levels, size: int) -> Levels:
    """Return the levels that shorter windows see; longer ones see no more than was kept."""
    kept = 2 * (levels.shape[1] - 1)
    if 2 * size > kept:
        return levels
    lags = np.arange(size + 1)
    echoes = np.fft.irfft(levels, kept)[:, lags] * (_overlap(size, lags) / _overlap(kept, lags))
    seen = np.fft.hfft(echoes, 2 * size)[:, : size + 1 : 2]
    # What is rounded off, or folded in, must not say that there is nothing, nor less.
    return np.asarray(np.maximum(seen, _LEAST * levels.max(axis=1, keepdims=True)))


def _overlap(size: int, lags: NDArray[np.int64]) -> Levels:
    """Return how much of a Hann window of energy 1 overlaps itself, so many frames later."""
    window = hann(size)
    shared = np.fft.irfft(np.square(np.abs(np.fft.rfft(window, 2 * size))), 2 * size)
    return np.asarray(shared[lags] / shared[0])
