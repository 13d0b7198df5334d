"""Plays a score to a MIDI port in time.

A player leads or follows, and decides which when it is asked to play:

- Where a DAW is running, so that its clock arrives on the input, the player *follows*: the score
  begins on the DAW's next bar line (counted in the score's own metre; on its next pulse, where the
  DAW has not said where it is), and every note comes when that clock reaches it. No clock is sent.
  The DAW's stop silences the player until it continues; a song position moves the score with the
  song; a start plays the score from the top, with the song. A clock that falls silent counts as a
  stop. The score lasts to the end of its last bar, so that a loop around it repeats it.
- Otherwise the player *leads*: song position 0, start, 24 pulses a beat by the score's tempo map,
  and a stop at the end. A clock that arrives then is not obeyed, nor is anything that arrives
  ever sent on, so that a DAW which follows bandmate and sends its clock back closes no loop.

One score plays at a time, on a thread of its own. However it ends, no note is left hanging.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

from assistant.material import Score
from bridge.midi.cue import find_bar, held, last_bar_line, next_index
from bridge.midi.lead import START_LEAD_S, led
from bridge.midi.score import TimedMessage, timeline
from bridge.midi.transport import SILENCE_S, Transport
from bridge.midi.voice import Clock, Stopped, SystemClock, Voice

if TYPE_CHECKING:
    import mido

__all__ = ["Ending", "Player"]

Ending: TypeAlias = Literal["finished", "stopped", "failed"]

STOP_LIMIT_S = 3.0

_log = logging.getLogger(__name__)


class Player:
    """Plays one score at a time.

    Parameters
    ----------
    send : callable
        Takes a message to the port; called from the player's thread only.
    clock : Clock, optional
        What to tell the time by.
    """

    def __init__(self, send: Callable[[mido.Message], None], clock: Clock | None = None) -> None:
        self.transport = Transport()
        self._send = send
        self._clock = clock or SystemClock()
        self._lock = threading.Lock()
        self._playing: _Playing | None = None

    @property
    def playing(self) -> bool:
        """Whether a score is being played, or waits for the DAW to go on."""
        playing = self._playing
        return playing is not None and playing.is_alive()

    def play(
        self, score: Score, on_end: Callable[[Ending], None] = lambda _: None, *, bar: int = 1
    ) -> bool:
        """Begin to play, in place of what was playing.

        Parameters
        ----------
        score : Score
            What to play.
        on_end : callable
            Called once, on the player's thread, when no note sounds any more: ``"finished"`` at
            the end of the score, ``"stopped"`` by `stop` or the next `play`, ``"failed"`` where
            the port is gone. It may not call the player.
        bar : int
            Which bar of the score to begin with.

        Returns
        -------
        bool
            True where the player follows a DAW's clock, False where it leads.

        Raises
        ------
        MaterialError
            Where MIDI cannot say what the score says, or it has no such bar; what was playing
            plays on.
        """
        follows = self.transport.runs(self._clock.now())
        if follows:
            perform = partial(_follow, *_cued(score, bar), lambda: self.transport)
        else:
            perform = partial(_lead, led(score, find_bar(score, bar).beat))
        with self._lock:
            self._end()
            self._playing = _Playing(Voice(self._send, self._clock), perform, on_end)
            self._playing.start()
        return follows

    def stop(self) -> bool:
        """Stop playing, and return when every note is silenced.

        Returns
        -------
        bool
            Whether something was playing.
        """
        with self._lock:
            return self._end()

    def hear(self, message: mido.Message, when: float) -> None:
        """Take a message that arrived on the input; may be called from any one thread.

        Parameters
        ----------
        message : Message
            Of any type.
        when : float
            When it came, in seconds of the player's clock.
        """
        self.transport = self.transport.heard(message, when)
        playing = self._playing
        if playing is not None:
            playing.voice.wake.set()

    def _end(self) -> bool:
        playing, self._playing = self._playing, None
        return playing is not None and playing.end()


class _Playing:
    """One score on its thread."""

    def __init__(
        self,
        voice: Voice,
        perform: Callable[[Voice], None],
        on_end: Callable[[Ending], None],
    ) -> None:
        self.voice = voice
        self._perform = perform
        self._on_end = on_end
        self._thread = threading.Thread(target=self._run, name="bandmate player", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def is_alive(self) -> bool:
        """Say whether it still plays."""
        return self._thread.is_alive()

    def end(self) -> bool:
        """Stop it, and return when it is silent: True where it was still playing."""
        alive = self._thread.is_alive()
        self.voice.stop()
        self._thread.join(STOP_LIMIT_S)
        if self._thread.is_alive():
            _log.error("The MIDI port did not take the end of the notes in %g s.", STOP_LIMIT_S)
        return alive

    def _run(self) -> None:
        ending: Ending = "failed"
        try:
            self._perform(self.voice)
            ending = "finished"
        except Stopped:
            ending = "stopped"
        except Exception as error:  # noqa: BLE001 - a port raises what it likes
            _log.warning("Playing ended early: %s", error)
        self._on_end(ending)


def _lead(schedule: Iterator[tuple[float, mido.Message]], voice: Voice) -> None:
    """Play in time with our own clock, and say when it starts and stops."""
    import mido

    start = voice.clock.now() + START_LEAD_S
    try:
        for seconds, message in schedule:
            voice.reach(start + seconds)
            voice.send(message)
    finally:
        voice.silence()
        voice.send(mido.Message("stop"))


class _Cue(NamedTuple):
    """Where a score begins and ends, in beats of its own, and how long its first bar is."""

    begin: float
    end: float
    bar_beats: float


def _cued(score: Score, number: int) -> tuple[tuple[TimedMessage, ...], _Cue]:
    bar = find_bar(score, number)
    return timeline(score), _Cue(bar.beat, last_bar_line(score), bar.bar_beats)


def _follow(
    events: Sequence[TimedMessage], cue: _Cue, look: Callable[[], Transport], voice: Voice
) -> None:
    """Play in time with the DAW's clock, which `look` reads."""
    seen = look()
    origin = seen.next_bar(cue.bar_beats) - cue.begin
    index = next_index(events, cue.begin)
    anew = True  # nothing holds at the other end yet, or no more
    try:
        while True:
            daw, now = look(), voice.clock.now()
            if daw.jumps != seen.jumps:
                voice.silence()
                origin = origin if daw.starts == seen.starts else 0.0
                index, anew, seen = next_index(events, daw.jumped_to - origin), True, daw
            beat = events[index].beat if index < len(events) else cue.end
            due = daw.due(origin + beat) if daw.runs(now) else None
            if due is not None and due <= now:
                if index == len(events):
                    return
                for message in held(events, index) if anew else ():
                    voice.send(message)
                voice.send(events[index].message)
                index, anew = index + 1, False
                continue
            if not daw.runs(now):
                voice.silence()
                anew = True
            voice.wait(now + SILENCE_S if due is None else due)
    finally:
        voice.silence()
