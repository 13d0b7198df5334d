"""Filters that change levels and not phases: symmetric, and centred, so that nothing comes later.

The kernel is drawn from the wanted gains by an inverse transform, cut to a third of a second by a
window, and applied block by block by overlap-add.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from assistant.material import Audio, Samples

__all__ = ["convolve", "kernel"]

Curve: TypeAlias = NDArray[np.float64]

KERNEL_SECONDS = 16_384 / 48_000  # long enough for a bell an octave wide at 20 Hz
_FINER = 4  # times more points than taps, so that what folds over is nothing
_BLOCKS = 4  # length of a block, in kernels
_WINDOW_BETA = 6.0


def kernel(gain_db: Callable[[Curve], Curve], rate: int) -> Curve:
    """Draw a symmetric kernel.

    Parameters
    ----------
    gain_db : callable
        Takes frequencies in Hz, from 0 to half the rate, and returns the wanted gains in dB.
    rate : int
        In Hz.

    Returns
    -------
    ndarray of float64, shape (taps,)
        An odd number of taps; the middle one is now.
    """
    half = round(KERNEL_SECONDS * rate / 2.0)
    size = 2 * half * _FINER
    hertz = np.linspace(0.0, rate / 2.0, size // 2 + 1)
    wanted = 10.0 ** (gain_db(hertz) / 20.0)
    around = np.fft.irfft(wanted, size)
    taps = np.concatenate([around[-half:], around[: half + 1]])
    return np.asarray(taps * np.kaiser(2 * half + 1, _WINDOW_BETA))


def convolve(
    audio: Audio, middle: Curve, sides: Curve, out: Samples
) -> Generator[float, None, None]:
    """Filter a sound: with two channels middle and sides, else all channels as middle.

    Parameters
    ----------
    audio : Audio
        May be memory-mapped.
    middle, sides : ndarray of float64, shape (taps,)
        Kernels of one length, from `kernel`.
    out : ndarray of float32, shape (channels, frames)
        Zeros; takes the sound.

    Yields
    ------
    float
        Share that is done.
    """
    half = len(middle) // 2
    size = _next_smooth((_BLOCKS + 1) * len(middle))
    step = size - 2 * half
    spectra = [np.fft.rfft(middle, size), np.fft.rfft(sides, size)]
    apart = audio.channels == 2 and not np.array_equal(middle, sides)
    tail = np.zeros((audio.channels, 2 * half))
    for start in range(0, audio.frames + half, step):
        block = audio.samples[:, start : start + step].astype(np.float64)
        rows = _turned(block) * 0.5 if apart else block
        made = np.empty((len(rows), size))
        for n, row in enumerate(rows):
            made[n] = np.fft.irfft(np.fft.rfft(row, size) * spectra[n if apart else 0], size)
        made[:, : 2 * half] += tail
        tail = made[:, step:].copy()
        _write(_turned(made) if apart else made, start - half, step, out)
        yield min(1.0, (start + step) / (audio.frames + half))


def _next_smooth(size: int) -> int:
    """Return the first number from there on that is made of 2, 3 and 5, as transforms like it."""
    while True:
        rest = size
        for factor in (2, 3, 5):
            while rest % factor == 0:
                rest //= factor
        if rest == 1:
            return size
        size += 1


def _turned(rows: Curve) -> Curve:
    """Turn left and right into twice middle and sides, or middle and sides back."""
    return np.stack([rows[0] + rows[1], rows[0] - rows[1]])


def _write(made: Curve, start: int, step: int, out: Samples) -> None:
    """Write what is finished, where it belongs; what would lie before the beginning is left out."""
    first, last = max(start, 0), min(start + step, out.shape[1])
    if first < last:
        out[:, first:last] = made[:, first - start : last - start]
