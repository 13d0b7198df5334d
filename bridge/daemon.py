"""The daemon: wires ears, workers and mouth together, and takes them apart again."""

from __future__ import annotations

import asyncio
import logging
import sys
from collections import OrderedDict, deque
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from assistant import engine
from assistant.errors import MusicianError
from bridge.daw_desk import DawDesk
from bridge.desk import Desk
from bridge.jobs import Limits, Pool
from bridge.osc.calls import decode
from bridge.osc.guard import MAX_DATAGRAM, MAX_STREAM_PACKET
from bridge.osc.replies import Message, datagrams
from bridge.oscquery.door import described
from bridge.ports.wire import Peer, Wire, listen
from bridge.stopping import when_stopped
from bridge.store.journal import Journal

if TYPE_CHECKING:
    from bridge.midi_desk import MidiDesk

__all__ = ["Config", "serve"]

log = logging.getLogger("bandmate.daemon")

MAX_CLIENTS = 256
"""Clients that are remembered; the one unheard of longest is forgotten first."""
AT_ONCE = 32
"""Packets sent before others get a turn; what goes beyond is paced."""


@dataclass(frozen=True)
class Config:
    """How a daemon is run; see ``bandmate serve --help``."""

    port: int
    journal: Path
    version: str
    roots: tuple[Path, ...] = ()
    limits: Limits = Limits()  # noqa: RUF009  frozen
    stages: tuple[str, ...] = ()
    midi: bool = True
    midi_in: str = ""
    midi_out: str = ""
    link: bool = False
    http_port: int = 0
    daws: tuple[tuple[str, int], ...] = ()
    """Names of those to link at the start, and their ports; 0 is the usual one."""


class Line:
    """One client and the way back to it: a `bridge.job_desk.Client`.

    Parameters
    ----------
    wire : Wire
        The endpoint.
    peer : Peer
        Where it spoke from.
    """

    def __init__(self, wire: Wire, peer: Peer) -> None:
        self.key = f"{peer.kind}:{peer.host}:{peer.port}"
        self._wire = wire
        self._peer = peer
        self._outbox: deque[Iterator[bytes]] = deque()
        self._sending: asyncio.Task[None] | None = None

    def introduce(self, name: str, reply_port: int) -> None:
        """Take the name and the reply port of a hello."""
        if name:
            self.key = f"name:{name}"
        if reply_port and self._peer.kind == "udp":
            self._peer = self._peer._replace(port=reply_port)

    def say(self, messages: Iterable[Message]) -> None:
        """Send messages in order: a few at once, many at the pace of their reader."""
        packets = datagrams(messages)
        if self._sending is not None:
            self._outbox.append(packets)
            return
        for count, packet in enumerate(packets, 1):
            self._wire.send(packet, self._peer)
            if count == AT_ONCE:
                self._outbox.append(packets)
                self._sending = asyncio.get_running_loop().create_task(self._send_rest())
                return

    async def _send_rest(self) -> None:
        try:
            while self._outbox:
                await self._wire.send_paced(self._outbox.popleft(), self._peer)
        finally:
            self._sending = None


class Lines:
    """The clients there are, by where they speak from."""

    def __init__(self) -> None:
        self._known: OrderedDict[Peer, Line] = OrderedDict()

    def find(self, wire: Wire, peer: Peer) -> Line:
        """Return the line to a peer."""
        line = self._known.get(peer)
        if line is None:
            line = self._known[peer] = Line(wire, peer)
            if len(self._known) > MAX_CLIENTS:
                self._known.popitem(last=False)
        else:
            self._known.move_to_end(peer)
        return line


async def serve(config: Config) -> int:
    """Run a daemon until SIGINT or SIGTERM.

    Parameters
    ----------
    config : Config
        How.

    Returns
    -------
    int
        0.

    Raises
    ------
    MusicianError
        Where the port is taken or the journal cannot be opened.
    """
    for folder in config.stages:
        engine.add_stages(folder)
    stopped = when_stopped()
    lines, pool, daws = Lines(), Pool(config.limits, config.stages), DawDesk()

    def receive(packet: bytes, peer: Peer) -> None:
        line = lines.find(wire, peer)
        limit = MAX_STREAM_PACKET if peer.kind == "tcp" else MAX_DATAGRAM
        for call in decode(packet, engine.stage_names(), limit):
            desk.hear(line, call)

    wire = await listen(receive, config.port)
    try:
        with closing(Journal(config.journal, wire.port)) as journal:
            cut = journal.resume()
            pool.open()
            opening = asyncio.create_task(asyncio.to_thread(_open_midi, config))
            desk = Desk(pool, journal, config.roots, opening, daws, config.version)
            sys.stdout.write(f"bandmate {config.version} ready on 127.0.0.1:{wire.port}\n")
            sys.stdout.flush()
            if cut:
                log.warning("%d jobs were cut short when bandmate last ended; ask again", cut)
            # Loaded now rather than while the first request waits.
            await asyncio.to_thread(engine.stages)
            linking = asyncio.create_task(_link(daws, config.daws))
            async with described(config.http_port, wire.port):
                await stopped.wait()
            linking.cancel()
            daws.close()
            await asyncio.to_thread((await opening).close)
            await pool.close()
    finally:
        await wire.close()
    return 0


async def _link(daws: DawDesk, wanted: Iterable[tuple[str, int]]) -> None:
    """Link the DAWs that were named; one that is not there yet is asked again when it is needed."""
    for name, port in wanted:
        try:
            await daws.link("", name, port)
        except MusicianError as error:
            log.warning("%s", error)


def _open_midi(config: Config) -> MidiDesk:
    """Open the MIDI ports; what is needed for it is loaded here, off the event loop."""
    from bridge.midi_desk import MidiDesk

    midi = MidiDesk(config.midi_in, config.midi_out, wanted=config.midi, with_link=config.link)
    midi.open()
    return midi
