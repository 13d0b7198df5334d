"""A `Score` in the words of MIDI: a file, and messages to play; `bridge.midi.reading` goes back.

Pure: values in, bytes out. What MIDI cannot say, such as a pitch of 200, is refused by name.
"""

from __future__ import annotations

import struct
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from heapq import merge
from itertools import cycle, pairwise
from math import floor, inf
from typing import TYPE_CHECKING, NamedTuple

from assistant.errors import MaterialError
from assistant.material import Note, Score, Track
from bridge.midi.part import BEND_CENTER, BEND_SEMITONES, DRUM_CHANNEL
from bridge.midi.smf import (
    END_OF_TRACK,
    LYRIC,
    MAX_DENOMINATOR_POWER,
    META,
    MICROSECONDS_PER_MINUTE,
    SET_TEMPO,
    TIME_SIGNATURE,
    TRACK_NAME,
)

if TYPE_CHECKING:
    import mido

__all__ = [
    "MAX_BEATS",
    "MAX_NAME",
    "TICKS_PER_BEAT",
    "TimedMessage",
    "bytes_from_score",
    "timeline",
]

TICKS_PER_BEAT = 480
MAX_BEATS = 100_000
MAX_NAME = 200

_MAX_TEMPO = 0xFFFFFF
_PLAYED_TICKS_PER_BEAT = 9600
_MELODIC_CHANNELS = [channel for channel in range(16) if channel != DRUM_CHANNEL]
_DENOMINATORS = [2**power for power in range(MAX_DENOMINATOR_POWER + 1)]
_METRONOME = (24, 8)  # clocks a click, and 32nd notes a quarter note
_UNSUNG = frozenset({"", "_"})
_NOTE_OFF, _NOTE_ON, _PROGRAM, _BEND = 0x80, 0x90, 0xC0, 0xE0
_RANK = {_NOTE_OFF: 0, _PROGRAM: 1, _BEND: 2, _NOTE_ON: 3}


class TimedMessage(NamedTuple):
    """A MIDI message, and when it is due, in beats from the start."""

    beat: float
    message: mido.Message


def bytes_from_score(score: Score) -> bytes:
    """Write a MIDI file of type 1, with 480 ticks a beat.

    Tempo and metre stand in the first track, then each `Track` has one of its own: drums on
    channel 10, the others on the rest in turn. Where the notes of a track do not overlap, cents
    are written as pitch bends (of the usual range, two semitones), and so are the bends within
    them; where they do, pitches are rounded, for a bend would move every note of the channel.
    Syllables are lyric events beside
    their notes; a held one is not said again. (What is read has notes only: words are left out.)

    Parameters
    ----------
    score : Score
        Pitches 0 to 127, beats 0 to 100,000, tempos from 3.6 beats a minute, and metres over a
        power of two.

    Returns
    -------
    bytes
        The file.

    Raises
    ------
    MaterialError
        Where a MIDI file cannot say what the score says.
    """
    parts = zip(score.tracks, _channels(score.tracks), strict=True)
    written = [_chunk(_conductor(score))]
    for track, channel in parts:
        name = track.name.encode("utf-8", "replace")
        played = _events(track, channel, TICKS_PER_BEAT)
        body = list(merge(_sung(track), played, key=lambda timed: timed[0]))
        written.append(_chunk([(0, _meta(TRACK_NAME, name)), *body]))
    head = struct.pack(">4sIHHH", b"MThd", 6, 1, len(written), TICKS_PER_BEAT)
    return head + b"".join(written)


def timeline(score: Score) -> tuple[TimedMessage, ...]:
    """List the messages that play a score: programs, notes, and bends as in its MIDI file.

    Parameters
    ----------
    score : Score
        As for `bytes_from_score`.

    Returns
    -------
    tuple of TimedMessage
        In order of time (to 1/9600 beat); at one time, notes end before others begin.

    Raises
    ------
    MaterialError
        Where MIDI cannot say what the score says.
    """
    import mido  # here, for it would cost the start of the daemon 70 ms and 8 MB

    parts = zip(score.tracks, _channels(score.tracks), strict=True)
    merged = [
        timed
        for track, channel in parts
        for timed in _events(track, channel, _PLAYED_TICKS_PER_BEAT)
    ]
    merged.sort(key=_order)
    return tuple(
        TimedMessage(tick / _PLAYED_TICKS_PER_BEAT, mido.Message.from_bytes(data))
        for tick, data in merged
    )


def _channels(tracks: Iterable[Track]) -> list[int]:
    """Give each track a channel; from the 16th melodic track on, channels are shared."""
    melodic = cycle(_MELODIC_CHANNELS)
    return [DRUM_CHANNEL if track.drums else next(melodic) for track in tracks]


def _conductor(score: Score) -> list[tuple[int, bytes]]:
    """List the tempo map and the metre map."""
    timed = []
    for tempo in score.tempos:
        microseconds = MICROSECONDS_PER_MINUTE / tempo.bpm if tempo.bpm > 0 else inf
        if not 1 <= microseconds <= _MAX_TEMPO:
            raise MaterialError(f"A MIDI file cannot say a tempo of {tempo.bpm:g} beats a minute.")
        data = round(microseconds).to_bytes(3, "big")
        timed.append((_tick(tempo.beat, TICKS_PER_BEAT), _meta(SET_TEMPO, data)))
    for meter in score.meters:
        written = meter.signature
        if not 1 <= meter.numerator <= 255 or meter.denominator not in _DENOMINATORS:
            raise MaterialError(f"A MIDI file cannot say a metre of {written}.")
        power = meter.denominator.bit_length() - 1
        data = bytes((meter.numerator, power, *_METRONOME))
        timed.append((_tick(meter.beat, TICKS_PER_BEAT), _meta(TIME_SIGNATURE, data)))
    return sorted(timed, key=lambda pair: pair[0])


