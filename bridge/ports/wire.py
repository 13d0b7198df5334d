"""The OSC endpoint: UDP and TCP on one port of 127.0.0.1.

Both hand what arrives to one callback as ``(packet, peer)`` and take packets for a peer back. What
the packets say is not looked at here.
"""

from __future__ import annotations

import asyncio
import errno
import logging
import socket
import sys
import time
from collections.abc import Iterable
from typing import cast

from assistant.errors import MusicianError, SettingError
from bridge.ports.peer import Peer, Receive
from bridge.ports.streams import MAX_CLIENTS, Streams

__all__ = ["HOST", "PORT", "Peer", "Receive", "Wire", "listen"]

HOST = "127.0.0.1"
PORT = 9510

BURST_BYTES = 64_000
"""Sent to UDP clients at once: a third of a receive buffer as Linux gives it."""
BYTES_PER_SECOND = 1_000_000
"""After a burst: a client that looks only ten times a second still gets everything."""
PACKET_BYTES = 900
"""What a receive buffer loses to every packet besides its own length."""
_ATTEMPTS = 8

_log = logging.getLogger(__name__)


class Pace:
    """How long to wait before sending more: a leaky bucket of a receive buffer's bytes."""

    def __init__(self) -> None:
        self._level = 0.0
        self._seen = 0.0

    def add(self, size: int, now: float) -> None:
        """Note that a packet of `size` bytes is sent at `now` (seconds)."""
        self._level = self._level_at(now) + size + PACKET_BYTES
        self._seen = now

    def wait(self, now: float) -> float:
        """Return the seconds after `now` until the next packet may be sent."""
        return max(0.0, (self._level_at(now) - BURST_BYTES) / BYTES_PER_SECOND)

    def _level_at(self, now: float) -> float:
        return max(0.0, self._level - (now - self._seen) * BYTES_PER_SECOND)


