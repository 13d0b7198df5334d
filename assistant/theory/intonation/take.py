"""What is known of the notes of a take: how each was sung, and where it should be."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import sqrt

import numpy as np
from numpy.typing import NDArray

__all__ = ["Lanes", "TakeNote", "Target", "is_sure"]

_IN_TUNE_CENTS = 25.0
_LEFT = "left alone: "


@dataclass(frozen=True, slots=True)
class TakeNote:
    """A note of a take, as it was sung.

    Parameters
    ----------
    start, end : float
        Seconds; where it begins to sound, and where it ends.
    centre : float
        Where it is held: MIDI number with a fraction, by concert pitch.
    spread_cents : float
        How surely that is its centre: one standard deviation.
    drift_cents : float
        How far it is higher at the end of what is held than at its beginning, vibrato aside.
    vibrato_hz, vibrato_cents : float
        Rate, and depth to each side; 0.0 where it has none.
    scoop_cents, scoop_seconds : float
        How far off it begins (negative: from below), and how long until it is held.
    fall_cents, fall_seconds : float
        How far off it ends, and how long before its end it leaves what was held.
    level_db : float
        Its loudest frame, dBFS.
    confidence : float
        That it is a note of one steady pitch, 0.0 to 1.0.
    """

    start: float
    end: float
    centre: float
    spread_cents: float = 5.0
    drift_cents: float = 0.0
    vibrato_hz: float = 0.0
    vibrato_cents: float = 0.0
    scoop_cents: float = 0.0
    scoop_seconds: float = 0.0
    fall_cents: float = 0.0
    fall_seconds: float = 0.0
    level_db: float = -20.0
    confidence: float = 1.0

    @property
    def seconds(self) -> float:
        """Length."""
        return self.end - self.start

    @property
    def held(self) -> tuple[float, float]:
        """Where it is held, seconds: scoop and fall left out."""
        return self.start + self.scoop_seconds, self.end - self.fall_seconds


@dataclass(frozen=True, slots=True)
class Target:
    """Where a note should be.

    Parameters
    ----------
    pitch : float
        MIDI number with a fraction, by concert pitch.
    confidence : float
        That it is what the singer meant, 0.0 to 1.0.
    moves : bool
        Whether the note is to be moved there; False leaves it alone.
    why : str
        In a few words: ``"G4 in A minor; the step from A4 fits"``.
    other : float, optional
        What it might be instead, MIDI number.
    doubted : bool
        Whether there is no reason to leave it alone but doubt, and that was reason enough at first.
    """

    pitch: float
    confidence: float
    moves: bool
    why: str
    other: float | None = None
    doubted: bool = False

    def left(self, why: str) -> Target:
        """Leave the note alone in doubt, with the reason."""
        return replace(self, moves=False, why=f"{_LEFT}{why}", doubted=True)

    def all_the_same(self) -> Target:
        """Move the note in spite of the doubt."""
        return replace(self, moves=True, why=f"moved all the same: {self.why.removeprefix(_LEFT)}")

    def weighed(self, least: float) -> Target:
        """Leave the note alone where that is not sure enough; where it is, move it."""
        if self.confidence < least:
            doubt = f"{100.0 * self.confidence:.0f} % sure; {self.why}"
            return self.left(doubt) if self.moves else replace(self, doubted=True)
        return self if self.moves else replace(self, doubted=True).all_the_same()


@dataclass(frozen=True, eq=False)
class Lanes:
    """Pitch over time, as it was and as it is, for drawing.

    Parameters
    ----------
    times : ndarray of float, shape (frames,)
        Seconds.
    before, after : ndarray of float, shape (frames,)
        MIDI numbers with fractions; NaN where nothing is voiced.
    """

    times: NDArray[np.float64]
    before: NDArray[np.float64]
    after: NDArray[np.float64]


def is_sure(confidence: float, off_cents: float, least: float) -> bool:
    """Tell whether a target is sure enough to move a note there.

    Parameters
    ----------
    confidence : float
        That the target is what was meant, 0.0 to 1.0.
    off_cents : float
        How far from it the note was sung.
    least : float
        How sure is enough, 0.0 to 1.0.

    Returns
    -------
    bool
        A note that is in tune already has little to win and as much to lose: it has to be surer,
        by the square root.
    """
    return confidence >= (sqrt(least) if abs(off_cents) <= _IN_TUNE_CENTS else least)
