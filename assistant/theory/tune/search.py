"""Many, then few: thousands of tunes written, checked and rated by tables; the best go on."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from assistant.theory.tune.frame import Frame
from assistant.theory.tune.likeness import FIGURES, figures, strangeness
from assistant.theory.tune.phrasing import Form, Phrase
from assistant.theory.tune.places import Kept, Taste
from assistant.theory.tune.proposals import Proposals, lay_out
from assistant.theory.tune.rows import Rhythms
from assistant.theory.tune.singing import breath_seconds, can_be_sung
from assistant.theory.tune.variety import Portrait, portraits
from assistant.theory.tune.writing import Tunes, compose

__all__ = ["Best", "Canvas", "Wanted", "search", "wanted_bits"]

Floats: TypeAlias = NDArray[np.float32]

_WARMTH = (0.55, 0.85)  # of the draws at a surprise of 0, and how much more at 1
_CALM, _WILD = -2.0, 5.5  # deviations from the usual: at a surprise of 0, and how many more at 1
_STRANGE_COST, _BITS_COST, _COUNT_COST = 1.0, 0.35, 0.15
_CLEARER = 0.5  # deviations by which tunes should fit their chords better than people's do
_JOIN = 7  # semitones over which a new note may meet one that is there


@dataclass(frozen=True, eq=False)
class Canvas:
    """What tunes are written on.

    Parameters
    ----------
    frame : Frame
        Grid and harmony.
    breaths : tuple of Phrase
        Its phrases.
    forms : tuple of Form
        What the phrases may repeat.
    rhythms : Rhythms
        To be set to notes.
    kept : Kept
        Notes that are there.
    bpm : float
        Quarter notes a minute.
    """

    frame: Frame
    breaths: tuple[Phrase, ...]
    forms: tuple[Form, ...]
    rhythms: Rhythms
    kept: Kept
    bpm: float


@dataclass(frozen=True, slots=True)
class Wanted:
    """What tunes should be like.

    Parameters
    ----------
    taste : Taste
        Their line.
    surprise : float
        0.0 foreseeable to 1.0 bold.
    count : int
        How many to write.
    few : int
        How many to keep.
    """

    taste: Taste
    surprise: float
    count: int
    few: int


@dataclass(frozen=True, eq=False)
class Best:
    """The best of many tunes on one canvas, best first.

    Parameters
    ----------
    canvas : Canvas
        What they are written on.
    tunes : Tunes
        The tunes.
    starts : ndarray of int16, shape (tunes, notes)
        Where their notes start, in slots.
    figures : ndarray of float32, shape (tunes, figures)
        See `assistant.theory.tune.likeness`.
    costs : ndarray of float32, shape (tunes,)
        Lower is better.
    portraits : Portrait
        What is heard first of each.
    written, sung : int
        How many different tunes were written, and how many of these could be sung.
    """

    canvas: Canvas
    tunes: Tunes
    starts: NDArray[np.int16]
    figures: Floats
    costs: Floats
    portraits: Portrait
    written: int
    sung: int


def wanted_bits(mean: float, deviation: float, surprise: float) -> float:
    """Say how unexpected a tune should be for a surprise of 0 to 1, where people's are as told."""
    return mean + deviation * (_CALM + _WILD * surprise)


def search(canvas: Canvas, wanted: Wanted, proposals: Proposals, rng: np.random.Generator) -> Best:
    """Write many tunes and keep the best.

    Parameters
    ----------
    canvas : Canvas
        What they are written on.
    wanted : Wanted
        What they should be like.
    proposals : Proposals
        The tables.
    rng : numpy.random.Generator
        The dice.

    Returns
    -------
    Best
        At most ``wanted.few``, at least one: where none can be sung, the least bad.
    """
    low, more = _WARMTH
    draws = lay_out(proposals, canvas.frame, low + more * wanted.surprise)
    rhythms, frame = canvas.rhythms, canvas.frame
    tunes = compose(
        frame, canvas.breaths, rhythms, draws, wanted.taste, canvas.kept, wanted.count, rng
    )
    tunes = tunes.take(_different(tunes))
    written = len(tunes.rhythm)
    slot_seconds = 15.0 / canvas.bpm
    given = canvas.kept.fixed[np.minimum(rhythms.starts, frame.slots - 1)] >= 0
    sung = np.where(given, 0, rhythms.lengths)
    breath = breath_seconds(rhythms.starts, sung, rhythms.counts, slot_seconds)
    there_before = given[tunes.rhythm]
    checked = can_be_sung(tunes.pitches, tunes.there, there_before, breath[tunes.rhythm])
    good = checked.good & _joins(tunes, there_before)
    starts = rhythms.starts[tunes.rhythm]
    measured = figures(tunes.pitches, starts, tunes.lengths, tunes.fits, tunes.there)
    mean, deviation = proposals.spread.tolist()
    off = (tunes.bits - wanted_bits(mean, deviation, wanted.surprise)) / deviation
    crowd = rhythms.counts - rhythms.counts.mean()
    crowd = (crowd / max(1.0, float(rhythms.counts.std())))[tunes.rhythm]
    costs = _STRANGE_COST * strangeness(measured, _aim(proposals)) + _BITS_COST * off**2
    costs += _COUNT_COST * crowd.astype(np.float32) ** 2
    costs += np.where(good, 0.0, 1e3).astype(np.float32)
    order = np.argsort(costs, kind="stable")[: wanted.few]
    order = order[: max(1, int(good[order].sum()))]
    best = tunes.take(order)
    starts = starts[order]
    seen = portraits(starts, best.pitches, best.there, frame.slots)
    return Best(canvas, best, starts, measured[order], costs[order], seen, written, int(good.sum()))


def _aim(proposals: Proposals) -> Floats:
    """Take what people sing, a little clearer: the chords of the corpus are roughly labelled."""
    aim = proposals.usual.copy()
    aim[0, FIGURES.index("chord_fit")] += _CLEARER * aim[1, FIGURES.index("chord_fit")]
    return aim


def _different(tunes: Tunes) -> NDArray[np.int64]:
    """Find one of each: tunes with the same notes in the same rhythm are one."""
    odd = np.random.default_rng(1).integers(1, 1 << 62, tunes.pitches.shape[1] + 1)
    marks = (tunes.pitches * tunes.there) @ odd[1:] + tunes.rhythm * odd[0]
    return np.sort(np.unique(marks, return_index=True)[1])


def _joins(tunes: Tunes, given: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Find the tunes whose new notes meet the given ones without a wide leap."""
    border = (given[:, 1:] != given[:, :-1]) & tunes.there[:, 1:]
    wide = border & (np.abs(np.diff(tunes.pitches, axis=1)) > _JOIN)
    return np.asarray(~wide.any(axis=1))


def only(best: Best, rows: NDArray[np.int64]) -> Best:
    """Keep some of the tunes."""
    return replace(
        best,
        tunes=best.tunes.take(rows),
        starts=best.starts[rows],
        figures=best.figures[rows],
        costs=best.costs[rows],
        portraits=(best.portraits[0][rows], best.portraits[1][rows], best.portraits[2][rows]),
    )
