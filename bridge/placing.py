"""New files that appear whole or not at all, and never in the place of another.

A draft has no name while it is written. Where the system can, it has none on the disk either
(``O_TMPFILE``), so that nothing is left behind however the process ends; elsewhere it is hidden and
is removed: at the end, or, where the process was killed, by who writes there a day later. It gets
its name by a link, which fails where the name is taken, even by a link that leads nowhere.
"""

from __future__ import annotations

import errno
import os
import secrets
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from io import FileIO
from pathlib import Path
from typing import Protocol

from assistant.errors import FileError
from bridge import disk, names

__all__ = ["Draft", "draft", "move", "place_all"]

MAX_NAME_BYTES = 255
MAX_TRIES = 1000
LEFT_SECONDS = 24 * 3600.0  # after which nobody writes to a hidden draft any more

_NO_TMPFILE = frozenset({errno.EOPNOTSUPP, errno.EISDIR, errno.ENOENT, errno.EINVAL})
_NO_LINKS = frozenset(
    {errno.EPERM, errno.EOPNOTSUPP, errno.ENOTSUP, errno.ENOSYS, errno.EMLINK, errno.EINVAL}
)
_HIDDEN, _PART = ".bandmate-", ".part"
_OWN_FDS = Path("/proc/self/fd")


class Draft(Protocol):
    """A file that is being written and has no name yet."""

    file: FileIO

    def place(self, name: str) -> None:
        """Give it a name in its folder, or another; `FileExistsError` where that is taken."""
        ...

    def withdraw(self) -> None:
        """Remove it with the name that it was given, if any."""
        ...


class _Nameless:
    """A file that is in no folder (Linux)."""

    def __init__(self, folder: int) -> None:
        self._folder = folder
        self._name: str | None = None
        flags = os.O_TMPFILE | os.O_RDWR | os.O_CLOEXEC
        self.file = FileIO(os.open(".", flags, 0o666, dir_fd=folder), "r+b")

    def place(self, name: str) -> None:
        here = self._folder
        if self._name is None:
            # With a folder's descriptor, os.link() follows the link in /proc to the file itself.
            os.link(_OWN_FDS / str(self.file.fileno()), name, dst_dir_fd=here)
        else:  # once it lost its last name it could get no other
            os.link(self._name, name, src_dir_fd=here, dst_dir_fd=here)
            os.unlink(self._name, dir_fd=here)
        self._name = name

    def withdraw(self) -> None:
        if self._name is not None:
            os.unlink(self._name, dir_fd=self._folder)


class _Hidden:
    """A file with a hidden name, for systems that know no nameless ones."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._path = folder / f"{_HIDDEN}{secrets.token_hex(8)}{_PART}"
        self.placed = False
        flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
        self.file = FileIO(os.open(self._path, flags, 0o666), "r+b")

    def place(self, name: str) -> None:
        self.file.close()  # network disks may say only now that they are full
        move(self._path, self._folder / name)
        self._path = self._folder / name
        self.placed = True

    def withdraw(self) -> None:
        self._path.unlink(missing_ok=True)


def move(path: Path, target: Path) -> None:
    """Rename a file, never in the place of another.

    Parameters
    ----------
    path, target : Path
        On one disk.

    Raises
    ------
    FileExistsError
        Where the name is taken.
    OSError
        Where the disk fails.
    """
    if os.name == "nt":  # there, a rename never replaces
        path.rename(target)
        return
    try:
        os.link(path, target)
        path.unlink()
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        _move_without_links(path, target)


def _move_without_links(path: Path, target: Path) -> None:
    """Take the name first, so that no other can have it, then rename over it."""
    os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666))
    try:
        path.rename(target)
    except OSError:
        target.unlink()
        raise


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
            return _place(drafts, folder, f"{name}-{number}")
        except FileExistsError:
            number += 1
        except OSError:
            _withdraw(drafts)
            raise
    _withdraw(drafts)
    raise FileError(f"No name is free for {disk.shown(name)} in {disk.shown(folder)}.")


def _place(drafts: Mapping[str, Draft], folder: Path, name: str) -> dict[str, Path]:
    for ending, one in drafts.items():
        one.place(name + ending)
    return {ending: folder / (name + ending) for ending in drafts}


def _withdraw(drafts: Mapping[str, Draft]) -> None:
    for one in drafts.values():
        one.withdraw()


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
        opened = os.open(folder, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            nameless = _nameless(opened)
            if nameless is not None:
                with nameless.file:
                    yield nameless
                return
        finally:
            os.close(opened)
    _sweep(folder)
    hidden = _Hidden(folder)
    try:
        with hidden.file:
            yield hidden
    finally:
        if not hidden.placed:
            hidden.withdraw()


def _sweep(folder: Path) -> None:
    """Remove the hidden drafts of processes that were killed."""
    before = time.time() - LEFT_SECONDS
    for left in folder.glob(f"{_HIDDEN}*{_PART}"):
        with suppress(OSError):
            if left.stat().st_mtime < before:
                left.unlink()


def _nameless(folder: int) -> _Nameless | None:
    """Begin a nameless file, None where the file system of the folder has none."""
    try:
        return _Nameless(folder)
    except OSError as error:
        if error.errno in _NO_TMPFILE:
            return None
        raise
