"""Gains drawn over the spectrum, one curve for the middle and one for the sides; linear phase."""

from __future__ import annotations

from collections.abc import Callable, Generator

import numpy as np
from numpy.typing import NDArray

from assistant.dsp.linear_phase import convolve, kernel
from assistant.dsp.third_octaves import STEPS_HZ, Levels
from assistant.material import Audio, Samples

__all__ = ["draw"]


def draw(
    audio: Audio,
    middle_db: Levels,
    sides_db: Levels,
    scratch: Callable[[tuple[int, ...]], Samples],
) -> Generator[float, None, Audio]:
    """Give each part of the spectrum a gain of its own.

    Parameters
    ----------
    audio : Audio
        May be memory-mapped. With other than two channels all of it is middle.
    middle_db, sides_db : ndarray of float64, shape (124,)
        Gains in dB at `assistant.dsp.third_octaves.STEPS_HZ`; straight lines between, over the
        logarithm of frequency, and the same as at the ends beyond them.
    scratch : callable
        Makes the array for what comes out.

    Yields
    ------
    float
        Share that is done.

    Returns
    -------
    Audio
        As long as the sound and at the same place; the sound itself where every gain is 0.
    """
    if not (middle_db.any() or (audio.channels == 2 and sides_db.any())):
        yield 1.0
        return audio
    out = scratch(audio.samples.shape)
    yield from convolve(audio, _kernel(middle_db, audio.rate), _kernel(sides_db, audio.rate), out)
    return Audio(out, audio.rate)


def _kernel(gains_db: Levels, rate: int) -> NDArray[np.float64]:
    places = np.log(STEPS_HZ)

    def gain_db(hertz: NDArray[np.float64]) -> NDArray[np.float64]:
        at = np.log(np.maximum(hertz, STEPS_HZ[0]))
        return np.asarray(np.interp(at, places, gains_db))

    return kernel(gain_db, rate)
