"""ID3v2 tags: kept whole, but for what is no longer true once the sound is another.

Versions 2.2, 2.3 and 2.4 differ in how they count and in little else. A tag that does not add up is
dropped: a DAW that chokes on it would not be the musician's mistake.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from bridge.sound.false_tags import is_false

__all__ = ["HEAD_BYTES", "cleaned", "length", "made"]

HEAD_BYTES = 10
MAX_FRAMES = 4096

_UNSYNCHRONISED, _EXTENDED = 0x80, 0x40
_MOST = 1 << 28  # bytes that a tag can count
_LOOK_BYTES = 256  # the name of a text frame of the user's own stands in its beginning

# Volume, equalisation, length, what encoded it, and tables of places in the file.
_FALSE = frozenset(
    b"RVA2 RVAD RGAD XRVA RVA EQU2 EQUA EQU TLEN TLE TSSE TSS TSIZ TSI MLLT MLL ASPI SEEK".split()
)
_OWN = frozenset((b"TXXX", b"TXX", b"COMM", b"COM"))


class Frame(NamedTuple):
    """One frame: its name, its flags, and its body."""

    name: bytes
    flags: bytes
    body: bytes


def length(head: bytes) -> int:
    """Tell how long a tag is, its head among it.

    Parameters
    ----------
    head : bytes
        The first ten bytes of a file or chunk.

    Returns
    -------
    int
        0 where no tag begins.
    """
    if len(head) < HEAD_BYTES or head[:3] != b"ID3" or head[3] not in {2, 3, 4}:
        return 0
    return HEAD_BYTES + _syncsafe(head[6:10])


def cleaned(tag: bytes) -> bytes:
    """Drop the frames that are no longer true, the padding, and the extended header.

    Parameters
    ----------
    tag : bytes
        From its ``ID3`` on; what follows it is passed over.

    Returns
    -------
    bytes
        A tag of the same version; ``b""`` where nothing is left or it does not add up.
    """
    size = length(tag[:HEAD_BYTES])
    if not size or size > len(tag):
        return b""
    version, flags, body = tag[3], tag[5], tag[HEAD_BYTES:size]
    if version == 2 and flags & _EXTENDED:
        return b""  # there it means a compression that was never defined
    if version < 4 and flags & _UNSYNCHRONISED:
        body = body.replace(b"\xff\x00", b"\xff")
    try:
        frames = _frames(_after_extended(body, version, flags), version)
    except ValueError:
        return b""
    kept = b"".join(_packed(frame, version) for frame in frames if not _is_false(frame))
    return _tag(kept, version, flags & _UNSYNCHRONISED if version == 4 else 0)


def made(frames: Iterable[tuple[bytes, bytes]]) -> bytes:
    """Write a tag of version 2.4.

    Parameters
    ----------
    frames : iterable of tuple of (bytes, bytes)
        Names of four letters, and bodies.

    Returns
    -------
    bytes
        The tag; ``b""`` where there is no frame, or more than a tag holds.
    """
    packed = [_packed(Frame(name, b"\0\0", body), 4) for name, body in frames]
    return _tag(b"".join(packed[: MAX_FRAMES - 1]), 4, 0)


def _tag(frames: bytes, version: int, flags: int) -> bytes:
    if not 0 < len(frames) < _MOST:
        return b""
    return b"ID3" + bytes([version, 0, flags]) + _as_syncsafe(len(frames)) + frames


def _after_extended(body: bytes, version: int, flags: int) -> bytes:
    """Leave out the extended header, which says nothing about the music."""
    if not flags & _EXTENDED:
        return body
    if len(body) < 4:
        raise ValueError
    size = _syncsafe(body[:4]) if version == 4 else 4 + struct.unpack(">I", body[:4])[0]
    if not 4 <= size <= len(body):
        raise ValueError
    return body[size:]


def _frames(body: bytes, version: int) -> list[Frame]:
    """Read the frames; version 2.4 counts in sevens, though some writers did not know."""
    try:
        return list(_walk(body, version, sevens=version == 4))
    except ValueError:
        if version != 4:
            raise
        return list(_walk(body, version, sevens=False))


def _walk(body: bytes, version: int, *, sevens: bool) -> Iterator[Frame]:
    """Walk from frame to frame until the padding; `ValueError` where one does not add up."""
    letters, head = (3, 6) if version == 2 else (4, 10)
    at = 0
    for _ in range(MAX_FRAMES):
        name = body[at : at + letters]
        if not name.strip(b"\0"):
            if body[at:].strip(b"\0"):
                raise ValueError  # no padding: a size before it was counted in another way
            return
        if at + head > len(body) or not (name.isalnum() and name.isupper()):
            raise ValueError
        counted = body[at + letters : at + 2 * letters]
        size = _syncsafe(counted) if sevens else int.from_bytes(counted, "big")
        start, end = at + head, at + head + size
        if end > len(body):
            raise ValueError
        yield Frame(name, body[at + 2 * letters : start], body[start:end])
        at = end
    raise ValueError


def _packed(frame: Frame, version: int) -> bytes:
    size = len(frame.body)
    if version == 4:
        counted = _as_syncsafe(size)
    else:
        counted = size.to_bytes(3 if version == 2 else 4, "big")
    return frame.name + counted + frame.flags + frame.body


def _is_false(frame: Frame) -> bool:
    if frame.name in _OWN:
        return is_false(frame.body[:_LOOK_BYTES].replace(b"\0", b"").decode("latin-1"))
    return frame.name in _FALSE


def _syncsafe(four: bytes) -> int:
    """Read a number of seven bits a byte."""
    number = 0
    for byte in four:
        number = number << 7 | byte & 0x7F
    return number


def _as_syncsafe(number: int) -> bytes:
    return bytes(number >> shift & 0x7F for shift in (21, 14, 7, 0))
