"""What a file system refuses, said in words; every `OSError` of a musician's file passes here."""

from __future__ import annotations

import errno
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from assistant.errors import FileError

__all__ = ["KEEP_FREE", "check_room", "make", "megabytes", "reason", "shown", "told"]

KEEP_FREE = 256 << 20
"""Bytes that stay free on a disk, so that a DAW that is recording there does not run out."""

MAX_SHOWN = 200

_REASONS = {
    errno.ENOSPC: "the disk is full; free some space or name another folder",
    errno.EDQUOT: "the disk quota is used up; free some space or name another folder",
    errno.EFBIG: "the file is larger than this system allows",
    errno.EACCES: "bandmate has no permission; change it or name another folder",
    errno.EPERM: "the system does not permit it; name another folder",
    errno.EROFS: "the disk is read-only; name another folder",
    errno.ENAMETOOLONG: "the name is too long",
    errno.ENOENT: "it is not there",
    errno.ENOTDIR: "a part of the path is a file, not a folder",
    errno.EISDIR: "it is a folder",
    errno.ELOOP: "its links lead in a circle",
    errno.EIO: "the disk reports an error",
    errno.ENOMEM: "the system has no memory left for it",
    errno.EMFILE: "too many files are open",
    errno.ENFILE: "too many files are open",
}


def shown(path: Path | str) -> str:
    """Quote a path so that any name, however odd, fits in one line of text.

    Parameters
    ----------
    path : Path or str
        As the musician wrote it.

    Returns
    -------
    str
        In quotes, unprintable characters escaped, a very long one shortened in the middle.
    """
    text = str(path)
    if len(text) > MAX_SHOWN:
        text = f"{text[: MAX_SHOWN // 2]}...{text[-MAX_SHOWN // 2 :]}"
    return repr(text)


def megabytes(size: int) -> str:
    """Say a number of bytes: ``"12 bytes"``, ``"1,270.1 MB"``."""
    return f"{size:,} bytes" if size < 100_000 else f"{size / 1e6:,.1f} MB"


def reason(error: OSError) -> str:
    """Say in a few words why a file system refuses, and what would help."""
    return _REASONS.get(error.errno or 0) or error.strerror or type(error).__name__


@contextmanager
def told(doing: str) -> Iterator[None]:
    """Turn an `OSError` into a `FileError`.

    Parameters
    ----------
    doing : str
        What could not be done, such as ``"'mix.wav' cannot be read"``.

    Raises
    ------
    FileError
        With `doing` and the reason. `FileExistsError` passes, for those who try the next name.
    """
    try:
        yield
    except FileExistsError:
        raise
    except OSError as error:
        raise FileError(f"{doing}: {reason(error)}.") from None


def check_room(folder: Path, size: int) -> None:
    """See that a disk has room before anything is written to it.

    Parameters
    ----------
    folder : Path
        A folder on that disk.
    size : int
        Bytes that are to be written.

    Raises
    ------
    FileError
        Where fewer than `KEEP_FREE` bytes would be left.
    """
    with told(f"The folder {shown(folder)} cannot be used"):
        free = shutil.disk_usage(folder).free
    if size > 0 and free - size < KEEP_FREE:
        raise FileError(
            f"The disk of {shown(folder)} is full: {megabytes(size)} are needed, {megabytes(free)} "
            f"are free, and {megabytes(KEEP_FREE)} are left alone; free some space there."
        )


def make(folder: Path) -> None:
    """Make a folder where there is none yet; raises `FileError` where a file has its name."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except FileExistsError:
        raise FileError(f"{shown(folder)} is a file, not a folder to write in.") from None
