"""A file as libsndfile sees it; an error cannot pass through that library, so it is kept here."""

from __future__ import annotations

import os
from collections.abc import Callable
from io import RawIOBase
from typing import TypeAlias, TypeVar

__all__ = ["Spool"]

Buffer: TypeAlias = bytearray | memoryview
T = TypeVar("T")


class Spool:
    """An open file that never raises: a failed read gives nothing, a failed write takes all.

    Parameters
    ----------
    file : RawIOBase
        An open file, unbuffered; it stays open.
    """

    def __init__(self, file: RawIOBase) -> None:
        self._file = file
        self._error: OSError | None = None

    def check(self) -> None:
        """Raise the first error that there was, if any."""
        if self._error is not None:
            raise self._error

    def readinto(self, buffer: Buffer) -> int:
        """Read as many bytes as there are, at most as many as fit."""
        return self._kept(lambda: self._file.readinto(buffer) or 0, 0)

    def write(self, content: bytes) -> int:
        """Write all bytes."""

        def all_of() -> int:
            rest = memoryview(content)
            while rest:
                rest = rest[self._file.write(rest) or 0 :]
            return len(content)

        return self._kept(all_of, len(content))

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Go to a place."""
        return self._kept(lambda: self._file.seek(offset, whence), 0)

    def tell(self) -> int:
        """Say the place."""
        return self._kept(self._file.tell, 0)

    def _kept(self, act: Callable[[], T], otherwise: T) -> T:
        if self._error is not None:
            return otherwise
        try:
            return act()
        except OSError as error:
            self._error = error
            return otherwise
