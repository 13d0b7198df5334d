from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.sound.cuesheet import adds_up, at_rate, markers_of
from bridge.sound.markers import Marker

CODE = b"DEXX12345678"


def sheet(*tracks: tuple[int, int, tuple[int, ...]], cd: bool = True) -> bytes:
    """Make a cuesheet of offsets, numbers, and the offsets of their indices from 0 or 1 on."""
    head = struct.pack(">128sQB258xB", b"1234567890123", 88_200 * cd, 0x80 * cd, len(tracks))
    body = b""
    for frame, number, indices in tracks:
        code = CODE if number < 170 else bytes(12)
        body += struct.pack(">QB12sB13xB", frame, number, code, 0, len(indices))
        first = 2 - len(indices)
        body += b"".join(struct.pack(">QB3x", at, first + n) for n, at in enumerate(indices))
    return head + body


ALBUM = sheet((0, 1, (0,)), (44_100, 2, (0, 588)), (441_000, 170, ()))


def test_tracks_are_marked_where_they_are_heard_from() -> None:
    assert adds_up(ALBUM)
    assert markers_of(ALBUM) == (Marker(0, b"Track 1"), Marker(44_688, b"Track 2"))


def test_at_another_rate_it_is_no_longer_that_of_a_cd() -> None:
    assert at_rate(ALBUM, 44_100, 44_100) == ALBUM
    made = at_rate(ALBUM, 44_100, 48_000)
    assert made == sheet((0, 1, (0,)), (48_000, 2, (0, 640)), (480_000, 255, ()), cd=False)


@pytest.mark.parametrize(
    "broken", [b"", ALBUM[:-1], ALBUM + b"\0", sheet(), ALBUM[:395] + b"\xff" + ALBUM[396:]]
)
def test_what_is_no_whole_cuesheet_is_none(broken: bytes) -> None:
    assert not adds_up(broken)


def test_a_place_beyond_counting_leaves_it_out() -> None:
    far = sheet((2**64 - 1, 1, (2**64 - 1,)), cd=False)
    assert adds_up(far)
    assert at_rate(far, 44_100, 96_000) == b""


@given(st.binary(max_size=120), st.integers(0, 3))
def test_any_bytes_do_no_harm(body: bytes, count: int) -> None:
    whole = ALBUM[:395] + bytes([count]) + body
    if adds_up(whole):
        assert len(at_rate(whole, 44_100, 48_000)) in {0, len(whole)}
        assert len(markers_of(whole)) <= count
