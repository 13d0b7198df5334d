from __future__ import annotations

import random
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.errors import FileError
from assistant.material import Meter, Note, Score, Tempo, Track
from bridge.midi.reading import score_from_bytes
from bridge.midi.score import MAX_NAME, bytes_from_score


def smf(*tracks: list[bytes], kind: int = 1, division: int = 4) -> bytes:
    """Build a file from events, each with the time since the one before."""
    bodies = [b"".join(events) for events in tracks]
    chunks = [b"MTrk" + struct.pack(">L", len(body)) + body for body in bodies]
    return b"MThd" + struct.pack(">LHHH", 6, kind, len(tracks), division) + b"".join(chunks)


def read_notes(*events: bytes) -> list[tuple[float, float, float, int]]:
    """Return pitch, start, length and velocity of the notes of one track, in order."""
    score = score_from_bytes(smf(list(events)))
    return [
        (note.pitch, note.start, note.length, note.velocity)
        for track in score.tracks
        for note in track.notes
    ]


def test_notes_of_one_pitch_are_paired_first_in_first_out() -> None:
    notes = read_notes(
        b"\x00\x90\x3c\x10", b"\x04\x90\x3c\x20", b"\x04\x80\x3c\x00", b"\x04\x80\x3c\x00"
    )
    assert notes == [(60.0, 0.0, 2.0, 0x10), (60.0, 1.0, 2.0, 0x20)]


def test_hanging_notes_end_with_their_track_and_stray_ends_are_left_out() -> None:
    assert read_notes(b"\x00\x80\x3c\x00", b"\x04\x90\x3c\x10", b"\x08\xff\x2f\x00") == [
        (60.0, 1.0, 2.0, 0x10)
    ]


def test_a_note_without_length_lasts_a_tick() -> None:
    assert read_notes(b"\x00\x99\x24\x10", b"\x00\x99\x24\x00") == [(36.0, 0.0, 0.25, 0x10)]


def test_a_bend_held_when_a_note_begins_is_part_of_its_pitch() -> None:
    up_half = b"\x00\xe0\x00\x60"
    range_of_twelve = [b"\x00\xb0\x65\x00", b"\x00\x64\x00", b"\x00\x06\x0c", b"\x00\x26\x00"]
    on, off = b"\x00\x90\x3c\x40", b"\x04\x80\x3c\x00"
    assert [pitch for pitch, *_ in read_notes(up_half, on, off)] == [61.0]
    assert [pitch for pitch, *_ in read_notes(*range_of_twelve, up_half, on, off)] == [66.0]
    assert [pitch for pitch, *_ in read_notes(on, up_half, off)] == [60.0]


def test_type_0_becomes_a_track_a_channel() -> None:
    begin = [b"\x00\xff\x03\x04Song", b"\x00\xc0\x05", b"\x00\x90\x3c\x40", b"\x00\x99\x24\x40"]
    end = [b"\x04\x80\x3c\x00", b"\x00\x89\x24\x00"]
    score = score_from_bytes(smf(begin + end, kind=0))
    assert [(t.name, t.program, t.drums) for t in score.tracks] == [
        ("Song channel 1", 5, False),
        ("Song channel 10", 0, True),
    ]


def test_a_program_may_stand_in_another_track() -> None:
    score = score_from_bytes(smf([b"\x00\xc0\x07"], [b"\x00\x90\x3c\x40"]))
    assert [track.program for track in score.tracks] == [7]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Größe 日本".encode(), "Größe 日本"),
        ("Größe".encode("latin-1"), "Größe"),
        (b"Piano\0\0", "Piano"),
        (b" two\nlines\x1b[31m ", "twolines[31m"),
        (b"x" * 300, "x" * MAX_NAME),
    ],
)
def test_names_are_read_as_utf_8_or_latin_1(written: bytes, read: str) -> None:
    length = bytes([0x80 | len(written) >> 7, len(written) & 0x7F])
    score = score_from_bytes(smf([b"\x00\xff\x03" + length + written, b"\x00\x90\x3c\x40"]))
    assert [track.name for track in score.tracks] == [read]


def test_tempo_and_metre_come_from_every_track_and_nonsense_is_left_out() -> None:
    first = [
        b"\x00\xff\x51\x03\x07\xa1\x20",
        b"\x08\xff\x51\x03\x00\x00\x00",  # no time a beat
        b"\x00\xff\x51\x01\x05",
    ]
    second = [
        b"\x04\xff\x51\x03\x0f\x42\x40",
        b"\x00\xff\x58\x04\x03\x02\x18\x08",
        b"\x04\xff\x58\x04\x00\x02\x18\x08",  # 0/4
        b"\x00\xff\x58\x04\x04\xff\x18\x08",  # 4 over 2 to the 255th
    ]
    score = score_from_bytes(smf(first, second))
    assert score.tempos == (Tempo(0, 120), Tempo(1, 60))
    assert score.meters == (Meter(0, 4, 4), Meter(1, 3, 4))


def test_a_file_that_lasts_for_days_is_refused() -> None:
    with pytest.raises(FileError, match="over 100000 beats"):
        score_from_bytes(smf([b"\xff\xff\xff\x7f\x90\x3c\x40"], division=1))


def mutated(seed: bytes, dice: random.Random) -> bytes:
    """Return the bytes with a few of them changed, taken away or doubled."""
    body = bytearray(seed)
    for _ in range(dice.randint(1, 8)):
        place = dice.randrange(len(body))
        deed = dice.randrange(4)
        if deed == 0:
            body[place] = dice.randrange(256)
        elif deed == 1:
            body[place] ^= 1 << dice.randrange(8)
        elif deed == 2:
            del body[place : place + dice.randint(1, 10)]
        else:
            body[place:place] = body[place : place + dice.randint(1, 40)]
        if not body:
            break
    return bytes(body)


def test_no_bytes_raise_anything_but_a_file_error() -> None:
    dice = random.Random(1)
    notes = tuple(Note(60 + n % 12 + n % 3 / 4, n / 2, 0.5, 1 + n) for n in range(30))
    seed = bytes_from_score(Score((Track("a", notes), Track("b", notes, 9, True))))
    outcomes = {"read": 0, "refused": 0}
    for _ in range(5000):
        try:
            score = score_from_bytes(mutated(seed, dice))
        except FileError:
            outcomes["refused"] += 1
        else:
            outcomes["read"] += 1
            bytes_from_score(score)
    assert min(outcomes.values()) > 100, outcomes


@given(st.binary(max_size=200))
def test_noise_behind_a_header_raises_nothing_but_a_file_error(noise: bytes) -> None:
    try:
        score = score_from_bytes(smf([noise]))
    except FileError:
        return
    bytes_from_score(score)
