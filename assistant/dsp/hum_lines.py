"""Harmonics of the mains, taken out of a sound one by one, and put together again.

Each is brought down to 0 Hz by turning it back at its own frequency, and averaged over eight
periods of the mains: other harmonics, and what lies halfway between two, leave nothing there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from assistant.dsp.mains import HIGHEST_HZ, ORDERS
from assistant.material import Samples

__all__ = ["CELLS", "UNKNOWN", "Lines", "lines_of", "rendered"]

Array: TypeAlias = NDArray[np.float64]
Complex: TypeAlias = NDArray[np.complex128]

HOP_PERIODS, OVERLAP = 2, 4
CELLS = 16  # of a hop, each of whole frames
FLOOR = 1e-14  # of power: under the last bit of 24
UNKNOWN = 1e6  # power beside a line that makes it tell nothing
BESIDE_HOPS = 2  # what is beside a line counts for so long before and after
_TOGETHER = 64
_TOP = 0.45  # of the rate


@dataclass(frozen=True, eq=False)
class Lines:
    """Harmonics of one frequency, hop by hop.

    Parameters
    ----------
    values : ndarray of complex128, shape (channels, orders, hops)
        Amplitude and phase, against an oscillator at exactly that harmonic of `hertz` which
        begins with the sound at phase 0.
    beside : ndarray of float64, shape (channels, orders, hops)
        Power halfway to the next lines, as a line there would have it: what is not hum. `UNKNOWN`
        where the channel was cut silent.
    hertz : float
        The first harmonic.
    rate, hop : int
        In Hz, and in frames. The first hop lies `middle` frames after the beginning.
    """

    values: Complex
    beside: Array
    hertz: float
    rate: int
    hop: int

    @property
    def orders(self) -> Array:
        """1.0, 2.0 and so on."""
        return np.arange(1.0, self.values.shape[1] + 1.0)

    @property
    def middle(self) -> int:
        """Half a window, in frames."""
        return self.hop * OVERLAP // 2

    @property
    def hop_seconds(self) -> float:
        """Time from one value to the next."""
        return self.hop / self.rate


def lines_of(samples: Samples, rate: int, hertz: float) -> Lines:
    """Take the harmonics of a frequency out of a sound.

    Parameters
    ----------
    samples : ndarray of float32, shape (channels, frames)
        At least eight periods.
    rate : int
        In Hz.
    hertz : float
        Near 50 or 60.

    Returns
    -------
    Lines
        As many orders as `ORDERS` and the rate leave.
    """
    nominal = 10.0 * round(hertz / 10.0)
    hop = CELLS * round(HOP_PERIODS * rate / nominal / CELLS)
    count = min(ORDERS, int(min(HIGHEST_HZ, _TOP * rate) / hertz))
    orders = np.arange(1.0, count + 1.0)
    halfway = np.abs(_averaged(samples, rate, hop, np.append(orders - 0.5, count + 0.5) * hertz))
    power = np.square(halfway)
    beside = 0.5 * (power[:, 1:] + power[:, :-1])
    padded = np.pad(beside, ((0, 0), (0, 0), (BESIDE_HOPS, BESIDE_HOPS)), mode="edge")
    near = np.lib.stride_tricks.sliding_window_view(padded, 2 * BESIDE_HOPS + 1, axis=2)
    values = _averaged(samples, rate, hop, orders * hertz)
    silent = _silent(samples, hop, values.shape[2])[:, None, :]
    return Lines(values, np.where(silent, UNKNOWN, near.max(axis=-1) + FLOOR), hertz, rate, hop)


def rendered(lines: Lines, made: Complex, turned: Array, first: int, last: int) -> Samples:
    """Make sound of harmonics.

    Parameters
    ----------
    lines : Lines
        Whose frequency and hops are meant.
    made : ndarray of complex128, shape (channels, orders, hops)
        Amplitude and phase of each.
    turned : ndarray of float64, shape (hops,)
        How far the first harmonic is ahead of the oscillator, in radians.
    first, last : int
        From which hop to which, counted from the middle of the first window; before the first
        and after the last value they go on as they were.

    Returns
    -------
    ndarray of float32, shape (channels, (last - first) * hop)
        Between two hops one is faded into the other.
    """
    hops = np.arange(first, last + 1)
    held = np.clip(hops, 0, turned.size - 1)
    ahead = turned[held]
    if turned.size > 1:
        ahead = ahead + np.minimum(hops, 0) * (turned[1] - turned[0])
        ahead = ahead + np.maximum(hops - turned.size + 1, 0) * (turned[-1] - turned[-2])
    now = 2.0 * np.pi * lines.hertz * (lines.middle + hops * lines.hop) / lines.rate
    values = made[:, :, held] * np.exp(1j * np.outer(lines.orders, now + ahead))
    parts = np.concatenate([values.real, values.imag], axis=1).swapaxes(1, 2).astype(np.float32)
    rising, falling = _fades(lines)
    sound = parts[:, :-1] @ falling + parts[:, 1:] @ rising
    return np.asarray(sound.reshape(len(made), -1))


def _averaged(samples: Samples, rate: int, hop: int, hertz: Array) -> Complex:
    """Turn frequencies back to 0 Hz and average each over a window, hop by hop."""
    size = hop * OVERLAP
    weights = np.hanning(size + 1)[:-1] * (4.0 / size)
    angles = 2.0 * np.pi * np.outer((np.arange(size) - size // 2) / rate, hertz)
    turns = np.concatenate([np.cos(angles), -np.sin(angles)], axis=1) * weights[:, None]
    turns = turns.astype(np.float32)
    windows = np.lib.stride_tricks.sliding_window_view(samples, size, axis=1)[:, ::hop]
    count = windows.shape[1]
    both = np.concatenate(
        [windows[:, n : n + _TOGETHER] @ turns for n in range(0, count, _TOGETHER)], axis=1
    ).swapaxes(1, 2)
    middles = (size // 2 + hop * np.arange(count)) / rate
    back = np.exp(-2j * np.pi * np.outer(hertz, middles))
    return np.asarray((both[:, : hertz.size] + 1j * both[:, hertz.size :]) * back)


def _silent(samples: Samples, hop: int, count: int) -> NDArray[np.bool_]:
    """Tell which windows hold a hop in which there is nothing at all."""
    hops = samples[:, : (count + OVERLAP - 1) * hop].reshape(len(samples), -1, hop)
    nothing = ~hops.any(axis=2)
    windows = np.lib.stride_tricks.sliding_window_view(nothing, OVERLAP, axis=1)
    return np.asarray(windows.any(axis=2))


def _fades(lines: Lines) -> tuple[Samples, Samples]:
    """Return a hop of each harmonic, fading in towards a value, and out after it."""
    ahead = np.arange(lines.hop)
    fade = ahead / lines.hop
    made = []
    for time, weight in ((ahead - lines.hop, fade), (ahead, 1.0 - fade)):
        angles = 2.0 * np.pi * np.outer(lines.orders * lines.hertz, time / lines.rate)
        both = np.concatenate([np.cos(angles), -np.sin(angles)]) * weight
        made.append(both.astype(np.float32))
    return made[0], made[1]
