"""Work for an assistant that may go away: it ends when nobody can hear its answer any more."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, TypeAlias, TypeVar

from assistant.errors import MusicianError

__all__ = ["Gone", "attended"]

Gone: TypeAlias = Callable[[], Awaitable[bool]]
"""Says whether whoever asked is gone."""
LOOK_SECONDS = 1.0

T = TypeVar("T")


async def attended(work: Coroutine[Any, Any, T], gone: Gone | None) -> T:
    """Do some work for as long as somebody waits for it.

    Over HTTP an older MCP has a connection that breaks mean nothing, since a client could come back
    for its answer. Answers are not kept here, so that none could; and there are few workers.

    Parameters
    ----------
    work : coroutine
        What is to be done.
    gone : callable, optional
        Asked every second; None where that is seen otherwise, as over a pipe.

    Returns
    -------
    object
        What the work returns.

    Raises
    ------
    MusicianError
        Where nobody waits any more.
    """
    if gone is None:
        return await work
    task = asyncio.create_task(work)
    try:
        while not (await asyncio.wait((task,), timeout=LOOK_SECONDS))[0]:
            if await gone():
                raise MusicianError("Whoever asked is gone.")
        return task.result()
    finally:
        task.cancel()
