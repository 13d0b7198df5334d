"""Short spectra of a stretch of sound, and the sound of them.

Hann's window before and after, a quarter of its length apart: unchanged spectra give the sound
back, nothing comes late, and each frame lies in four windows, the first and the last as well
(Griffin and Lim, "Signal estimation from modified short-time Fourier transform", IEEE TASSP 32(2),
1984).
"""

from __future__ import annotations

import functools
import math
from collections.abc import Iterator
from typing import TypeAlias

import numpy as np
from numba import complex64, float32, int64, njit, types, void
from numpy.typing import NDArray
from scipy import fft

from assistant.dsp.windows import hann
from assistant.material import Samples

__all__ = [
    "OVERLAP",
    "Powers",
    "Sound",
    "Spectra",
    "few",
    "few_of",
    "multiply",
    "powers",
    "powers_of",
    "sound",
    "spectra",
    "window_count",
]

Spectra: TypeAlias = NDArray[np.complex64]
"""Of shape (channels, windows, bins)."""
Powers: TypeAlias = NDArray[np.float32]
"""Of shape (windows, bins)."""

OVERLAP = 4
_OVERLAP_GAIN = 3.0 / 8.0 * OVERLAP  # what squared windows so far apart add up to
_ROW = types.Array(types.float32, 1, "C", readonly=True)
_FEW_SAMPLES = 1 << 16  # what is gone through at once stays in the cache of a core


def window_count(frames: int, size: int) -> int:
    """Return how many windows `spectra` takes of a sound."""
    hop = size // OVERLAP
    return (frames + size - hop - 1) // hop + 1


def few(rows: Samples, size: int) -> Iterator[tuple[slice, Spectra]]:
    """Take the short spectra of sounds, a few windows at a time.

    Parameters
    ----------
    rows : ndarray of float32, shape (channels, frames)
        Beyond their ends there is silence.
    size : int
        Frames of a window, a multiple of 4.

    Yields
    ------
    slice, ndarray of complex64, shape (channels, windows, size // 2 + 1)
        Which windows, and their spectra. Window n begins at frame ``(n - 3) * size // 4``. White
        noise has its own power in each bin, whatever the size.
    """
    hop, weights = size // OVERLAP, _hann(size) * _scale(size)
    for span in _spans(window_count(rows.shape[1], size), size * len(rows)):
        windows = np.empty((len(rows), span.stop - span.start, size), np.float32)
        for row, made in zip(rows, windows, strict=True):
            _cut(row, (span.start - OVERLAP + 1) * hop, weights, made)
        yield span, np.asarray(fft.rfft(windows, axis=2, overwrite_x=True))


def few_of(made: Spectra, size: int) -> Iterator[tuple[slice, Spectra]]:
    """Go through spectra that are there, as many windows at a time as `few` takes."""
    for span in _spans(made.shape[1], size * len(made)):
        yield span, made[:, span]


