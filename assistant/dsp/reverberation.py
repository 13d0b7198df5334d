"""How long a room sounds on, told from how a voice dies away in it.

A voice may stop as slowly as it likes, but none stops faster than its room: the steepest of the
falls that are long enough tell the room. Free decays were used so by Ratnam, Jones, Wheeler,
O'Brien, Lansing and Feng, "Blind estimation of reverberation time" (JASA 114(5), 2003), by maximum
likelihood; here it is a line through the levels. Instruments ring by themselves: it is asked of
voices alone.
"""

from __future__ import annotations

from collections.abc import Generator

import numpy as np
from numpy.typing import NDArray

from assistant.dsp.mono import resampled_mono
from assistant.material import Audio

__all__ = ["decay_seconds"]

Array = NDArray[np.float64]

RATE_HZ = 16_000
HOP = 128
HOP_SECONDS = HOP / RATE_HZ
FALL_SECONDS = 0.15
LEAST_FALL_DB = 5.0  # from its begin to its end
STRAIGHT = 0.95  # of the variance that a line explains
STEEPEST = 20  # percentile of the falls
LEAST_FALLS = 5
_FLOOR = 1e-12


def decay_seconds(audio: Audio) -> Generator[float, None, float | None]:
    """Estimate the reverberation time behind a voice.

    Parameters
    ----------
    audio : Audio
        Finite.

    Yields
    ------
    float
        Share that is done.

    Returns
    -------
    float or None
        Seconds in which the room falls by 60 dB; about 0.2 in a dry room, less cannot be told from
        how voices stop. None where there are too few falls.
    """
    powers: list[Array] = []
    rest = np.zeros(0, np.float32)
    for done, block in resampled_mono(audio, RATE_HZ):
        rest = np.concatenate([rest, block])
        whole = rest.size // HOP * HOP
        frames = rest[:whole].reshape(-1, HOP)
        powers.append(np.square(frames, dtype=np.float64).mean(axis=1))
        rest = rest[whole:]
        yield done
    falls = _falls(10.0 * np.log10(np.concatenate([*powers, np.zeros(0)]) + _FLOOR))
    if falls.size < LEAST_FALLS:
        return None
    return float(60.0 / -np.percentile(falls, STEEPEST))


def _falls(levels_db: Array) -> Array:
    """Return the slopes, in dB a second, of the windows that fall straight."""
    frames = round(FALL_SECONDS / HOP_SECONDS)
    if levels_db.size < frames:
        return np.zeros(0)
    smooth = np.convolve(levels_db, np.full(3, 1.0 / 3.0), mode="same")
    windows = np.lib.stride_tricks.sliding_window_view(smooth, frames)
    at = (np.arange(frames) - (frames - 1) / 2.0) * HOP_SECONDS
    slopes = windows @ at / (at @ at)
    off = windows - windows.mean(axis=1, keepdims=True)
    explained = slopes**2 * (at @ at) / np.maximum(np.square(off).sum(axis=1), _FLOOR)
    fell = (windows[:, 0] - windows[:, -1] > LEAST_FALL_DB) & (explained > STRAIGHT)
    return np.asarray(slopes[fell])
