"""When each written note of a score falls in a take, and how the singer is tuned there."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from assistant.theory.intonation.take import TakeNote
from assistant.theory.intonation.written import Written

__all__ = ["Anchors"]

Array = NDArray[np.float64]

_AROUND = 6  # sung notes to each side that tell the tuning
_NEAR = 2.0  # of them: spread of their weights
_WRONG = 1.5  # semitones: further off, a note says nothing of the tuning
_TEMPO_NOTES = 12


class Anchors:
    """The sung notes whose written ones are known, by which the others are placed.

    Parameters
    ----------
    notes : sequence of TakeNote
        As they were sung.
    written : sequence of Written
        The score.
    places : ndarray of int, shape (notes,)
        The written note that each is, -1 for an extra one.
    transposition : float
        Semitones that the take lies above the score.

    Attributes
    ----------
    tempo : float
        How much slower it is sung than written; 1.0 where nothing says.
    """

    def __init__(
        self,
        notes: Sequence[TakeNote],
        written: Sequence[Written],
        places: NDArray[np.int64],
        transposition: float,
    ) -> None:
        first = np.diff(places, prepend=-2) != 0
        self._sung = np.flatnonzero((places >= 0) & first)
        self._place = places[self._sung]
        self._at = np.array([notes[i].start for i in self._sung.tolist()])
        self._written = np.array([written[j].start for j in self._place.tolist()])
        self.tempo = self._tempo_overall()
        matched = np.flatnonzero(places >= 0)
        wanted = np.array([written[j].pitch for j in places[matched].tolist()]) + transposition
        off = np.array([notes[i].centre for i in matched.tolist()]) - wanted
        off -= 12.0 * np.round(off / 12.0)
        right = np.abs(off) < _WRONG
        self._tuned, self._off = matched[right], off[right]

    def neighbours(self, sung: int) -> tuple[int, int]:
        """Tell which written notes the sung ones before and after are; -1 where there is none.

        Those after a jump are no neighbours.
        """
        before = int(np.searchsorted(self._sung, sung)) - 1
        after = int(np.searchsorted(self._sung, sung, side="right"))
        low = int(self._place[before]) if before >= 0 else -1
        high = int(self._place[after]) if after < self._place.size else -1
        return (low, -1) if high <= low else (low, high)

    def onset(self, sung: int, written: Written) -> float:
        """Tell when a written note was to begin, by the sung notes around one, without itself.

        Parameters
        ----------
        sung : int
            The sung note in whose phrase it stands.
        written : Written
            A note of the score.

        Returns
        -------
        float
            Seconds in the take; NaN where no other note is known.
        """
        before = int(np.searchsorted(self._sung, sung)) - 1
        after = int(np.searchsorted(self._sung, sung, side="right"))
        ends = [place for place in (before, after) if 0 <= place < self._sung.size]
        if len(ends) == 2:
            span = self._written[after] - self._written[before]
            share = (written.start - self._written[before]) / span if span > 0.0 else -1.0
            if 0.0 <= share <= 1.0:
                return float(self._at[before] + share * (self._at[after] - self._at[before]))
        if not ends:
            return float("nan")
        nearest = min(ends, key=lambda place: abs(self._written[place] - written.start))
        return float(self._at[nearest] + self.tempo * (written.start - self._written[nearest]))

    def begun(self, place: int, sung: int) -> float:
        """Tell when the sung note before another began, which is on a written one; seconds."""
        before = int(np.searchsorted(self._sung, sung, side="right")) - 1
        while before > 0 and self._place[before] != place:
            before -= 1
        return float(self._at[before])

    def tuning(self, sung: int) -> float:
        """Tell how far the singer is above the score around a note, without it; semitones."""
        far = np.abs(self._tuned - sung)
        near = (far > 0) & (far <= _AROUND)
        if not near.any():
            return 0.0
        order = np.argsort(self._off[near], kind="stable")
        weights = np.exp(-0.5 * (far[near][order] / _NEAR) ** 2) + 0.1
        middle = int(np.searchsorted(np.cumsum(weights), 0.5 * weights.sum()))
        return float(self._off[near][order][middle])

    def _tempo_overall(self) -> float:
        """Tell how much slower it is sung than written; 1.0 where nothing says."""
        if self._at.size < 3:
            return 1.0
        apart = min(_TEMPO_NOTES, self._at.size - 1)
        written = self._written[apart:] - self._written[:-apart]
        sung = (self._at[apart:] - self._at[:-apart])[written > 0.0]
        return float(np.median(sung / written[written > 0.0])) if sung.size else 1.0
