"""By how much one side of a sound comes after the other, told from its third octaves.

Where both sides hold the same sound, one of them later, they agree where waves are long, oppose
each other where the delay is half a wave, and so on: over the bands, their correlation follows a
cosine, less and less as it turns within a band. No room and no effect makes that of a sound, and
the bands are there already, so that nothing has to be read again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from assistant.dsp.moments import Moments
from assistant.dsp.third_octaves import CENTRES_HZ

__all__ = ["SideDelay", "side_delay"]

Row: TypeAlias = NDArray[np.float64]

SHORTEST_SECONDS, LONGEST_SECONDS = 1e-4, 3e-3  # beyond, no band is narrow enough to tell
STEPS = 240  # a step is 1.4 %
AUDIBLE = 1e-5  # of the strongest band
COMPRESSION = 0.3  # of power: about loudness, so that one loud band does not speak for all
HALF_BAND = 10.0**0.05


@dataclass(frozen=True, slots=True)
class SideDelay:
    """The delay that explains best how left and right differ.

    Parameters
    ----------
    seconds : float
        From 0.1 to 3 ms; which side is later cannot be told.
    alike : float
        How much of both is the same sound, 0.0 to 1.0.
    fit : float
        How much more of the correlations it explains than a sound of one width in all bands,
        at most 1.0; 0.0 or less where there is no such delay.
    """

    seconds: float
    alike: float
    fit: float


def side_delay(bands: Moments) -> SideDelay:
    """Fit a delay between left and right.

    Parameters
    ----------
    bands : Moments
        Of two channels.

    Returns
    -------
    SideDelay
        One that fits nothing where a side is silent.
    """
    power = np.sqrt(np.maximum(bands.left * bands.right, 0.0))
    heard = power > max(AUDIBLE * float(power.max()), 1e-16)
    if not heard.any():
        return SideDelay(SHORTEST_SECONDS, 0.0, 0.0)
    weights = power[heard] ** COMPRESSION
    weights /= weights.sum()
    found = bands.shared[heard] / power[heard]
    delays = np.geomspace(SHORTEST_SECONDS, LONGEST_SECONDS, STEPS)
    curves = _curves(delays, np.array(CENTRES_HZ)[heard])
    alike = np.clip((curves * found) @ weights / (np.square(curves) @ weights), 0.0, 1.0)
    left_over = np.square(found - alike[:, None] * curves) @ weights
    flat = float(np.square(found - weights @ found) @ weights)
    best = int(left_over.argmin())
    fit = 1.0 - float(left_over[best]) / max(flat, 1e-12)
    return SideDelay(float(delays[best]), float(alike[best]), fit)


def _curves(delays: Row, centres: Row) -> Row:
    """Return the correlation in each band that a delay leaves, shape (delays, bands)."""
    low, high = (
        2.0 * np.pi * np.outer(delays, centres * edge) for edge in (1 / HALF_BAND, HALF_BAND)
    )
    return np.asarray((np.sin(high) - np.sin(low)) / (high - low))
