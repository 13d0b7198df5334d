from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.sound import markers
from bridge.sound.markers import Marker, of_aiff, of_wav, written
from tests.bridge.sound.made import chunk


def cues(*places: tuple[int, int], count: int | None = None, where: bytes = b"data") -> bytes:
    """Make the body of a ``cue`` chunk of numbers and frames."""
    told = len(places) if count is None else count
    rows = (struct.pack("<II4sIII", n, 0, where, 0, 0, frame) for n, frame in places)
    return struct.pack("<I", told) + b"".join(rows)


def text(name: bytes, number: int, words: bytes) -> bytes:
    return chunk(name, struct.pack("<I", number) + words + b"\0")


def region(number: int, frames: int) -> bytes:
    return chunk(b"ltxt", struct.pack("<II4s4H", number, frames, b"rgn ", 0, 0, 0, 0))


def aiff_marks(*places: tuple[int, bytes]) -> bytes:
    rows = (
        struct.pack(">HIB", n, frame, len(name)) + name + b"\0" * ((len(name) + 1) % 2)
        for n, (frame, name) in enumerate(places, 1)
    )
    return struct.pack(">H", len(places)) + b"".join(rows)


SAID = b"adtl" + text(b"labl", 7, b"Chorus") + text(b"note", 7, b"loud") + region(2, 480)
MARKED = (Marker(100, b"", b"", 480), Marker(4800, b"Chorus", b"loud"))


def test_places_names_notes_and_regions_are_read_in_order_of_time() -> None:
    assert of_wav(cues((7, 4800), (2, 100)), SAID) == MARKED


def test_what_is_written_is_laid_out_as_the_format_says() -> None:
    texts = b"adtl" + region(1, 480) + text(b"labl", 2, b"Chorus") + text(b"note", 2, b"loud")
    first = struct.pack("<II4sIII", 1, 100, b"data", 0, 0, 100)
    second = struct.pack("<II4sIII", 2, 4800, b"data", 0, 0, 4800)
    body = struct.pack("<I", 2) + first + second
    assert written(MARKED) == chunk(b"cue ", body) + chunk(b"LIST", texts)
    assert written(()) == b""
    assert written([Marker(9)]) == chunk(
        b"cue ", struct.pack("<I", 1) + struct.pack("<II4sIII", 1, 9, b"data", 0, 0, 9)
    )


@pytest.mark.parametrize(("now", "frame", "frames"), [(48_000, 109, 522), (44_100, 100, 480)])
def test_a_place_is_the_same_moment_at_another_rate(now: int, frame: int, frames: int) -> None:
    assert MARKED[0].at_rate(44_100, now) == Marker(frame, b"", b"", frames)


def test_a_place_beyond_counting_is_left_out() -> None:
    assert written([Marker(2**32 - 1).at_rate(44_100, 96_000)]) == b""


def test_marks_of_an_aiff_are_read() -> None:
    marks = aiff_marks((4800, b"Chorus"), (100, b"odd"))
    assert of_aiff(marks) == (Marker(100, b"odd"), Marker(4800, b"Chorus"))
    assert of_aiff(marks[:-4]) == (Marker(4800, b"Chorus"),)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\1\0",
        cues((1, 5), where=b"slnt"),
        cues(count=0xFFFFFFFF),
    ],
)
def test_what_does_not_add_up_marks_nothing(body: bytes) -> None:
    assert of_wav(body, SAID) == ()


def test_hostile_markers_are_bounded() -> None:
    many = cues(*((n, n) for n in range(markers.MAX_MARKERS + 50)), count=0xFFFFFFFF)
    endless = b"adtl" + text(b"labl", 3, b"x" * 100_000) + text(b"labl", 4, b"four")
    found = of_wav(many, endless + chunk(b"labl", b"\5\0\0\0five", claims=2**32 - 1))
    assert len(found) == markers.MAX_MARKERS
    assert found[3:6] == (Marker(3), Marker(4, b"four"), Marker(5))


@given(st.binary(max_size=200), st.binary(max_size=200), st.integers(1, 3))
def test_any_bytes_do_no_harm(body: bytes, texts: bytes, count: int) -> None:
    said = struct.pack("<I", count) + body.replace(b"\0", b"data", 1), b"adtl" + texts
    assert of_wav(*said) == of_wav(*said)
    assert len(of_aiff(b"\0" + bytes([count]) + body)) <= count
