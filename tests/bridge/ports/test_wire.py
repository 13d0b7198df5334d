import asyncio
import socket
import time
from collections.abc import Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, TypeVar

import pytest

from assistant.errors import MusicianError, SettingError
from bridge.osc.guard import MAX_STREAM_PACKET
from bridge.osc.replies import datagrams, suggestion
from bridge.osc.thin import Said, unpack
from bridge.ports import streams
from bridge.ports.peer import Peer
from bridge.ports.wire import (
    BURST_BYTES,
    BYTES_PER_SECOND,
    HOST,
    PACKET_BYTES,
    Datagrams,
    Pace,
    Wire,
    listen,
)

T = TypeVar("T")
NOTES = 10_000


class Echo:
    """An endpoint that sends everything back and remembers it."""

    def __init__(self) -> None:
        self.heard: list[tuple[bytes, Peer]] = []
        self.wire: Wire | None = None

    def receive(self, packet: bytes, peer: Peer) -> None:
        self.heard.append((packet, peer))
        if self.wire is not None:
            self.wire.send(packet, peer)


@asynccontextmanager
async def echo():  # type: ignore[no-untyped-def]  # an async generator of (Wire, Echo)
    ear = Echo()
    ear.wire = await listen(ear.receive, 0)
    try:
        yield ear.wire, ear
    finally:
        await ear.wire.close()


