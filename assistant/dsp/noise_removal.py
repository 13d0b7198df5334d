"""A noise that is known by its print, told apart from instruments and mixes.

It is estimated twice: with a rough pilot of the music, and then with what was left the first time.
What is taken away is the same share of every channel, so that the image stays; it comes no later,
and what was silent stays silent.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence

import numpy as np

from assistant.dsp.noise_mixing import mixed_noise
from assistant.dsp.noise_pilot import pilot
from assistant.dsp.noise_print import Print
from assistant.dsp.stretches import by_stretches
from assistant.material import Audio, Samples, Scratch

__all__ = ["noise_in"]

FIRST_SECONDS = (0.021, 0.17)  # lengths of windows
SECOND_SECONDS = (0.021, 0.085, 0.34)


def noise_in(audio: Audio, noise: Print, scratch: Scratch) -> Generator[float, None, Audio]:
    """Tell what of a take is noise.

    Parameters
    ----------
    audio : Audio
        Finite. May be memory-mapped.
    noise : Print
        What it sounds like alone.
    scratch : callable
        Makes float32 arrays.

    Yields
    ------
    float
        Share that is done.

    Returns
    -------
    Audio
        As long as the take: a share of every bin of it, the same for all channels.

    Raises
    ------
    MaterialError
        Where the print has another number of channels, and more than one.
    """

    def make(stretches: Sequence[Samples]) -> Samples:
        return _noise(stretches[0], noise, audio.rate)

    return (yield from by_stretches((audio,), make, scratch))


def _noise(rows: Samples, noise: Print, rate: int) -> Samples:
    """Estimate the noise in a stretch."""
    if noise.is_silent or not rows.any():
        return np.zeros_like(rows)
    music = pilot(rows, noise, rate)
    music = rows - mixed_noise(rows, music, noise, rate, FIRST_SECONDS)
    made = mixed_noise(rows, music, noise, rate, SECOND_SECONDS)
    # What was silent stays so; a transform leaves a trace of its neighbours there.
    return np.where(rows == 0.0, np.float32(0.0), made)
