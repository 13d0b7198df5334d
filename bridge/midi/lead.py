"""A score as a player sends it that sets the time for others: notes with MIDI clock."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from heapq import merge
from itertools import accumulate, chain, count, pairwise, takewhile
from math import ceil
from typing import TYPE_CHECKING

from assistant.material import Score, Tempo
from bridge.midi.cue import held, next_index
from bridge.midi.score import timeline
from bridge.midi.transport import PULSES_PER_BEAT

if TYPE_CHECKING:
    import mido

__all__ = ["START_LEAD_S", "TempoMap", "led"]

START_LEAD_S = 0.005  # receivers want a moment between the start and the first pulse

_SIXTEENTHS_PER_BEAT = 4
_LAST_POSITION = 16_383


class TempoMap:
    """Turns beats into seconds, in logarithmic time.

    Parameters
    ----------
    tempos : tuple of Tempo
        In order of beat, the first at beat 0, each above 0 beats a minute.
    """

    def __init__(self, tempos: tuple[Tempo, ...]) -> None:
        self._tempos = tempos
        self._beats = [tempo.beat for tempo in tempos]
        lengths = ((b.beat - a.beat) * 60.0 / a.bpm for a, b in pairwise(tempos))
        self._seconds = [0.0, *accumulate(lengths)]

    def seconds_at(self, beat: float) -> float:
        """Return the seconds from the start to `beat`."""
        index = bisect_right(self._beats, beat) - 1
        tempo = self._tempos[index]
        return self._seconds[index] + (beat - tempo.beat) * 60.0 / tempo.bpm


def led(score: Score, begin: float = 0.0) -> Iterator[tuple[float, mido.Message]]:
    """List what a player sends that sets the time: song position, start, clock and notes.

    Parameters
    ----------
    score : Score
        What is played.
    begin : float
        The beat to begin with; further in than the first, receivers are told to continue there.

    Returns
    -------
    iterator of tuple of (float, Message)
        Seconds from the first beat, rising, and a little below zero for the start; and the
        message. The pulses go from that beat to the end of the last note, where a stop is due.

    Raises
    ------
    MaterialError
        Where MIDI cannot say what the score says.
    """
    import mido

    tempo_map = TempoMap(score.tempos)
    origin = tempo_map.seconds_at(begin)
    events = timeline(score)
    first = next_index(events, begin)
    played = events[first:]
    end = max((timed.beat for timed in played), default=0.0)
    notes = ((tempo_map.seconds_at(timed.beat) - origin, timed.message) for timed in played)
    before = ((0.0, message) for message in held(events, first))
    counted = count(ceil(round(begin * PULSES_PER_BEAT, 6)))
    beats = takewhile(lambda beat: beat < end, (pulse / PULSES_PER_BEAT for pulse in counted))
    pulse = mido.Message("clock")
    pulses = ((tempo_map.seconds_at(beat) - origin, pulse) for beat in beats)
    position = min(round(begin * _SIXTEENTHS_PER_BEAT), _LAST_POSITION)
    start = (
        mido.Message("songpos", pos=position),
        mido.Message("continue" if position else "start"),
    )
    return chain(
        ((-START_LEAD_S, message) for message in start),
        before,
        merge(pulses, notes, key=lambda timed: timed[0]),
    )
