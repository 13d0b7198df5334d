"""What is known of notes before their pitches, and what each tune wants of its line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from assistant.theory.tune.frame import Frame
from assistant.theory.tune.phrasing import Phrase
from assistant.theory.tune.proposals import kind_of_place
from assistant.theory.tune.rows import Rhythms

__all__ = [
    "FINE",
    "Kept",
    "Places",
    "Taste",
    "Wills",
    "no_notes",
    "places_of",
    "unlike",
    "wills_of",
]

Ints: TypeAlias = NDArray[np.int16]
Flags: TypeAlias = NDArray[np.bool_]

FINE = 4
"""Parts of a step in which nearness to a goal is reckoned."""

_ECHO_SHIFTS = np.array([0, -1, -1, -2, 1, 2], dtype=np.int16)  # where a bar is taken up
_NEAR_END = 2  # notes before a rest that is given, which are led to it
_ANSWERS = 0.5  # share of repeated phrases that end in another way
_SHIFTS = np.array([0, 0, 0, -1, 1, -2, 2], dtype=np.int16)  # where the chords are other ones
_SEQUENCES = np.array([-1, 1, -2, 2, -3, 3], dtype=np.int16)  # where a phrase is an answer
_UPSIDE = np.array([3, 4, 5], dtype=np.int16)  # and where it is one upside down: from the top
_SAME_HEAD, _TURNED = 0.12, 0.22  # share of answers that begin like the question; upside down
_FAITH_SPREAD = 0.2  # by how much tunes keep more or fewer notes of their model than others
_POINTS = 16  # of a curve
_TIME = np.linspace(0.0, 1.0, _POINTS)
_ARCH = np.sin(np.pi * _TIME)
_CURVES = np.stack([2.0 * _ARCH - 1.0, 1.0 - 2.0 * _TIME, 2.0 * _TIME - 1.0, 1.0 - 2.0 * _ARCH])
_CURVE_ODDS = (0.4, 0.3, 0.15, 0.15)
_RISE = 2.4  # steps by which the highest phrase stands out
_PEAK = 0.65  # where in a tune its highest phrase lies


@dataclass(frozen=True, slots=True)
class Taste:
    """What line is wanted.

    Parameters
    ----------
    height : float
        Where in the range the line lies, 0.0 low to 1.0 high.
    sweep : float
        How many steps a phrase goes up and down from its middle.
    fall : float
        How much more often a phrase falls than rises, -1.0 to 1.0.
    answering : bool
        Whether a phrase that comes back must be heard to be another: moved, upside down, or
        with another end.
    """

    height: float = 0.45
    sweep: float = 3.5
    fall: float = 0.0
    answering: bool = False


@dataclass(frozen=True, eq=False)
class Kept:
    """Notes that are there already.

    Parameters
    ----------
    fixed : ndarray of int16, shape (slots,)
        The step that starts on a slot and stays as it is, or -1.
    model : ndarray of int16, shape (models, slots)
        The step that starts on a slot and may be varied, or -1; each tune follows one of them.
    faith : float
        Share of the notes of the model that stay.
    written : ndarray of bool, shape (slots,), optional
        Where notes are written; everywhere where it is left out.
    """

    fixed: Ints
    model: Ints
    faith: float = 0.0
    written: Flags | None = None

    @property
    def slots_written(self) -> NDArray[np.int64]:
        """Slots in which notes are written, ascending."""
        return np.arange(len(self.fixed)) if self.written is None else np.flatnonzero(self.written)


@dataclass(frozen=True, eq=False)
class Places:
    """What is known of the notes of each rhythm before their pitch: (notes, rhythms).

    Parameters
    ----------
    chord, kind : ndarray of int32
        Which chord sounds, and `kind_of_place`.
    phrase : ndarray of int32
        Which phrase.
    along : ndarray of int32
        Phrase and place in it, as one number: a column of the goals.
    echo : ndarray of bool
        Whether that is one of the same phrase.
    source, fixed, led : ndarray of int16
        The note that is repeated; the step that is given; the given step that comes soon; or -1.
    pivot : ndarray of int16
        The first note of the phrase that is repeated, or -1.
    model : ndarray of int16, shape (notes, models, rhythms)
        The step of each model, or -1.
    ends : ndarray of int8
        How a phrase ends here.
    late : ndarray of bool
        Whether the end of the phrase is near.
    """

    chord: NDArray[np.int32]
    kind: NDArray[np.int32]
    phrase: NDArray[np.int32]
    along: NDArray[np.int32]
    echo: Flags
    source: Ints
    fixed: Ints
    led: Ints
    pivot: Ints
    model: Ints
    ends: NDArray[np.int8]
    late: Flags


@dataclass(frozen=True, eq=False)
class Wills:
    """What each tune wants: (tunes, ...).

    Parameters
    ----------
    goals : ndarray of int16, shape (tunes, phrases * 16)
        The line it should take, in parts of a step.
    shifts : ndarray of int16, shape (tunes, phrases)
        By how many steps a phrase is moved when it comes back.
    echoes : ndarray of int16, shape (tunes, phrases)
        By how many steps the first bar of a phrase is moved when its last takes it up.
    answers : ndarray of bool, shape (tunes, phrases)
        Whether a phrase that comes back ends in another way.
    turned : ndarray of bool, shape (tunes, phrases)
        Whether it comes back upside down.
    model : ndarray of int, shape (tunes,)
        Which model each follows.
    faith : ndarray of float32, shape (tunes,)
        Share of the notes of its model that stay.
    """

    goals: Ints
    shifts: Ints
    echoes: Ints
    answers: Flags
    turned: Flags
    model: NDArray[np.int64]
    faith: NDArray[np.float32]


def no_notes(frame: Frame) -> Kept:
    """Say that nothing is there yet."""
    nothing = np.full(frame.slots, -1, dtype=np.int16)
    return Kept(nothing, nothing[None, :])


def places_of(frame: Frame, breaths: Sequence[Phrase], rhythms: Rhythms, kept: Kept) -> Places:
    """Tell what is known of the notes of each rhythm before their pitches."""
    starts = np.minimum(rhythms.starts, frame.slots - 1).T
    phrase = rhythms.phrase.T.astype(np.int32)
    there = np.arange(len(starts))[:, None] < rhythms.counts
    begins = np.array([part.start for part in breaths])[phrase]
    slots = np.array([part.slots for part in breaths])[phrase]
    along = np.clip((starts - begins) * 20 // slots, 0, _POINTS - 1)
    turns = [(part.last_bar + part.end) // 2 if part.last_bar == part.start else part.last_bar
             for part in breaths]  # fmt: skip
    fixed = np.where(there, kept.fixed[starts], -1)
    return Places(
        frame.harmony[starts].astype(np.int32),
        kind_of_place(frame.strength[starts] >= 2, rhythms.lengths.T).astype(np.int32),
        phrase,
        (phrase * _POINTS + along).astype(np.int32),
        _of_same_phrase(rhythms).T.copy(),
        np.ascontiguousarray(rhythms.source.T),
        fixed.astype(np.int16),
        _led(fixed),
        np.ascontiguousarray(_pivots(rhythms).T),
        np.where(there, kept.model[:, starts], -1).astype(np.int16).transpose(1, 0, 2).copy(),
        np.ascontiguousarray(rhythms.ends.T),
        starts >= np.array(turns)[phrase],
    )


def _of_same_phrase(rhythms: Rhythms) -> Flags:
    """Tell which notes go back to a note of their own phrase."""
    rows = np.arange(len(rhythms.source))[:, None]
    own = rhythms.phrase[rows, rhythms.source] == rhythms.phrase
    return np.asarray(own & (rhythms.source >= 0))


def _led(fixed: Ints) -> Ints:
    """Find the given note that the notes just before it lead to."""
    led = np.full(fixed.shape, -1, dtype=np.int16)
    for ahead in range(_NEAR_END, 0, -1):
        coming = fixed[ahead:]
        led[:-ahead] = np.where(coming >= 0, coming, led[:-ahead])
    return led


def _pivots(rhythms: Rhythms) -> Ints:
    """Find the first note of the phrase that each note repeats, or -1."""
    source = np.where(_of_same_phrase(rhythms), -1, rhythms.source)
    pivots = np.full(source.shape, -1, dtype=np.int16)
    for part in range(int(rhythms.phrase.max()) + 1):
        here = (rhythms.phrase == part) & (source >= 0)
        first = np.where(here, source, np.int16(np.iinfo(np.int16).max)).min(axis=1)
        pivots = np.where(here, first[:, None], pivots)
    return pivots


def unlike(frame: Frame, rhythms: Rhythms, parts: int) -> Flags:
    """Tell of which phrases most notes stand over another chord than the first time."""
    starts = np.minimum(rhythms.starts, frame.slots - 1)
    rows = np.arange(len(starts))[:, None]
    same = frame.harmony[starts] == frame.harmony[starts[rows, rhythms.source]]
    repeats = (rhythms.source >= 0) & ~_of_same_phrase(rhythms)
    votes = np.zeros((len(starts), parts), dtype=np.int64)
    np.add.at(votes, (rows, rhythms.phrase), np.where(repeats, 1 - 2 * same, 0))
    return votes > 0


def wills_of(
    frame: Frame,
    taste: Taste,
    other: Flags,
    kept: Kept,
    rng: np.random.Generator,
) -> Wills:
    """Draw the line that each phrase of each tune should take, and how it comes back."""
    tunes, parts = other.shape
    odds = np.array(_CURVE_ODDS) * np.maximum((1.0, 1.0 + taste.fall, 1.0 - taste.fall, 1.0), 0.05)
    curve = rng.choice(len(_CURVES), size=(tunes, parts), p=odds / odds.sum())
    place = np.arange(parts) / max(1, parts - 1)
    peak = _PEAK + rng.normal(0.0, 0.15, (tunes, 1))
    level = _RISE * (np.exp(-(((place - peak) / 0.3) ** 2)) - 0.33) if parts > 1 else 0.0
    middle = (0.22 + 0.5 * taste.height) * (frame.steps - 1) + rng.normal(0.0, 1.0, (tunes, 1))
    sweep = taste.sweep * rng.uniform(0.5, 1.3, (tunes, parts))
    goals = (middle + level)[:, :, None] + _CURVES[curve] * sweep[:, :, None]
    fine = np.rint(np.clip(goals, 0, frame.steps - 1) * FINE).astype(np.int16)
    shifts, answers, turned = _returns(taste, other, rng)
    echoes = _ECHO_SHIFTS[rng.integers(0, len(_ECHO_SHIFTS), (tunes, parts))]
    model, faith = _follows(kept, tunes, rng)
    lines = fine.reshape(tunes, parts * _POINTS)
    return Wills(lines, shifts, echoes, answers, turned, model, faith)


def _follows(
    kept: Kept, tunes: int, rng: np.random.Generator
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Draw which model each tune follows, and how closely."""
    if not kept.faith:
        return np.zeros(tunes, dtype=np.int64), np.zeros(tunes, dtype=np.float32)
    spread = min(_FAITH_SPREAD, 1.0 - kept.faith)
    faith = rng.uniform(kept.faith - spread, kept.faith + spread, tunes)
    return rng.integers(0, len(kept.model), tunes), faith.astype(np.float32)


def _returns(taste: Taste, other: Flags, rng: np.random.Generator) -> tuple[Ints, Flags, Flags]:
    """Draw how phrases come back: by how many steps moved, with what end, upside down or not."""
    shape = other.shape
    moved = _SHIFTS[rng.integers(0, len(_SHIFTS), shape)]
    answers = rng.random(shape) < _ANSWERS
    if not taste.answering:
        return np.where(other, moved, 0).astype(np.int16), answers, np.zeros(shape, dtype=bool)
    kind = rng.random(shape)
    same_head, turned = kind < _SAME_HEAD, kind > 1.0 - _TURNED
    shifts = _SEQUENCES[rng.integers(0, len(_SEQUENCES), shape)]
    shifts = np.where(turned, _UPSIDE[rng.integers(0, len(_UPSIDE), shape)], shifts)
    return np.where(same_head, 0, shifts).astype(np.int16), answers | same_head, turned
