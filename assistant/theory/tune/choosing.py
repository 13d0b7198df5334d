"""Which of many tunes are shown: well made, as new as is asked, each unlike those before."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from assistant.theory.tune.search import Best, wanted_bits
from assistant.theory.tune.variety import Portrait, differing, distances

__all__ = ["LEAST_APART", "Choice", "choose"]

Floats: TypeAlias = NDArray[np.float32]

LEAST_APART = 0.15
"""How far a tune must be from all that are shown before it, 0.0 to 1.0."""

_NET_COST = 2.0  # of a tune that is as far from what is wanted as can be
_REACH = (1.0, 99.0)  # percent of the tunes between which lies what can be wanted


@dataclass(frozen=True, eq=False)
class Choice:
    """A tune that was chosen.

    Parameters
    ----------
    place : int
        Which of the searches found it.
    best : Best
        What that found.
    row : int
        Which of these it is.
    bits : float
        How unexpected it is, bits a note.
    rating : float
        How good, 0.0 to 1.0.
    apart : float
        How far from the nearest of those before, 1.0 for the first.
    checked : tuple of (int, int)
        How many tunes were written, and how many of these can be sung.
    """

    place: int
    best: Best
    row: int
    bits: float
    rating: float
    apart: float
    checked: tuple[int, int]


def choose(
    found: Sequence[Best], bits: Sequence[Floats], usual: tuple[float, float], surprise: float
) -> Iterator[Choice]:
    """Walk through the tunes to show: good ones, each unlike those before.

    Parameters
    ----------
    found : sequence of Best
        What was found over each of some progressions.
    bits : sequence of ndarray of shape (tunes,)
        How unexpected each is.
    usual : tuple of (float, float)
        Mean and standard deviation of that for the melodies of people.
    surprise : float
        0.0 the most foreseeable to 1.0 the boldest.

    Yields
    ------
    Choice
        The order does not depend on how many are taken; it ends where no other is
        `LEAST_APART` from those before.
    """
    if not sum(len(best.costs) for best in found):
        return
    told = np.concatenate(list(bits))
    ratings = _ratings(np.concatenate([best.costs for best in found]), told, usual, surprise)
    apart = distances(_portraits(found))
    checked = (sum(best.written for best in found), sum(best.sung for best in found))
    owner = np.repeat(np.arange(len(found)), [len(best.costs) for best in found])
    first = np.searchsorted(owner, np.arange(len(found)))
    for at, away in differing(ratings, apart, LEAST_APART):
        place = int(owner[at])
        row = at - int(first[place])
        yield Choice(place, found[place], row, float(told[at]), float(ratings[at]), away, checked)


def _ratings(costs: Floats, bits: Floats, usual: tuple[float, float], surprise: float) -> Floats:
    """Rate tunes by what the tables say, and by how near they come to the surprise that is asked.

    What nothing reaches is wanted of none: the most foreseeable is then the least surprising.
    """
    costs = (costs - costs.min()) / max(1e-9, float(np.ptp(costs)))
    low, high = np.percentile(bits, _REACH)
    wanted = min(max(wanted_bits(*usual, surprise), float(low)), float(high))
    off = np.abs(bits - wanted) / usual[1]
    rated = 1.0 - (costs + _NET_COST * off / (1.0 + off)) / (1.0 + _NET_COST)
    return np.asarray(rated, dtype=np.float32)


def _portraits(found: Sequence[Best]) -> Portrait:
    line, onsets, kinds = zip(*(best.portraits for best in found if len(best.costs)), strict=True)
    return np.concatenate(line), np.concatenate(onsets), np.concatenate(kinds)
