"""A small HTTP door on 127.0.0.1: one GET a connection, answered with JSON.

What is asked comes from anybody on this machine, and from any page in a browser on it. So heads are
short and in time, there are few connections, and who calls us by another name is sent away: a page
whose own name leads to 127.0.0.1 could read the answer otherwise.
"""

from __future__ import annotations

import asyncio
import errno
import logging
import re
import socket
import sys
from collections.abc import Callable
from contextlib import suppress
from http import HTTPStatus
from typing import NamedTuple, TypeAlias

from assistant.errors import MusicianError, SettingError

__all__ = ["HOST", "Answer", "Reply", "Web", "bind", "listen"]

HOST = "127.0.0.1"
MAX_HEAD_BYTES = 8192
MAX_CLIENTS = 32
HEAD_SECONDS = 5.0
READ_SECONDS = 10.0
"""A client that takes longer to read its answer is cut off."""

LINGER_SECONDS = 1.0
MAX_UNREAD_BYTES = 1 << 20

_REQUEST = re.compile(rb"([A-Z]{1,16}) (/[\x21-\x7e]*) HTTP/1\.[01]")
_FIELD = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([\x20-\x7e\x80-\xff\t]*)")

log = logging.getLogger(__name__)


class Reply(NamedTuple):
    """What is said to a request: a status, and a body of JSON."""

    status: int
    body: bytes = b""


Answer: TypeAlias = Callable[[str], Reply]
"""Takes what follows the host: a path, and perhaps ``?`` and a query; both as they were sent."""


class Web:
    """The open door; made by `listen`.

    Parameters
    ----------
    answer : callable
        Is asked what to say.
    port : int
        Where it is.
    """

    def __init__(self, answer: Answer, port: int) -> None:
        self.port = port
        self._answer = answer
        self._names = frozenset({HOST, "localhost", f"{HOST}:{port}", f"localhost:{port}"})
        self._clients: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None

    async def open(self, sock: socket.socket) -> None:
        """Let clients in, who come to a socket that is bound."""
        self._server = await asyncio.start_server(self._talk, sock=sock, limit=MAX_HEAD_BYTES)

    async def close(self) -> None:
        """Let nobody in any more, and send away who is here."""
        if self._server is not None:
            self._server.close()
        for client in self._clients:
            client.cancel()
        await asyncio.gather(*self._clients, return_exceptions=True)
        if self._server is not None:
            await self._server.wait_closed()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one client (called by the event loop)."""
        task = asyncio.current_task()
        if task is None:
            raise RuntimeError("no task runs this")
        self._clients.add(task)
        try:
            crowded = len(self._clients) > MAX_CLIENTS
            reply = Reply(503) if crowded else await self._heard(reader)
            writer.write(_packed(reply))
            await asyncio.wait_for(writer.drain(), READ_SECONDS)
            writer.write_eof()
            await _read_out(reader)
        except (OSError, TimeoutError, asyncio.CancelledError):
            writer.transport.abort()
        finally:
            self._clients.discard(task)
            writer.close()

    async def _heard(self, reader: asyncio.StreamReader) -> Reply:
        """Read a head, and find what to say to it."""
        try:
            head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), HEAD_SECONDS)
        except TimeoutError:
            return Reply(408)
        except asyncio.LimitOverrunError:
            return Reply(431)
        except asyncio.IncompleteReadError:
            return Reply(400)
        target = _target(head, self._names)
        if isinstance(target, Reply):
            return target
        try:
            return self._answer(target)
        except Exception:
            log.exception("our bug")
            return Reply(500)


async def listen(answer: Answer, port: int, option: str) -> Web:
    """Open the door.

    Parameters
    ----------
    answer : callable
        Is asked what to say.
    port : int
        0 lets the system choose.
    option : str
        What chooses another port; errors name it.

    Returns
    -------
    Web
        To be closed when done.

    Raises
    ------
    SettingError
        Where the port is none that can be.
    MusicianError
        Where it is taken or may not be used.
    """
    sock = bind(port, option)
    web = Web(answer, int(sock.getsockname()[1]))
    await web.open(sock)
    return web


def bind(port: int, option: str) -> socket.socket:
    """Take a TCP port of 127.0.0.1, which is then nobody else's.

    Parameters
    ----------
    port : int
        0 lets the system choose.
    option : str
        What chooses another port; errors name it.

    Returns
    -------
    socket.socket
        Bound, and not yet listening.

    Raises
    ------
    SettingError
        Where the port is none that can be.
    MusicianError
        Where it is taken or may not be used.
    """
    if not 0 <= port <= 65_535:
        raise SettingError(f"{option} is {port}; it takes 0 to 65535.")
    made = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        if sys.platform == "win32":
            made.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        else:  # past connections do not hold the port; a second listener is refused all the same
            made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.setblocking(False)
        made.bind((HOST, port))
        made.listen(MAX_CLIENTS)  # on Linux a port is taken only by who listens
    except OSError as error:
        made.close()
        taken = error.errno == errno.EADDRINUSE or sys.platform == "win32"
        why = f"is taken; choose another with {option}" if taken else f"cannot be used: {error}"
        raise MusicianError(f"Port {port} of {HOST} {why}.") from None
    return made


def _target(head: bytes, names: frozenset[str]) -> str | Reply:
    """Read the head of a request: what it asks for, or why it gets nothing."""
    first, *lines = head[:-4].split(b"\r\n")
    request = _REQUEST.fullmatch(first)
    fields = [_FIELD.fullmatch(line) for line in lines]
    if request is None or not all(fields):
        return Reply(400)
    said = [(field[1].lower(), field[2].decode("latin-1")) for field in fields if field]
    hosts = [value.strip().lower() for name, value in said if name == b"host"]
    origins = [value.strip().lower() for name, value in said if name == b"origin"]
    if len(hosts) != 1:
        return Reply(400)
    if hosts[0] not in names:
        return Reply(421)
    if not all(origin.removeprefix("http://") in names for origin in origins):
        return Reply(403)
    return request[2].decode("ascii") if request[1] == b"GET" else Reply(405)


def _packed(reply: Reply) -> bytes:
    """Put a reply into the bytes that are sent."""
    lines = [
        f"HTTP/1.1 {reply.status} {HTTPStatus(reply.status).phrase}",
        "Connection: close",
        "Cache-Control: no-store",
        "X-Content-Type-Options: nosniff",
    ]
    if reply.status == HTTPStatus.METHOD_NOT_ALLOWED:
        lines.append("Allow: GET")
    if reply.body:
        lines.append("Content-Type: application/json")
    if reply.status != HTTPStatus.NO_CONTENT:
        lines.append(f"Content-Length: {len(reply.body)}")
    return "\r\n".join([*lines, "", ""]).encode("ascii") + reply.body


async def _read_out(reader: asyncio.StreamReader) -> None:
    """Take what is still on its way: a socket that closes on it forgets what it had to say."""
    with suppress(TimeoutError):
        async with asyncio.timeout(LINGER_SECONDS):
            left = MAX_UNREAD_BYTES
            while left > 0 and (read := await reader.read(left)):
                left -= len(read)
