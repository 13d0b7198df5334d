"""A first look through the noise: roughly how strong the music is, window by window.

The gain of each bin is Wiener's, by a signal-to-noise ratio that is mostly what the window before
had left of it: the decision-directed way of Ephraim and Malah (1985), which leaves no single bins
standing to ring. As all of the sound is there, it is gone through backward as well; the geometric
mean of both is early at onsets and late at ends.

What stands out of the noise by chance alone is closed off: a place is open where the mean of those
around it, long in time or wide in frequency, is more than noise can be (as blocks are judged by Yu,
Mallat and Bacry, "Audio denoising by time-frequency block thresholding", IEEE Trans. Signal
Processing 56(5), 2008).
"""

from __future__ import annotations

import math

import numpy as np
from numba import float32, njit, void
from scipy.ndimage import uniform_filter1d

from assistant.dsp.noise_print import Levels, Print
from assistant.dsp.short_spectra import Powers, multiply, powers, sound, spectra
from assistant.dsp.windows import window_frames
from assistant.material import Samples

__all__ = ["pilot"]

WINDOW_SECONDS = 0.085
CARRIED = 0.9  # of the ratio, from one window to the next, where the noise is steady
LEAST_RATIO = 10.0**-2.5
MOST_RATIO = 1e12  # more makes no difference, and must not overflow
MOST_OVER = 50.0  # times the noise: more is music, however lonely

# Windows by bins. So many of them tell as much as this share of them would, apart.
PLACES = ((9, 3), (3, 15))
APART_WINDOWS, APART_BINS = 2.0, 1.7
CLOSED, OPEN = 5.5, 6.5  # standard deviations over the mean of noise


def pilot(rows: Samples, noise: Print, rate: int) -> Samples:
    """Estimate the music in a stretch of sound.

    Parameters
    ----------
    rows : ndarray of float32, shape (channels, frames)
        The sound.
    noise : Print
        Not silent.
    rate : int
        In Hz.

    Returns
    -------
    ndarray of float32, shape (channels, frames)
        Less than the music, and little else; one gain for all channels.
    """
    size = window_frames(WINDOW_SECONDS, rate)
    made = spectra(rows, size)
    levels = noise.seen(size, rate, rows.shape[0]).sum(axis=0)
    over = powers(made) / np.maximum(levels, levels.max() * 1e-12).astype(np.float32)
    multiply(made, gains(over, noise.swelling(size, rate)) * openness(over, rows.shape[0]))
    return sound(made, size, rows.shape[1])


def gains(over: Powers, swell: Levels) -> Powers:
    """Return the gain of each bin, by its power over that of the noise.

    Where noise swells by itself, shape (bins,), a ratio has to last longer to be believed.
    """
    fresh = ((1.0 - CARRIED) / np.sqrt(swell)).astype(np.float32)
    made, backward = np.empty_like(over), np.empty_like(over)
    _follow(over, fresh, made)
    _follow(np.ascontiguousarray(over[::-1]), fresh, backward)
    made *= backward[::-1]
    return np.asarray(np.sqrt(made, out=made))


def openness(over: Powers, channels: int) -> Powers:
    """Tell where there is more than noise, from 0 to 1."""
    bounded = np.minimum(over, np.float32(MOST_OVER))
    surest = np.full_like(over, -np.inf)
    for windows, bins in PLACES:
        mean = uniform_filter1d(bounded, windows, axis=0, mode="nearest")
        mean = uniform_filter1d(mean, bins, axis=1, mode="nearest")
        apart = windows / APART_WINDOWS * bins / APART_BINS * channels
        np.maximum(surest, (mean - 1.0) * np.float32(math.sqrt(apart)), out=surest)
    return np.asarray(np.clip((surest - CLOSED) / (OPEN - CLOSED), 0.0, 1.0))


@njit(void(float32[:, ::1], float32[::1], float32[:, ::1]), cache=True)
def _follow(over, fresh, out):  # type: ignore[no-untyped-def]
    """Follow the ratio through the windows, and write the gains."""
    one, most = np.float32(1.0), np.float32(MOST_RATIO)
    left = np.ones(over.shape[1], dtype=np.float32)
    for window in range(over.shape[0]):
        for place in range(over.shape[1]):
            here = min(over[window, place], most)
            part = fresh[place]
            ratio = (one - part) * left[place] + part * max(here - one, np.float32(0.0))
            ratio = max(ratio, np.float32(LEAST_RATIO))
            gain = ratio / (one + ratio)
            left[place] = gain * gain * here
            out[window, place] = gain
