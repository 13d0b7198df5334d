"""How much of a sound is held tones: to tell music from noise in what is about to be taken away.

A tone stands out of what is beside it in frequency, and stays where it is from one window to the
next and the next; noise does so by chance alone, and the voices of a crowd glide on.
"""

from __future__ import annotations

import math
from collections.abc import Generator

import numpy as np
from numpy.typing import NDArray

from assistant.dsp.mono import mono_blocks
from assistant.dsp.windows import window_frames
from assistant.material import Audio

__all__ = ["tonal_share"]

WINDOW_SECONDS = 0.085  # within which the pitch of a voice moves by more than a bin
LEVEL = 12.0  # over the median around it: noise is so in one window of ten thousand
AROUND_BINS = 41
WINDOWS = 3  # in a row, which do not overlap
LOWEST_HZ = 80.0  # hum and its octave are tones as well, and no music
_BLOCK_SECONDS = 10.0

Powers = NDArray[np.float64]


def tonal_share(audio: Audio) -> Generator[float, None, float]:
    """Measure the share of held tones.

    Parameters
    ----------
    audio : Audio
        Finite. May be memory-mapped.

    Yields
    ------
    float
        Share that is done.

    Returns
    -------
    float
        Of its power above 80 Hz, 0.0 to 1.0: under 0.02 in steady noise, about 0.1 in a crowd or
        wind, over 0.5 in guitars and pianos. 0.0 in silence.
    """
    size = window_frames(WINDOW_SECONDS, audio.rate)
    tones, all_ = 0.0, 0.0
    before: list[NDArray[np.bool_]] = []
    rest = np.zeros(0, np.float32)
    for start, block in mono_blocks(audio, block_seconds=_BLOCK_SECONDS):
        rest = np.concatenate([rest, block])
        whole = rest.size // size
        powers = _powers(rest[: whole * size].reshape(whole, size), audio.rate)
        rest = rest[whole * size :]
        for row, stands in zip(powers, _standing(powers), strict=True):
            held = np.logical_and.reduce([stands, *before]) & (len(before) == WINDOWS - 1)
            before = [*before, stands][-(WINDOWS - 1) :]
            tones += float(row[held].sum())
            all_ += float(row.sum())
        yield (start + block.size) / audio.frames
    return tones / all_ if all_ > 0.0 else 0.0


def _powers(windows: NDArray[np.float32], rate: int) -> Powers:
    """Return the power of each bin from the lowest on, shape (windows, bins)."""
    size = windows.shape[1]
    spectra = np.fft.rfft(windows * np.hanning(size))
    return np.asarray(np.square(np.abs(spectra))[:, math.ceil(LOWEST_HZ * size / rate) :])


def _standing(powers: Powers) -> NDArray[np.bool_]:
    """Tell which bins stand out of the median around them: of more than half of those.

    To count is quicker than to sort.
    """
    if not powers.size:
        return np.zeros(powers.shape, np.bool_)
    around, bins = min(AROUND_BINS, powers.shape[1] | 1), powers.shape[1]
    padded = LEVEL * np.pad(powers, ((0, 0), (around // 2, around // 2)), mode="reflect")
    lower = np.zeros(powers.shape, np.uint8)
    for first in range(around):
        lower += powers > padded[:, first : first + bins]
    return np.asarray(lower > around // 2)
