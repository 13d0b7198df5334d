"""New files that appear whole or not at all, and never in the place of another.

A draft has no name while it is written. Where the system can, it has none on the disk either
(``O_TMPFILE``), so that nothing is left behind however the process ends; elsewhere it is hidden
and is removed. It gets its name by a link, which fails where the name is taken, even by a link
that leads nowhere.
"""

from __future__ import annotations

import errno
import os
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from io import FileIO
from pathlib import Path
from typing import Protocol

from assistant.errors import FileError
from bridge import disk, names

__all__ = ["Draft", "draft", "place_all"]

MAX_NAME_BYTES = 255
MAX_TRIES = 1000

_NO_TMPFILE = frozenset({errno.EOPNOTSUPP, errno.EISDIR, errno.ENOENT, errno.EINVAL})
_NO_LINKS = frozenset(
    {errno.EPERM, errno.EOPNOTSUPP, errno.ENOTSUP, errno.ENOSYS, errno.EMLINK, errno.EINVAL}
)
_OWN_FDS = Path("/proc/self/fd")


class Draft(Protocol):
    """A file that is being written and has no name yet."""

    file: FileIO

    def place(self, name: str) -> None:
        """Give it a name in its folder; raises `FileExistsError` where that is taken."""
        ...

    def withdraw(self, name: str) -> None:
        """Take the name back that it was given a moment ago."""
        ...


class _Nameless:
    """A file that is in no folder (Linux)."""

    def __init__(self, folder: int) -> None:
        self._folder = folder
        flags = os.O_TMPFILE | os.O_RDWR | os.O_CLOEXEC
        self.file = FileIO(os.open(".", flags, 0o666, dir_fd=folder), "r+b")

    def place(self, name: str) -> None:
        # A folder given by its descriptor makes os.link() follow the link in /proc to the file.
        os.link(_OWN_FDS / str(self.file.fileno()), name, dst_dir_fd=self._folder)

    def withdraw(self, name: str) -> None:
        os.unlink(name, dir_fd=self._folder)


class _Hidden:
    """A file with a hidden name, for systems that know no nameless ones."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.path = folder / f".bandmate-{secrets.token_hex(8)}.part"
        flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
        self.file = FileIO(os.open(self.path, flags, 0o666), "r+b")

    def place(self, name: str) -> None:
        self.file.close()  # network disks may say only now that they are full
        target = self._folder / name
        try:
            os.link(self.path, target)
        except OSError as error:
            if error.errno not in _NO_LINKS:
                raise
            _move(self.path, target)

    def withdraw(self, name: str) -> None:
        target = self._folder / name
        if self.path.exists():
            target.unlink()
        else:
            target.rename(self.path)


def _move(path: Path, target: Path) -> None:
    """Rename where there are no links; the name is taken first, so that no other can have it."""
    if os.name != "nt":  # there, a rename never replaces
        os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666))
    path.rename(target)


def place_all(drafts: Mapping[str, Draft], folder: Path, name: str, number: int) -> dict[str, Path]:
    """Give the files of one suggestion their names, all with the same number.

    Parameters
    ----------
    drafts : mapping of str to Draft
        By how their names end, such as ``".wav"`` and ``".report.html"``.
    folder : Path
        Where they were begun.
    name : str
        What their names begin with, such as ``"mix.master"``; shortened where it is too long.
    number : int
        The number; the next that is free where it is taken, also by another process just now.

    Returns
    -------
    dict of str to Path
        By how their names end.

    Raises
    ------
    FileError
        Where no name is free.
    OSError
        Where the disk is full or fails.
    """
    longest = max((len(os.fsencode(ending)) for ending in drafts), default=0)
    name = names.fitted(name, MAX_NAME_BYTES - longest - len("-999999"))
    for _ in range(MAX_TRIES):
        number = names.next_free(folder, name, number)
        try:
            return _place_once(drafts, folder, f"{name}-{number}")
        except FileExistsError:
            number += 1
    raise FileError(f"No name is free for {disk.shown(name)} in {disk.shown(folder)}.")


def _place_once(drafts: Mapping[str, Draft], folder: Path, name: str) -> dict[str, Path]:
    """Name all drafts, or none."""
    placed: dict[str, Path] = {}
    try:
        for ending, one in drafts.items():
            one.place(name + ending)
            placed[ending] = folder / (name + ending)
    except OSError:
        for ending in placed:
            drafts[ending].withdraw(name + ending)
        raise
    return placed


@contextmanager
def draft(folder: Path) -> Iterator[Draft]:
    """Begin a file.

    Parameters
    ----------
    folder : Path
        Where it will be.

    Yields
    ------
    Draft
        An empty file; what gets no name is gone at the end.

    Raises
    ------
    OSError
        Where the folder takes no files.
    """
    if hasattr(os, "O_TMPFILE") and _OWN_FDS.is_dir():
        opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            nameless = _nameless(opened)
            if nameless is not None:
                with nameless.file:
                    yield nameless
                return
        finally:
            os.close(opened)
    hidden = _Hidden(folder)
    try:
        with hidden.file:
            yield hidden
    finally:
        hidden.path.unlink(missing_ok=True)


def _nameless(folder: int) -> _Nameless | None:
    """Begin a nameless file, None where the file system of the folder has none."""
    try:
        return _Nameless(folder)
    except OSError as error:
        if error.errno in _NO_TMPFILE:
            return None
        raise