class Stream:
    """A TCP client."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    def say(self, packet: bytes) -> None:
        self.writer.write(len(packet).to_bytes(4, "big") + packet)

    async def hear(self) -> bytes:
        size = int.from_bytes(await self.reader.readexactly(4), "big")
        return await self.reader.readexactly(size)

    async def last_words(self) -> list[Said]:
        """Return the arguments of the error that came before the connection was closed."""
        ((address, arguments),) = unpack(await self.hear())
        assert address == "/bandmate/error"
        assert await self.reader.read() == b""
        return arguments

    async def close(self) -> None:
        self.writer.close()
        await self.writer.wait_closed()


async def connect(wire: Wire) -> Stream:
    return Stream(*await asyncio.open_connection(HOST, wire.port))


def udp() -> socket.socket:
    client = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    client.setblocking(False)
    client.bind((HOST, 0))
    return client


async def hear(client: socket.socket) -> bytes:
    loop = asyncio.get_running_loop()
    return await asyncio.wait_for(loop.sock_recv(client, 65_536), 5)


def run(work: Callable[[Wire, Echo], Awaitable[T]]) -> T:
    """Run work beside an echo, in 20 seconds at most."""

    async def main() -> T:
        async with asyncio.timeout(20), echo() as (wire, ear):
            return await work(wire, ear)

    return asyncio.run(main())


def melody(count: int) -> list[bytes]:
    notes = [
        {"track": "piano", "pitch": 60.0, "start": i / 4, "length": 0.25, "velocity": 90}
        for i in range(count)
    ]
    nothing: dict[str, Any] = {"files": {}, "measured": {}, "chords": [], "moves": []}
    event = {"n": 1, "title": "t", "why": "w", "confidence": 0.5, "file": "", **nothing}
    return list(datagrams(suggestion("a", {**event, "notes": notes})))


def test_udp_goes_there_and_back() -> None:
    async def work(wire: Wire, ear: Echo) -> None:
        with udp() as client:
            client.sendto(b"", (HOST, wire.port))
            for packet in (b"/a\0\0", b"x" * 60_000):
                client.sendto(packet, (HOST, wire.port))
                assert await hear(client) == packet
            assert [packet for packet, _ in ear.heard] == [b"", b"/a\0\0", b"x" * 60_000]
            assert {peer for _, peer in ear.heard} == {Peer("udp", *client.getsockname())}

    run(work)


def test_replies_can_go_to_another_port() -> None:
    async def work(wire: Wire, ear: Echo) -> None:
        with udp() as client:
            assert wire.send(b"/b\0\0", Peer("udp", HOST, client.getsockname()[1]))
            assert await hear(client) == b"/b\0\0"

    run(work)


def test_tcp_goes_there_and_back_however_it_is_cut() -> None:
    async def work(wire: Wire, ear: Echo) -> None:
        client = await connect(wire)
        packets = [b"/a\0\0", b"x" * MAX_STREAM_PACKET, b"/b\0\0,\0\0\0"]
        for packet in packets:
            client.say(packet)
        assert [await client.hear() for _ in packets] == packets
        for byte in b"\0\0\0\4/c\0\0":
            client.writer.write(bytes([byte]))
            await asyncio.sleep(0.002)
        assert await client.hear() == b"/c\0\0"
        peer = Peer("tcp", *client.writer.get_extra_info("sockname"))
        assert {each for _, each in ear.heard} == {peer}
        await client.close()

    run(work)


@pytest.mark.parametrize("size", [0, -4, 6, MAX_STREAM_PACKET + 4, 2**31 - 4])
def test_a_wrong_length_ends_the_connection_with_a_reason(size: int) -> None:
    async def work(wire: Wire, ear: Echo) -> None:
        client = await connect(wire)
        client.writer.write(size.to_bytes(4, "big", signed=True) + b"more")
        id_, code, text = await client.last_words()
        assert (id_, code) == ("", "words")
        assert f"A packet of {size} bytes was announced" in str(text)
        assert ear.heard == []
        await client.close()

    run(work)


def test_a_web_page_gets_nowhere() -> None:
    async def work(wire: Wire, ear: Echo) -> None:
        client = await connect(wire)
        client.writer.write(b"POST /bandmate/status HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n" * 99)
        assert (await client.last_words())[1] == "words"
        assert ear.heard == []
        await client.close()

    run(work)


def test_a_packet_that_does_not_end_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "PACKET_SECONDS", 0.2)

    async def work(wire: Wire, ear: Echo) -> None:
        client = await connect(wire)
        client.writer.write(b"\0\0\0\x08/a\0\0")
        assert "No whole packet came in time" in str((await client.last_words())[2])
        await client.close()

    run(work)


def test_a_client_must_say_something_and_may_then_be_silent(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(streams, "FIRST_PACKET_SECONDS", 0.2)
    monkeypatch.setattr(streams, "PACKET_SECONDS", 0.2)

    async def work(wire: Wire, ear: Echo) -> None:
        silent, polite = await connect(wire), await connect(wire)
        polite.say(b"/a\0\0")
        assert await polite.hear() == b"/a\0\0"
        assert "No whole packet came in time" in str((await silent.last_words())[2])
        await asyncio.sleep(0.4)
        polite.say(b"/b\0\0")
        assert await polite.hear() == b"/b\0\0"
        await silent.close()
        await polite.close()

    run(work)


def test_one_client_too_many_is_told_so_and_a_place_is_given_back() -> None:
    async def work(wire: Wire, ear: Echo) -> None:
        clients = [await connect(wire) for _ in range(streams.MAX_CLIENTS)]
        for client in clients:
            client.say(b"/a\0\0")
            await client.hear()
        late = await connect(wire)
        late.say(b"/a\0\0")
        assert (await late.last_words())[1:] == [
            "busy",
            "There are 16 TCP clients; close one, or use UDP.",
        ]
        await clients.pop().close()
        await asyncio.sleep(0.05)
        again = await connect(wire)
        again.say(b"/b\0\0")
        assert await again.hear() == b"/b\0\0"
        for client in (*clients, late, again):
            await client.close()

    run(work)


def test_a_client_that_does_not_read_is_cut_off() -> None:
    async def work(wire: Wire, ear: Echo) -> None:
        client = await connect(wire)
        client.writer.transport.pause_reading()  # type: ignore[attr-defined]
        client.say(b"/a\0\0")
        while not ear.heard:
            await asyncio.sleep(0.01)
        _, peer = ear.heard[0]
        sent = 0
        while wire.send(b"x" * 60_000, peer):
            sent += 60_000
            assert sent < 30_000_000
            await asyncio.sleep(0)
        assert not wire.send(b"/b\0\0", peer)
        client.writer.transport.abort()

    run(work)


def test_a_client_that_left_is_not_written_to() -> None:
    async def work(wire: Wire, ear: Echo) -> None:
        client = await connect(wire)
        client.say(b"/a\0\0")
        await client.hear()
        await client.close()
        await asyncio.sleep(0.05)
        assert not wire.send(b"/b\0\0", ear.heard[0][1])
        assert not await wire.send_paced([b"/b\0\0"] * 3, ear.heard[0][1])

    run(work)


def test_one_who_talks_does_not_keep_others_waiting() -> None:
    async def work(wire: Wire, ear: Echo) -> None:
        loud, quiet = await connect(wire), await connect(wire)
        loud.writer.write(b"\0\0\0\4/a\0\0" * 20_000)
        quiet.say(b"/b\0\0")
        assert await quiet.hear() == b"/b\0\0"
        assert len(ear.heard) < 20_000
        loud.writer.transport.abort()
        await quiet.close()

    run(work)


def test_an_undelivered_datagram_is_no_end() -> None:
    heard: list[bytes] = []
    side = Datagrams(lambda packet, _: heard.append(packet))
    side.error_received(ConnectionResetError(10054, "as Windows says"))
    side.datagram_received(b"/a\0\0", (HOST, 9))
    assert heard == [b"/a\0\0"]


def test_a_full_way_out_takes_nothing_more() -> None:
    side = Datagrams(lambda *_: None)
    side.pause_writing()
    assert not side.send(b"/a\0\0", Peer("udp", HOST, 9))


@pytest.mark.parametrize(
    "packets", [melody(NOTES), [b"/a\0\0" * 25] * 1000], ids=["bundles", "small packets"]
)
def test_everything_reaches_a_udp_client_that_looks_ten_times_a_second(
    packets: list[bytes],
) -> None:
    async def work(wire: Wire, ear: Echo) -> None:
        heard: list[bytes] = []
        with udp() as client:
            peer = Peer("udp", *client.getsockname())
            sending = asyncio.create_task(wire.send_paced(packets, peer))
            while not sending.done():
                await asyncio.sleep(0.1)
                heard += drain(client)
            assert sending.result()
            heard += drain(client)
        assert heard == packets

    run(work)


def drain(client: socket.socket) -> list[bytes]:
    found = []
    while True:
        try:
            found.append(client.recv(65_536))
        except BlockingIOError:
            return found


def test_others_are_served_while_notes_are_sent() -> None:
    async def work(wire: Wire, ear: Echo) -> None:
        with udp() as reader, udp() as other:
            peer = Peer("udp", *reader.getsockname())
            sending = asyncio.create_task(wire.send_paced(melody(NOTES), peer))
            waits = []
            while not sending.done():
                began = time.perf_counter()
                other.sendto(b"/a\0\0", (HOST, wire.port))
                await hear(other)
                waits.append(time.perf_counter() - began)
                drain(reader)
                await asyncio.sleep(0.005)
            assert len(waits) > 20
            assert sorted(waits)[len(waits) // 2] < 0.01

    run(work)


def test_all_notes_reach_a_tcp_client_that_reads_slowly() -> None:
    async def work(wire: Wire, ear: Echo) -> None:
        packets = melody(3 * NOTES)
        client = await connect(wire)
        client.say(b"/a\0\0")
        await client.hear()
        sending = asyncio.create_task(wire.send_paced(packets, ear.heard[0][1]))
        await asyncio.sleep(0.3)
        heard = [await client.hear() for _ in packets]
        assert heard == packets
        assert await sending
        await client.close()

    run(work)


def test_a_tcp_client_that_never_reads_ends_the_sending(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "READING_SECONDS", 0.2)

    async def work(wire: Wire, ear: Echo) -> None:
        client = await connect(wire)
        client.say(b"/a\0\0")
        await client.hear()
        client.writer.transport.pause_reading()  # type: ignore[attr-defined]
        assert not await wire.send_paced([b"x" * 60_000] * 500, ear.heard[0][1])
        client.writer.transport.abort()

    run(work)


def test_the_pace_allows_a_burst_and_then_its_rate() -> None:
    pace = Pace()
    sent = 0
    while not pace.wait(5.0):
        pace.add(100, 5.0)
        sent += 1
    assert sent == BURST_BYTES // (100 + PACKET_BYTES) + 1
    assert pace.wait(5.0) == pytest.approx((100 + PACKET_BYTES) / BYTES_PER_SECOND)
    assert pace.wait(5.1) == 0.0
    pace.add(100, 100.0)
    assert pace.wait(100.0) == 0.0


@pytest.mark.parametrize("host", ["0.0.0.0", "", "localhost", "::1", "192.168.1.2"])  # noqa: S104
def test_no_other_host_will_do(host: str) -> None:
    with pytest.raises(SettingError, match=r"bandmate listens on 127\.0\.0\.1 only"):
        asyncio.run(listen(lambda *_: None, 0, host))


@pytest.mark.parametrize("port", [-1, 65_536])
def test_a_port_that_cannot_be(port: int) -> None:
    with pytest.raises(SettingError, match="it takes 0 to 65535"):
        asyncio.run(listen(lambda *_: None, port))


def test_two_do_not_share_a_port() -> None:
    async def work(wire: Wire, ear: Echo) -> None:
        with pytest.raises(MusicianError, match=f"Port {wire.port} .* is another bandmate running"):
            await listen(ear.receive, wire.port)
        client = await connect(wire)
        client.say(b"/a\0\0")
        assert await client.hear() == b"/a\0\0"
        await client.close()

    run(work)


@pytest.mark.parametrize(
    ("kind", "other"),
    [(socket.SOCK_DGRAM, socket.SOCK_STREAM), (socket.SOCK_STREAM, socket.SOCK_DGRAM)],
)
def test_both_sides_or_neither(kind: socket.SocketKind, other: socket.SocketKind) -> None:
    with socket.socket(socket.AF_INET, kind) as taken:
        taken.bind((HOST, 0))
        if kind is socket.SOCK_STREAM:
            taken.listen()
        with pytest.raises(MusicianError, match="is taken"):
            asyncio.run(listen(lambda *_: None, taken.getsockname()[1]))
        with socket.socket(socket.AF_INET, other) as free:
            free.bind(taken.getsockname())


def test_closing_says_goodbye_and_frees_the_port() -> None:
    async def main() -> None:
        ear = Echo()
        ear.wire = await listen(ear.receive, 0)
        client = await connect(ear.wire)
        client.say(b"/a\0\0")
        await client.hear()
        port = ear.wire.port
        ear.wire.send(b"/z\0\0", ear.heard[0][1])
        await ear.wire.close()
        assert await client.hear() == b"/z\0\0"
        assert await client.reader.read() == b""
        await client.close()
        assert not ear.wire.send(b"/a\0\0", Peer("udp", HOST, 9))
        again = await listen(ear.receive, port)
        await again.close()

    asyncio.run(main())


def test_closing_does_not_wait_for_those_who_do_not_read() -> None:
    async def main() -> float:
        ear = Echo()
        ear.wire = await listen(ear.receive, 0)
        client = await connect(ear.wire)
        client.writer.transport.pause_reading()  # type: ignore[attr-defined]
        client.say(b"/a\0\0")
        while not ear.heard:
            await asyncio.sleep(0.01)
        for _ in range(100):
            ear.wire.send(b"x" * 60_000, ear.heard[0][1])
        began = time.monotonic()
        await ear.wire.close()
        client.writer.transport.abort()
        return time.monotonic() - began

    assert asyncio.run(main()) < streams.CLOSING_SECONDS + 1.0
