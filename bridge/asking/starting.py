"""A daemon is started where none answers, and outlives who started it.

Whoever asks at the same moment starts one as well; the port goes to one of them, the other ends.
"""

from __future__ import annotations

import os
import subprocess
import time
from pathlib import Path
from typing import IO

from bridge import places
from bridge.asking.failure import Failure
from bridge.interpreter import running
from bridge.ports.connection import Connection

__all__ = ["start"]

PATIENCE_SECONDS = 10.0
LATE_SECONDS = 1.0
"""How long the daemon of somebody else may take to answer after ours has ended."""
MAX_LOG_BYTES = 1 << 20
_LOOK_SECONDS = 0.05
_WINDOWS_FLAGS = ("DETACHED_PROCESS", "CREATE_NEW_PROCESS_GROUP", "CREATE_NO_WINDOW")


def start(port: int) -> Connection:
    """Start a daemon and wait until one answers.

    Parameters
    ----------
    port : int
        Where it is to listen.

    Returns
    -------
    Connection
        To that daemon, or to one that was started at the same moment.

    Raises
    ------
    Failure
        Where none answers, with the reason and how to start it by hand.
    """
    path = places.journal().with_name("serve.log")
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with _log(path) as log:
            child = _launched(port, log)
    except OSError as error:
        raise Failure("daemon", f"bandmate serve cannot be started: {error}.") from None
    end = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end:
        time.sleep(_LOOK_SECONDS)
        try:
            return Connection(port)
        except ConnectionError:
            if child.poll() is not None:
                end = min(end, time.monotonic() + LATE_SECONDS)
    raise Failure(
        "daemon",
        f"No daemon answers on port {port}, though one was started: {_last_line(path)} "
        f"Try it by hand: bandmate serve --osc-port {port}",
    )


def _launched(port: int, log: IO[bytes]) -> subprocess.Popen[bytes]:
    """Start the bandmate that this very process is, in a session of its own."""
    flags = [getattr(subprocess, name, 0) for name in _WINDOWS_FLAGS]
    return subprocess.Popen(  # noqa: S603 - our own words only, and no shell
        running("bridge", "serve", "--osc-port", str(port)),
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=log,
        start_new_session=os.name != "nt",
        creationflags=sum(flags),
    )


def _log(path: Path) -> IO[bytes]:
    """Open the log to be gone on with; a long one begins anew."""
    if path.exists() and path.stat().st_size > MAX_LOG_BYTES:
        path.replace(path.with_suffix(".old"))
    return path.open("ab")


def _last_line(path: Path) -> str:
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        lines = []
    return lines[-1][:500] if lines else f"it says nothing in {path}."
