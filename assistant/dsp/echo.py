"""A plain delay: a sound again, and again, each time softer and duller."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from assistant.dsp.biquads import Biquads, Pair, low_pass
from assistant.dsp.decibels import amplitude
from assistant.errors import MaterialError

__all__ = ["Echo", "Echoing"]

INAUDIBLE_DB = -60.0


@dataclass(frozen=True, slots=True)
class Echo:
    """What a delay is set to.

    Parameters
    ----------
    seconds : float
        From one to the next; 0.01 to 2.
    feedback_db : float
        Of each against the one before; below 0, minus infinity for one alone.
    lowpass_hz : float
        What each loses.

    Raises
    ------
    MaterialError
        Where a number is out of its range.
    """

    seconds: float
    feedback_db: float = -math.inf
    lowpass_hz: float = 6000.0

    def __post_init__(self) -> None:
        """Check the numbers."""
        if not (0.01 <= self.seconds <= 2.0 and self.feedback_db < 0.0 and self.lowpass_hz > 0.0):
            raise MaterialError(
                "A delay repeats after 0.01 to 2 s, each time softer, below a corner above 0 Hz;"
                f" this one has {self.seconds:g} s, {self.feedback_db:g} dB and"
                f" {self.lowpass_hz:g} Hz."
            )

    @property
    def tail_seconds(self) -> float:
        """How long it is heard after the sound has ended."""
        return self.seconds * (1 + math.floor(INAUDIBLE_DB / self.feedback_db))


class Echoing:
    """A delay at work; it returns no more than its echoes.

    Parameters
    ----------
    wanted : Echo
        What it is set to.
    rate : int
        In Hz.
    """

    def __init__(self, wanted: Echo, rate: int) -> None:
        self._line = np.zeros((2, max(1, round(wanted.seconds * rate))))
        self._feedback = amplitude(wanted.feedback_db)
        self._duller = Biquads(low_pass(wanted.lowpass_hz, rate))

    def run(self, pair: Pair, first: int) -> None:
        """Turn a block into its echoes, in place.

        Parameters
        ----------
        pair : ndarray of float64, shape (2, frames)
            What follows the block before.
        first : int
            The frame of the song at which it begins.
        """
        length = self._line.shape[1]
        for start in range(0, pair.shape[1], length):
            piece = pair[:, start : start + length]
            size = piece.shape[1]
            back = np.ascontiguousarray(self._line[:, :size])
            self._duller.run(back, first + start)
            fresh = piece + self._feedback * back
            self._line = np.concatenate([self._line[:, size:], fresh], axis=1)
            piece[:] = back
