"""`bridge.midi.smf`: the grammar of MIDI files, beside mido's reading of the same bytes."""

from __future__ import annotations

import struct
import tarfile
import time
from collections import deque
from io import BytesIO
from pathlib import Path

import mido
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.errors import FileError
from bridge.midi.smf import MAX_BYTES, MAX_EVENTS, META, Event, events, header

END = Event(0, 0, META, b"\x2f")


def smf(*tracks: bytes, kind: int = 1, division: int = 480, promised: int | None = None) -> bytes:
    count = len(tracks) if promised is None else promised
    chunks = (b"MTrk" + struct.pack(">L", len(track)) + track for track in tracks)
    return b"MThd" + struct.pack(">LHHH", 6, kind, count, division) + b"".join(chunks)


def as_mido_reads(data: bytes) -> list[tuple[int, int, bytes]]:
    """Return track, tick and bytes of the channel messages and tempos that mido finds."""
    found = []
    for number, track in enumerate(mido.MidiFile(file=BytesIO(data)).tracks):
        tick = 0
        for message in track:
            tick += message.time
            if message.type == "set_tempo":
                found.append((number, tick, b"\xff\x51" + message.tempo.to_bytes(3)))
            elif not message.is_meta and message.type != "sysex":
                found.append((number, tick, bytes(message.bytes())))
    return found


def as_we_read(data: bytes) -> list[tuple[int, int, bytes]]:
    return [
        (event.track, event.tick, bytes([event.status]) + event.data)
        for event in events(data)
        if event.status != META or event.data[0] == 0x51
    ]


data_byte = st.integers(0, 127)
channel_messages = st.builds(
    lambda kind, channel, body: mido.Message.from_bytes(
        [kind | channel, *body[: 1 if kind in {0xC0, 0xD0} else 2]]
    ),
    st.sampled_from([0x80, 0x90, 0xA0, 0xB0, 0xC0, 0xD0, 0xE0]),
    st.integers(0, 15),
    st.tuples(data_byte, data_byte),
)
other_messages = st.one_of(
    st.builds(lambda n: mido.MetaMessage("set_tempo", tempo=n), st.integers(1, 0xFFFFFF)),
    st.builds(lambda t: mido.MetaMessage("lyrics", text=t), st.text("abc", max_size=200)),
    st.builds(lambda d: mido.Message("sysex", data=d), st.lists(data_byte, max_size=200)),
)
timed = st.builds(
    lambda message, time: message.copy(time=time),
    st.one_of(channel_messages, other_messages),
    st.integers(0, 0x0FFFFFFF),
)


@given(st.lists(st.lists(timed, max_size=20), min_size=1, max_size=4))
def test_reads_what_mido_writes_as_mido_reads_it(tracks: list[list[mido.Message]]) -> None:
    file = mido.MidiFile(type=1)
    file.tracks.extend(mido.MidiTrack(track) for track in tracks)
    target = BytesIO()
    file.save(file=target)
    assert as_we_read(target.getvalue()) == as_mido_reads(target.getvalue())


@pytest.mark.data
def test_reads_real_performances_as_mido_reads_them(data: Path) -> None:
    with tarfile.open(data / "corpora" / "groove-midi.tar.gz") as corpus:
        files = [member for member in corpus if member.name.endswith(".mid")][::20]
        assert len(files) > 50
        for member in files:
            body = corpus.extractfile(member)
            assert body is not None
            performance = body.read()
            assert as_we_read(performance) == as_mido_reads(performance), member.name


def test_running_status_goes_on_after_a_meta_event() -> None:
    track = b"\x00\x90\x3c\x40" + b"\x05\xff\x01\x02hi" + b"\x05\x3c\x00"
    assert list(events(smf(track))) == [
        Event(0, 0, 0x90, b"\x3c\x40"),
        Event(0, 5, META, b"\x01hi"),
        Event(0, 10, 0x90, b"\x3c\x00"),
        Event(0, 10, META, b"\x2f"),
    ]


def test_what_follows_the_end_of_a_track_is_left_out() -> None:
    track = b"\x07\xff\x2f\x00" + b"\x00\x90\x3c\x40"
    assert list(events(smf(track))) == [Event(0, 7, META, b"\x2f")]


def test_chunks_of_another_kind_and_bytes_behind_the_last_are_skipped() -> None:
    plain = smf(b"\x00\x90\x3c\x40")
    alien = b"XFIH" + struct.pack(">L", 5) + b"hello"
    assert list(events(plain[:14] + alien + plain[14:] + b"trailing")) == list(events(plain))


def test_a_longer_header_is_read_by_its_length() -> None:
    plain = smf(b"")
    longer = plain[:4] + struct.pack(">L", 8) + plain[8:14] + b"\0\0" + plain[14:]
    assert list(events(longer)) == [END]


@pytest.mark.parametrize(
    ("broken", "text"),
    [
        (b"", "no MIDI file"),
        (b"RIFF....WAVE", "begins with b'RIFF'"),
        (b"MThd\0\0\0\6\0", "middle of its header"),
        (b"MThd\0\0\0\2" + bytes(6), "2 bytes instead of 6"),
        (smf(kind=2), "not of type 2"),
        (smf(division=0xE728), "SMPTE"),
        (smf(division=0), "0 ticks"),
        (smf(promised=10_001), "10001 tracks; at most 10000"),
        (smf(b"", promised=3), "promises 3 tracks and has 1"),
        (smf(b"\0\x90\x3c\x40")[:-2], "cut short in the middle of track 1"),
        (smf(b"", b"\0\x90\x3c"), "Track 2 .* ends in the middle"),
        (smf(b"\x81"), "Track 1 .* ends in the middle"),
        (smf(b"\0"), "Track 1 .* ends in the middle"),
        (smf(b"\0\xff"), "Track 1 .* ends in the middle"),
        (smf(b"\0\xff\x01\x09short"), "Track 1 .* ends in the middle"),
        (smf(b"\0\xf0\x83\xff\xff\x7f"), "Track 1 .* ends in the middle"),
        (smf(b"\0\x3c\x40"), "0x00 begins no event"),
        (smf(b"\0\xf8"), "0xf8 begins no event"),
        (smf(b"\0\x90\x3c\x80"), "0x80 in the MIDI file is above 0x7f"),
        (smf(b"\xff\xff\xff\xff\x00"), "longer than the four bytes"),
        (b"MThd" + bytes(MAX_BYTES), "has 16 MB; at most 16 MB"),
    ],
)
def test_broken_files_are_refused_by_name(broken: bytes, text: str) -> None:
    with pytest.raises(FileError, match=text):
        list(events(broken))


def test_events_are_counted_before_they_fill_the_memory() -> None:
    flood = smf(b"\0\xd0\0" + bytes(2 * (MAX_EVENTS - 1)))  # and the end of the track
    began = time.process_time()
    with pytest.raises(FileError, match="over 1000000 events"):
        deque(events(flood), maxlen=1)
    assert sum(1 for _ in events(smf(b"\0\xd0\0" + bytes(2 * (MAX_EVENTS - 2))))) == MAX_EVENTS
    assert time.process_time() - began < 20.0


def test_a_file_of_no_tracks_is_no_mistake() -> None:
    assert header(smf()) == (1, 0, 480, 14)
    assert list(events(smf())) == []
