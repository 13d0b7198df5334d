"""A MIDI file -> a `Score`.

Pure: bytes in, values out. What is the file's own nonsense, such as a metre of 0/4, is left out.
"""

from __future__ import annotations

from collections.abc import Iterator

from assistant.errors import FileError
from assistant.material import Meter, Score, Tempo, Track
from bridge.midi.part import Part
from bridge.midi.score import MAX_BEATS, MAX_NAME
from bridge.midi.smf import (
    END_OF_TRACK,
    MAX_DENOMINATOR_POWER,
    META,
    MICROSECONDS_PER_MINUTE,
    SET_TEMPO,
    TIME_SIGNATURE,
    TRACK_NAME,
    events,
    header,
)

__all__ = ["score_from_bytes"]


def score_from_bytes(data: bytes) -> Score:
    """Read a MIDI file.

    Each channel of each track that has notes becomes a `Track`; channel 10 is drums. Notes are
    paired first in, first out; one that is never ended is ended where its track ends, and one
    without length lasts a tick. A held pitch bend becomes cents. Tempo and metre are taken from
    every track, the later in the file winning; a track without a program takes that of its
    channel. Names are read as UTF-8, or as Latin-1 where they are not.

    Parameters
    ----------
    data : bytes
        The file: type 0 or 1, of at most 16 MB, a million events and 100,000 beats.

    Returns
    -------
    Score
        Its tracks in the order of the file, then of channel.

    Raises
    ------
    FileError
        Where it is no MIDI file, broken, too large, of type 2, or timed in SMPTE frames.
    """
    ticks_per_beat = header(data).ticks_per_beat
    reading = _Reading()
    for number, tick, status, body in events(data):
        beat = tick / ticks_per_beat
        if beat > MAX_BEATS:
            raise FileError(f"The MIDI file goes on for over {MAX_BEATS} beats, too long.")
        if status == META:
            reading.meta(number, beat, body[0], body[1:])
        else:
            reading.part(number, status & 0x0F).hear(beat, status, body)
    return reading.score(shortest=1.0 / ticks_per_beat)


class _Reading:
    """What has been read of a file so far."""

    def __init__(self) -> None:
        self._names: dict[int, str] = {}
        self._parts: dict[int, dict[int, Part]] = {}
        self._tempos = {0.0: Tempo(0.0, 120.0)}
        self._meters = {0.0: Meter(0.0, 4, 4)}

    def part(self, number: int, channel: int) -> Part:
        """Return the part of a channel of a track."""
        parts = self._parts.setdefault(number, {})
        if channel not in parts:
            parts[channel] = Part(channel)
        return parts[channel]

    def meta(self, number: int, beat: float, kind: int, body: bytes) -> None:
        """Take a meta event; those that say nothing a `Score` holds are left out."""
        if kind == TRACK_NAME:
            self._names.setdefault(number, _name(body))
        elif kind == SET_TEMPO and len(body) >= 3 and any(body[:3]):
            bpm = MICROSECONDS_PER_MINUTE / int.from_bytes(body[:3])
            self._tempos[beat] = Tempo(beat, bpm)
        elif kind == TIME_SIGNATURE and len(body) >= 2:
            if body[0] > 0 and body[1] <= MAX_DENOMINATOR_POWER:
                self._meters[beat] = Meter(beat, body[0], 2 ** body[1])
        elif kind == END_OF_TRACK:
            for part in self._parts.get(number, {}).values():
                part.close(beat)

    def score(self, shortest: float) -> Score:
        """Hand over what was read."""
        return Score(
            tracks=tuple(self._tracks(shortest)),
            tempos=tuple(self._tempos[beat] for beat in sorted(self._tempos)),
            meters=tuple(self._meters[beat] for beat in sorted(self._meters)),
        )

    def _tracks(self, shortest: float) -> Iterator[Track]:
        programs = self._channel_programs()
        for number, parts in self._parts.items():
            name = self._names.get(number, "")
            played = [parts[channel] for channel in sorted(parts) if parts[channel].notes]
            for part in played:
                if part.program is None:
                    part.program = programs.get(part.channel)
                several = f"{name} channel {part.channel + 1}".lstrip()
                yield part.track(several if len(played) > 1 else name, shortest)

    def _channel_programs(self) -> dict[int, int]:
        """Return the first program of each channel, whatever track it stands in."""
        programs: dict[int, int] = {}
        for parts in self._parts.values():
            for channel, part in parts.items():
                if part.program is not None:
                    programs.setdefault(channel, part.program)
        return programs


def _name(body: bytes) -> str:
    """Read a track name, on one line and without what cannot be printed."""
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        text = body.decode("latin-1")
    return "".join(letter for letter in text if letter.isprintable()).strip()[:MAX_NAME]
