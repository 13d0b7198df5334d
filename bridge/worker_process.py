"""One worker process as the pool sees it: start it, speak to it, listen to it, end it."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import time
from collections.abc import AsyncIterator, Mapping
from typing import Any, TypeAlias

from bridge.interpreter import running
from bridge.threads import ONE_THREAD

__all__ = ["Event", "WorkerProcess"]

Event: TypeAlias = dict[str, Any]

_LINE_BYTES = 64 << 20
_ENVIRONMENT = {**ONE_THREAD, "PYTHONUNBUFFERED": "1"}


class WorkerProcess:
    """A fresh interpreter that runs `bridge.worker`.

    Parameters
    ----------
    process : asyncio.subprocess.Process
        With pipes to its standard input and output.
    full : bool
        Whether it rehearses everything, or only what needs no audio.

    Attributes
    ----------
    born, rehearsed, ready : bool
        Whether it has started, whether it has been asked to rehearse, and whether it may be given
        work.
    rss_mb : float
        How heavy it was when it last said so.
    idle_since : float
        When its last work ended, by the monotonic clock.
    """

    def __init__(self, process: asyncio.subprocess.Process, *, full: bool) -> None:
        self._process = process
        self.full = full
        self.born = False
        self.rehearsed = False
        self.ready = False
        self.rss_mb = 0.0
        self.idle_since = time.monotonic()

    @classmethod
    async def start(cls, told: Mapping[str, object], *, full: bool) -> WorkerProcess:
        """Start a worker; `told` is what its main function takes."""
        process = await asyncio.create_subprocess_exec(
            *running("bridge.worker", json.dumps(told)),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            env={**os.environ, **_ENVIRONMENT},
            limit=_LINE_BYTES,
        )
        return cls(process, full=full)

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    @property
    def returncode(self) -> int | None:
        """How it ended; None where the system has not said that it has."""
        return self._process.returncode

    def say(self, message: Mapping[str, object]) -> None:
        """Send it one message."""
        if self._process.stdin is not None:
            self._process.stdin.write(json.dumps(message).encode() + b"\n")

    async def listen(self) -> AsyncIterator[Event]:
        """Hear its events until it dies."""
        if self._process.stdout is not None:
            with contextlib.suppress(ValueError, ConnectionError):
                while line := await self._process.stdout.readline():
                    yield json.loads(line)

    async def kill(self) -> None:
        """End it at once, whatever it is doing; it is gone when this returns."""
        with contextlib.suppress(ProcessLookupError):
            _kill(self._process)
        await self._process.wait()


def _kill(process: asyncio.subprocess.Process) -> None:
    """Kill a child, and leave it to the event loop to see its end.

    `Process.kill` looks first whether it has ended; what it sees then, the loop misses, and warns.
    """
    if os.name == "nt":
        process.kill()
    elif process.returncode is None:
        os.kill(process.pid, signal.SIGKILL)
