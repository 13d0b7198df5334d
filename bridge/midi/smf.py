"""Standard MIDI Files as events: the grammar, strict and bounded, without the music.

mido writes our files, but does not read them: a file of 16 MB may hold eight million events, of
which mido makes an object each before anyone can say stop; it reads integers of any length; and
it refuses files for what the standard says to skip, such as chunks of another kind.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import NamedTuple

from assistant.errors import FileError

__all__ = [
    "END_OF_TRACK",
    "LYRIC",
    "MAX_BYTES",
    "MAX_DENOMINATOR_POWER",
    "MAX_EVENTS",
    "MAX_TRACKS",
    "META",
    "MICROSECONDS_PER_MINUTE",
    "SET_TEMPO",
    "TIME_SIGNATURE",
    "TRACK_NAME",
    "Event",
    "Header",
    "events",
    "header",
]

MAX_BYTES = 16 * 2**20
MAX_EVENTS = 1_000_000
MAX_TRACKS = 10_000

META = 0xFF
TRACK_NAME, LYRIC, END_OF_TRACK = 0x03, 0x05, 0x2F
SET_TEMPO, TIME_SIGNATURE = 0x51, 0x58
MICROSECONDS_PER_MINUTE = 60_000_000
MAX_DENOMINATOR_POWER = 6  # a metre over 64

_SYSTEM_EXCLUSIVE = (0xF0, 0xF7)


class Header(NamedTuple):
    """What the first chunk says; `size` is its length in bytes, with its own header."""

    kind: int
    tracks: int
    ticks_per_beat: int
    size: int


class Event(NamedTuple):
    """One event of a file.

    Parameters
    ----------
    track : int
        Number of the track, from 0.
    tick : int
        From the start of the file.
    status : int
        0x80 to 0xEF with the channel in the low four bits, or `META`.
    data : bytes
        The data bytes; those of a meta event begin with its type.
    """

    track: int
    tick: int
    status: int
    data: bytes


def header(data: bytes) -> Header:
    """Read the first chunk, and refuse what bandmate cannot read.

    Parameters
    ----------
    data : bytes
        The whole file.

    Returns
    -------
    Header
        Of a file of type 0 or 1, timed in ticks a quarter note.

    Raises
    ------
    FileError
        Where the file is too large, no MIDI file, of type 2, or timed in SMPTE frames.
    """
    if len(data) > MAX_BYTES:
        size = f"{len(data) / 2**20:.0f} MB"
        raise FileError(f"The MIDI file has {size}; at most {MAX_BYTES // 2**20} MB are read.")
    if data[:4] != b"MThd":
        raise FileError(f"This is no MIDI file: it begins with {data[:4]!r}, not with b'MThd'.")
    if len(data) < 14:
        raise FileError("The MIDI file ends in the middle of its header.")
    size, kind, tracks, division = struct.unpack(">4xLHHH", data[:14])
    if size < 6:
        raise FileError(f"The header of the MIDI file has {size} bytes instead of 6.")
    if kind not in {0, 1}:
        raise FileError(f"MIDI files of type 0 and 1 are read, not of type {kind}.")
    if division & 0x8000:
        raise FileError(
            "The MIDI file is timed in SMPTE frames; export it with ticks a quarter note (PPQ)."
        )
    if division == 0:
        raise FileError("The MIDI file claims 0 ticks a quarter note.")
    if tracks > MAX_TRACKS:
        raise FileError(f"The MIDI file has {tracks} tracks; at most {MAX_TRACKS} are read.")
    return Header(kind, tracks, division, 8 + size)


def events(data: bytes) -> Iterator[Event]:
    """Read the events of all tracks, one track after the other.

    System exclusive messages are skipped, and so are chunks of another kind, as the standard
    asks. The last event of each track is its end, written in the file or not.

    Parameters
    ----------
    data : bytes
        The whole file.

    Yields
    ------
    Event
        In order of time within a track.

    Raises
    ------
    FileError
        Where the file is broken or cut short, or holds more than `MAX_EVENTS` events.
    """
    count = 0
    for number, chunk in enumerate(_tracks(data)):
        try:
            for tick, status, body in _track_events(chunk):
                count += 1
                if count > MAX_EVENTS:
                    raise FileError(f"The MIDI file has over {MAX_EVENTS} events, too many.")
                yield Event(number, tick, status, body)
        except IndexError:
            raise FileError(
                f"Track {number + 1} of the MIDI file ends in the middle of an event."
            ) from None


def _tracks(data: bytes) -> Iterator[bytes]:
    """Yield the body of each track chunk that the header promises."""
    _, promised, _, place = header(data)
    found = 0
    while found < promised:
        if place + 8 > len(data):
            raise FileError(
                f"The MIDI file was cut short: it promises {promised} tracks and has {found}."
            )
        name, size = struct.unpack_from(">4sL", data, place)
        place += 8
        if name == b"MTrk":
            found += 1
            if place + size > len(data):
                raise FileError(f"The MIDI file was cut short in the middle of track {found}.")
            yield data[place : place + size]
        place += size


def _track_events(chunk: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Yield tick, status and data; an IndexError is an event that the chunk's end cuts off."""
    place = tick = running = 0
    while place < len(chunk):
        delta, place = _variable_length(chunk, place)
        tick += delta
        status = chunk[place]
        if status < 0x80:
            status = running
        else:
            place += 1
        if 0x80 <= status < 0xF0:
            running = status
            end = place + (1 if 0xC0 <= status < 0xE0 else 2)
            yield tick, status, _data_bytes(chunk, place, end)
            place = end
        elif status == META or status in _SYSTEM_EXCLUSIVE:
            meta = status == META
            size, start = _variable_length(chunk, place + meta)
            end = start + size
            if end > len(chunk):
                raise IndexError
            if meta and chunk[place] == END_OF_TRACK:
                break
            if meta:
                yield tick, META, chunk[place : place + 1] + chunk[start:end]
            place = end
        else:
            raise FileError(f"Byte {status:#04x} begins no event that a MIDI file may hold.")
    yield tick, META, bytes([END_OF_TRACK])


def _data_bytes(chunk: bytes, place: int, end: int) -> bytes:
    """Return the data of a channel message, each byte below 128."""
    body = chunk[place:end]
    if len(body) < end - place:
        raise IndexError
    if not body.isascii():
        raise FileError(f"Data byte {max(body):#04x} in the MIDI file is above 0x7f.")
    return body


def _variable_length(chunk: bytes, place: int) -> tuple[int, int]:
    """Read an integer of one to four bytes; return it, and the place behind it."""
    value = 0
    for after in range(place + 1, place + 5):
        byte = chunk[after - 1]
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            return value, after
    raise FileError("An integer in the MIDI file is longer than the four bytes allowed.")
