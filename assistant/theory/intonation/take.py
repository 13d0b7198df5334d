"""What is known of the notes of a take: how each was sung, and where it should be."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Lanes", "TakeNote", "Target"]


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
    """

    pitch: float
    confidence: float
    moves: bool
    why: str
    other: float | None = None


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
