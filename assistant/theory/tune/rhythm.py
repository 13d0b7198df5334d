"""Rhythms of tunes, hundreds at once: beats drawn from tables, phrases that come back, breaths."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.theory.tune.frame import Frame, Measure
from assistant.theory.tune.phrasing import Form, Phrase
from assistant.theory.tune.rows import CLOSE, OPEN, Grid, Ints, Rhythms, gather

__all__ = ["BUSY", "PACE_BPM", "SPARSE", "Given", "Manner", "make_rhythms"]

SPARSE, BUSY = 0.9, 3.6
"""Notes a beat at a density of 0 and of 1."""
PACE_BPM = 92.0  # where densities are as said; quicker songs have fewer notes a beat
_DIE = 256
_VARIED = 0.2  # share of repeated phrases whose last bar has a rhythm of its own
_ECHOED = 0.45  # share of new phrases whose last bar takes up the rhythm of their first
_LONGEST_WAIT = 8  # slots from note to note within a phrase
_RUN_ON = 0.15  # share of phrases that go on without a breath
_PICKUPS = ((0, 0.5), (2, 0.2), (4, 0.2), (6, 0.1))  # slots before a phrase, and how often
_DOTTED = {
    "x.....": 3.0, "x...x.": 6.0, "x.x.x.": 4.0, "x.x...": 2.0, "....x.": 1.5, "..x.x.": 1.5,
    "x..x..": 0.5, "x..xx.": 0.7, "x.xxx.": 0.7, "xxx.x.": 0.5, "......": 0.6,
}  # fmt: skip


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


@dataclass(frozen=True, eq=False)
class Given:
    """What is not to be drawn, because it is there or was asked for.

    Parameters
    ----------
    fixed : ndarray of bool, shape (slots,)
        Where onsets are given.
    onsets : ndarray of bool, shape (slots,)
        The onsets there, and elsewhere those of a model.
    faith : float
        Share of the bars that keep the rhythm of the model.
    """

    fixed: Grid
    onsets: Grid
    faith: float = 0.0


def make_rhythms(
    frame: Frame,
    breaths: Sequence[Phrase],
    found: Sequence[Form],
    manner: Manner,
    given: Given,
    cell: NDArray[np.float32],
    count: int,
    rng: np.random.Generator,
) -> Rhythms:
    """Make rhythms.

    Parameters
    ----------
    frame : Frame
        The grid.
    breaths : sequence of Phrase
        Its phrases.
    found : sequence of Form
        Forms to choose from.
    manner : Manner
        How notes are spread.
    given : Given
        Onsets that are fixed.
    cell : ndarray of shape (4, 16, 16)
        See `assistant.theory.tune.proposals.Proposals`.
    count : int
        How many.
    rng : numpy.random.Generator
        The dice.

    Returns
    -------
    Rhythms
        Rows may be the same.
    """
    form = rng.choice(len(found), size=count, p=[each.weight for each in found])
    sources = np.array([each.sources for each in found], dtype=np.int16)[form]
    grid = _beats(frame.measures, _cells(cell, manner), manner, count, rng)
    ends = np.full((count, len(breaths)), -1, dtype=np.int64)
    pickups = np.array([slots for slots, _ in _PICKUPS])
    pickup = pickups[rng.choice(len(pickups), size=count, p=[often for _, often in _PICKUPS])]
    echoed = rng.random((count, len(breaths))) < _ECHOED
    grid[:, given.fixed] = given.onsets[given.fixed]
    for place, phrase in enumerate(breaths):
        if given.fixed[phrase.start : phrase.end].all():
            ends[:, place] = phrase.end - 1
            continue
        _echo(grid, phrase, echoed[:, place])
        _repeat(grid, place, breaths, sources[:, place], rng)
        ends[:, place] = _rest(grid, phrase, frame, place == len(breaths) - 1, rng)
        _keep_end(ends, place, breaths, sources[:, place], rng)
        _breathe(grid, phrase, ends[:, place], pickup, place == len(breaths) - 1)
    _keep(grid, frame.measures, given, rng)
    kinds = np.where(rng.random((count, len(breaths))) < _RUN_ON, 0, OPEN)
    kinds[:, -1] = np.where(rng.random(count) < manner.closing, CLOSE, OPEN)
    return gather(grid, breaths, sources, pickup, (ends, kinds, form), echoed)


def _keep(grid: Grid, bars: Sequence[Measure], given: Given, rng: np.random.Generator) -> None:
    """Put in the onsets that are given, and those of the model in some bars."""
    for bar in bars:
        rows = rng.random(len(grid)) < given.faith
        grid[rows, bar.start : bar.end] = given.onsets[bar.start : bar.end]
    grid[:, given.fixed] = given.onsets[given.fixed]


def _cells(cell: NDArray[np.float32], manner: Manner) -> NDArray[np.float64]:
    """Bend the odds of the rhythms of a beat to a density and a complexity."""
    onsets = np.array([bits.bit_count() for bits in range(16)])
    sixteenths = np.array([(bits & 5).bit_count() for bits in range(16)])
    late = np.array([bits > 0 and not bits & 8 for bits in range(16)])
    quick = max(0.0, manner.bpm / PACE_BPM - 1.0)
    bend = 3.2 * (manner.complexity - 0.6) - 1.5 * quick
    odds = (cell + 0.2) * np.exp(bend * sixteenths + 1.6 * (manner.complexity - 0.5) * late)
    tilted = np.asarray(odds, dtype=np.float64)
    asked = SPARSE * (BUSY / SPARSE) ** manner.density * (PACE_BPM / manner.bpm) ** 0.5
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


def _beats(
    bars: Sequence[Measure],
    odds: NDArray[np.float64],
    manner: Manner,
    count: int,
    rng: np.random.Generator,
) -> Grid:
    """Draw the beats of all bars, each after the one before."""
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
                grid[:, at : at + 6] = _dotted(manner, count, rng)
                before = np.full(count, 8)
            else:
                beat = round(4 * place / len(bar.groups)) % 4
                before = draws[beat, before, rng.integers(0, _DIE, count)]
                for slot in range(min(4, slots)):
                    grid[:, at + slot] = (before >> (3 - slot)) & 1
            at += slots
    return grid


def _dotted(manner: Manner, count: int, rng: np.random.Generator) -> Grid:
    """Draw the rhythm of a dotted quarter."""
    shapes = np.array([[sign == "x" for sign in shape] for shape in _DOTTED])
    onsets = shapes.sum(axis=1)
    short = shapes[:, 1::2].sum(axis=1)
    weights = np.array(list(_DOTTED.values())) * np.exp(
        3.0 * (manner.density - 0.45) * onsets + 3.0 * (manner.complexity - 0.5) * short
    )
    return np.asarray(shapes[rng.choice(len(shapes), size=count, p=weights / weights.sum())])


def _echo(grid: Grid, phrase: Phrase, echoed: Grid) -> None:
    """Let the last bar of some phrases have the rhythm of the first."""
    slots = min(phrase.end - phrase.last_bar, phrase.last_bar - phrase.start)
    rows = np.flatnonzero(echoed)
    first = grid[rows, phrase.start : phrase.start + slots]
    grid[rows, phrase.last_bar : phrase.last_bar + slots] = first


def _repeat(
    grid: Grid,
    place: int,
    breaths: Sequence[Phrase],
    source: Ints,
    rng: np.random.Generator,
) -> None:
    """Copy the rhythm of the phrase that is repeated, now and then but for its last bar."""
    varied = rng.random(len(grid)) < _VARIED
    here = breaths[place]
    for before in range(place):
        there = breaths[before]
        slots = min(here.slots, there.slots)
        rows = np.flatnonzero(source == before)
        whole, part = rows[~varied[rows]], rows[varied[rows]]
        grid[whole, here.start : here.start + slots] = grid[
            whole, there.start : there.start + slots
        ]
        head = min(slots, here.last_bar - here.start)
        grid[part, here.start : here.start + head] = grid[part, there.start : there.start + head]


def _rest(
    grid: Grid, phrase: Phrase, frame: Frame, last: bool, rng: np.random.Generator
) -> NDArray[np.int64]:
    """Choose where a phrase ends: most often on a strong beat of its last bar."""
    bar = frame.strength[phrase.last_bar : phrase.end]
    slots = np.arange(len(bar))
    middle = np.abs(slots - len(bar) / 2) < 2
    weights = np.select([bar == 3, (bar == 2) & middle, bar == 2, bar == 1], [6.0, 4.5, 2.0, 0.7])
    if phrase.last_bar == phrase.start:
        weights = weights * (slots >= len(bar) / 2)
    if last:
        weights = weights * (bar >= 2)
    if not weights.any():
        weights[-1] = 1.0
    return phrase.last_bar + rng.choice(len(bar), size=len(grid), p=weights / weights.sum())


def _keep_end(
    ends: NDArray[np.int64],
    place: int,
    breaths: Sequence[Phrase],
    source: Ints,
    rng: np.random.Generator,
) -> None:
    """Let most repeated phrases end where the first did."""
    rows = np.flatnonzero((source >= 0) & (rng.random(len(ends)) > _VARIED))
    begins = np.array([phrase.start for phrase in breaths])
    kept = ends[rows, source[rows]] - begins[source[rows]] + breaths[place].start
    ends[rows, place] = np.clip(kept, breaths[place].start, breaths[place].end - 1)


def _breathe(
    grid: Grid, phrase: Phrase, ends: NDArray[np.int64], pickup: NDArray[np.int64], last: bool
) -> None:
    """End a phrase on its last note, and lead in to the next one by eighths."""
    slots = np.arange(phrase.start, phrase.end)
    here = grid[:, phrase.start : phrase.end]
    here &= slots <= ends[:, None]
    here |= slots == ends[:, None]
    late = ~here[:, : min(8, phrase.slots)].any(axis=1)
    here[late, 0] = True
    for beat in range(_LONGEST_WAIT, phrase.slots, 4):
        waited = ~here[:, beat - _LONGEST_WAIT + 1 : beat + 1].any(axis=1)
        here[waited & (slots[beat] < ends), beat] = True
    if not last:
        lead = (slots >= phrase.end - pickup[:, None]) & ((phrase.end - slots) % 2 == 0)
        here |= lead & (slots >= ends[:, None] + 4)
