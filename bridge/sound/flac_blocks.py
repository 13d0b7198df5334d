"""The metadata blocks of a FLAC (RFC 9639): words, pictures and a cuesheet."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from io import FileIO
from typing import NamedTuple

from bridge.sound import cuesheet
from bridge.sound.false_tags import is_false

__all__ = [
    "CUESHEET",
    "PADDING",
    "PICTURE",
    "STREAM_INFO_END",
    "VORBIS_COMMENT",
    "Block",
    "comments",
    "read",
    "written",
]

STREAM_INFO_END = 42
"""Where the first block ends that every file begins with, and others may begin."""

PADDING, VORBIS_COMMENT, CUESHEET, PICTURE = 1, 4, 5, 6

MAX_BLOCKS = 512
MAX_COMMENTS = 10_000
_LAST = 0x80
_VENDOR = b"bandmate"


class Block(NamedTuple):
    """One block: its kind, and its body."""

    kind: int
    body: bytes


def read(file: FileIO, start: int, most: int) -> tuple[Block, ...]:
    """Read comments, a cuesheet and pictures that add up, without what is no longer true.

    Parameters
    ----------
    file : FileIO
        An open file.
    start : int
        Where its ``fLaC`` stands.
    most : int
        Bytes that all of them may have; what is beyond is left out.

    Returns
    -------
    tuple of Block
        The comments first, then the cuesheet, then the pictures.
    """
    words: list[Block] = []
    sheets: list[Block] = []
    pictures: list[Block] = []
    for block in _walk(file, start, most):
        if block.kind == VORBIS_COMMENT and not words:
            body = _cleaned(block.body)
            words += [Block(VORBIS_COMMENT, body)] if body else []
        elif block.kind == CUESHEET and not sheets and cuesheet.adds_up(block.body):
            sheets.append(block)
        elif block.kind == PICTURE and _is_picture(block.body):
            pictures.append(block)
    return (*words, *sheets, *pictures)


def written(blocks: tuple[Block, ...], was: int = 0, now: int = 0) -> bytes:
    """Write blocks that others follow.

    Parameters
    ----------
    blocks : tuple of Block
        From `read`.
    was, now : int
        The rate of the sound that they came with, 0 where there was none, and of this one, in Hz.

    Returns
    -------
    bytes
        The blocks; one that is too large is left out.
    """
    bodies = (
        (kind, cuesheet.at_rate(body, was, now) if kind == CUESHEET else body)
        for kind, body in blocks
    )
    return b"".join(
        bytes([kind]) + len(body).to_bytes(3, "big") + body
        for kind, body in bodies
        if 0 < len(body) < 1 << 24
    )


def comments(body: bytes) -> list[tuple[str, str]]:
    """Read the comments of a block that `read` gave.

    Parameters
    ----------
    body : bytes
        Of kind `VORBIS_COMMENT`.

    Returns
    -------
    list of tuple of (str, str)
        Names, in capitals, and values; those that are text.
    """
    found: list[tuple[str, str]] = []
    for one in _all_comments(body):
        name, equals, value = one.partition(b"=")
        if equals and name and all(0x20 <= letter < 0x7E for letter in name):
            text = value.decode("utf-8", "replace").replace("\0", " ")
            found.append((name.decode("ascii").upper(), text))
    return found


def _walk(file: FileIO, start: int, most: int) -> Iterator[Block]:
    """Walk through the blocks that count, from the first one to the last, within the file."""
    at, left = start + 4, most
    for _ in range(MAX_BLOCKS):
        head = _read(file, at, 4)
        if len(head) < 4:
            return
        kind, size = head[0] & ~_LAST, int.from_bytes(head[1:], "big")
        if kind in {VORBIS_COMMENT, CUESHEET, PICTURE} and size <= left:
            body = _read(file, at + 4, size)
            if len(body) < size:
                return
            left -= size
            yield Block(kind, body)
        if head[0] & _LAST:
            return
        at += 4 + size


def _cleaned(body: bytes) -> bytes:
    """Drop the comments that are no longer true; ``b""`` where none is left or they do not add up.

    Their numbers are little-endian, as in Ogg.
    """
    try:
        found = _all_comments(body)
    except struct.error:
        return b""
    kept = [one for one in found if not is_false(_name(one))]
    if not kept:
        return b""
    parts = (struct.pack("<I", len(one)) + one for one in kept)
    head = struct.pack("<I", len(_VENDOR)) + _VENDOR + struct.pack("<I", len(kept))
    return head + b"".join(parts)


def _all_comments(body: bytes) -> list[bytes]:
    """Read the comments as they are; `struct.error` where they do not add up."""
    (vendor,) = struct.unpack_from("<I", body, 0)
    (count,) = struct.unpack_from("<I", body, 4 + vendor)
    return list(_comments(body, 8 + vendor, min(count, MAX_COMMENTS)))


def _comments(body: bytes, at: int, count: int) -> Iterator[bytes]:
    for _ in range(count):
        (size,) = struct.unpack_from("<I", body, at)
        if at + 4 + size > len(body):
            raise struct.error
        yield body[at + 4 : at + 4 + size]
        at += 4 + size


def _name(comment: bytes) -> str:
    return comment.partition(b"=")[0].decode("latin-1")


def _is_picture(body: bytes) -> bool:
    """See that the lengths within a picture add up."""
    try:
        (mime,) = struct.unpack_from(">I", body, 4)
        (words,) = struct.unpack_from(">I", body, 8 + mime)
        (data,) = struct.unpack_from(">I", body, 28 + mime + words)
    except struct.error:
        return False
    return bool(32 + mime + words + data == len(body))


def _read(file: FileIO, at: int, size: int) -> bytes:
    file.seek(at)
    return file.read(size) or b""
