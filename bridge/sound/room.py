"""Room for blocks in a FLAC, which libsndfile has no words for: artwork, an ISRC, any comment."""

from __future__ import annotations

import os
from io import RawIOBase

from bridge.sound.flac_blocks import PADDING, STREAM_INFO_END, VORBIS_COMMENT
from bridge.sound.spool import Spool

__all__ = ["WithRoom"]


class WithRoom(Spool):
    """A file that keeps room behind its first block, which its writer does not see.

    Parameters
    ----------
    file : RawIOBase
        An empty file, open for writing and reading.
    blocks : bytes
        What the room is for.
    """

    def __init__(self, file: RawIOBase, blocks: bytes) -> None:
        super().__init__(file)
        self._blocks = blocks

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Go to a place."""
        if whence == os.SEEK_SET:
            return self._seen(super().seek(self._true(offset)))
        return self._seen(super().seek(offset, whence))

    def tell(self) -> int:
        """Say the place."""
        return self._seen(super().tell())

    def write(self, content: bytes) -> int:
        """Write all bytes, those up to the room before it and the others behind it."""
        place = self.tell()
        first = max(0, STREAM_INFO_END - place)
        if first:
            super().write(bytes(content[:first]))
        if rest := bytes(content[first:]):
            super().seek(self._true(place + first))
            super().write(rest)
        return len(content)

    def fill(self) -> None:
        """Write the blocks into their room, and make padding of the writer's own comments."""
        super().seek(STREAM_INFO_END)
        super().write(self._blocks)
        head = bytearray(4)
        super().readinto(head)
        if head[0] & 0x7F == VORBIS_COMMENT:
            super().seek(-4, os.SEEK_CUR)
            size = int.from_bytes(head[1:], "big")
            padding = bytes([head[0] & 0x80 | PADDING])
            super().write(padding + bytes(head[1:]) + b"\0" * size)

    def _true(self, place: int) -> int:
        return place + (len(self._blocks) if place >= STREAM_INFO_END else 0)

    def _seen(self, place: int) -> int:
        room = STREAM_INFO_END + len(self._blocks)
        return place - len(self._blocks) if place >= room else place
