"""A DAW that is a script behind a real UDP port, and a made-up one with its adapter."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from types import SimpleNamespace
from typing import Any, Protocol, cast

from pythonosc.osc_message_builder import build_msg

from assistant.errors import DawError
from assistant.material import Score
from assistant.moves import Move
from bridge.daws.adapter import Adapter, Clip, Said, Song, Track
from bridge.ports.daw_link import decoded
from bridge.ports.wire import HOST


class Dummy(Protocol):
    """What a DAW says to what it hears."""

    def hear(self, said: Said) -> list[Said]: ...


class Endpoint(asyncio.DatagramProtocol):
    """A dummy behind a port; answers to the port that asked, or to `ear`."""

    def __init__(self, dummy: Dummy, ear: int = 0) -> None:
        self.dummy = dummy
        self.ear = ear
        self.silent = False
        self.heard: list[Said] = []

    @property
    def port(self) -> int:
        return int(self._transport.get_extra_info("sockname")[1])

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.DatagramTransport", transport)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        for one in decoded(data):
            said = Said(one.address, one.values)
            self.heard.append(said)
            if not self.silent:
                self.answer(self.dummy.hear(said), self.ear or addr[1])

    def answer(self, told: list[Said], port: int) -> None:
        each = getattr(self.dummy, "A_BUNDLE", 0)
        packets = [packed(said) for said in told]
        if each:
            packets = [
                bundled(packets[first : first + each]) for first in range(0, len(packets), each)
            ]
        for packet in packets:
            self._transport.sendto(packet, (HOST, port))

    def send_raw(self, packet: bytes, port: int) -> None:
        self._transport.sendto(packet, (HOST, port))

    def close(self) -> None:
        self._transport.close()


def bundled(packets: list[bytes]) -> bytes:
    """Put messages into one packet, as some DAWs do; their dummies say how many: `A_BUNDLE`."""
    parts = (len(packet).to_bytes(4, "big") + packet for packet in packets)
    return b"#bundle\0" + bytes(7) + b"\1" + b"".join(parts)


def packed(said: Said) -> bytes:
    """Encode also what begins with ``#``, as Ardour does."""
    packet = build_msg("/" + said.address[1:], said.values).dgram
    return said.address[:1].encode() + packet[1:]


@asynccontextmanager
async def running(dummy: Dummy, ear: int = 0) -> AsyncIterator[Endpoint]:
    loop = asyncio.get_running_loop()
    _, endpoint = await loop.create_datagram_endpoint(
        lambda: Endpoint(dummy, ear), local_addr=(HOST, 0)
    )
    try:
        yield endpoint
    finally:
        endpoint.close()


def free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


@dataclass
class Made:
    """A made-up DAW: faders by name, and what was put into it."""

    faders: dict[str, float] = field(default_factory=lambda: {"bass": -3.0, "drums": 0.0})
    notes: list[tuple[float, float]] = field(default_factory=list)
    sounds: list[tuple[str, float]] = field(default_factory=list)
    stuck: set[str] = field(default_factory=set)
    shown: list[float] = field(default_factory=list)
    clip: tuple[Any, ...] = ()

    def hear(self, said: Said) -> list[Said]:
        values = said.values
        if said.address == "/get":
            told = [Said("/fader", (n, *one)) for n, one in enumerate(self.faders.items())]
            clip = [Said("/clip", self.clip)] if self.clip else []
            return [*told, *clip, Said("/tempo", (120.0,))]
        if said.address == "/set" and values[0] not in self.stuck:
            self.faders[str(values[0])] = float(cast("float", values[1]))
        elif said.address == "/note":
            self.notes.append((cast("float", values[0]), cast("float", values[1])))
        elif said.address == "/sound":
            self.sounds.append((str(values[0]), cast("float", values[1])))
        elif said.address == "/show":
            self.shown.append(cast("float", values[0]))
        return []


def _ask(song: Song) -> tuple[Said, ...]:
    return () if song.tempo_bpm is not None else (Said("/get"),)


def _hear(song: Song, said: Said) -> Song:
    if said.address == "/fader":
        index, name, gain = said.values
        track = Track(int(cast("int", index)), str(name), float(cast("float", gain)))
        return replace(song, tracks={**song.tracks, track.index: track})
    if said.address == "/tempo":
        return replace(song, tempo_bpm=float(cast("float", said.values[0])))
    if said.address == "/clip":
        start, path, offset, length = cast("tuple[float, str, float, float]", said.values)
        clip = Clip(0, "take", start, 8.0, path, offset, length)
        return replace(song, clip=clip, selected_track=0)
    if said.address == "/trouble":
        return replace(song, trouble=str(said.values[0]))
    if said.address == "/bug":
        raise ValueError("an adapter of poor make")
    return song


def _move(song: Song, move: Move) -> tuple[Said, ...]:
    if move.parameter != "gain_db":
        raise DawError(f"Made cannot set {move.parameter}.")
    if _standing(song, move) is None:
        raise DawError(f"Made has no track {move.target!r}.")
    return (Said("/set", (move.target, move.value)),)


def _standing(song: Song, move: Move) -> float | None:
    found = [track.gain_db for track in song.tracks.values() if track.name == move.target]
    return found[0] if found and move.parameter == "gain_db" else None


def _notes(song: Song, score: Score, at_beats: float) -> tuple[Said, ...]:
    notes = [note for track in score.tracks for note in track.notes]
    return tuple(Said("/note", (at_beats + note.start, note.pitch)) for note in notes)


def _audio(song: Song, path: str, at_beats: float) -> tuple[Said, ...]:
    return (Said("/sound", (path, at_beats)),)


def made_adapter(ear: int = 0, **changes: object) -> Adapter:
    """Return the adapter of `Made`; `ear` is where its answers go."""
    words: dict[str, object] = {
        "TITLE": "Made",
        "LISTENS": 1,
        "HEARS": ear,
        "ask": _ask,
        "hear": _hear,
        "move": _move,
        "standing": _standing,
        "notes": _notes,
        "audio": _audio,
        "progress": lambda fraction, doing: (Said("/show", (fraction, doing)),),
    }
    return cast("Adapter", SimpleNamespace(**words | changes))


class Asker:
    """A client of the desk that keeps what it hears."""

    def __init__(self, key: str = "udp:me") -> None:
        self.key = key
        self.heard: list[tuple[str, tuple[object, ...]]] = []

    def say(self, messages: Any) -> None:
        self.heard += [(message.word, message.arguments) for message in messages]

    def introduce(self, name: str, reply_port: int) -> None:
        self.key = name or self.key

    async def until(self, *words: str, seconds: float = 10.0) -> tuple[str, tuple[object, ...]]:
        """Return the first message of one of these words, and forget all up to it."""
        async with asyncio.timeout(seconds):
            while True:
                for place, one in enumerate(self.heard):
                    if one[0] in words:
                        del self.heard[: place + 1]
                        return one
                await asyncio.sleep(0.005)
