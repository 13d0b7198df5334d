"""How a server hears that it should end: Ctrl-C, or SIGTERM."""

from __future__ import annotations

import asyncio
import signal

__all__ = ["when_stopped"]


def when_stopped() -> asyncio.Event:
    """Return what is set by SIGINT and SIGTERM."""
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        try:
            loop.add_signal_handler(name, stopped.set)
        except NotImplementedError:  # Windows
            signal.signal(name, lambda *_: loop.call_soon_threadsafe(stopped.set))
    return stopped
