"""How loud each band of a sound is from moment to moment, for what decides on its dynamics."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numba import float32, float64, int64, njit, void
from numpy.typing import NDArray

from assistant.dsp.crossover import Split, edges_hz
from assistant.dsp.kweighting import CHANNEL_WEIGHTS
from assistant.material import Audio, Samples

__all__ = ["Levels", "listen"]

Row: TypeAlias = NDArray[np.float32]

CELLS_PER_SECOND = 500
GLUE_BASS = 0.25  # how much the bass counts where one gain is found for all bands


@dataclass(frozen=True, eq=False)
class Levels:
    """How loud each band is, cell by cell.

    Parameters
    ----------
    powers : ndarray of float32, shape (bands + 1, cells)
        Mean square around frames 0, `cell`, 2 `cell` and so on, over the channels that count
        towards loudness; the last row is the sum of the bands, of the bass a quarter.
    cell : int
        From one to the next, in frames.
    rate : int
        Of the sound, in Hz.
    """

    powers: Samples
    cell: int
    rate: int

    def cells(self, seconds: float) -> int:
        """Return a length in cells, at least one."""
        return max(1, round(seconds * self.rate / self.cell))

    @property
    def bands(self) -> Samples:
        """Powers of the bands alone, shape (bands, cells)."""
        return self.powers[:-1]

    def of(self, band: int | None) -> Row:
        """Return the powers of a band, or of the whole."""
        return np.asarray(self.powers[-1 if band is None else band])


def listen(
    audio: Audio, scratch: Callable[[tuple[int, ...]], Samples]
) -> Generator[float, None, Levels]:
    """Follow the levels of the bands.

    Parameters
    ----------
    audio : Audio
        Finite. May be memory-mapped.
    scratch : callable
        Makes the float32 array that the levels are kept in.

    Yields
    ------
    float
        Share that is done.

    Returns
    -------
    Levels
        Every 2 ms.
    """
    cell = max(1, round(audio.rate / CELLS_PER_SECOND))
    bands = range(len(edges_hz(audio.rate)))
    powers = scratch((len(bands) + 1, -(-audio.frames // cell) + 1))
    powers[:] = 0.0
    heard = [n for n, weight in enumerate(CHANNEL_WEIGHTS[audio.channels]) if weight > 0.0]
    for start, split in Split(audio.rate, cell).blocks(audio, bands):
        stop = min(start + split.shape[2], audio.frames)
        block = powers[:, start // cell :]
        for band in bands:
            share = GLUE_BASS if band == 0 and len(bands) > 1 else 1.0
            rows = split[band, heard]
            _add_powers(rows, stop - start, cell, share, block[band], block[-1])
        yield stop / audio.frames
    return Levels(powers, cell, audio.rate)


@njit(
    void(float32[:, ::1], int64, int64, float64, float32[::1], float32[::1]),
    cache=True,
    nogil=True,
)
def _add_powers(rows, frames, cell, share, band, whole):  # type: ignore[no-untyped-def]
    """Add the squares of a block to the cells, each sample to the two that it lies between.

    So what is kept every 2 ms is not a beat between these and the tone.
    """
    weight = 1.0 / (rows.shape[0] * cell)
    for n in range(-(-frames // cell)):
        total, rising = 0.0, 0.0
        for i in range(n * cell, min((n + 1) * cell, frames)):
            square = 0.0
            for channel in range(rows.shape[0]):
                square += float64(rows[channel, i]) * rows[channel, i]
            total += square
            rising += square * (i - n * cell)
        after = rising / cell * weight
        before = total * weight - after
        band[n] += float32(before)
        band[n + 1] += float32(after)
        whole[n] += float32(share * before)
        whole[n + 1] += float32(share * after)
