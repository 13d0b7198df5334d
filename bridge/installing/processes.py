"""Whether a program runs, by the list of processes that the system shows."""

from __future__ import annotations

import csv
import os
import platform
import re
import subprocess
from collections.abc import Collection, Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

__all__ = ["Look", "look", "matches"]

_LIMIT_S = 10.0
_PROC = Path("/proc")


class Look(NamedTuple):
    """Whether a program runs, and how that is known.

    `runs` is None where the list cannot be read; `by` names the list: what is in no such list,
    as on another machine that shares the folder, is not seen.
    """

    runs: bool | None
    by: str


def look(programs: Collection[str]) -> Look:
    """Look whether one of some programs runs.

    Parameters
    ----------
    programs : collection of str
        What its process may be called.

    Returns
    -------
    Look
        Without a list of processes, it is not known.
    """
    system = platform.system()
    if system == "Linux":
        names, by = set(_in_proc()), "/proc"
    elif system == "Windows":
        names, by = set(_in_tasklist(_said("tasklist", "/fo", "csv", "/nh"))), "tasklist"
    else:
        names, by = set(_base_names(_said("ps", "-axo", "comm="))), "ps"
    if not names:
        return Look(None, by)
    return Look(any(matches(name, programs) for name in names), by)


def matches(name: str, programs: Collection[str]) -> bool:
    """Say whether a process may be one of some programs: ``ardour-7.3.0`` is an ``ardour``.

    Parameters
    ----------
    name : str
        Of the process; Linux cuts it after 15 bytes.
    programs : collection of str
        What to look for.
    """
    plain = _plain(name)
    return any(re.match(rf"{re.escape(_plain(one))}(?![a-z])", plain) for one in programs)


def _plain(name: str) -> str:
    return name.casefold().removesuffix(".exe")


def _in_proc() -> Iterator[str]:
    """List what the user's processes call themselves, and the files that they run."""
    for folder in _PROC.glob("[0-9]*"):
        with suppress(OSError):  # it ended meanwhile
            if folder.stat().st_uid == os.getuid():
                yield (folder / "comm").read_text(errors="replace").strip()
                yield (folder / "exe").readlink().name


def _in_tasklist(said: str) -> Iterator[str]:
    for row in csv.reader(said.splitlines()):
        yield from row[:1]


def _base_names(said: str) -> Iterator[str]:
    for line in said.splitlines():
        if line.strip():
            yield Path(line.strip()).name


def _said(*command: str) -> str:
    """Return what a program of the system prints; nothing where it fails."""
    try:
        done = subprocess.run(  # noqa: S603 - programs of the system, with fixed words
            command,
            capture_output=True,
            timeout=_LIMIT_S,
            check=True,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout.decode(errors="replace").replace(os.linesep, "\n")
