"""A print as a sound that can be kept, heard, and taken as a print again."""

from __future__ import annotations

import numpy as np

from assistant.dsp.noise_print import Print
from assistant.dsp.windows import hann
from assistant.material import Audio

__all__ = ["SECONDS", "sound_of"]

SECONDS = 8.0


def sound_of(noise: Print, rng: np.random.Generator) -> Audio:
    """Make noise that has a print.

    Parameters
    ----------
    noise : Print
        What it is to sound like.
    rng : Generator
        The dice.

    Returns
    -------
    Audio
        `SECONDS` of steady noise, of which no moment is of the take.
    """
    size = 2 * (noise.levels.shape[1] - 1)
    frames = round(SECONDS * noise.rate)
    kernels = np.roll(np.fft.irfft(np.sqrt(noise.levels), size), size // 2, axis=1)
    kernels *= hann(size)
    length = 1 << (frames + size - 1).bit_length()
    white = rng.standard_normal((noise.channels, frames + size - 1))
    spectra = np.fft.rfft(white, length) * np.fft.rfft(kernels, length)
    made = np.fft.irfft(spectra, length)[:, size - 1 : size - 1 + frames]
    return Audio(made.astype(np.float32), noise.rate)
