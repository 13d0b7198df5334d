"""Two cleanings of one take, of which that counts, bin by bin, that takes less away.

What a net for voices spoils of singing (held notes, which speech has not), a statistical gain
keeps, and the other way round; what both call noise is noise.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence

import numpy as np

from assistant.dsp.short_spectra import Spectra
from assistant.dsp.short_time import changed
from assistant.dsp.windows import window_frames
from assistant.material import Audio, Scratch

__all__ = ["least_taken"]

WINDOW_SECONDS = 0.04
_SILENCE = 1e-20


def least_taken(
    take: Audio, noises: tuple[Audio, Audio], scratch: Scratch
) -> Generator[float, None, Audio]:
    """Take away what both would take.

    Parameters
    ----------
    take : Audio
        As it came. May be memory-mapped.
    noises : tuple of two Audio
        What each cleaning takes away, as long as the take.
    scratch : callable
        Makes float32 arrays.

    Yields
    ------
    float
        Share that is done.

    Returns
    -------
    Audio
        What is taken away. One gain for all channels.
    """
    noise = scratch(take.samples.shape)
    size = window_frames(WINDOW_SECONDS, take.rate)
    yield from changed([take.samples, *(one.samples for one in noises)], size, _taken, noise)
    return Audio(noise, take.rate)


def _taken(spectra: Sequence[Spectra]) -> Spectra:
    whole, *noises = spectra
    power = np.square(np.abs(whole)).sum(axis=0) + _SILENCE
    left = [np.square(np.abs(whole - noise)).sum(axis=0) for noise in noises]
    gain = np.sqrt(np.minimum(np.maximum(*left) / power, 1.0))
    return np.asarray((1.0 - gain) * whole, dtype=np.complex64)
