"""A sound in four bands that sum to it: bass, body, presence and air.

The crossovers are symmetric filters, centred, so that no band comes later than another, with
slopes an octave wide, which ring for no longer than a few milliseconds. They are partial sums of
one partition of unity: what is taken out of one band is in the next.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from assistant.material import Audio, Samples

__all__ = ["CROSSOVERS_HZ", "NAMES", "Split", "edges_hz"]

Curve: TypeAlias = NDArray[np.float64]

CROSSOVERS_HZ = (140.0, 1800.0, 7000.0)
NAMES = ("bass", "body", "presence", "air")
SLOPE_OCTAVES = 1.0

REACH_SECONDS = 0.04  # to either side
BLOCK_SECONDS = 0.3
_WINDOW_BETA = 7.0
_HIGHEST = 0.4  # of the rate: a crossover above that leaves nothing to its upper band


def edges_hz(rate: int) -> tuple[tuple[float, float], ...]:
    """Tell where the bands lie.

    Parameters
    ----------
    rate : int
        In Hz.

    Returns
    -------
    tuple of (float, float)
        Where each begins and ends, in Hz; fewer than four at low rates.
    """
    inner = [hertz for hertz in CROSSOVERS_HZ if hertz < _HIGHEST * rate]
    return tuple(zip([0.0, *inner], [*inner, rate / 2.0], strict=True))


class Split:
    """The way into bands, for one rate.

    Parameters
    ----------
    rate : int
        In Hz.
    multiple : int
        What the length of a block is a multiple of, in frames; well under 0.1 s.

    Attributes
    ----------
    step : int
        Length of a block, in frames.
    """

    def __init__(self, rate: int, multiple: int = 1) -> None:
        self._reach = math.ceil(REACH_SECONDS * rate)
        self._size = 2 ** math.ceil(math.log2(BLOCK_SECONDS * rate))
        self.step = (self._size - 2 * self._reach) // multiple * multiple
        self._spectra = [self._spectrum(*edges, rate) for edges in edges_hz(rate)]

    def blocks(self, audio: Audio, bands: Sequence[int]) -> Iterator[tuple[int, Samples]]:
        """Walk through some of the bands of a sound.

        Parameters
        ----------
        audio : Audio
            At the rate of the split. May be memory-mapped.
        bands : sequence of int
            Which, from 0 for the bass.

        Yields
        ------
        tuple of (int, ndarray of float32, shape (bands, channels, step))
            The first frame of the block, and the block; beyond the end of the sound come zeros,
            and what rings on.
        """
        for start in range(0, audio.frames, self.step):
            first, last = start - self._reach, start + self._size - self._reach
            taken = audio.samples[:, max(first, 0) : min(last, audio.frames)]
            around = np.zeros((audio.channels, self._size), dtype=np.float32)
            around[:, max(-first, 0) : max(-first, 0) + taken.shape[1]] = taken
            made = np.zeros((len(bands), audio.channels, self.step), dtype=np.float32)
            if taken.any():  # else silence would become the dust of a transform
                spectrum = np.fft.rfft(around, norm="forward")  # without it, in float64
                for n, band in enumerate(bands):
                    whole = np.fft.irfft(spectrum * self._spectra[band], self._size)
                    made[n] = whole[:, self._reach : self._reach + self.step]
            yield start, made

    def _spectrum(self, low_hz: float, high_hz: float, rate: int) -> NDArray[np.float32]:
        """Draw the gains of a band times the size, and cut its response to the reach."""
        hertz = np.linspace(0.0, rate / 2.0, self._size // 2 + 1)
        wanted = np.ones_like(hertz)
        if low_hz > 0.0:
            wanted = _risen(hertz, low_hz)
        if high_hz < rate / 2.0:
            wanted = wanted - _risen(hertz, high_hz)
        response = np.fft.irfft(wanted, self._size)
        window = np.zeros(self._size)
        shape = np.kaiser(2 * self._reach + 1, _WINDOW_BETA)
        window[: self._reach + 1] = shape[self._reach :]
        window[-self._reach :] = shape[: self._reach]
        return np.asarray(self._size * np.fft.rfft(response * window).real, dtype=np.float32)


def _risen(hertz: Curve, edge_hz: float) -> Curve:
    """Return a step from 0 to 1 over an octave around an edge, half way up at it."""
    octaves = np.log2(hertz.clip(1e-3) / edge_hz) / SLOPE_OCTAVES
    return np.asarray(0.5 + 0.5 * np.sin(math.pi * octaves.clip(-0.5, 0.5)))
