"""Ableton Link in the words of MIDI clock: pulses, song positions, stop and continue; pure.

Link tells at any moment on which beat everybody is. Its beats are counted from anywhere; only
where its bars begin is agreed. So the song begins with the bar in which others were first heard.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from math import ceil, floor, inf, isfinite
from typing import NamedTuple

from bridge.midi.transport import PULSES_PER_BEAT, PULSES_PER_SIXTEENTH

__all__ = ["LinkClock", "Moment", "Said"]

_LEAP_BEATS = 1.0
"""Nobody plays that far from one look to the next: the beats are counted anew."""
_LAST_POSITION = 16_383
_SLACK_PULSES = 1e-6


class Moment(NamedTuple):
    """What Link tells when it is looked at.

    `when` is in seconds of the monotonic clock; `beat` counts from anywhere; `peers` is how many
    others there are, and `playing` whether they play, where they tell.
    """

    when: float
    beat: float
    tempo_bpm: float
    peers: int
    playing: bool


@dataclass(frozen=True, slots=True)
class Said:
    """A message that a DAW would send, and when."""

    kind: str
    when: float
    values: Mapping[str, int] = field(default_factory=dict)


class LinkClock:
    """Turns looks at Link into MIDI clock.

    Parameters
    ----------
    quantum : float
        Beats of a bar.
    """

    def __init__(self, quantum: float) -> None:
        self._quantum = quantum
        self._first_beat = 0.0
        self._before: Moment | None = None
        self._next_pulse = 0

    def look(self, now: Moment, *, heard: bool = True) -> Iterator[Said]:
        """Say what happened since the last look.

        Parameters
        ----------
        now : Moment
            Later than the one before.
        heard : bool
            False, as where there are no peers, says nothing now, and begins anew later.

        Yields
        ------
        Said
            In order of time.
        """
        sound = isfinite(now.beat) and 1.0 <= now.tempo_bpm <= 1000.0
        if not (heard and now.peers and sound):
            self._before = None
            return
        before, self._before = self._before, now
        if before is None:
            yield from self._began(now)
        elif not 0.0 <= now.beat - before.beat < _LEAP_BEATS:
            yield from self._leapt(before, now)
        if before is not None and before.playing != now.playing:
            yield Said("continue" if now.playing else "stop", now.when)
        yield from self._pulses(now)

    def until_pulse(self, now: Moment) -> float:
        """Return how long it is to the next pulse, in seconds; infinite where nothing is said."""
        if self._before is None:
            return inf
        pulses = (now.beat - self._first_beat) * PULSES_PER_BEAT
        return max(0.0, self._next_pulse - pulses) * 60.0 / now.tempo_bpm / PULSES_PER_BEAT

    def _began(self, now: Moment) -> Iterator[Said]:
        """Let the song begin with this bar, and say where in it the next sixteenth is."""
        self._first_beat = floor(now.beat / self._quantum) * self._quantum
        yield Said("continue", now.when)
        yield self._located(now)

    def _leapt(self, before: Moment, now: Moment) -> Iterator[Said]:
        """Go on from about where the song was, now in step with the new bars."""
        leap = now.beat - before.beat
        self._first_beat += round(leap / self._quantum) * self._quantum
        if now.beat < self._first_beat:
            self._first_beat -= self._quantum
        yield self._located(now)

    def _located(self, now: Moment) -> Said:
        pulses = (now.beat - self._first_beat) * PULSES_PER_BEAT
        sixteenth = ceil(pulses / PULSES_PER_SIXTEENTH - _SLACK_PULSES)
        if sixteenth > _LAST_POSITION:  # as far as MIDI counts
            self._first_beat = floor(now.beat / self._quantum) * self._quantum
            return self._located(now)
        self._next_pulse = sixteenth * PULSES_PER_SIXTEENTH
        return Said("songpos", now.when, {"pos": sixteenth})

    def _pulses(self, now: Moment) -> Iterator[Said]:
        """Say the pulses that are due, each for when it was."""
        pulses = (now.beat - self._first_beat) * PULSES_PER_BEAT
        seconds = 60.0 / now.tempo_bpm / PULSES_PER_BEAT
        while self._next_pulse <= pulses + _SLACK_PULSES:
            yield Said("clock", now.when - (pulses - self._next_pulse) * seconds)
            self._next_pulse += 1
