"""Chunks within a chunk of a WAV: the infos of a song, the texts of its markers."""

from __future__ import annotations

import struct
from collections.abc import Iterator

__all__ = ["chunk", "parts"]

MAX_PARTS = 20_000  # a label, a note and a length for each of the markers that are kept

_HEAD = struct.Struct("<4sI")


def chunk(name: bytes, body: bytes) -> bytes:
    """Write a chunk, padded; of a longer name the first four letters."""
    return _HEAD.pack(name[:4], len(body)) + body + b"\0" * (len(body) % 2)


def parts(body: bytes, start: int) -> Iterator[tuple[bytes, bytes]]:
    """Walk through chunks, up to the first that does not add up.

    Parameters
    ----------
    body : bytes
        Anything.
    start : int
        Where the first begins.

    Yields
    ------
    tuple of (bytes, bytes)
        Name and body; of 20 000 at most.
    """
    at = start
    for _ in range(MAX_PARTS):
        if at + _HEAD.size > len(body):
            return
        name, size = _HEAD.unpack_from(body, at)
        first = at + _HEAD.size
        if first + size > len(body) or not name.isalnum():
            return
        yield name, body[first : first + size]
        at = first + size + size % 2
