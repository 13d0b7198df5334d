"""The tempo map as a clock: song time in beats <-> in seconds."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Literal, NamedTuple, TypeAlias

from assistant.material import Tempo

__all__ = ["Clock", "TempoPoint", "Unit", "stepped"]

Unit: TypeAlias = Literal["beats", "seconds"]

RAMP_STEP_BEATS = 1.0 / 32.0  # keeps what lies within a step in its place to a sample
MAX_RAMP_STEPS = 2048


class TempoPoint(NamedTuple):
    """A tempo that is held from `beat` on, or moves in a line to the next."""

    beat: float
    bpm: float
    moves: bool = False


def stepped(points: Sequence[TempoPoint]) -> Iterator[Tempo]:
    """Turn a tempo curve into steps; each step takes as long as the curve does over it.

    Parameters
    ----------
    points : sequence of TempoPoint
        In order of beat.

    Yields
    ------
    Tempo
        In order of beat.
    """
    for point, after in zip(points, (*points[1:], None), strict=True):
        if not point.moves or after is None or after.bpm == point.bpm or after.beat == point.beat:
            yield Tempo(point.beat, point.bpm)
            continue
        length = after.beat - point.beat
        steps = min(MAX_RAMP_STEPS, math.ceil(length / RAMP_STEP_BEATS))
        slope = (after.bpm - point.bpm) / length
        edges = [point.beat + length * step / steps for step in range(steps)]
        for edge, end in zip(edges, (*edges[1:], after.beat), strict=True):
            low, high = (point.bpm + slope * (beat - point.beat) for beat in (edge, end))
            yield Tempo(edge, (high - low) / math.log(high / low))


class Clock:
    """Turns song time from one unit into the other, by a tempo map.

    Parameters
    ----------
    tempos : sequence of Tempo
        In order of beat, the first at beat 0; before it, it holds as well.
    """

    def __init__(self, tempos: Sequence[Tempo]) -> None:
        self._beats = [tempo.beat for tempo in tempos]
        self._lengths = [60.0 / tempo.bpm for tempo in tempos]
        self._seconds = [0.0]
        for (before, after), length in zip(pairwise(self._beats), self._lengths, strict=False):
            self._seconds.append(self._seconds[-1] + (after - before) * length)

    def seconds(self, beat: float) -> float:
        """Turn beats into seconds."""
        at = max(0, bisect_right(self._beats, beat) - 1)
        return self._seconds[at] + (beat - self._beats[at]) * self._lengths[at]

    def beats(self, second: float) -> float:
        """Turn seconds into beats."""
        at = max(0, bisect_right(self._seconds, second) - 1)
        return self._beats[at] + (second - self._seconds[at]) / self._lengths[at]

    def turned(self, time: float, unit: Unit, into: Unit) -> float:
        """Turn a song time into another unit, or leave it as it is; no end stays no end."""
        if unit == into or math.isinf(time):
            return time
        return self.seconds(time) if unit == "beats" else self.beats(time)
