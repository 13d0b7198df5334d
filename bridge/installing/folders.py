"""Which folder of a DAW is meant: one that is found, or the one that the musician names."""

from __future__ import annotations

import os
import platform
from pathlib import Path

from assistant.errors import FileError
from bridge.daws.installer import Installer

__all__ = ["folder_of", "whole"]


def folder_of(daw: Installer, told: Path | None = None) -> Path | None:
    """Find the folder of a DAW on this machine.

    Parameters
    ----------
    daw : Installer
        Which.
    told : Path, optional
        What the musician says it is.

    Returns
    -------
    Path or None
        None where there is none.

    Raises
    ------
    FileError
        Where what the musician says is no such folder.
    """
    if told is None:
        folders = daw.folders(platform.system(), os.environ, Path.home())
        return next((folder for folder in folders if _there(folder / daw.MARK)), None)
    folder = whole(told)
    if not folder.is_dir():
        raise FileError(f"There is no folder {str(folder)!r}.")
    if not _there(folder / daw.MARK):
        raise FileError(
            f"There is no {daw.MARK!r} in {str(folder)!r}, as there is in a folder of {daw.TITLE} "
            f"after its first start."
        )
    return folder


def whole(folder: Path) -> Path:
    """Return a folder that the musician names, from the root on.

    Raises
    ------
    FileError
        Where it begins with the home folder of somebody who is not on this machine.
    """
    try:
        return folder.expanduser().resolve()
    except RuntimeError:
        raise FileError(f"There is no folder {str(folder)!r}.") from None


def _there(path: Path) -> bool:
    """Say whether something is there for this user; what may not be looked at is not."""
    try:
        return path.exists()
    except OSError:
        return False
