"""What a sound excites along the cochlea: the outputs of overlapping auditory filters.

The filters are rounded exponentials; their lower slope gets shallower as the level rises, so that
loud bass reaches far up (Glasberg and Moore 1990; Moore, Glasberg and Baer, "A model for the
prediction of thresholds, loudness, and partial loudness", J. Audio Eng. Soc. 45(4), 1997; ANSI
S3.4-2007). How shallow follows from all that sounds together. So the excitations of sounds that
are heard together add up to that of their sum.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy import fft

from assistant.dsp.ear import (
    BAND_HZ,
    COMPONENT_EDGES_HZ,
    COMPONENT_HZ,
    COMPONENTS,
    Curve,
    erb_hz,
    transmission_db,
)
from assistant.dsp.windows import hann, window_frames
from assistant.errors import MaterialError
from assistant.material import Samples

__all__ = ["EARS", "WINDOW_SECONDS", "Powers", "excitations", "powers_at_ears", "window_frames_of"]

Powers: TypeAlias = NDArray[np.float32]

EARS = 2
WINDOW_SECONDS = 0.17
_LOW = int(np.searchsorted(COMPONENT_HZ, 500.0))  # components that whole windows are for
_BATCH = 16  # windows transformed at once

_SLOPE_LEVEL_DB = 51.0  # at which both slopes of a filter are alike
_SLOPE_A_DB = 0.35  # by which the lower one falls, at 1 kHz
_SHALLOWEST = 0.1  # far above any level of music; the formula would go on below 0
_SILENT = 1e-10


def _steepness(hertz: Curve) -> Curve:
    """Return p of a filter ``(1 + p g) exp(-p g)``, with g the distance over its frequency."""
    return 4.0 * hertz / erb_hz(hertz)


def _distances(centres_hz: Curve) -> Curve:
    """Return how far each component lies from each centre, shape (centres, components)."""
    return np.abs(COMPONENT_HZ / centres_hz[:, None] - 1.0)


def _rounded(steepness: Curve) -> Curve:
    """Return the weights of filters, in place."""
    falling = np.exp(-steepness)
    steepness += 1.0
    steepness *= falling
    return steepness


_DISTANCES = _distances(BAND_HZ)
_STEEPNESS = _steepness(BAND_HZ)[:, None] * _DISTANCES
_STEEPNESS_A_DB = np.where(
    BAND_HZ[:, None] > COMPONENT_HZ,
    _STEEPNESS * (_SLOPE_A_DB / _steepness(np.array([1000.0]))),
    0.0,
)
_AROUND = _rounded(_steepness(COMPONENT_HZ)[:, None] * _distances(COMPONENT_HZ))
_TRANSMISSION: Curve = 10.0 ** (transmission_db(COMPONENT_HZ) / 10.0)


def window_frames_of(rate: int) -> int:
    """Return how many frames a window has: a power of two, of 0.12 to 0.24 s."""
    return window_frames(WINDOW_SECONDS, rate)


def powers_at_ears(samples: Samples, rate: int, starts: NDArray[np.int64]) -> Powers:
    """Measure the power spectra of windows of a sound.

    Parameters
    ----------
    samples : ndarray of float32, shape (channels, frames)
        Finite. May be memory-mapped: only the windows are read. One channel reaches both ears;
        of two the first reaches the left ear and the second the right one, as in headphones; of
        more their mean power reaches both.
    rate : int
        In Hz.
    starts : ndarray of int, shape (windows,)
        At which frames windows of `window_frames_of` frames begin; 0 or more. Beyond the end
        there is silence.

    Returns
    -------
    ndarray of float32, shape (2, windows, components)
        Mean square at each ear in each component, 1 for a square wave at full scale. Of what
        lies above 500 Hz only the middle quarter of the window is listened to: high up the ear
        tells apart what is near in time, low down what is near in frequency (Glasberg and
        Moore, "A model of loudness applicable to time-varying sounds", J. Audio Eng. Soc. 50(5),
        2002, which has six lengths).

    Raises
    ------
    MaterialError
        Where a window begins before the sound.
    """
    if len(starts) and int(np.min(starts)) < 0:
        raise MaterialError("No window can begin before the sound does.")
    size = window_frames_of(rate)
    middle = slice(size * 3 // 8, size * 5 // 8)
    found = np.empty((EARS, len(starts), COMPONENTS), np.float32)
    for span, frames in _batches(samples, size, starts):
        found[:, span, :_LOW] = _powers(frames, rate, COMPONENT_EDGES_HZ[: _LOW + 1])
        found[:, span, _LOW:] = _powers(frames[:, :, middle], rate, COMPONENT_EDGES_HZ[_LOW:])
    return found


def _batches(
    samples: Samples, size: int, starts: NDArray[np.int64]
) -> Iterator[tuple[slice, NDArray[np.float32]]]:
    """Cut out windows, a few at a time: which ones, and (channels, windows, size) of them."""
    for first in range(0, len(starts), _BATCH):
        some = starts[first : first + _BATCH]
        cut = np.zeros((len(samples), len(some), size), np.float32)
        for n, start in enumerate(some):
            piece = samples[:, start : start + size]
            cut[:, n, : piece.shape[1]] = piece
        yield slice(first, first + len(some)), cut


def _powers(frames: NDArray[np.float32], rate: int, edges_hz: Curve) -> Curve:
    """Measure the power of windows between edges, shape (1 or 2, windows, edges - 1)."""
    size = frames.shape[2]
    window = hann(size).astype(np.float32)
    # A line of the spectrum stands for the band around it, not for its middle alone.
    places = np.clip(edges_hz * size / rate + 0.5, 0.0, size // 2 + 1)
    lowest, highest = int(places[0]), int(places[-1]) + 1
    lines = fft.rfft(frames * window, axis=2, overwrite_x=True)[:, :, lowest:highest]
    power = np.square(lines.real) + np.square(lines.imag)
    if len(power) != EARS:
        power = power.mean(axis=0, keepdims=True)
    scale = 2.0 / (size * float(np.sum(np.square(window, dtype=np.float64))))
    return np.asarray(scale * _between(power, places - lowest))


def _between(power: NDArray[np.float32], places: Curve) -> Curve:
    """Sum the power of lines between places, in parts of lines."""
    total = np.zeros((*power.shape[:-1], power.shape[-1] + 1))
    np.cumsum(power, axis=-1, dtype=np.float64, out=total[..., 1:])
    whole = np.minimum(places.astype(np.int64), power.shape[-1] - 1)
    return np.diff(total[..., whole] + (places - whole) * power[..., whole], axis=-1)


def excitations(powers: Curve) -> Curve:
    """Work out what sounds that are heard together excite in one ear.

    Parameters
    ----------
    powers : ndarray of float64, shape (sounds, components)
        Power of each sound in each component, at the place of the head; 1 at 0 dB SPL. At
        least 0.

    Returns
    -------
    ndarray of float64, shape (sounds, bands)
        At `assistant.dsp.ear.BAND_HZ`; 1 for a tone of 1 kHz that excites as much as one of
        0 dB SPL at the cochlea.
    """
    inside = powers * _TRANSMISSION
    around = _AROUND @ inside.sum(axis=0)
    level_db = 10.0 * np.log10(np.maximum(around, _SILENT)) - _SLOPE_LEVEL_DB
    steepness = _STEEPNESS - _STEEPNESS_A_DB * level_db
    np.maximum(steepness, _SHALLOWEST * _DISTANCES, out=steepness)
    return np.asarray(inside @ _rounded(steepness).T)
