"""The metadata blocks of a FLAC (RFC 9639): what the musician wrote into it, and the pictures."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from io import FileIO
from typing import NamedTuple

from bridge.sound.false_tags import is_false

__all__ = ["PADDING", "STREAM_INFO_END", "VORBIS_COMMENT", "Block", "read", "written"]

STREAM_INFO_END = 42
"""Where the first block ends that every file begins with, and others may begin."""

PADDING, VORBIS_COMMENT, PICTURE = 1, 4, 6

MAX_BLOCKS = 512
MAX_COMMENTS = 10_000
_LAST = 0x80
_VENDOR = b"bandmate"


class Block(NamedTuple):
    """One block: its kind, and its body."""

    kind: int
    body: bytes


def read(file: FileIO, start: int, most: int) -> tuple[Block, ...]:
    """Read comments and pictures, those that add up, without what is no longer true.

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
        The comments first, then the pictures.
    """
    comments: list[Block] = []
    pictures: list[Block] = []
    for block in _walk(file, start, most):
        if block.kind == VORBIS_COMMENT and not comments:
            body = _cleaned(block.body)
            comments += [Block(VORBIS_COMMENT, body)] if body else []
        elif block.kind == PICTURE and _is_picture(block.body):
            pictures.append(block)
    return (*comments, *pictures)


def written(blocks: tuple[Block, ...]) -> bytes:
    """Write blocks that others follow."""
    return b"".join(
        bytes([kind]) + len(body).to_bytes(3, "big") + body
        for kind, body in blocks
        if len(body) < 1 << 24
    )


def _walk(file: FileIO, start: int, most: int) -> Iterator[Block]:
    """Walk through the blocks that count, from the first one to the last, within the file."""
    at, left = start + 4, most
    for _ in range(MAX_BLOCKS):
        head = _read(file, at, 4)
        if len(head) < 4:
            return
        kind, size = head[0] & ~_LAST, int.from_bytes(head[1:], "big")
        if kind in {VORBIS_COMMENT, PICTURE} and size <= left:
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
        (vendor,) = struct.unpack_from("<I", body, 0)
        (count,) = struct.unpack_from("<I", body, 4 + vendor)
        comments = list(_comments(body, 8 + vendor, min(count, MAX_COMMENTS)))
    except struct.error:
        return b""
    kept = [one for one in comments if not is_false(_name(one))]
    if not kept:
        return b""
    parts = (struct.pack("<I", len(one)) + one for one in kept)
    head = struct.pack("<I", len(_VENDOR)) + _VENDOR + struct.pack("<I", len(kept))
    return head + b"".join(parts)


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
