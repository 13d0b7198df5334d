"""What was decided for the notes of a take, and how far off they are before and after."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from assistant.material import note_name
from assistant.theory.intonation.scales import Scale
from assistant.theory.intonation.stepping import Ladder
from assistant.theory.intonation.take import TakeNote, Target, is_sure

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
        Names a MIDI number, as the key spells it; see `called`.
    guide : tuple of float
        When the notes of the score begin, seconds of the take; none where they do not run together.
    scale : Scale, optional
        What the take is in, where that decided.
    concert : float
        Semitones that the song is tuned above A4 = 440 Hz.
    """

    notes: tuple[TakeNote, ...]
    targets: tuple[Target, ...]
    by: str
    remarks: tuple[str, ...] = ()
    name: Callable[[float], str] = note_name
    guide: tuple[float, ...] = ()
    scale: Scale | None = None
    concert: float = 0.0

    def called(self, pitch: float) -> str:
        """Name a MIDI number as the song does, whose A4 is its concert pitch."""
        return self.name(round(pitch - self.concert, 4))

    @property
    def ladder(self) -> Ladder | None:
        """Tell the notes of the scale between MIDI numbers, where one is known."""
        if self.scale is None:
            return None
        scale, concert = self.scale, self.concert
        return lambda low, high: scale.pitches(low - concert, high - concert) + concert

    @property
    def off_cents(self) -> Array:
        """How far each note was sung from its target, shape (notes,)."""
        pairs = zip(self.notes, self.targets, strict=True)
        return np.array([100.0 * (note.centre - target.pitch) for note, target in pairs])

    @property
    def trusted(self) -> NDArray[np.bool_]:
        """Which notes have a target that is sure enough, shape (notes,)."""
        return np.array([target.moves for target in self.targets], dtype=np.bool_)

    def content_with(self, least: float | None) -> Intent:
        """Move notes too that were left alone in doubt, where less is sure enough.

        Parameters
        ----------
        least : float or None
            How sure is enough, 0.0 to 1.0; None leaves it at what was decided.

        Returns
        -------
        Intent
            With the same targets.
        """
        if least is None:
            return self
        targets = tuple(
            target.all_the_same()
            if target.doubted and is_sure(target.confidence, off, least)
            else target
            for target, off in zip(self.targets, self.off_cents, strict=True)
        )
        return replace(self, targets=targets)


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
