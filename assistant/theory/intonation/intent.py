"""What was decided for the notes of a take, and how far off they are before and after."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.material import note_name
from assistant.theory.intonation.scales import Scale
from assistant.theory.intonation.take import TakeNote, Target

__all__ = ["NEAR_CENTS", "Intent", "Outcome", "mean_error", "outcome_of", "share_near"]

Array = NDArray[np.float64]

NEAR_CENTS = 25.0
"""Within this a note is in tune for most ears in most songs."""


@dataclass(frozen=True, eq=False)
class Intent:
    """Where the notes of a take are to be.

    Parameters
    ----------
    notes : tuple of TakeNote
        As they were sung.
    targets : tuple of Target
        One for each.
    by : str
        What decided: ``"A minor"``, ``"the score"``.
    remarks : tuple of str
        Sentences that the musician should read.
    name : callable
        Names a MIDI number, as the key spells it.
    guide : tuple of float
        When the notes of the score begin, seconds of the take; none where they do not run together.
    scale : Scale, optional
        What the take is in, where that decided.
    """

    notes: tuple[TakeNote, ...]
    targets: tuple[Target, ...]
    by: str
    remarks: tuple[str, ...] = ()
    name: Callable[[float], str] = note_name
    guide: tuple[float, ...] = ()
    scale: Scale | None = None

    @property
    def off_cents(self) -> Array:
        """How far each note was sung from its target, shape (notes,)."""
        pairs = zip(self.notes, self.targets, strict=True)
        return np.array([100.0 * (note.centre - target.pitch) for note, target in pairs])

    @property
    def trusted(self) -> NDArray[np.bool_]:
        """Which notes have a target that is sure enough, shape (notes,)."""
        return np.array([target.moves for target in self.targets], dtype=np.bool_)


@dataclass(frozen=True, eq=False)
class Outcome:
    """What became of the notes.

    Parameters
    ----------
    before, after : ndarray of float, shape (notes,)
        Cents from the target.
    moved : ndarray of bool, shape (notes,)
        Which notes were changed.
    alone : ndarray of bool, shape (notes,)
        Which notes were left alone because what was meant is not sure.
    """

    before: Array
    after: Array
    moved: NDArray[np.bool_]
    alone: NDArray[np.bool_]

    @property
    def counted(self) -> NDArray[np.bool_]:
        """Which notes have a target that is sure; all where none has, shape (notes,)."""
        return np.ones_like(self.alone) if self.alone.all() else ~self.alone


def mean_error(off_cents: Array) -> float:
    """Return how far notes are from their targets on average, cents."""
    return float(np.abs(off_cents).mean())


def share_near(off_cents: Array) -> float:
    """Return the share of notes within 25 cents of their targets, percent."""
    return 100.0 * float((np.abs(off_cents) <= NEAR_CENTS).mean())


def outcome_of(intent: Intent, sung: Sequence[TakeNote], moved: NDArray[np.bool_]) -> Outcome:
    """Tell what became of the notes.

    Parameters
    ----------
    intent : Intent
        Where they were to be.
    sung : sequence of TakeNote
        The same notes, measured in what was made.
    moved : ndarray of bool, shape (notes,)
        Which were changed.

    Returns
    -------
    Outcome
        Before and after.
    """
    pairs = zip(sung, intent.targets, strict=True)
    after = np.array([100.0 * (note.centre - target.pitch) for note, target in pairs])
    before = intent.off_cents
    return Outcome(before, np.where(moved, after, before), moved, ~intent.trusted)
