"""Beats of rhythms: how many notes, where in the beat, each beat drawn after the one before."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.theory.tune.frame import Measure
from assistant.theory.tune.rows import Grid

__all__ = ["PACE_BPM", "Manner", "density_of", "draw_beats", "notes_a_beat"]

PACE_BPM = 92.0
"""Tempo at which densities are as said; quicker songs have fewer notes a beat."""

_SPARSE, _BUSY = 0.4, 3.6  # notes drawn a beat at a density of 0 and of 1; ends add some
_BEND = 0.53  # the first steps from sparse on are the largest: half way is what most songs have
_DIE = 256
_DOTTED = {
    "x.....": 3.0, "x...x.": 6.0, "x.x.x.": 4.0, "x.x...": 2.0, "....x.": 1.5, "..x.x.": 1.5,
    "x..x..": 0.5, "x..xx.": 0.7, "x.xxx.": 0.7, "xxx.x.": 0.5, "......": 0.6,
}  # fmt: skip
_LATE_BAR = 0.3  # how much rarer a bar of dotted quarters begins without a note


@dataclass(frozen=True, slots=True)
class Manner:
    """How notes are spread.

    Parameters
    ----------
    density : float
        0.0 a note every other beat, 1.0 more than three a beat (at a walking tempo).
    complexity : float
        0.0 on the beats and halfway, 1.0 off them and by sixteenths.
    bpm : float
        Quarter notes a minute.
    closing : float
        How likely the last phrase ends at rest, 0.0 to 1.0.
    """

    density: float = 0.5
    complexity: float = 0.4
    bpm: float = 96.0
    closing: float = 1.0


def notes_a_beat(density: float) -> float:
    """Say how many notes a beat a density of 0.0 to 1.0 has, at a walking tempo."""
    return float(_SPARSE * (_BUSY / _SPARSE) ** (density**_BEND))


def density_of(rate: float) -> float:
    """Say which density has so many notes a beat, at a walking tempo; 0.0 or more."""
    share = math.log(max(rate, _SPARSE) / _SPARSE) / math.log(_BUSY / _SPARSE)
    return float(share ** (1.0 / _BEND))


def _cells(cell: NDArray[np.float32], manner: Manner) -> NDArray[np.float64]:
    """Bend the odds of the rhythms of a beat to a density and a complexity."""
    onsets = np.array([bits.bit_count() for bits in range(16)])
    sixteenths = np.array([(bits & 5).bit_count() for bits in range(16)])
    late = np.array([bits > 0 and not bits & 8 for bits in range(16)])
    quick = max(0.0, manner.bpm / PACE_BPM - 1.0)
    bend = 3.2 * (manner.complexity - 0.6) - 1.5 * quick
    odds = (cell + 0.2) * np.exp(bend * sixteenths + 1.6 * (manner.complexity - 0.5) * late)
    tilted = np.asarray(odds, dtype=np.float64)
    asked = notes_a_beat(manner.density) * (PACE_BPM / manner.bpm) ** 0.5
    low, high = -6.0, 6.0
    for _ in range(30):
        middle = (low + high) / 2.0
        bent = odds * np.exp(middle * onsets)
        tilted = np.asarray(bent / bent.sum(axis=2, keepdims=True), dtype=np.float64)
        dense = float(_often(tilted) @ onsets) < min(asked, 3.9)
        low, high = (middle, high) if dense else (low, middle)
    return tilted


def _often(odds: NDArray[np.float64]) -> NDArray[np.float64]:
    """Tell how often each rhythm of a beat comes, over the beats of a bar."""
    state, total = np.full(16, 1.0 / 16.0), np.zeros(16)
    for beat in range(16):
        state = state @ odds[beat % 4]
        total += state / 12.0 if beat >= 4 else 0.0
    return total


def draw_beats(
    bars: Sequence[Measure],
    cell: NDArray[np.float32],
    manner: Manner,
    count: int,
    rng: np.random.Generator,
) -> Grid:
    """Draw the beats of all bars, each after the one before.

    Parameters
    ----------
    bars : sequence of Measure
        The bars.
    cell : ndarray of shape (4, 16, 16)
        See `assistant.theory.tune.proposals.Proposals`.
    manner : Manner
        How notes are spread.
    count : int
        How many rhythms.
    rng : numpy.random.Generator
        The dice.

    Returns
    -------
    ndarray of bool, shape (count, slots)
        Onsets.
    """
    odds = _cells(cell, manner)
    edges = np.round(np.cumsum(odds, axis=2) * _DIE).astype(np.int64)
    edges[:, :, -1] = _DIE
    shares = np.diff(edges, axis=2, prepend=0).reshape(-1)
    draws = np.repeat(np.tile(np.arange(16), 64), shares).reshape(4, 16, _DIE)
    grid = np.zeros((count, bars[-1].end), dtype=bool)
    before = np.full(count, 8)
    for bar in bars:
        at = bar.start
        for place, slots in enumerate(bar.groups):
            if slots == 6:
                grid[:, at : at + 6] = _dotted(manner, count, rng, first=place == 0)
                before = np.full(count, 8)
            else:
                beat = round(4 * place / len(bar.groups)) % 4
                before = draws[beat, before, rng.integers(0, _DIE, count)]
                for slot in range(min(4, slots)):
                    grid[:, at + slot] = (before >> (3 - slot)) & 1
            at += slots
    return grid


def _dotted(manner: Manner, count: int, rng: np.random.Generator, *, first: bool) -> Grid:
    """Draw the rhythm of a dotted quarter; the first of a bar mostly begins with a note."""
    shapes = np.array([[sign == "x" for sign in shape] for shape in _DOTTED])
    onsets = shapes.sum(axis=1)
    short = shapes[:, 1::2].sum(axis=1)
    weights = np.array(list(_DOTTED.values())) * np.exp(
        3.0 * (manner.density - 0.45) * onsets + 3.0 * (manner.complexity - 0.5) * short
    )
    if first:
        weights = np.where(shapes[:, 0], weights, _LATE_BAR * weights)
    return np.asarray(shapes[rng.choice(len(shapes), size=count, p=weights / weights.sum())])