class Datagrams(asyncio.DatagramProtocol):
    """The UDP side: hands datagrams on, and takes them back.

    Parameters
    ----------
    receive : Receive
        Is given every datagram.
    """

    _transport: asyncio.DatagramTransport

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._full = False

    @property
    def port(self) -> int:
        """The port it listens on."""
        return int(self._transport.get_extra_info("sockname")[1])

    def send(self, packet: bytes, peer: Peer) -> bool:
        """Send a datagram; tell whether the system took it or will soon."""
        if self._full or self._transport.is_closing():
            return False
        self._transport.sendto(packet, (peer.host, peer.port))
        return True

    def close(self) -> None:
        """Stop listening."""
        self._transport.close()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Remember the way out (called by the event loop)."""
        self._transport = cast("asyncio.DatagramTransport", transport)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        """Hand a datagram on (called by the event loop)."""
        self._receive(data, Peer("udp", *addr[:2]))

    def error_received(self, exc: Exception) -> None:
        """Go on: Windows says here that a client closed its port (called by the event loop)."""
        _log.debug("a datagram was not delivered: %s", exc)

    def pause_writing(self) -> None:
        """Take no more for now (called by the event loop)."""
        self._full = True

    def resume_writing(self) -> None:
        """Take more again (called by the event loop)."""
        self._full = False


class Wire:
    """The open endpoint; made by `listen`.

    Parameters
    ----------
    datagrams : Datagrams
        The UDP side.
    server : asyncio.Server
        The TCP side.
    streams : Streams
        Its clients.
    """

    def __init__(self, datagrams: Datagrams, server: asyncio.Server, streams: Streams) -> None:
        self._datagrams = datagrams
        self._server = server
        self._streams = streams
        self._pace = Pace()

    @property
    def port(self) -> int:
        """The port of both, which the system chose where 0 was asked for."""
        return self._datagrams.port

    def send(self, packet: bytes, peer: Peer) -> bool:
        """Send one packet now.

        Parameters
        ----------
        packet : bytes
            An OSC packet.
        peer : Peer
            To whom.

        Returns
        -------
        bool
            False where it is known not to arrive: the client is gone or does not read.
        """
        if peer.kind == "tcp":
            return self._streams.send(packet, peer)
        self._pace.add(len(packet), time.monotonic())
        return self._datagrams.send(packet, peer)

    async def send_paced(self, packets: Iterable[bytes], peer: Peer) -> bool:
        """Send many packets as fast as the client can be expected to read them.

        Others are served between any two packets, and each is made only when its turn comes.

        Parameters
        ----------
        packets : iterable of bytes
            OSC packets in order.
        peer : Peer
            To whom.

        Returns
        -------
        bool
            False where one is known not to arrive; what follows it is not sent.
        """
        for packet in packets:
            if peer.kind == "tcp":
                await self._streams.drained(peer)
                await asyncio.sleep(0)
            else:
                await asyncio.sleep(self._pace.wait(time.monotonic()))
            if not self.send(packet, peer):
                return False
        return True

    async def close(self) -> None:
        """Close both sides; what was sent over TCP has a moment to be read."""
        self._server.close()
        await self._streams.close()
        await self._server.wait_closed()
        self._datagrams.close()
        await asyncio.sleep(0)  # the transport closes its socket in the next turn of the loop


async def listen(receive: Receive, port: int = PORT, host: str = HOST) -> Wire:
    """Open the endpoint, UDP and TCP or neither.

    Parameters
    ----------
    receive : Receive
        Is given every packet and who sent it.
    port : int
        0 lets the system choose.
    host : str
        Only 127.0.0.1 will do: what bandmate may read and write is nobody else's.

    Returns
    -------
    Wire
        To be closed when done.

    Raises
    ------
    SettingError
        Where the host or the port is none that can be.
    MusicianError
        Where the port is taken or may not be used.
    """
    if host != HOST:
        raise SettingError(f"The host is {host[:80]!r}; bandmate listens on {HOST} only.")
    if not 0 <= port <= 65_535:
        raise SettingError(f"The port is {port}; it takes 0 to 65535.")
    datagram, stream = _pair(port)
    streams = Streams(receive)
    loop = asyncio.get_running_loop()
    _, datagrams = await loop.create_datagram_endpoint(lambda: Datagrams(receive), sock=datagram)
    server = await asyncio.start_server(streams.talk, sock=stream)
    return Wire(datagrams, server, streams)


def _pair(port: int) -> tuple[socket.socket, socket.socket]:
    """Bind UDP and TCP to one port; where the system chooses, try until both are free."""
    for _ in range(_ATTEMPTS):
        datagram = _bound(socket.SOCK_DGRAM, port)
        try:
            return datagram, _bound(socket.SOCK_STREAM, datagram.getsockname()[1])
        except MusicianError:
            datagram.close()
            if port:
                raise
    raise MusicianError(f"No port of {HOST} is free for both UDP and TCP.")


def _bound(kind: socket.SocketKind, port: int) -> socket.socket:
    """Bind a socket that shares its port with nobody."""
    made = socket.socket(socket.AF_INET, kind)
    try:
        if sys.platform == "win32":
            made.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        elif kind is socket.SOCK_STREAM:
            # Past connections do not hold the port; a second listener is refused all the same.
            made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.setblocking(False)
        made.bind((HOST, port))
        if kind is socket.SOCK_STREAM:
            made.listen(MAX_CLIENTS)
    except OSError as error:
        made.close()
        raise _refusal(error, port) from None
    return made


def _refusal(error: OSError, port: int) -> MusicianError:
    """Say why a port cannot be had."""
    if error.errno == errno.EADDRINUSE or sys.platform == "win32":
        return MusicianError(
            f"Port {port} of {HOST} is taken: is another bandmate running? "
            "End it, or choose another port with --osc-port."
        )
    return MusicianError(f"Port {port} of {HOST} cannot be used: {error.strerror}.")
