"""Short spectra of a stretch of sound, and the sound of them.

Hann's window before and after, a quarter of its length apart: unchanged spectra give the sound
back, nothing comes late, and each frame lies in four windows, the first and the last as well
(Griffin and Lim, "Signal estimation from modified short-time Fourier transform", IEEE TASSP 32(2),
1984).
"""

from __future__ import annotations

import functools
import math
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy import fft

from assistant.material import Samples

__all__ = [
    "OVERLAP",
    "Powers",
    "Spectra",
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


def window_count(frames: int, size: int) -> int:
    """Return how many windows `spectra` takes of a sound."""
    hop = size // OVERLAP
    return (frames + size - hop - 1) // hop + 1


def spectra(rows: Samples, size: int) -> Spectra:
    """Take the short spectra of sounds.

    Parameters
    ----------
    rows : ndarray of float32, shape (channels, frames)
        Beyond their ends there is silence.
    size : int
        Frames of a window, a multiple of 4.

    Returns
    -------
    ndarray of complex64, shape (channels, windows, size // 2 + 1)
        Window n begins at frame ``(n - 3) * size // 4``. White noise has its own power in each
        bin, whatever the size.
    """
    made = np.empty((rows.shape[0], window_count(rows.shape[1], size), size // 2 + 1), np.complex64)
    for channel, row in enumerate(rows):  # one at a time, as windows hold each frame four times
        made[channel] = _row_spectra(row, size)
    return made


def sound(made: Spectra, size: int, frames: int) -> Samples:
    """Put short spectra together.

    Parameters
    ----------
    made : ndarray of complex64, shape (channels, windows, bins)
        As from `spectra`, changed; overwritten.
    size : int
        Frames of a window.
    frames : int
        How long the sound is.

    Returns
    -------
    ndarray of float32, shape (channels, frames)
        The sound.
    """
    hop = size // OVERLAP
    weights = _hann(size) * np.float32(1.0 / (_scale(size) * _OVERLAP_GAIN))
    out = np.zeros((made.shape[0], (made.shape[1] + OVERLAP) * hop + size), np.float32)
    for row, windows in zip(out, made, strict=True):
        parts = fft.irfft(windows, n=size, axis=1, overwrite_x=True)
        parts *= weights
        for first in range(OVERLAP):  # windows that lie side by side are added at once
            side = parts[first::OVERLAP].reshape(-1)
            row[first * hop : first * hop + side.size] += side
    return out[:, size - hop : size - hop + frames]


def powers(made: Spectra) -> Powers:
    """Return the power of all channels together, shape (windows, bins)."""
    total = np.zeros(made.shape[1:], np.float32)
    for windows in made:
        total += np.square(windows.real)
        total += np.square(windows.imag)
    return total


def powers_of(rows: Samples, size: int) -> Powers:
    """Return the power of all channels of a sound together, as `powers` of its `spectra`."""
    total = powers(_row_spectra(rows[0], size)[np.newaxis])
    for row in rows[1:]:
        total += powers(_row_spectra(row, size)[np.newaxis])
    return total


def _row_spectra(row: NDArray[np.float32], size: int) -> NDArray[np.complex64]:
    """Take the short spectra of one channel, shape (windows, bins)."""
    hop = size // OVERLAP
    count = window_count(len(row), size)
    # The last window ends a little later than the sound does.
    padded = np.pad(row, (size - hop, count * hop - len(row)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, size)[::hop]
    return np.asarray(fft.rfft(windows * (_hann(size) * _scale(size)), axis=1, overwrite_x=True))


@functools.lru_cache
def _hann(size: int) -> NDArray[np.float32]:
    return np.hanning(size + 1)[:-1].astype(np.float32)


def _scale(size: int) -> np.float32:
    """Return what makes the energy of the window 1."""
    return np.float32(1.0 / math.sqrt(3.0 / 8.0 * size))
