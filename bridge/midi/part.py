"""What one player plays: MIDI channel messages in, notes out.

Files and captures share it. Times are in whatever unit the caller counts, beats or seconds.
"""

from __future__ import annotations

from collections import deque
from typing import NamedTuple

from assistant.material import Note, Track

__all__ = ["BEND_CENTER", "BEND_SEMITONES", "DRUM_CHANNEL", "Part"]

DRUM_CHANNEL = 9
BEND_CENTER = 8192
BEND_SEMITONES = 2.0

_NOTE_OFF, _NOTE_ON, _CONTROL, _PROGRAM, _BEND = 0x80, 0x90, 0xB0, 0xC0, 0xE0
_DATA_ENTRY, _DATA_ENTRY_FINE, _RPN_FINE, _RPN = 6, 38, 100, 101
_BEND_RANGE_RPN = (0, 0)
_NO_RPN = (127, 127)


class _Sounding(NamedTuple):
    """A note that has begun."""

    start: float
    pitch: float
    velocity: int


class Part:
    """The notes of one channel, gathered message by message.

    Where notes of one pitch overlap, the first to begin is the first to end. A pitch bend that
    is held when a note begins belongs to its pitch, by the channel's bend range (two semitones
    until a registered parameter says otherwise), except on the drum channel; one that begins
    later is ornament, and is left out.

    Parameters
    ----------
    channel : int
        0 to 15.
    """

    def __init__(self, channel: int) -> None:
        self.channel = channel
        self.program: int | None = None
        self.notes: list[Note] = []
        self._sounding: dict[int, deque[_Sounding]] = {}
        self._bend = 0.0
        self._bend_range = BEND_SEMITONES
        self._parameter = _NO_RPN

    def hear(self, time: float, status: int, data: bytes) -> None:
        """Take one channel message.

        Parameters
        ----------
        time : float
            When it came, not before the message before it.
        status : int
            0x80 to 0xEF; the low four bits are not looked at.
        data : bytes
            Its data bytes.
        """
        kind = status & 0xF0
        if kind == _NOTE_ON and data[1] > 0:
            self._begin(time, data[0], data[1])
        elif kind in {_NOTE_ON, _NOTE_OFF}:
            self._end(time, data[0])
        elif kind == _PROGRAM and self.program is None:
            self.program = data[0]
        elif kind == _BEND:
            self._bend = (data[0] + 128 * data[1] - BEND_CENTER) / BEND_CENTER
        elif kind == _CONTROL:
            self._control(data[0], data[1])

    def close(self, time: float) -> None:
        """End the notes that still sound.

        Parameters
        ----------
        time : float
            Not before the last message.
        """
        for key, sounding in self._sounding.items():
            while sounding:
                self._end(time, key)

    def track(self, name: str, shortest: float) -> Track:
        """Hand over the notes.

        Parameters
        ----------
        name : str
            Of the track.
        shortest : float
            Least length of a note: drum machines often write notes of no length at all.

        Returns
        -------
        Track
            Its notes in order of start, then of pitch.
        """
        notes = sorted(self.notes, key=lambda note: (note.start, note.pitch))
        longer = (
            note
            if note.length >= shortest
            else Note(note.pitch, note.start, shortest, note.velocity)
            for note in notes
        )
        return Track(name, tuple(longer), self.program or 0, self.channel == DRUM_CHANNEL)

    def _begin(self, time: float, key: int, velocity: int) -> None:
        pitch = float(key)
        if self._bend and self.channel != DRUM_CHANNEL:
            pitch = min(127.0, max(0.0, round(key + self._bend * self._bend_range, 2)))
        self._sounding.setdefault(key, deque()).append(_Sounding(time, pitch, velocity))

    def _end(self, time: float, key: int) -> None:
        sounding = self._sounding.get(key)
        if sounding:
            start, pitch, velocity = sounding.popleft()
            self.notes.append(Note(pitch, start, time - start, velocity))

    def _control(self, number: int, value: int) -> None:
        coarse, fine = self._parameter
        if number == _RPN:
            self._parameter = (value, fine)
        elif number == _RPN_FINE:
            self._parameter = (coarse, value)
        elif self._parameter == _BEND_RANGE_RPN:
            if number == _DATA_ENTRY:
                self._bend_range = value + self._bend_range % 1.0
            elif number == _DATA_ENTRY_FINE:
                self._bend_range = int(self._bend_range) + value / 100.0
