"""Where a DAW is that sends MIDI clock.

A beat has 24 pulses; a song position counts sixteenths, of six pulses each.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import ceil
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import mido

__all__ = ["PULSES_PER_BEAT", "PULSES_PER_SIXTEENTH", "SILENCE_S", "Transport"]

PULSES_PER_BEAT = 24
PULSES_PER_SIXTEENTH = 6
SILENCE_S = 0.5  # a pulse at 5 beats a minute: who is silent for longer has stopped
_SMOOTHING = 0.1


@dataclass(frozen=True, slots=True)
class Transport:
    """Where a DAW is, by the clock that it sends.

    A value: `heard` makes the next one, so that threads can share it without a lock.

    Parameters
    ----------
    pulse : int
        The latest pulse, counted from the start of the song where `located`; -1 where the
        song's first pulse is still to come.
    when : float
        When it came, in seconds of the monotonic clock.
    interval : float
        Seconds from pulse to pulse, smoothed; 0.0 until two pulses came.
    stopped : bool
        Whether the DAW has said stop since it last said start or continue.
    located : bool
        Whether it has ever said where it is.
    starts, jumps : int
        How often it has started from the top, and how often it has moved (a start is a move).
    jumped_to : float
        Where it moved last, in beats.
    """

    pulse: int = -1
    when: float = float("-inf")
    interval: float = 0.0
    stopped: bool = False
    located: bool = False
    starts: int = 0
    jumps: int = 0
    jumped_to: float = 0.0

    def heard(self, message: mido.Message, when: float) -> Transport:
        """Take a message into account.

        Parameters
        ----------
        message : Message
            Of any type; notes and the like change nothing.
        when : float
            When it came, in seconds of the monotonic clock.

        Returns
        -------
        Transport
            Where the DAW is now.
        """
        if message.type == "clock":
            return self._pulsed(when)
        if message.type == "start":
            return replace(self._jumped(0), stopped=False, starts=self.starts + 1)
        if message.type == "songpos":
            return self._jumped(message.pos * PULSES_PER_SIXTEENTH)
        if message.type in {"stop", "continue"}:
            return replace(self, stopped=message.type == "stop")
        return self

    def runs(self, now: float) -> bool:
        """Say whether the DAW is playing: its pulses come, and it has not said stop."""
        return not self.stopped and now - self.when < SILENCE_S

    def due(self, beat: float) -> float | None:
        """Say when the DAW will be at a beat.

        Parameters
        ----------
        beat : float
            From the start of the song.

        Returns
        -------
        float or None
            Seconds of the monotonic clock; None where a pulse must come first.
        """
        pulses_away = beat * PULSES_PER_BEAT - self.pulse
        if pulses_away >= 1.0 or self.pulse < 0:
            return None
        return self.when + pulses_away * self.interval

    def next_bar(self, bar_beats: float) -> float:
        """Say where the DAW's next bar begins.

        Parameters
        ----------
        bar_beats : float
            Length of a bar, in beats.

        Returns
        -------
        float
            In beats from the start of the song, at the next pulse or later; where the DAW has
            never said where it is, the next pulse itself.
        """
        beat = (self.pulse + 1) / PULSES_PER_BEAT
        if not self.located:
            return beat
        return ceil(round(beat / bar_beats, 6)) * bar_beats

    def _jumped(self, pulse: int) -> Transport:
        return replace(
            self,
            pulse=pulse - 1,
            located=True,
            jumps=self.jumps + 1,
            jumped_to=pulse / PULSES_PER_BEAT,
        )

    def _pulsed(self, when: float) -> Transport:
        seconds = when - self.when
        interval = self.interval
        if seconds < SILENCE_S:
            interval += (seconds - interval) * (_SMOOTHING if interval else 1.0)
        pulse = self.pulse if self.stopped else self.pulse + 1
        return replace(self, pulse=pulse, when=when, interval=interval)