def _events(track: Track, channel: int, ticks_per_beat: int) -> list[tuple[int, bytes]]:
    """List a track's messages with their ticks; a note lasts one tick at least."""
    bends = not track.drums and _one_at_a_time(track.notes)
    timed = [(0, bytes((_PROGRAM | channel, track.program)))]
    bend = end = 0
    for note in sorted(track.notes, key=lambda note: note.start):
        key = _key(note)
        start = _tick(note.start, ticks_per_beat)
        end = max(start + 1, _tick(note.end, ticks_per_beat))
        wanted = _bend(note.pitch - key) if bends else 0
        if wanted != bend:
            bend = wanted
            timed.append((start, _bent(channel, bend)))
        velocity = min(127, max(1, round(note.velocity)))
        timed.append((start, bytes((_NOTE_ON | channel, key, velocity))))
        timed.append((end, bytes((_NOTE_OFF | channel, key, 0))))
        if bends and track.bends:
            within = _bends_within(track, note, key, ticks_per_beat)
            timed += [(tick, _bent(channel, value)) for tick, value in within]
            bend = within[-1][1] if within else bend
    if bend:
        timed.append((end, _bent(channel, 0)))
    return sorted(timed, key=_order)


def _bends_within(track: Track, note: Note, key: int, ticks_per_beat: int) -> list[tuple[int, int]]:
    """List the bends within a note with their ticks, each where it differs from the one before.

    The first stands a tick after the note: what is held when a note begins is its pitch.
    """
    first = bisect_right(track.bends, note.start, key=lambda each: each.beat)
    last = bisect_left(track.bends, note.end, key=lambda each: each.beat)
    start = _tick(note.start, ticks_per_beat)
    bend, within = _bend(note.pitch - key), list[tuple[int, int]]()
    for each in track.bends[first:last]:
        wanted = _bend(each.pitch - key)
        if wanted != bend:
            within.append((max(start + 1, _tick(each.beat, ticks_per_beat)), wanted))
            bend = wanted
    return within


def _bend(semitones: float) -> int:
    """Return the value of a bend, as far as the wheel goes."""
    value = round(semitones / BEND_SEMITONES * BEND_CENTER)
    return min(BEND_CENTER - 1, max(-BEND_CENTER, value))


def _sung(track: Track) -> list[tuple[int, bytes]]:
    """List the syllables of a track with their ticks."""
    sung = zip(track.notes, track.lyrics, strict=False)
    timed = [
        (_tick(note.start, TICKS_PER_BEAT), _meta(LYRIC, text.encode("utf-8", "replace")))
        for note, text in sung
        if text not in _UNSUNG
    ]
    return sorted(timed, key=lambda pair: pair[0])


def _order(timed: tuple[int, bytes]) -> tuple[int, int]:
    """Sort by time; at one time, notes end before others begin."""
    tick, data = timed
    return tick, _RANK[data[0] & 0xF0]


def _bent(channel: int, bend: int) -> bytes:
    value = bend + BEND_CENTER
    return bytes((_BEND | channel, value & 0x7F, value >> 7))


def _meta(kind: int, data: bytes) -> bytes:
    return bytes((META, kind)) + _quantity(len(data)) + data


def _chunk(timed: Iterable[tuple[int, bytes]]) -> bytes:
    """Write a track chunk of messages in order of their ticks."""
    body = bytearray()
    before = 0
    for tick, data in timed:
        body += _quantity(tick - before) + data
        before = tick
    body += b"\0" + _meta(END_OF_TRACK, b"")
    return b"MTrk" + len(body).to_bytes(4, "big") + body


def _quantity(number: int) -> bytes:
    """Write a number of variable length: seven bits a byte, the highest first."""
    said = [number & 0x7F]
    while number := number >> 7:
        said.append(number & 0x7F | 0x80)
    return bytes(reversed(said))


def _one_at_a_time(notes: tuple[Note, ...]) -> bool:
    """Say whether each note ends before the next begins, to 1/480 beat."""
    ordered = sorted(notes, key=lambda note: note.start)
    slack = 1.0 / TICKS_PER_BEAT
    return all(a.end <= b.start + slack / 2 for a, b in pairwise(ordered))


def _key(note: Note) -> int:
    """Return the nearest key, where MIDI has one."""
    if not -0.5 <= note.pitch < 127.5:
        raise MaterialError(f"MIDI has pitches 0 to 127; a note has {note.pitch:g}.")
    return min(127, max(0, round(note.pitch)))


def _tick(beat: float, ticks_per_beat: int) -> int:
    """Return the nearest tick, halves upward so that what is a tick apart stays so."""
    if not 0.0 <= beat <= MAX_BEATS:
        raise MaterialError(f"MIDI runs from beat 0 to {MAX_BEATS}, not at {beat:g}.")
    return floor(beat * ticks_per_beat + 0.5)
