"""Where in a score to begin, and what has to be said before one goes on in the middle of it."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from itertools import islice
from typing import TYPE_CHECKING

from assistant.errors import MaterialError
from assistant.material import Meter, Score
from assistant.theory.ear.grid import bar_starts, walk_bars
from bridge.midi.score import TimedMessage

if TYPE_CHECKING:
    import mido

__all__ = ["find_bar", "held", "last_bar_line", "next_index"]

_HELD = frozenset({"program_change", "pitchwheel"})
_SLACK_BEATS = 1e-6
"""What sums of thirds and sevenths of beats may miss."""


def find_bar(score: Score, number: int) -> Meter:
    """Return a bar, at the beat where it begins.

    Parameters
    ----------
    score : Score
        Whose bars are counted.
    number : int
        From 1; the first is there even where there are no notes.

    Raises
    ------
    MaterialError
        Where it has no such bar.
    """
    bars = bar_starts(score.meters, score.beats) or tuple(islice(walk_bars(score.meters), 1))
    if not 1 <= number <= len(bars):
        count = f"{len(bars)} bar{'s' if len(bars) > 1 else ''}"
        raise MaterialError(f"There is no bar {number}: the score has {count}.")
    return bars[number - 1]


def last_bar_line(score: Score) -> float:
    """Return where the last bar with a note in it ends, in beats."""
    end = score.beats - _SLACK_BEATS
    return next(bar.beat for bar in walk_bars(score.meters) if bar.beat >= end)


def next_index(events: Sequence[TimedMessage], beat: float) -> int:
    """Return the first event that is not before a beat."""
    return bisect_left(events, beat - _SLACK_BEATS, key=lambda timed: timed.beat)


def held(events: Sequence[TimedMessage], index: int) -> tuple[mido.Message, ...]:
    """Return the programs and bends that hold where an event comes, as of the events before it."""
    latest = {
        (timed.message.type, timed.message.channel): timed.message
        for timed in events[:index]
        if timed.message.type in _HELD
    }
    return tuple(latest.values())
