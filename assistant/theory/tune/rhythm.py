"""Rhythms of tunes, hundreds at once: drawn beats, phrases that come back, breaths."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.theory.tune.beats import Manner, draw_beats
from assistant.theory.tune.frame import SLOTS_A_BEAT, Frame, Measure
from assistant.theory.tune.phrasing import Form, Phrase
from assistant.theory.tune.rows import CLOSE, OPEN, Grid, Ints, Rhythms, gather

__all__ = ["Given", "Manner", "make_rhythms"]

_VARIED = 0.2  # share of repeated phrases whose last bar has a rhythm of its own
_ECHOED = 0.45  # share of new phrases whose last bar takes up the rhythm of their first
_LONGEST_WAIT, _SPARSE_WAIT = 8, 12  # slots from note to note within a phrase
_FEW = 0.2  # density under which notes wait longer, and lead in less often
_RUN_ON = 0.15  # share of phrases that go on without a breath
_PICKUPS = ((0, 0.5), (2, 0.2), (4, 0.2), (6, 0.1))  # slots before a phrase, and how often


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
    grid = draw_beats(frame.measures, cell, manner, count, rng)
    ends = np.full((count, len(breaths)), -1, dtype=np.int64)
    wait = _LONGEST_WAIT if manner.density >= _FEW else _SPARSE_WAIT
    pickup = _pickups(manner.density, count, rng)
    echoed = rng.random((count, len(breaths))) < _ECHOED
    grid[:, given.fixed] = given.onsets[given.fixed]
    for place, phrase in enumerate(breaths):
        if given.fixed[phrase.start : phrase.end].all():
            ends[:, place] = _given_end(given.onsets, phrase)
            continue
        _echo(grid, phrase, echoed[:, place])
        _repeat(grid, place, breaths, sources[:, place], rng)
        ends[:, place] = _rest(grid, phrase, frame, place == len(breaths) - 1, rng)
        _keep_end(ends, place, breaths, sources[:, place], rng)
        last = place == len(breaths) - 1
        _breathe(grid, phrase, ends[:, place], wait, pickup * (not last))
    _keep(grid, frame.measures, given, rng)
    _end_as_kept(grid, breaths, ends, given.onsets)
    kinds = np.where(rng.random((count, len(breaths))) < _RUN_ON, 0, OPEN)
    kinds[:, -1] = np.where(rng.random(count) < manner.closing, CLOSE, OPEN)
    return gather(grid, breaths, sources, pickup, (ends, kinds, form), echoed)


def _pickups(density: float, count: int, rng: np.random.Generator) -> NDArray[np.int64]:
    """Draw how many slots lead in to phrases: seldom any where notes are few."""
    slots, often = np.array([each for each, _ in _PICKUPS]), np.array([p for _, p in _PICKUPS])
    often[1:] *= min(1.0, density / _FEW)
    often[0] += 1.0 - often.sum()
    return np.asarray(slots[rng.choice(len(slots), size=count, p=often)])


def _keep(grid: Grid, bars: Sequence[Measure], given: Given, rng: np.random.Generator) -> None:
    """Put in the onsets that are given, and those of the model in some bars."""
    for bar in bars:
        rows = rng.random(len(grid)) < given.faith
        grid[rows, bar.start : bar.end] = given.onsets[bar.start : bar.end]
    grid[:, given.fixed] = given.onsets[given.fixed]


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


def _end_as_kept(
    grid: Grid, breaths: Sequence[Phrase], ends: NDArray[np.int64], onsets: Grid
) -> None:
    """Let phrases whose last bar was given its rhythm end where that rhythm ends."""
    for place, phrase in enumerate(breaths):
        end, bar = _given_end(onsets, phrase), slice(phrase.last_bar, phrase.end)
        if end >= phrase.last_bar:
            ends[(grid[:, bar] == onsets[bar]).all(axis=1), place] = end


def _given_end(onsets: Grid, phrase: Phrase) -> int:
    """Find the last note of a phrase that is there, -1 for none; what leads on is shorter."""
    places = np.flatnonzero(onsets[: phrase.end])
    places = places[places >= phrase.start]
    if not places.size:
        return -1
    late = places[places >= min(phrase.last_bar, int(places[-1]))]
    after = np.flatnonzero(onsets[phrase.end :])
    until = phrase.end + (int(after[0]) if after.size else 0)
    waits = np.diff(late, append=max(phrase.end, until))
    return int(late[np.flatnonzero(waits >= min(SLOTS_A_BEAT, int(waits.max())))[-1]])


def _keep_end(
    ends: NDArray[np.int64],
    place: int,
    breaths: Sequence[Phrase],
    source: Ints,
    rng: np.random.Generator,
) -> None:
    """Let most repeated phrases end where the first did, if it did."""
    begins = np.array([phrase.start for phrase in breaths])
    ended = ends[np.arange(len(ends)), source] >= begins[source]
    rows = np.flatnonzero((source >= 0) & ended & (rng.random(len(ends)) > _VARIED))
    kept = ends[rows, source[rows]] - begins[source[rows]] + breaths[place].start
    ends[rows, place] = np.clip(kept, breaths[place].start, breaths[place].end - 1)


def _breathe(
    grid: Grid,
    phrase: Phrase,
    ends: NDArray[np.int64],
    wait: int,
    pickup: NDArray[np.int64],
) -> None:
    """End a phrase on its last note, and lead in to the next one by eighths."""
    slots = np.arange(phrase.start, phrase.end)
    here = grid[:, phrase.start : phrase.end]
    here &= slots <= ends[:, None]
    here |= slots == ends[:, None]
    late = ~here[:, : min(wait, phrase.slots)].any(axis=1)
    here[late, 0] = True
    for beat in range(wait, phrase.slots, 4):
        waited = ~here[:, beat - wait + 1 : beat + 1].any(axis=1)
        here[waited & (slots[beat] < ends), beat] = True
    lead = (slots >= phrase.end - pickup[:, None]) & ((phrase.end - slots) % 2 == 0)
    here |= lead & (slots >= ends[:, None] + 4)
