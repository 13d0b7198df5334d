"""Records what is played into a MIDI port, as a score.

Where MIDI clock comes in with the notes, it says where the beats are; where none does, beat 0 is
the first note, at a tempo that the caller knows.
"""

from __future__ import annotations

import threading
from array import array
from bisect import bisect_right
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING

from assistant.errors import WordsError
from assistant.material import Meter, Note, Score, Tempo, Track
from bridge.midi.part import DRUM_CHANNEL, Part
from bridge.midi.transport import PULSES_PER_BEAT, PULSES_PER_SIXTEENTH, Transport

if TYPE_CHECKING:
    import mido

__all__ = ["MAX_NOTES", "MAX_SECONDS", "Capture"]

MAX_NOTES = 100_000
MAX_SECONDS = 3600.0

_MIN_PULSES = PULSES_PER_BEAT + 1  # fewer than a beat say too little about the tempo
_MAX_PULSES = 500_000
_BPM_RANGE = (5.0, 1000.0)
_SHORTEST_BEATS = 1.0 / 480.0
_EARLY_BEATS = 0.125  # a note this little before a bar line belongs to the bar
_VOICE_TYPES = {"note_on", "note_off", "program_change", "pitchwheel", "control_change"}


class Capture:
    """A recorder of MIDI messages; start and stop it as often as you like.

    It takes an hour or 100,000 notes, whichever is less, and keeps what it has then.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._take: _Take | None = None

    @property
    def running(self) -> bool:
        """Whether messages are being recorded."""
        return self._take is not None

    def start(self, transport: Transport | None = None) -> None:
        """Begin to record; what was recorded and not fetched is forgotten.

        Parameters
        ----------
        transport : Transport, optional
            Where the DAW is now, where that is known, so that bars are found even if its song
            started before.
        """
        with self._lock:
            self._take = _Take(transport or Transport())

    def hear(self, message: mido.Message, when: float) -> None:
        """Take a message that arrived; may be called from any thread.

        Parameters
        ----------
        message : Message
            Of any type.
        when : float
            When it came, in seconds, not before the message before it.
        """
        with self._lock:
            if self._take is not None:
                self._take.hear(message, when)

    def stop(self, now: float, bpm: float = 120.0) -> Score:
        """End the recording.

        Parameters
        ----------
        now : float
            In seconds of the same clock; notes still held end here.
        bpm : float
            Tempo, for where no MIDI clock came in.

        Returns
        -------
        Score
            One track a channel, none where nothing was played; 4/4. Beat 0 is the bar line
            before the first note where the clock's sender said where it is, else the first note.

        Raises
        ------
        WordsError
            Where nothing was being recorded.
        """
        with self._lock:
            take, self._take = self._take, None
        if take is None:
            raise WordsError("Nothing is being captured; say start before stop.")
        return take.score(now, bpm)


class _Take:
    """One recording."""

    def __init__(self, transport: Transport) -> None:
        self._parts: dict[int, Part] = {}
        self._pulses = array("d")
        self._first_pulse = transport.pulse + 1 if transport.located else None
        self._began: float | None = None
        self._notes = 0

    def hear(self, message: mido.Message, when: float) -> None:
        """Take a message, where there is room for it."""
        self._began = when if self._began is None else self._began
        if when - self._began > MAX_SECONDS:
            return
        if message.type == "clock" and len(self._pulses) < _MAX_PULSES:
            self._pulses.append(when)
        elif message.type == "start":
            self._located(0)
        elif message.type == "songpos":
            self._located(message.pos * PULSES_PER_SIXTEENTH)
        elif message.type in _VOICE_TYPES and self._has_room(message):
            status, *data = message.bytes()
            self._parts.setdefault(message.channel, Part(message.channel)).hear(
                when, status, bytes(data)
            )

    def score(self, now: float, bpm: float) -> Score:
        """Hand over the notes, in beats."""
        limit = now if self._began is None else min(now, self._began + MAX_SECONDS)
        for part in self._parts.values():
            part.close(limit)
        heard = self._bpm_heard()
        tempo = Tempo(0.0, heard or bpm)
        pulses = self._pulses if heard else array("d", [0.0])
        beat_at = _BeatMap(pulses, 60.0 / (tempo.bpm * PULSES_PER_BEAT))
        played = [part for _, part in sorted(self._parts.items()) if part.notes]
        starts = [beat_at(note.start) for part in played for note in part.notes]
        zero = self._zero(min(starts, default=0.0), clocked=heard is not None)
        tracks = tuple(_in_beats(part, beat_at, zero) for part in played)
        return Score(tracks, tempos=(tempo,))

    def _bpm_heard(self) -> float | None:
        """Return the tempo of the clock, where one came in that makes sense."""
        if len(self._pulses) < _MIN_PULSES:
            return None
        interval = median(later - earlier for earlier, later in pairwise(self._pulses))
        bpm = round(60.0 / (max(interval, 1e-6) * PULSES_PER_BEAT), 2)
        return bpm if _BPM_RANGE[0] <= bpm <= _BPM_RANGE[1] else None

    def _located(self, pulse: int) -> None:
        """Let the next pulse be `pulse`, unless a note counts on the pulses before it."""
        if self._notes == 0:
            self._first_pulse = pulse
            del self._pulses[:]

    def _has_room(self, message: mido.Message) -> bool:
        if message.type == "note_on" and message.velocity > 0:
            self._notes += 1
            return self._notes <= MAX_NOTES
        return True

    def _zero(self, first: float, *, clocked: bool) -> float:
        """Return where beat 0 of the score lies, in beats from the first pulse."""
        if not clocked or self._first_pulse is None:
            return first
        bar = Meter(0.0, 4, 4).bar_beats
        offset = self._first_pulse / PULSES_PER_BEAT
        return (first + offset + _EARLY_BEATS) // bar * bar - offset


class _BeatMap:
    """Turns seconds into beats from the first of some pulses, at an even pace outside them."""

    def __init__(self, pulses: array[float], interval: float) -> None:
        self._pulses = pulses
        self._interval = interval

    def __call__(self, seconds: float) -> float:
        last = len(self._pulses) - 1
        index = min(max(0, bisect_right(self._pulses, seconds) - 1), last)
        since = seconds - self._pulses[index]
        inside = since >= 0 and index < last
        length = self._pulses[index + 1] - self._pulses[index] if inside else self._interval
        return (index + since / length) / PULSES_PER_BEAT


def _in_beats(part: Part, beat_at: _BeatMap, zero: float) -> Track:
    """Turn a part that counts seconds into a track that counts beats."""
    notes = []
    for note in part.notes:
        start, end = (max(0.0, beat_at(seconds) - zero) for seconds in (note.start, note.end))
        notes.append(Note(note.pitch, start, end - start, note.velocity))
    part.notes = notes
    name = "drums" if part.channel == DRUM_CHANNEL else f"channel {part.channel + 1}"
    return part.track(name, _SHORTEST_BEATS)
