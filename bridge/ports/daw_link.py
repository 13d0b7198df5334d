"""A UDP endpoint on 127.0.0.1 to one DAW: what it says is checked, bounded and decoded here.

Ardour answers with an address that begins with ``#``, which OSC has none of; that one form is read.
"""

from __future__ import annotations

import asyncio
import logging
import socket
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple, TypeAlias, cast

from pythonosc.osc_message import OscMessage
from pythonosc.osc_message_builder import build_msg

from assistant.errors import DawError, WordsError
from bridge.osc import guard
from bridge.osc.float32 import shortest
from bridge.ports.wire import HOST, Pace

__all__ = ["DawLink", "Heard", "decoded", "open_link"]

MAX_PACKET = 65_536
MAX_ARGUMENTS = 16_384
"""A DAW tells all notes of a clip in one message."""
MAX_ELEMENTS = 4096
"""DrivenByMoss puts 101 messages into a bundle; a packet that is full of the shortest has more."""
BURST_MESSAGES = 40_000
MESSAGES_PER_SECOND = 4_000
"""After a burst, such as a session told a few times over (of 16 tracks of Bitwig 6,000 messages
each): meters told without end fit, a flood does not."""

Value: TypeAlias = str | int | float | bool | None

_log = logging.getLogger(__name__)


class Heard(NamedTuple):
    """A message, as `bridge.daws.adapter.Said`."""

    address: str
    values: tuple[Value, ...] = ()


class DawLink(asyncio.DatagramProtocol):
    """The open endpoint; made by `open_link`.

    Parameters
    ----------
    hear : callable
        Is given each message that passed.
    port : int
        UDP port that the DAW listens on; may change.
    """

    _transport: asyncio.DatagramTransport

    def __init__(self, hear: Callable[[Heard], None], port: int) -> None:
        self._hear = hear
        self._port = port
        # Some DAWs answer from a port of the moment; one that answered from its own is held to it.
        self._pinned = False
        self._room = float(BURST_MESSAGES)
        self._seen = time.monotonic()
        self._pace = Pace()
        self._lost = 0

    @property
    def port(self) -> int:
        """Where the DAW listens."""
        return self._port

    @property
    def own_port(self) -> int:
        """Where its answers arrive."""
        return int(self._transport.get_extra_info("sockname")[1])

    def turn_to(self, port: int) -> None:
        """Speak to another port from now on, and hear what comes from there."""
        self._port, self._pinned = port, False

    def send(self, messages: Iterable[Heard]) -> None:
        """Say a few messages at once."""
        for message in messages:
            packet = build_msg(message.address, message.values).dgram
            self._pace.add(len(packet), time.monotonic())
            if not self._transport.is_closing():
                self._transport.sendto(packet, (HOST, self._port))

    async def say(self, messages: Iterable[Heard]) -> None:
        """Say messages as fast as a DAW reads them that looks ten times a second."""
        for message in messages:
            wait = self._pace.wait(time.monotonic())
            if wait:
                await asyncio.sleep(wait)
            self.send((message,))

    def close(self) -> None:
        """Give the port back."""
        self._transport.close()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Remember the way out (called by the event loop)."""
        self._transport = cast("asyncio.DatagramTransport", transport)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        """Hand on what is well-formed, in its bounds, and from the DAW (called by the loop)."""
        if addr[0] != HOST or (self._pinned and addr[1] != self._port) or not self._has_room():
            return
        self._pinned = self._pinned or addr[1] == self._port
        try:
            heard = list(decoded(data))
        except WordsError as error:
            _log.debug("what a DAW said cannot be read: %s", error)
            return
        self._room -= len(heard)
        for message in heard:
            self._hear(message)

    def error_received(self, exc: Exception) -> None:
        """Go on: some systems say here that nobody listens there (called by the event loop)."""
        _log.debug("a DAW did not take a message: %s", exc)

    def _has_room(self) -> bool:
        """Tell whether a packet may be read now; a flood is left unread."""
        now = time.monotonic()
        self._room = min(BURST_MESSAGES, self._room + (now - self._seen) * MESSAGES_PER_SECOND)
        self._seen = now
        if self._room >= 1.0:
            return True
        self._lost += 1
        if self._lost == 1:
            _log.warning("a DAW says more than is read; some of it is lost")
        return False


def decoded(packet: bytes) -> Iterator[Heard]:
    """Read a packet of a DAW.

    Parameters
    ----------
    packet : bytes
        Anything.

    Yields
    ------
    Heard
        Its messages; floats are as they were meant.

    Raises
    ------
    WordsError
        Where it is no OSC, or more than is read.
    """
    odd = packet.startswith(b"#") and not packet.startswith(b"#bundle\0")
    plain = b"/" + packet[1:] if odd else packet
    for each in guard.split(plain, MAX_PACKET, MAX_ARGUMENTS, MAX_ELEMENTS):
        message = OscMessage(each)
        address = "#" + message.address[1:] if odd else message.address
        values = (shortest(one) if isinstance(one, float) else one for one in message.params)
        yield Heard(address, tuple(values))


async def open_link(hear: Callable[[Heard], None], title: str, port: int, ear: int) -> DawLink:
    """Open the endpoint to a DAW.

    Parameters
    ----------
    hear : callable
        Is given each message.
    title : str
        What people call the DAW.
    port : int
        UDP port that it listens on.
    ear : int
        UDP port that its answers go to; 0 where it answers the port that asked.

    Returns
    -------
    DawLink
        To be closed when done.

    Raises
    ------
    DawError
        Where the port for its answers is taken.
    """
    made = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    try:
        if sys.platform == "win32":
            made.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        made.setblocking(False)
        made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
        made.bind((HOST, ear))
    except OSError as error:
        made.close()
        raise DawError(
            f"{title} answers to port {ear} of {HOST}, which is taken ({error.strerror}):"
            f" is there another bandmate, a control surface such as TouchOSC, or an MCP server? "
            "End it and link again."
        ) from None
    loop = asyncio.get_running_loop()
    _, link = await loop.create_datagram_endpoint(lambda: DawLink(hear, port), sock=made)
    return link
