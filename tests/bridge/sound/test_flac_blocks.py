from __future__ import annotations

import struct
from io import FileIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.sound.flac_blocks import Block, read, written
from tests.bridge.sound.made import flac_head

MOST = 1 << 20


def comments(*texts: bytes, vendor: bytes = b"someone", count: int | None = None) -> bytes:
    told = len(texts) if count is None else count
    parts = (struct.pack("<I", len(text)) + text for text in texts)
    return struct.pack("<I", len(vendor)) + vendor + struct.pack("<I", told) + b"".join(parts)


def picture(data: bytes, *, claims: int | None = None) -> bytes:
    size = len(data) if claims is None else claims
    mime = b"image/png"
    return struct.pack(">II", 3, len(mime)) + mime + bytes(20) + struct.pack(">I", size) + data


def block(kind: int, body: bytes, *, last: bool = False, claims: int | None = None) -> bytes:
    size = len(body) if claims is None else claims
    return bytes([kind | last << 7]) + size.to_bytes(3, "big") + body


def flac(path: Path, *blocks: bytes) -> Path:
    head = bytearray(flac_head(1000))
    head[4] &= 0x7F  # others follow
    path.write_bytes(bytes(head) + b"".join(blocks) + b"\xff\xf8" + bytes(100))
    return path


def kept(path: Path, most: int = MOST) -> tuple[Block, ...]:
    with FileIO(path) as file:
        return read(file, 0, most)


def test_words_and_pictures_are_kept_and_what_is_no_longer_true_is_dropped(tmp_path: Path) -> None:
    said = (b"TITLE=A Song", b"ISRC=DEXX12345678", "ARTIST=Björk".encode())
    false = (b"REPLAYGAIN_TRACK_GAIN=-6 dB", b"replaygain_album_peak=1", b"R128_TRACK_GAIN=-9")
    art = picture(b"\x89PNG" + bytes(1000))
    path = flac(
        tmp_path / "a",
        *(block(1, bytes(50)), block(4, comments(*false, *said)), block(6, art)),
        block(6, picture(b"back"), last=True),
    )
    words, *pictures = kept(path)
    assert words == Block(4, comments(*said, vendor=b"bandmate"))
    assert pictures == [Block(6, art), Block(6, picture(b"back"))]


@pytest.mark.parametrize(
    "broken",
    [
        block(4, comments(b"A=1", count=7), last=True),
        block(4, b"\xff\xff\xff\xff", last=True),
        block(4, struct.pack("<I", 0xFFFFFFFF) + bytes(30), last=True),
        block(4, comments(b"REPLAYGAIN_TRACK_GAIN=1"), last=True),
        block(6, picture(b"art", claims=99), last=True),
        block(6, b"\0\0", last=True),
        block(6, picture(b"art"), claims=1 << 23, last=True),
        block(4, comments(b"A=1"), claims=(1 << 24) - 1, last=True),
    ],
)
def test_what_does_not_add_up_is_left_out(tmp_path: Path, broken: bytes) -> None:
    assert kept(flac(tmp_path / "a", broken)) == ()


def test_what_is_too_large_is_left_out(tmp_path: Path) -> None:
    path = flac(
        tmp_path / "a", block(6, picture(bytes(5000))), block(4, comments(b"A=1"), last=True)
    )
    assert [one.kind for one in kept(path, 1000)] == [4]


@given(st.binary(max_size=300))
def test_any_bytes_do_no_harm(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    path = tmp_path_factory.mktemp("any") / "a"
    path.write_bytes(b"fLaC" + data)
    found = kept(path)
    assert sum(len(one.body) for one in found) <= len(data) + len("bandmate")
    path.write_bytes(b"fLaC" + written(found) + b"\x81\0\0\0")
    assert kept(path) == found
