"""The noise in a sound, by windows of several lengths, each where it is likely to err least.

With a pilot of the music, Wiener's gain is that of the pilot's ratio to the noise in every bin
(Ghael, Sayeed and Baraniuk, "Improved wavelet denoising via empirical Wiener filtering", Proc. SPIE
3169, 1997): the pilot may be seen through windows of another length than it was made with. Short
windows keep strokes sharp, long ones find the noise between tones.

How far each is from the music is not known, but its mean is: Stein's estimate of the risk needs
the noisy sound and the level of the noise alone. Where a band's risk is least, for a moment, that
window counts most. To leave the sound as it is has a risk as well, that of the noise; so little is
made worse where the noise is not as its print.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numba import complex64, float32, int64, njit, void
from scipy.ndimage import uniform_filter1d

from assistant.dsp.noise_bands import Bands, band_starts
from assistant.dsp.noise_print import Levels, Print
from assistant.dsp.short_spectra import (
    OVERLAP,
    Powers,
    Sound,
    Spectra,
    few,
    few_of,
    multiply,
    powers,
    window_count,
)
from assistant.dsp.windows import window_frames
from assistant.material import Samples

__all__ = ["mixed_noise"]

COMMON_SECONDS = 0.021  # windows in which the estimates are put together
CELL_SECONDS = 0.17  # over which a risk is averaged
SHARPNESS = 10.0  # how much more the least risk counts
TIE = 0.3  # of the noise: risks as small as this differ by chance
MOST_OVER = 1e12  # times the noise: more makes no difference, and must not overflow
_LEAST = 1e-12  # of the strongest bin
CHANGE = 0.7  # how much of a gain's slope is its own bin's, as the pilot holds others as well


@dataclass(frozen=True, slots=True)
class _Grid:
    """Windows of one length, laid over the common windows and the bands.

    Parameters
    ----------
    size, common : int
        Frames of a window.
    starts : ndarray of int, shape (bands,)
        The bins at which bands begin.
    """

    size: int
    common: int
    starts: Bands

    @property
    def is_common(self) -> bool:
        """Whether these are the common windows themselves."""
        return self.size == self.common

    @property
    def bands(self) -> Bands:
        """The band of each bin."""
        ends = np.append(self.starts[1:], self.size // 2 + 1)
        return np.repeat(np.arange(len(self.starts)), ends - self.starts)

    def at_cells(self, risk: Powers, frames: int) -> Powers:
        """Read what is known of each window at the middle of each common one."""
        hop, common_hop = self.size // OVERLAP, self.common // OVERLAP
        count = window_count(frames, self.common)
        middles = (np.arange(count) - OVERLAP + 1) * common_hop + self.common // 2
        place = np.clip((middles - self.size // 2) / hop + OVERLAP - 1, 0.0, len(risk) - 1.0)
        before = np.minimum(place.astype(np.int64), max(0, len(risk) - 2))
        after = np.minimum(before + 1, len(risk) - 1)
        part = (place - before).astype(np.float32)[:, np.newaxis]
        return np.asarray(risk[before] * (1 - part) + risk[after] * part)


@dataclass(frozen=True, slots=True)
class _Estimate:
    """What one length of window takes for noise, and its risk, shape (cells, bands)."""

    noise: Samples | Spectra  # spectra where its windows are the common ones: that saves two steps
    risk: Powers
    untouched: Powers  # the risk of leaving all as it is, shape (bands,)

    def spectra(self, common: int) -> Iterator[tuple[slice, Spectra]]:
        """Return the noise in the common windows, a few at a time."""
        if np.iscomplexobj(self.noise):
            return few_of(np.asarray(self.noise, dtype=np.complex64), common)
        return few(np.asarray(self.noise, dtype=np.float32), common)


def mixed_noise(
    rows: Samples, music: Samples, noise: Print, rate: int, seconds: Sequence[float]
) -> Samples:
    """Estimate the noise in a stretch of sound.

    Parameters
    ----------
    rows : ndarray of float32, shape (channels, frames)
        The sound.
    music : ndarray of float32, shape (channels, frames)
        A pilot: what is known of the music in it.
    noise : Print
        Not silent.
    rate : int
        In Hz.
    seconds : sequence of float
        Lengths of windows.

    Returns
    -------
    ndarray of float32, shape (channels, frames)
        What is to be taken away; one gain for all channels.
    """
    common = window_frames(COMMON_SECONDS, rate)
    grids = [_grid(window_frames(length, rate), common, rate) for length in seconds]
    found = [_estimate(rows, music, noise, rate, grid) for grid in grids]
    bands = _grid(common, common, rate).bands
    weights = _weights(found, _cells(common, rate))
    out = Sound((rows.shape[0], rows.shape[1]), common)
    for few_each in zip(*(one.spectra(common) for one in found), strict=True):
        span, total = few_each[0][0], np.zeros_like(few_each[0][1])
        for (_, made), weight in zip(few_each, weights, strict=True):
            for sum_, channel in zip(total, made, strict=True):
                _add_weighed(sum_, channel, weight[span], bands)
        out.add(span, total)
    return out.samples


def _levels(noise: Print, size: int, rate: int, channels: int) -> Levels:
    """Return the power of the noise in all channels together; nowhere quite none."""
    levels = noise.seen(size, rate, channels).sum(axis=0)
    return np.asarray(np.maximum(levels, levels.max() * _LEAST))


def _grid(size: int, common: int, rate: int) -> _Grid:
    return _Grid(size, common, band_starts(size, rate))


def _cells(common: int, rate: int) -> int:
    """Return how many common windows begin in the time over which a risk is averaged."""
    return max(1, round(CELL_SECONDS * rate * OVERLAP / common))


def _estimate(rows: Samples, music: Samples, noise: Print, rate: int, grid: _Grid) -> _Estimate:
    """Take the noise by one length of window."""
    levels = _levels(noise, grid.size, rate, rows.shape[0])
    scale = (1.0 / levels).astype(np.float32)
    share = (levels / grid.size).astype(np.float32)
    swell = noise.swelling(grid.size, rate).astype(np.float32)
    shape = (rows.shape[0], window_count(rows.shape[1], grid.size), len(levels))
    kept = np.empty(shape if grid.is_common else 0, np.complex64)
    out = Sound((rows.shape[0], 0 if grid.is_common else rows.shape[1]), grid.size)
    risk, bands = np.zeros((shape[1], len(grid.starts)), np.float32), grid.bands
    for (span, made), (_, pilot) in zip(few(rows, grid.size), few(music, grid.size), strict=True):
        taken = powers(pilot)
        taken *= scale
        over = powers(made)
        over *= scale
        _judge(over, taken, share, bands, risk[span])
        multiply(made, taken)
        if grid.is_common:
            kept[:, span] = made
        else:
            out.add(span, made)
    return _Estimate(
        kept if grid.is_common else out.samples,
        grid.at_cells(risk, rows.shape[1]),
        np.add.reduceat(share * swell, grid.starts),
    )


@njit(void(complex64[:, ::1], complex64[:, ::1], float32[:, ::1], int64[::1]), cache=True)
def _add_weighed(total, made, weight, bands):  # type: ignore[no-untyped-def]
    """Add spectra, so much of each band."""
    for window in range(total.shape[0]):
        for place in range(total.shape[1]):
            one, by = made[window, place], weight[window, bands[place]]
            total[window, place] += complex(one.real * by, one.imag * by)


@njit(
    void(float32[:, ::1], float32[:, ::1], float32[::1], int64[::1], float32[:, ::1]),
    cache=True,
)
def _judge(over, ratio, share, bands, risk):  # type: ignore[no-untyped-def]
    """Turn each ratio into the share of its bin that is noise, and sum up the risk of that."""
    one, two, change = np.float32(1.0), np.float32(2.0), np.float32(CHANGE)
    most = np.float32(MOST_OVER)
    for window in range(over.shape[0]):
        for place in range(over.shape[1]):
            taken = one / (one + min(ratio[window, place], most))
            gain = one - taken
            left = taken * taken * min(over[window, place], most)
            err = left - one + gain * (two + change * taken)
            ratio[window, place] = taken
            risk[window, bands[place]] += err * share[place]


def _weights(found: Sequence[_Estimate], cells: int) -> list[Powers]:
    """Weigh each estimate, shape (windows, bands), by its risk against the least one."""
    risks = [uniform_filter1d(one.risk, cells, axis=0, mode="nearest") for one in found]
    untouched = found[0].untouched
    least = np.minimum(np.minimum.reduce(risks), untouched)
    scale = SHARPNESS / np.maximum(np.abs(least), TIE * untouched)
    counts = [np.exp((least - risk) * scale) for risk in risks]
    total = np.add.reduce(counts) + np.exp((least - untouched) * scale)
    return [np.asarray(count / total) for count in counts]
