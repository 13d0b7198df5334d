"""Metre and bar lines: how many pulses make a bar, and on which of them it begins."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

__all__ = ["OF_A_TUNE", "Bars", "find_bars", "standard"]

Array = NDArray[np.float64]

_METERS: Mapping[int, float] = MappingProxyType({4: 0.25, 3: 0.0, 5: -0.35, 7: -0.6})
"""Pulses a bar, and how much likelier such bars are, in the units of the leads below."""

OF_A_TUNE: Mapping[int, float] = MappingProxyType({4: 0.25, 3: 0.0})
"""The same for a tune alone, which tells less."""

_START = 0.15  # how much likelier a bar line is on the first pulse
_METER_SURE = (0.3, 3.0)  # logistic in the lead over the other metre


@dataclass(frozen=True, slots=True)
class Bars:
    """A metre, the place of the first bar line among the pulses, and how sure that is."""

    count: int
    first: int
    confidence: float


def find_bars(
    strength: Array,
    pulses: int | None = None,
    *,
    start: int = 0,
    lead: float = _START,
    usual: Mapping[int, float] = _METERS,
) -> Bars:
    """Find metre and bar line.

    Parameters
    ----------
    strength : ndarray of float, shape (pulses,)
        How much begins on each pulse, its spread about 1.
    pulses : int, optional
        How many make a bar, where it is said.
    start : int
        A pulse that a bar line is likelier on than on others.
    lead : float
        How much likelier, in spreads of the strength.
    usual : mapping of int to float
        Where it is not said: pulses a bar, and how much likelier such bars are.

    Returns
    -------
    Bars
        Four a bar from the first on, and not sure of it, where there are too few pulses.
    """
    leads: dict[int, tuple[float, int]] = {}
    for count, prior in usual.items() if pulses is None else ((pulses, 0.0),):
        if strength.size < (2 * count if pulses is None else 1):
            continue
        phases = np.array([_mean(strength[first::count]) for first in range(count)])
        phases[start % count] += lead
        first = int(phases.argmax())
        leads[count] = (float(phases[first]) * float(np.sqrt(count - 1)) + prior, first)
    if not leads:
        return Bars(4, start % 4, 0.0)
    best, *others = sorted(leads, key=lambda count: -leads[count][0])
    if pulses is not None:
        return Bars(best, leads[best][1], 1.0)
    offset, slope = _METER_SURE
    ahead = leads[best][0] - leads[others[0]][0] if others else 0.0
    few = min(1.0, strength.size / (4.0 * best))
    sure = float(1.0 / (1.0 + np.exp(-offset - slope * ahead))) * few
    return Bars(best, leads[best][1], sure)


def standard(values: Array) -> Array:
    """Bring values to a mean of 0 and a spread of 1."""
    return np.asarray((values - values.mean()) / max(float(values.std()), 1e-9), dtype=np.float64)


def _mean(values: Array) -> float:
    return float(values.mean()) if values.size else 0.0
