"""The server over its transports: standard input and output, or HTTP on this machine."""

from __future__ import annotations

import asyncio
import os
import secrets
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn
from mcp.server import Server
from mcp.server.stdio import stdio_server
from mcp.server.transport_security import TransportSecuritySettings
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from bridge.mcp.workshop import Workshop
from bridge.ports.web import HEAD_SECONDS, HOST
from bridge.stopping import when_stopped

__all__ = ["serve_http", "serve_stdio"]

MAX_BODY_BYTES = 1 << 20
MAX_REQUESTS = 64
LAST_WORDS_SECONDS = 1


async def serve_stdio(server: Server[dict[str, Any]], workshop: Workshop) -> None:
    """Serve one assistant, which started this process, until it closes the pipe.

    SIGINT and SIGTERM end the process at once, its workers first; so does an assistant that hears
    no more, though it has not closed the pipe that it speaks through.

    Parameters
    ----------
    server : mcp.server.Server
        As `bridge.mcp.server.build` makes it.
    workshop : Workshop
        Where its work is done.
    """
    stopped = when_stopped()
    ending = asyncio.create_task(_end_when(stopped, workshop))
    try:
        async with stdio_server() as (heard, said):
            try:
                await server.run(heard, said, server.create_initialization_options())
            except asyncio.CancelledError:  # nobody hears, and a thread still listens
                stopped.set()
                raise
    except* OSError:  # nobody hears what was still to be said
        stopped.set()
        await ending
    ending.cancel()


async def _end_when(stopped: asyncio.Event, workshop: Workshop) -> None:
    await stopped.wait()
    await workshop.close()
    # A thread of the SDK waits for the next line, and nothing but that line would wake it.
    os._exit(0)


async def serve_http(server: Server[dict[str, Any]], sock: socket.socket, token: str) -> None:
    """Serve all assistants that know the token, over streamable HTTP, until SIGINT or SIGTERM.

    Parameters
    ----------
    server : mcp.server.Server
        As `bridge.mcp.server.build` makes it.
    sock : socket.socket
        Bound to a port of 127.0.0.1.
    token : str
        What every request has to bring.
    """
    port = sock.getsockname()[1]
    # A page in a browser can reach this port, too: by its own name for 127.0.0.1 (the Host is
    # then its own), or from its own origin. Neither is let in.
    hosts = [f"{name}:{port}" for name in (HOST, "localhost")]
    security = TransportSecuritySettings(
        allowed_hosts=hosts, allowed_origins=[f"http://{host}" for host in hosts]
    )
    app = server.streamable_http_app(
        transport_security=security, max_request_body_size=MAX_BODY_BYTES
    )
    config = uvicorn.Config(
        _Guarded(app, token),
        http=_Prompt,
        lifespan="on",
        ws="none",
        log_level="warning",
        access_log=False,
        limit_concurrency=MAX_REQUESTS,
        timeout_graceful_shutdown=LAST_WORDS_SECONDS,
    )
    listening = _Listening(config)
    running = asyncio.create_task(listening.serve(sockets=[sock]))
    stopping = asyncio.create_task(when_stopped().wait())
    sys.stdout.write(f"bandmate mcp ready on http://{HOST}:{port}/mcp\n")
    sys.stdout.flush()
    try:
        await asyncio.wait((running, stopping), return_when=asyncio.FIRST_COMPLETED)
    finally:
        stopping.cancel()
        listening.should_exit = True
        await running


class _Guarded:
    """An application that answers 401 to whoever does not bring the token."""

    def __init__(self, app: ASGIApp, token: str) -> None:
        self._app = app
        self._wanted = b"Bearer " + token.encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan" or self._knows(scope):
            await self._app(scope, receive, send)
            return
        headers = [(b"www-authenticate", b"Bearer"), (b"content-length", b"0")]
        await send({"type": "http.response.start", "status": 401, "headers": headers})
        await send({"type": "http.response.body", "body": b""})

    def _knows(self, scope: Scope) -> bool:
        brought = [value for name, value in scope["headers"] if name == b"authorization"]
        # As long for a wrong token as for a right one: time tells nothing of it.
        return len(brought) == 1 and secrets.compare_digest(brought[0], self._wanted)


class _Prompt(H11Protocol):
    """A client that says in time what it wants: who is silent keeps others out."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Give it some seconds for its first head."""
        super().connection_made(transport)
        self._end = b""
        self._late = asyncio.get_running_loop().call_later(HEAD_SECONDS, transport.abort)

    def data_received(self, data: bytes) -> None:
        """See whether the head is whole."""
        heard = self._end + data
        self._end = heard[-3:]
        if b"\r\n\r\n" in heard:
            self._late.cancel()
        super().data_received(data)

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no more."""
        self._late.cancel()
        super().connection_lost(exc)


class _Listening(uvicorn.Server):
    """uvicorn that leaves the signals to us: it would raise them again before workers end."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Capture none."""
        yield
