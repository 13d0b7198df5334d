"""The folders that bandmate may touch; a path outside them is refused, wherever its links lead."""

from __future__ import annotations

import shlex
import stat
from collections.abc import Iterable
from pathlib import Path

from assistant.errors import FileError, OutsideRoots
from bridge import disk

__all__ = ["Roots"]

MAX_FOLDER = 1000


class Roots:
    """The folders below which files may be read and written.

    Parameters
    ----------
    folders : iterable of Path
        The roots; the home folder alone where there is none.
    """

    def __init__(self, folders: Iterable[Path] = ()) -> None:
        named = tuple(folders) or (Path.home(),)
        self.folders = tuple(dict.fromkeys(_real(folder) for folder in named))

    def check(self, path: Path | str) -> Path:
        """Say where a path really leads, if that is allowed.

        Parameters
        ----------
        path : Path or str
            A file or a folder, there or yet to be made.

        Returns
        -------
        Path
            Absolute, all links followed: open this one, not the one that was asked.

        Raises
        ------
        OutsideRoots
            Where it lies outside, with how to allow it.
        FileError
            Where it is no path at all.
        """
        real = _real(path)
        if not self._hold(real):
            raise OutsideRoots(self._refusal(path, real))
        return real

    def _hold(self, real: Path) -> bool:
        """Tell by name, then by identity: `Music` and `music` may or may not be one folder."""
        lines = (real, *real.parents)
        if any(root in lines for root in self.folders):
            return True
        roots = {found for root in self.folders if (found := _identity(root))}
        return any(_identity(line) in roots for line in lines)

    def _refusal(self, path: Path | str, real: Path) -> str:
        leads = "" if Path(path) == real else f" leads to {disk.shown(real)}, which"
        allowed = ", ".join(disk.shown(root) for root in self.folders)
        folder = shlex.quote(str(real if _is_folder(real) else real.parent))
        return (
            f"{disk.shown(path)}{leads} lies outside the folders bandmate may touch ({allowed}). "
            f"To allow it: bandmate allow {folder if len(folder) <= MAX_FOLDER else 'FOLDER'}"
        )


def _real(path: Path | str) -> Path:
    """Make a path absolute and follow its links; what is not there yet keeps its name."""
    if "\0" in str(path):
        raise FileError(f"{disk.shown(path)} is no path: it holds a NUL character.")
    with disk.told(f"{disk.shown(path)} cannot be followed"):
        try:
            return Path(path).resolve()
        except RuntimeError:  # what Python 3.11 and 3.12 say to a circle of links
            raise FileError(f"The links of {disk.shown(path)} lead in a circle.") from None
        except UnicodeEncodeError:  # half of a character, which JSON can say
            raise FileError(f"{disk.shown(path)} is no path: no file can be called so.") from None


def _is_folder(path: Path) -> bool:
    try:
        return stat.S_ISDIR(path.stat().st_mode)
    except OSError:
        return False


def _identity(folder: Path) -> tuple[int, int] | None:
    """Return what makes a folder itself on this machine, None where it cannot be seen."""
    try:
        status = folder.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino
