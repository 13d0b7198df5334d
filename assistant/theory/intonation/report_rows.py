"""The rows of a take's report: where it is broken."""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.theory.intonation.take import TakeNote, Target

__all__ = ["LEAD_SECONDS", "ROW_SECONDS", "Mark", "Row", "rows_of"]

ROW_SECONDS = 9.0
LEAD_SECONDS = 0.2  # what is shown before the first note of a row, and after the last
GAP_SECONDS = 4.0  # silence of this length begins a new row


@dataclass(frozen=True, slots=True)
class Mark:
    """A note as it is drawn: its number from 1, how it was sung, where it should be."""

    number: int
    note: TakeNote
    target: Target

    @property
    def weight(self) -> float:
        """How much there is to see: cents that it is off, by seconds; more where it is unsure."""
        off = min(200.0, abs(self.note.centre - self.target.pitch) * 100.0)
        doubt = 0.0 if self.target.moves else 50.0
        return (off + doubt) * self.note.seconds


@dataclass(frozen=True, slots=True)
class Row:
    """A stretch of the take: from `start` to `end`, seconds, and the notes that sound in it."""

    start: float
    end: float
    marks: tuple[Mark, ...]

    @property
    def weight(self) -> float:
        """How much there is to see."""
        return sum(mark.weight for mark in self.marks)


def rows_of(marks: Sequence[Mark]) -> list[Row]:
    """Break a take into rows, between notes where that can be, leaving long silence out.

    Parameters
    ----------
    marks : sequence of Mark
        In order of start; they do not overlap.

    Returns
    -------
    list of Row
        Of at most `ROW_SECONDS`; a note that is longer goes on in the next.
    """
    starts = [mark.note.start for mark in marks]
    ends = [mark.note.end for mark in marks]
    return [
        Row(start, end, tuple(marks[bisect_right(ends, start) : bisect_left(starts, end)]))
        for start, end in _spans([mark.note for mark in marks])
    ]


def _spans(notes: Sequence[TakeNote]) -> Iterator[tuple[float, float]]:
    begin = last = -math.inf
    for note in notes:
        if note.end > begin + ROW_SECONDS or note.start > last + GAP_SECONDS:
            if last > begin:
                yield begin, max(last, min(last, note.start - 2 * LEAD_SECONDS) + LEAD_SECONDS)
            begin = max(0.0, last, note.start - LEAD_SECONDS)
        while note.end > begin + ROW_SECONDS:
            yield begin, begin + ROW_SECONDS
            begin += ROW_SECONDS
        last = max(last, note.end)
    if last > begin:
        yield begin, last + LEAD_SECONDS
