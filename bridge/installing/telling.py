"""Runs the commands that turn a service on and off, as far as the system takes them."""

from __future__ import annotations

import os
import platform
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from assistant.errors import FileError
from bridge import places
from bridge.installing.at_login import Command, Service, service

__all__ = ["NAME", "by_hand", "here", "tell"]

NAME = "at-login"
"""What the record of it is called."""
_LIMIT_S = 60.0


def here(words: Iterable[str] = ()) -> Service:
    """Say how this machine starts the daemon with the session.

    Parameters
    ----------
    words : iterable of str
        Options of ``bandmate serve``.

    Raises
    ------
    FileError
        Where bandmate's own program is not found.
    """
    uid = os.getuid() if hasattr(os, "getuid") else 0
    program = (*_program(), "serve", *words)
    return service(platform.system(), os.environ, Path.home(), program, uid)


def tell(commands: Iterable[Command]) -> list[str]:
    """Run commands in order, up to the first that fails.

    Returns
    -------
    list of str
        What is left to do by hand, and why; empty where all went well.
    """
    left = list(commands)
    while left:
        why = _run(left[0])
        if why:
            return [f"{left[0].words[0]}: {why}. Still to be said in a terminal:", *by_hand(left)]
        left = left[1:]
    return []


def by_hand(commands: Iterable[Command]) -> list[str]:
    """Write commands as they are said in a terminal, a line each."""
    return [f"  {shlex.join(command.words)}" for command in commands]


def _run(command: Command) -> str:
    """Run a command, and return why it failed; ``""`` where it did not, or may."""
    if shutil.which(command.words[0]) is None:
        return "it is not on this machine"
    try:
        done = subprocess.run(  # noqa: S603 - named by the table of at_login
            command.words,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=_LIMIT_S,
            check=False,
        )
    except (OSError, subprocess.SubprocessError) as error:
        return str(error)
    if done.returncode == 0 or command.may_fail:
        return ""
    said = done.stdout.decode(errors="replace").split("\n")[0].strip().rstrip(".")
    return said or f"it ended with {done.returncode}"


def _program() -> tuple[str, ...]:
    """Return how to start bandmate."""
    silent = Path(sys.executable).with_name("pythonw.exe")
    if os.name == "nt" and silent.is_file():  # without a window of its own
        return (str(silent), "-P", "-m", "bridge")
    found = places.command()
    if found is None:
        raise FileError("The program `bandmate` is not found: install bandmate again.")
    return (str(found),)
