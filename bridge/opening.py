"""Opening a musician's files: regular ones, without waiting, and the same when they were read.

A named pipe would wait for a writer, a device could deliver for ever; neither is opened.
"""

from __future__ import annotations

import errno
import os
import re
import stat
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from io import FileIO
from pathlib import Path

from assistant.errors import FileError, did_you_mean
from bridge import disk, names

__all__ = [
    "AUDIO_SUFFIXES",
    "PROJECT_SUFFIXES",
    "SCORE_SUFFIXES",
    "TUNING_SUFFIXES",
    "is_folder",
    "opened",
    "passed_over",
    "sound_files",
]

AUDIO_SUFFIXES = frozenset(
    {".wav", ".wave", ".rf64", ".w64", ".flac", ".aif", ".aiff", ".aifc", ".caf"}
    | {".ogg", ".oga", ".opus", ".mp3"}
)
_UNREAD_SUFFIXES = frozenset({".m4a", ".aac", ".mp4", ".wma", ".ac3", ".ape", ".wv", ".dsf"})
SCORE_SUFFIXES = frozenset({".mid", ".midi"})
TUNING_SUFFIXES = frozenset({".scl"})
PROJECT_SUFFIXES = frozenset({".dawproject"})

MAX_LISTED = 8

_KINDS = {
    stat.S_IFIFO: "a named pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
    stat.S_IFDIR: "a folder",
}
_FLAGS = (
    os.O_RDONLY
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_NOCTTY", 0)
    | getattr(os, "O_BINARY", 0)
)


def is_folder(path: Path) -> bool:
    """Tell whether a path is a folder.

    Parameters
    ----------
    path : Path
        As the musician wrote it, or where it leads.

    Returns
    -------
    bool
        False for a file.

    Raises
    ------
    FileError
        Where there is nothing, with the file that was probably meant, or nothing to be seen.
    """
    return stat.S_ISDIR(_seen(path).st_mode)


def sound_files(folder: Path, stage: str = "") -> tuple[list[Path], tuple[str, ...]]:
    """Find the sound files right in a folder.

    Parameters
    ----------
    folder : Path
        What is hidden in it, or lies deeper, is passed over.
    stage : str
        Whose results beside what they were made of are left out.

    Returns
    -------
    tuple of (list of Path, tuple of str)
        The files in order of name, and the names of what is left out.

    Raises
    ------
    FileError
        Where the folder cannot be read, or a file leads out of it.
    """
    with disk.told(f"{disk.shown(folder)} cannot be read"):
        entries = [one for one in folder.iterdir() if not one.name.startswith(".")]
        sound = [
            one for one in entries if one.suffix.lower() in AUDIO_SUFFIXES and not one.is_dir()
        ]
        left_out = _results(sound, folder, stage)
        found = [one for one in sound if one.name not in left_out]
        within = folder.resolve()
        away = [one for one in found if not one.resolve().is_relative_to(within)]
    if away:
        raise FileError(
            f"{disk.shown(away[0])} leads out of its folder; put the file itself there."
        )
    found.sort(key=lambda one: (unicodedata.normalize("NFC", one.name).casefold(), one))
    return found, left_out


def passed_over(folder: Path) -> str:
    """Name what in a folder of stems looks as if it belonged to them, and is not read.

    Parameters
    ----------
    folder : Path
        See `sound_files`.

    Returns
    -------
    str
        ``"vox.m4a, the folder drums"``: sounds in a form that is not read, and folders inside that
        hold sound; ``""`` where there are none.
    """
    ours = (".", "bandmate-")  # hidden, or where a batch puts its results
    entries = sorted(one for one in folder.iterdir() if not one.name.startswith(ours))
    unread = [one.name for one in entries if one.suffix.lower() in _UNREAD_SUFFIXES]
    return names.listed(
        [*unread, *(f"the folder {one.name}" for one in entries if _holds_sound(one))]
    )


def _holds_sound(folder: Path) -> bool:
    try:
        return any(one.suffix.lower() in AUDIO_SUFFIXES for one in folder.iterdir())
    except OSError:  # no folder, or none that may be looked into
        return False


def _results(sound: list[Path], folder: Path, stage: str) -> tuple[str, ...]:
    """Tell which files a stage made of others beside them, or of the folder as a whole."""
    made = re.compile(rf"(.+?)\.{re.escape(stage)}-[0-9]+\..+", re.DOTALL)
    named = [(one.name, made.fullmatch(one.name)) for one in sound] if stage else []
    beside = {names.folded(one.stem) for one in sound} | {names.folded(folder.stem)}
    return tuple(sorted(name for name, of in named if of and names.folded(of[1]) in beside))


@contextmanager
def opened(path: Path) -> Iterator[FileIO]:
    """Open a file for reading, and see that it did not change meanwhile.

    Parameters
    ----------
    path : Path
        A file.

    Yields
    ------
    FileIO
        At its first byte, without a buffer.

    Raises
    ------
    FileError
        Where it is no regular file, is empty, cannot be read, or changed while it was read.
    """
    _check_kind(path, _seen(path).st_mode)
    with disk.told(f"{disk.shown(path)} cannot be read"):
        file = FileIO(os.open(path, _FLAGS), "rb")
    with file:
        before = os.fstat(file.fileno())
        _check_kind(path, before.st_mode)
        if before.st_size == 0:
            raise FileError(f"{disk.shown(path)} is empty: 0 bytes; export it again.")
        try:
            yield file
        except FileError:
            _check_same(path, before, file)
            raise
        _check_same(path, before, file)


def _seen(path: Path) -> os.stat_result:
    """Look at a path without opening it."""
    if "\0" in str(path):
        raise FileError(f"{disk.shown(path)} is no path: it holds a NUL character.")
    with disk.told(f"{disk.shown(path)} cannot be read"):
        try:
            return path.stat()
        except OSError as error:
            if error.errno in {errno.ENOENT, errno.ENOTDIR}:
                raise FileError(_missing(path)) from None
            raise


def _check_kind(path: Path, mode: int) -> None:
    if not stat.S_ISREG(mode):
        kind = _KINDS.get(stat.S_IFMT(mode), "no regular file")
        raise FileError(f"{disk.shown(path)} is {kind}; name a file.")


def _check_same(path: Path, before: os.stat_result, file: FileIO) -> None:
    after = os.fstat(file.fileno())
    if (after.st_size, after.st_mtime_ns) != (before.st_size, before.st_mtime_ns):
        raise FileError(
            f"{disk.shown(path)} changed while it was read, from {before.st_size:,} to "
            f"{after.st_size:,} bytes; stop the recording or the export and ask again."
        )


def _missing(path: Path) -> str:
    """Say that a file is not there, or that the link is which leads to it."""
    if path.is_symlink():
        there = disk.shown(path.parent / path.readlink())
        return f"{disk.shown(path)} leads to {there}, which is not there."
    return f"There is no {disk.shown(path)}.{_neighbours(path)}"


def _neighbours(path: Path) -> str:
    """Say which file of that folder was probably meant, or which few there are."""
    folder = path.parent
    try:
        names = [entry.name for entry in folder.iterdir() if not entry.name.startswith(".")]
    except OSError:
        return "" if folder.is_dir() else f" There is no folder {disk.shown(folder)} either."
    known = AUDIO_SUFFIXES | SCORE_SUFFIXES | TUNING_SUFFIXES | PROJECT_SUFFIXES
    ours = [one for one in names if Path(one).suffix.lower() in known]
    guess = did_you_mean(path.name, ours)
    return guess if len(ours) <= MAX_LISTED or guess.startswith(" Did") else ""
