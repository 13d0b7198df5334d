"""The one token of a user: who can read this file may ask over HTTP what its owner may ask."""

from __future__ import annotations

import os
import re
import secrets
import sys
from contextlib import suppress
from pathlib import Path

from assistant.errors import FileError

__all__ = ["token"]

_TOKEN = re.compile(r"[A-Za-z0-9_-]{40,100}")
_MAX_BYTES = 200


def token(path: Path) -> str:
    """Return the token; made where there is none yet.

    Parameters
    ----------
    path : Path
        The file that holds it, which nobody else may read.

    Returns
    -------
    str
        Letters, digits, ``-`` and ``_``.

    Raises
    ------
    FileError
        Where others can read the file, or it holds something else.
    """
    try:
        if not path.exists():
            _make(path)
        return _read(path)
    except OSError as error:
        raise FileError(f"The token {path} cannot be read or made: {error.strerror}.") from None


def _make(path: Path) -> None:
    """Write a new token aside and link it into place: of two who do so at once, one is first."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(32) + "\n")
        with suppress(FileExistsError):
            os.link(draft, path)
    finally:
        draft.unlink()


def _read(path: Path) -> str:
    with path.open("rb") as file:
        open_to_others = os.fstat(file.fileno()).st_mode & 0o077
        said = file.read(_MAX_BYTES).decode("ascii", "replace").strip()
    if open_to_others and sys.platform != "win32":  # whose modes say nothing
        raise FileError(f"Others can read the token {path}: remove it, and a new one is made.")
    if not _TOKEN.fullmatch(said):
        raise FileError(f"{path} holds no token: remove it, and one is made.")
    return said
