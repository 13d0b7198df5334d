"""OSC over TCP: every packet has its length before it, as a big-endian int32 (OSC 1.0)."""

from __future__ import annotations

import asyncio
import logging

from assistant.errors import BandmateError, Busy, WordsError
from bridge.osc.guard import MAX_STREAM_PACKET
from bridge.osc.replies import encode
from bridge.ports.peer import Peer, Receive

__all__ = ["MAX_CLIENTS", "MAX_UNREAD", "Streams"]

MAX_CLIENTS = 16
MAX_UNREAD = 1 << 20
"""Bytes kept for a client that does not read; one more and it is cut off."""
FIRST_PACKET_SECONDS = 10.0
PACKET_SECONDS = 5.0
READING_SECONDS = 10.0
CLOSING_SECONDS = 1.0

_log = logging.getLogger(__name__)


class Streams:
    """The TCP clients that are connected.

    A client must say something soon after it connected and must finish a packet that it began;
    between packets it may be silent as long as it likes.

    Parameters
    ----------
    receive : Receive
        Is given every packet that arrives whole.
    """

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._writers: dict[Peer, asyncio.StreamWriter] = {}
        self._talks: set[asyncio.Task[None]] = set()

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one client from its connection to its end."""
        peer = Peer("tcp", *writer.get_extra_info("peername")[:2])
        talk = asyncio.current_task()
        if talk is not None:
            self._talks.add(talk)
            talk.add_done_callback(self._talks.discard)
        try:
            await self._admit(reader, writer, peer)
        except BandmateError as error:
            await _dismiss(reader, writer, encode("error", "", error.code, str(error)))
        except (ConnectionError, asyncio.IncompleteReadError):
            _log.debug("%s is gone", peer)
        finally:
            if self._writers.get(peer) is writer:
                del self._writers[peer]
            writer.close()

    def send(self, packet: bytes, peer: Peer) -> bool:
        """Send a packet to a client.

        Returns
        -------
        bool
            Whether it is still connected; one that leaves `MAX_UNREAD` unread is cut off.
        """
        writer = self._writers.get(peer)
        if writer is None or writer.is_closing():
            return False
        if writer.transport.get_write_buffer_size() + len(packet) > MAX_UNREAD:
            _log.warning("%s does not read; it is cut off", peer)
            writer.transport.abort()
            return False
        _write(writer, packet)
        return True

    async def drained(self, peer: Peer) -> None:
        """Wait until a client has read most of what was sent, or cut it off."""
        writer = self._writers.get(peer)
        if writer is None:
            return
        try:
            async with asyncio.timeout(READING_SECONDS):
                await writer.drain()
        except TimeoutError:
            _log.warning("%s does not read; it is cut off", peer)
            writer.transport.abort()
        except ConnectionError:
            _log.debug("%s is gone", peer)

    async def close(self) -> None:
        """Close every connection, with a moment to read what was said."""
        for writer in self._writers.values():
            writer.close()
        if self._talks:
            _, unread = await asyncio.wait(set(self._talks), timeout=CLOSING_SECONDS)
            for writer in self._writers.values():
                writer.transport.abort()
            await asyncio.gather(*unread, return_exceptions=True)

    async def _admit(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, peer: Peer
    ) -> None:
        """Read packets until the client goes; refuse it where there are too many."""
        if len(self._writers) >= MAX_CLIENTS:
            raise Busy(f"There are {MAX_CLIENTS} TCP clients; close one, or use UDP.")
        self._writers[peer] = writer
        patience: float | None = FIRST_PACKET_SECONDS
        while True:
            packet = await _read(reader, patience)
            self._receive(packet, peer)
            patience = None
            await asyncio.sleep(0)  # a client that says much must not keep the others waiting


async def _read(reader: asyncio.StreamReader, patience: float | None) -> bytes:
    """Read one packet, waiting `patience` seconds for its first byte."""
    try:
        async with asyncio.timeout(patience):
            first = await reader.readexactly(1)
        async with asyncio.timeout(PACKET_SECONDS):
            size = int.from_bytes(first + await reader.readexactly(3), "big", signed=True)
            if not 0 < size <= MAX_STREAM_PACKET or size % 4:
                raise WordsError(
                    f"A packet of {size} bytes was announced; over TCP each has its length before "
                    f"it as a big-endian int32, a multiple of 4 up to {MAX_STREAM_PACKET}."
                )
            return await reader.readexactly(size)
    except TimeoutError:
        raise WordsError("No whole packet came in time; connect again when it is ready.") from None


async def _dismiss(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, packet: bytes
) -> None:
    """Say a last word and wait a moment: closing on unread bytes would take it back."""
    _write(writer, packet)
    try:
        writer.write_eof()
        async with asyncio.timeout(CLOSING_SECONDS):
            while await reader.read(MAX_STREAM_PACKET):
                pass
    except (TimeoutError, OSError):
        _log.debug("a client was dismissed that did not go by itself")


def _write(writer: asyncio.StreamWriter, packet: bytes) -> None:
    writer.write(len(packet).to_bytes(4, "big") + packet)
