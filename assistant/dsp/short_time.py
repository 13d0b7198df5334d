"""A sound as short spectra, changed and put together again, block by block.

Windows are square roots of Hann's, before and after, a quarter of their length apart: unchanged
spectra give the sound back (Griffin and Lim, "Signal estimation from modified short-time Fourier
transform", IEEE TASSP 32(2), 1984), and nothing comes late.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence

import numpy as np
from numpy.typing import NDArray

from assistant.dsp.short_spectra import OVERLAP, Spectra
from assistant.dsp.windows import hann
from assistant.material import Samples

__all__ = ["changed"]


def changed(
    sounds: Sequence[Samples],
    size: int,
    change: Callable[[Sequence[Spectra]], Spectra],
    out: Samples,
    windows: int = 64,
) -> Generator[float, None, None]:
    """Take the spectra of sounds, and make one sound of what is made of them.

    Parameters
    ----------
    sounds : sequence of ndarray of float32, shape (channels, frames)
        As long as each other. May be memory-mapped.
    size : int
        Frames of a window, a multiple of 4.
    change : callable
        Takes the spectra of each sound, of the next windows; returns those of what is made.
    out : ndarray of float32, shape (channels, frames)
        Takes what is made.
    windows : int
        So many are given at once.

    Yields
    ------
    float
        Share that is done.
    """
    frames, hop = out.shape[1], size // OVERLAP
    window = np.sqrt(hann(size)).astype(np.float32)
    scale = np.float32(2.0 / OVERLAP)
    tail = np.zeros((out.shape[0], size - hop), np.float32)
    # The first window begins so early that every frame lies in as many as the others.
    for first in range(hop - size, frames, windows * hop):
        count = min(windows, -(-(frames - first) // hop))
        length = (count - 1) * hop + size
        spectra = [_spectra(_piece(one, first, length), window, hop) for one in sounds]
        rows = np.fft.irfft(change(spectra), size).astype(np.float32) * (window * scale)
        made = np.zeros((out.shape[0], length), np.float32)
        made[:, : size - hop] = tail
        for n in range(count):
            made[:, n * hop : n * hop + size] += rows[:, n]
        ready, tail = made[:, : count * hop], made[:, count * hop :]
        begin, end = max(0, first), min(frames, first + count * hop)
        if end > begin:
            out[:, begin:end] = ready[:, begin - first : end - first]
        yield min(1.0, max(0.0, end / frames))


def _piece(samples: Samples, first: int, length: int) -> Samples:
    """Cut out a piece; beyond the ends there is silence."""
    begin, end = max(0, first), min(samples.shape[1], first + length)
    piece = np.zeros((samples.shape[0], length), np.float32)
    piece[:, begin - first : end - first] = samples[:, begin:end]
    return piece


def _spectra(piece: Samples, window: NDArray[np.float32], hop: int) -> Spectra:
    windows = np.lib.stride_tricks.sliding_window_view(piece, window.size, axis=1)[:, ::hop]
    return np.asarray(np.fft.rfft(windows * window), dtype=np.complex64)
