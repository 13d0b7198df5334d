"""Notes of a clip -> a Standard MIDI File, so that the daemon can read them."""

from __future__ import annotations

import os
import re
import struct
from typing import Iterable, NamedTuple

TICKS_PER_BEAT = 960
MAX_FILES = 10000

_RISKY = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]+')


class Note(NamedTuple):
    """One note; start and length in beats from the start of the clip."""

    pitch: int
    start: float
    length: float
    velocity: int


def smf(notes: Iterable[Note], tempo_bpm: float, meter: tuple[int, int]) -> bytes:
    """Make a file of type 0: tempo, metre, notes."""
    events = [
        (0, 0, b"\xff\x51\x03" + round(60e6 / tempo_bpm).to_bytes(3, "big")),
        (0, 0, bytes((0xFF, 0x58, 4, meter[0], meter[1].bit_length() - 1, 24, 8))),
    ]
    for note in notes:
        start = max(0, round(note.start * TICKS_PER_BEAT))
        end = max(start + 1, round((note.start + note.length) * TICKS_PER_BEAT))
        events.append((start, 2, bytes((0x90, note.pitch, note.velocity))))
        events.append((end, 1, bytes((0x80, note.pitch, 0))))
    track, before = b"", 0
    parts = []
    for tick, _, data in sorted(events, key=lambda event: event[:2]):
        parts.append(_variable(tick - before) + data)
        before = tick
    track = b"".join(parts) + b"\x00\xff\x2f\x00"
    head = struct.pack(">4sIHHH", b"MThd", 6, 0, 1, TICKS_PER_BEAT)
    return head + struct.pack(">4sI", b"MTrk", len(track)) + track


def save(folder: str, name: str, data: bytes) -> str:
    """Write a new file; a name that is taken gets the next number. OSError where it cannot."""
    os.makedirs(folder, exist_ok=True)
    plain = _RISKY.sub("_", name)[:60].strip(". ") or "clip"
    for number in range(1, MAX_FILES):
        path = os.path.join(folder, f"{plain}-{number}.mid")
        try:
            with open(path, "xb") as file:
                file.write(data)
        except FileExistsError:
            continue
        return path
    raise OSError(f"{folder} is full of files called {plain}")


def _variable(number: int) -> bytes:
    data = [number & 0x7F]
    while number > 0x7F:
        number >>= 7
        data.append(number & 0x7F | 0x80)
    return bytes(reversed(data))
