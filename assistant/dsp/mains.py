"""Mains lines: whether 50 or 60 Hz and their harmonics stand in the quiet moments of a sound.

Notes end and hits die away, so in the quietest moments at each frequency a line of the mains
stands above what is beside it. That is only a first look, which costs little: what it finds is
tracked and judged by `assistant.dsp.hum`.
"""

from __future__ import annotations

import math
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy import fft

from assistant.dsp.windows import window_frames
from assistant.material import Samples

__all__ = ["HIGHEST_HZ", "LOWEST_ORDERS", "ORDERS", "Comb", "combs", "is_mains"]

Array: TypeAlias = NDArray[np.float64]

FAMILIES_HZ = (50.0, 60.0)
OFF, STEP = 0.005, 0.0002  # how far a tape or a weak grid takes them, and the steps of the search
ORDERS = 40
HIGHEST_HZ = 3000.0

WINDOW_SECONDS = 0.75  # tells lines apart, and is shorter than most pauses
SHORT_SECONDS = 15.0  # shorter sounds are looked at in more windows
QUIET = 0.08  # quantile of the windows
AROUND_HZ = 20.0
LINE_DB, MOST_DB = 10.0, 40.0  # over what is beside it: counts as a line; counts for no more
LOWEST_ORDERS = 3  # of which one must be there
LEAST_LINES = 2


class Comb(NamedTuple):
    """Lines at multiples of one frequency.

    Parameters
    ----------
    hertz : float
        That frequency.
    score_db : float
        By how much they stand out, all together.
    orders : tuple of int
        Which of its multiples stand out.
    """

    hertz: float
    score_db: float
    orders: tuple[int, ...]


def combs(samples: Samples, rate: int) -> list[Comb]:
    """Look for lines of the mains.

    Parameters
    ----------
    samples : ndarray of float32, shape (channels, frames)
        Some seconds of a sound.
    rate : int
        In Hz.

    Returns
    -------
    list of Comb
        At most one of each family, the clearer first; none in most sounds.
    """
    size = window_frames(WINDOW_SECONDS, rate)
    if samples.shape[1] < size:
        return []
    over_db, hertz = _standing_db(samples, size, rate), rate / size
    found = [comb for family in FAMILIES_HZ if (comb := _best(over_db, hertz, family))]
    return sorted(found, key=lambda comb: -comb.score_db)


def is_mains(hertz: float) -> bool:
    """Tell whether a frequency is as near to 50 or 60 Hz as mains and tapes are."""
    return any(abs(hertz / family - 1.0) <= OFF for family in FAMILIES_HZ)


def _standing_db(samples: Samples, size: int, rate: int) -> Array:
    """Tell how far each frequency stands over those beside it in the quietest windows."""
    bins = math.ceil(min(HIGHEST_HZ + 2.0 * AROUND_HZ, rate / 2.0) * size / rate)
    weights = np.hanning(size).astype(np.float32)
    hop = size // 4 if samples.shape[1] < SHORT_SECONDS * rate else size // 2
    rows = []
    for start in range(0, samples.shape[1] - size + 1, hop):
        spectra = fft.rfft(samples[:, start : start + size] * weights)[:, :bins]
        rows.append(np.square(np.abs(spectra)).sum(axis=0))
    quiet_db = 10.0 * np.log10(np.quantile(np.stack(rows), QUIET, axis=0) + 1e-20)
    width = round(AROUND_HZ * size / rate)
    padded = np.pad(quiet_db, width, mode="reflect")
    around = np.lib.stride_tricks.sliding_window_view(padded, 2 * width + 1)
    return np.asarray(np.clip(quiet_db - np.median(around, axis=1), 0.0, MOST_DB))


def _best(over_db: Array, hertz: float, family: float) -> Comb | None:
    """Return the frequency whose multiples stand out most, if enough of them do."""
    mains = family * (1.0 + np.arange(-OFF, OFF + STEP / 2.0, STEP))
    highest = min(ORDERS, int((over_db.size - 2) * hertz / mains[-1]))
    places = np.outer(mains, np.arange(1, highest + 1)) / hertz
    heights = np.maximum(
        over_db[np.floor(places).astype(int)], over_db[np.ceil(places).astype(int)]
    )
    scores = np.maximum(heights - LINE_DB / 2.0, 0.0).sum(axis=1)
    best = int(np.argmax(scores))
    lines = heights[best] >= LINE_DB
    if np.count_nonzero(lines) < LEAST_LINES or not lines[:LOWEST_ORDERS].any():
        return None
    orders = tuple((np.flatnonzero(lines) + 1).tolist())
    return Comb(float(mains[best]), float(scores[best]), orders)
