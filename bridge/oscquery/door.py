"""The description behind its HTTP port, for as long as the daemon lives."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from assistant.errors import MusicianError
from bridge.oscquery.query import answers
from bridge.ports import web

__all__ = ["described"]

log = logging.getLogger("bandmate.oscquery")


@asynccontextmanager
async def described(port: int, osc_port: int) -> AsyncIterator[int]:
    """Describe the messages over HTTP while the code inside runs; it runs without, too.

    Parameters
    ----------
    port : int
        Of 127.0.0.1; 0 for not at all. Where it is taken that is logged: a daemon that cannot
        describe itself still answers.
    osc_port : int
        Where bandmate listens for OSC.

    Yields
    ------
    int
        The port; 0 where there is none.
    """
    try:
        door = await web.listen(answers(osc_port), port, "--http-port") if port else None
    except MusicianError as error:
        log.warning("%s The messages are not described over HTTP; all else goes on.", error)
        door = None
    try:
        yield door.port if door else 0
    finally:
        if door:
            await door.close()
