"""What was decided for the notes of a take, and how far off they are before and after."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.material import note_name
from assistant.theory.intonation.take import TakeNote, Target

__all__ = ["Intent", "Outcome", "outcome_of"]

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
    """

    notes: tuple[TakeNote, ...]
    targets: tuple[Target, ...]
    by: str
    remarks: tuple[str, ...] = ()
    name: Callable[[float], str] = note_name

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

    def error(self, off_cents: Array) -> float:
        """Return the mean distance of the notes whose target is sure, cents; of all where none."""
        counted = ~self.alone if not self.alone.all() else self.alone
        return float(np.abs(off_cents[counted]).mean())

    def near(self, off_cents: Array) -> float:
        """Return the share of the same notes that lie within 25 cents, percent."""
        counted = ~self.alone if not self.alone.all() else self.alone
        return 100.0 * float((np.abs(off_cents[counted]) <= NEAR_CENTS).mean())


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
