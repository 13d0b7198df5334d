"""Many, then few: thousands of tunes written, checked and rated by tables; the best go on."""

from __future__ import annotations

from collections.abc import Callable
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

__all__ = ["Best", "Canvas", "Copies", "Wanted", "only", "search", "wanted_bits"]

Floats: TypeAlias = NDArray[np.float32]
Flags: TypeAlias = NDArray[np.bool_]
Copies: TypeAlias = Callable[
    [NDArray[np.int16], NDArray[np.int16], NDArray[np.int16], Flags], Flags
]
"""Tells of pitches, lengths, starts and what of them was written which tunes must not be shown."""

_WARMTH = (0.55, 0.85)  # of the draws at a surprise of 0, and how much more at 1
_CALM, _WILD = -2.0, 5.5  # deviations from the usual: at a surprise of 0, and how many more at 1
_STRANGE_COST, _BITS_COST, _COUNT_COST = 1.0, 0.35, 0.15
_CLEARER = 0.5  # deviations by which tunes should fit their chords better than people's do
_JOIN = 7  # semitones over which a new note may meet one that is there
_CLEAR, _UNCLEAR_COST = 0.65, 12.0  # share of time on chord tones that what is new should have


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
    new : ndarray of bool, shape (tunes, notes)
        Which notes were written; the others were there.
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
    new: Flags
    portraits: Portrait
    written: int
    sung: int


def wanted_bits(mean: float, deviation: float, surprise: float) -> float:
    """Say how unexpected a tune should be for a surprise of 0 to 1, where people's are as told."""
    return mean + deviation * (_CALM + _WILD * surprise)


def search(
    canvas: Canvas,
    wanted: Wanted,
    proposals: Proposals,
    rng: np.random.Generator,
    copies: Copies | None = None,
) -> Best:
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
    copies : Copies, optional
        Tells which must not be shown.

    Returns
    -------
    Best
        At most ``wanted.few``. Where none can be sung they are the least bad; where all that can
        are copies there is none.
    """
    low, more = _WARMTH
    draws = lay_out(proposals, canvas.frame, low + more * wanted.surprise)
    rhythms, frame = canvas.rhythms, canvas.frame
    tunes = compose(
        frame, canvas.breaths, rhythms, draws, wanted.taste, canvas.kept, wanted.count, rng
    )
    given = canvas.kept.fixed[np.minimum(rhythms.starts, frame.slots - 1)] >= 0
    tunes = tunes.take(_different(tunes, rhythms, given))
    there_before = given[tunes.rhythm]
    starts, new = rhythms.starts[tunes.rhythm], tunes.there & ~there_before
    good = _can_be_sung(canvas, tunes, given)
    measured = figures(tunes.pitches, starts, tunes.lengths, tunes.fits, tunes.there)
    costs = _costs(tunes, rhythms, measured, wanted, proposals) + _unclear(tunes, new)
    costs += np.where(good, 0.0, 1e3).astype(np.float32)
    order = np.argsort(costs, kind="stable")[: int(good.sum()) or wanted.few]
    if copies is not None:
        order = _own(order, tunes, starts, new, wanted.few, copies)
    order = order[: wanted.few]
    best, starts, new = tunes.take(order), starts[order], new[order]
    seen = portraits(starts, best.pitches, new, canvas.kept.slots_written)
    written, sung = len(tunes.rhythm), int(good.sum())
    return Best(canvas, best, starts, measured[order], costs[order], new, seen, written, sung)


def _can_be_sung(canvas: Canvas, tunes: Tunes, given: Flags) -> Flags:
    """Find the tunes that a voice can sing, and whose notes meet those that are there."""
    rhythms, before = canvas.rhythms, given[tunes.rhythm]
    sung = np.where(given, 0, rhythms.lengths)
    breath = breath_seconds(rhythms.starts, sung, rhythms.counts, 15.0 / canvas.bpm)
    checked = can_be_sung(tunes.pitches, tunes.there, before, breath[tunes.rhythm])
    return np.asarray(checked.good & _joins(tunes, before))


def _costs(
    tunes: Tunes, rhythms: Rhythms, measured: Floats, wanted: Wanted, proposals: Proposals
) -> Floats:
    """Rate tunes: how strange, how far from the surprise that is asked, how full."""
    mean, deviation = proposals.spread.tolist()
    off = (tunes.bits - wanted_bits(mean, deviation, wanted.surprise)) / deviation
    crowd = rhythms.counts - rhythms.counts.mean()
    crowd = (crowd / max(1.0, float(rhythms.counts.std())))[tunes.rhythm]
    costs = _STRANGE_COST * strangeness(measured, _aim(proposals)) + _BITS_COST * off**2
    return np.asarray(costs + _COUNT_COST * crowd.astype(np.float32) ** 2, dtype=np.float32)


def _unclear(tunes: Tunes, new: Flags) -> Floats:
    """Rate tunes whose new notes leave their chords more than tunes do: a few cannot hide there."""
    time = tunes.lengths * new
    fit = (time * tunes.fits).sum(axis=1) / np.maximum(1, time.sum(axis=1))
    return np.asarray(_UNCLEAR_COST * np.maximum(0.0, _CLEAR - fit), dtype=np.float32)


def _own(
    order: NDArray[np.int64],
    tunes: Tunes,
    starts: NDArray[np.int16],
    new: Flags,
    few: int,
    copies: Copies,
) -> NDArray[np.int64]:
    """Leave out copies; where most of the best are some, look further down."""
    found: list[NDArray[np.int64]] = []
    for first in range(0, len(order), few):
        rows = order[first : first + few]
        part = tunes.take(rows)
        found.append(
            rows[~copies(part.pitches * part.there, part.lengths, starts[rows], new[rows])]
        )
        if sum(map(len, found)) >= few // 2:
            break
    return np.concatenate(found)


def _aim(proposals: Proposals) -> Floats:
    """Take what people sing, a little clearer: the chords of the corpus are roughly labelled."""
    aim = proposals.usual.copy()
    aim[0, FIGURES.index("chord_fit")] += _CLEARER * aim[1, FIGURES.index("chord_fit")]
    return aim


def _different(tunes: Tunes, rhythms: Rhythms, given: Flags) -> NDArray[np.int64]:
    """Find one of each: tunes with the same new notes in the same rhythm are one."""
    width = tunes.pitches.shape[1]
    odd = np.random.default_rng(1).integers(1, 1 << 62, (3, width))
    new = ~given & (np.arange(width) < rhythms.counts[:, None])
    rhythm = (rhythms.starts * new) @ odd[0] + (rhythms.lengths * new) @ odd[1]
    marks = (tunes.pitches * new[tunes.rhythm]) @ odd[2] + rhythm[tunes.rhythm]
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
        new=best.new[rows],
        portraits=(best.portraits[0][rows], best.portraits[1][rows], best.portraits[2][rows]),
    )