def spectra(rows: Samples, size: int) -> Spectra:
    """Take all short spectra of sounds at once; as `few`."""
    made = np.empty((len(rows), window_count(rows.shape[1], size), size // 2 + 1), np.complex64)
    for span, part in few(rows, size):
        made[:, span] = part
    return made


class Sound:
    """A sound that is put together from its short spectra.

    Parameters
    ----------
    shape : tuple of int
        Channels and frames.
    size : int
        Frames of a window.
    """

    def __init__(self, shape: tuple[int, int], size: int) -> None:
        hop = size // OVERLAP
        count = window_count(shape[1], size)
        self._size, self._frames = size, shape[1]
        self._rows = np.zeros((shape[0], (count + OVERLAP) * hop + size), np.float32)
        self._weights = _hann(size) * np.float32(1.0 / (_scale(size) * _OVERLAP_GAIN))

    def add(self, span: slice, made: Spectra) -> None:
        """Add some windows; what they were is overwritten."""
        hop = self._size // OVERLAP
        parts = fft.irfft(made, n=self._size, axis=2, overwrite_x=True)
        for row, windows in zip(self._rows, parts, strict=True):
            _add_windows(windows, self._weights, row[span.start * hop :])

    @property
    def samples(self) -> Samples:
        """The sound, shape (channels, frames)."""
        start = self._size - self._size // OVERLAP
        return self._rows[:, start : start + self._frames]


def sound(made: Spectra, size: int, frames: int) -> Samples:
    """Put short spectra together.

    Parameters
    ----------
    made : ndarray of complex64, shape (channels, windows, bins)
        As from `spectra`, changed.
    size : int
        Frames of a window.
    frames : int
        How long the sound is.

    Returns
    -------
    ndarray of float32, shape (channels, frames)
        The sound.
    """
    out = Sound((len(made), frames), size)
    for span, part in few_of(made, size):
        out.add(span, part)
    return out.samples


def powers(made: Spectra) -> Powers:
    """Return the power of all channels together, shape (windows, bins)."""
    total = np.zeros(made.shape[1:], np.float32)
    for windows in made:
        _add_powers(windows, total)
    return total


def powers_of(rows: Samples, size: int) -> Powers:
    """Return the power of all channels of a sound together, as `powers` of its `spectra`."""
    total = np.empty((window_count(rows.shape[1], size), size // 2 + 1), np.float32)
    for span, part in few(rows, size):
        total[span] = powers(part)
    return total


def multiply(made: Spectra, gain: Powers) -> None:
    """Give all channels a gain, shape (windows, bins), in place."""
    for windows in made:
        _multiply(windows, gain)


def _spans(count: int, samples: int) -> Iterator[slice]:
    """Cut windows of so many samples, of all channels, into as many at a time as are few."""
    step = max(OVERLAP, _FEW_SAMPLES // samples)
    for first in range(0, count, step):
        yield slice(first, min(first + step, count))


@njit(void(_ROW, int64, float32[::1], float32[:, ::1]), cache=True)
def _cut(row, start, weights, out):  # type: ignore[no-untyped-def]
    """Cut out windows a quarter of their length apart, and weigh them; outside there is silence."""
    size = weights.size
    for window in range(out.shape[0]):
        first = start + window * (size // OVERLAP)
        begin = min(max(-first, 0), size)
        end = max(begin, min(row.size - first, size))
        made, piece = out[window], row[first + begin : first + end]
        made[:begin] = 0.0
        made[end:] = 0.0
        inside, here = made[begin:end], weights[begin:end]
        for i in range(inside.size):
            inside[i] = piece[i] * here[i]


@njit(void(float32[:, ::1], float32[::1], float32[::1]), cache=True)
def _add_windows(windows, weights, out):  # type: ignore[no-untyped-def]
    """Weigh windows, and add them a quarter of their length apart."""
    hop = weights.size // OVERLAP
    for window in range(windows.shape[0]):
        part, here = windows[window], out[window * hop : window * hop + weights.size]
        for i in range(weights.size):
            here[i] += part[i] * weights[i]


@njit(void(complex64[:, ::1], float32[:, ::1]), cache=True)
def _add_powers(made, total):  # type: ignore[no-untyped-def]
    for window in range(made.shape[0]):
        for place in range(made.shape[1]):
            one = made[window, place]
            total[window, place] += one.real * one.real + one.imag * one.imag


@njit(void(complex64[:, ::1], float32[:, ::1]), cache=True)
def _multiply(made, gain):  # type: ignore[no-untyped-def]
    for window in range(made.shape[0]):
        for place in range(made.shape[1]):
            one, by = made[window, place], gain[window, place]
            made[window, place] = complex(one.real * by, one.imag * by)


@functools.lru_cache
def _hann(size: int) -> NDArray[np.float32]:
    return hann(size).astype(np.float32)


def _scale(size: int) -> np.float32:
    """Return what makes the energy of the window 1."""
    return np.float32(1.0 / math.sqrt(3.0 / 8.0 * size))
