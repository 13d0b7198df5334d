"""The door of HTTP, with real sockets and clients that mean no good."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest

from assistant.errors import MusicianError, SettingError
from bridge.ports import web
from bridge.ports.web import HOST, MAX_CLIENTS, MAX_HEAD_BYTES, Reply, Web, bind, listen


@dataclass
class Door:
    """An open door in a thread, and what was asked there."""

    port: int = 0
    asked: list[str] = field(default_factory=list)
    reply: Reply = Reply(200, b'{"said": 1}')  # noqa: RUF009

    def answer(self, target: str) -> Reply:
        if target == "/bug":
            raise ValueError("nobody thought of this")
        self.asked.append(target)
        return self.reply

    def open(self) -> socket.socket:
        return socket.create_connection((HOST, self.port), timeout=20)

    def say(self, packet: bytes) -> bytes:
        """Send a packet, and return all that comes back."""
        with self.open() as client:
            client.sendall(packet)
            return heard(client)

    def get(self, target: str = "/", **headers: str) -> bytes:
        fields = {"Host": f"{HOST}:{self.port}", **headers}
        lines = [f"GET {target} HTTP/1.1", *(f"{name}: {said}" for name, said in fields.items())]
        return self.say("\r\n".join([*lines, "", ""]).encode())


def heard(client: socket.socket) -> bytes:
    said = b""
    while read := client.recv(65_536):
        said += read
    return said


def status(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1])


@contextmanager
def opened(door: Door) -> Iterator[Web]:
    """Run a door in a thread of its own."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    made = asyncio.run_coroutine_threadsafe(listen(door.answer, 0, "--http-port"), loop).result(20)
    door.port = made.port
    try:
        yield made
    finally:
        asyncio.run_coroutine_threadsafe(made.close(), loop).result(20)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(20)
        loop.close()


@pytest.fixture
def door() -> Iterator[Door]:
    made = Door()
    with opened(made):
        yield made


def test_a_get_is_answered_and_the_door_closed(door: Door) -> None:
    head, _, body = door.get("/bandmate?TYPE").partition(b"\r\n\r\n")
    assert head.split(b"\r\n")[0] == b"HTTP/1.1 200 OK"
    assert b"Content-Type: application/json" in head
    assert b"Content-Length: 11" in head
    assert b"Connection: close" in head
    assert body == b'{"said": 1}'
    assert door.asked == ["/bandmate?TYPE"]


@pytest.mark.parametrize("name", [HOST, "localhost", "LOCALHOST:{port}", "localhost:{port}"])
def test_we_are_called_by_our_names(door: Door, name: str) -> None:
    assert status(door.get(Host=name.format(port=door.port))) == 200


@pytest.mark.parametrize("name", ["evil.example", "127.0.0.1:1", "127.0.0.1.evil.example", "[::1]"])
def test_who_calls_us_otherwise_is_sent_away(door: Door, name: str) -> None:
    assert status(door.get(Host=name)) == 421
    assert not door.asked


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "https://localhost", ""])
def test_a_page_from_elsewhere_is_sent_away(door: Door, origin: str) -> None:
    assert status(door.get(Origin=origin)) == 403
    assert not door.asked


def test_a_page_of_our_own_is_answered(door: Door) -> None:
    assert status(door.get(Origin=f"http://localhost:{door.port}")) == 200


@pytest.mark.parametrize("method", ["POST", "HEAD", "PUT", "DELETE", "OPTIONS", "CONNECT"])
def test_there_is_nothing_but_get(door: Door, method: str) -> None:
    body = b"x" * 100_000
    head = f"{method} / HTTP/1.1\r\nHost: localhost\r\nContent-Length: {len(body)}\r\n\r\n"
    answer = door.say(head.encode() + body)
    assert status(answer) == 405
    assert b"Allow: GET" in answer
    assert not door.asked


@pytest.mark.parametrize(
    "packet",
    [
        b"\r\n\r\n",
        b"hello\r\n\r\n",
        b"GET / HTTP/2\r\nHost: localhost\r\n\r\n",
        b"GET  / HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"GET http://localhost/ HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"GET / HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\n folded\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost : localhost\r\n\r\n",
        b"GET /\x00 HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"GET /\xff HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"GET / HTTP/1.1\nHost: localhost\n\n\r\n\r\n",
    ],
)
def test_what_is_no_request_is_refused(door: Door, packet: bytes) -> None:
    assert status(door.say(packet)) == 400
    assert not door.asked


def test_a_head_has_an_end(door: Door) -> None:
    long = b"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + b"x" * (8 * MAX_HEAD_BYTES)
    assert status(door.say(long + b"\r\n\r\n")) == 431
    many = b"GET / HTTP/1.1\r\n" + b"X: x\r\n" * MAX_HEAD_BYTES
    assert status(door.say(many + b"\r\n")) == 431
    assert not door.asked


def test_half_a_head_gets_no_answer_but_an_error(door: Door) -> None:
    with door.open() as client:
        client.sendall(b"GET / HT")
        client.shutdown(socket.SHUT_WR)
        assert status(heard(client)) == 400


def test_a_client_that_is_slow_is_sent_away(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web, "HEAD_SECONDS", 0.1)
    with door.open() as slow:
        slow.sendall(b"GET / HTTP/1.1\r\n")
        assert status(heard(slow)) == 408


def test_who_is_silent_keeps_nobody_waiting(door: Door) -> None:
    with door.open(), door.open() as other:
        other.sendall(b"GET")
        assert status(door.get()) == 200


def test_there_is_room_for_so_many_and_again_when_they_leave(door: Door) -> None:
    guests = [door.open() for _ in range(MAX_CLIENTS)]
    try:
        assert status(door.get()) == 503
    finally:
        for guest in guests:
            guest.close()
    deadline = time.monotonic() + 20
    while status(door.get()) != 200:
        assert time.monotonic() < deadline


def test_a_client_that_does_not_read_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web, "READ_SECONDS", 0.1)
    body = b" " * (64 << 20)
    door = Door(reply=Reply(200, body))
    with opened(door) as inside, door.open() as deaf:
        deaf.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
        deadline = time.monotonic() + 20
        while not door.asked or inside._clients:
            assert time.monotonic() < deadline
            time.sleep(0.01)
        assert len(heard(deaf)) < len(body)


def test_a_reply_without_a_body_says_no_length(door: Door) -> None:
    door.reply = Reply(204)
    answer = door.get()
    assert answer.startswith(b"HTTP/1.1 204 No Content\r\n")
    assert b"Content-Length" not in answer
    assert answer.endswith(b"\r\n\r\n")


def test_a_bug_of_ours_is_a_500_and_the_door_stays_open(
    door: Door, caplog: pytest.LogCaptureFixture
) -> None:
    assert status(door.get("/bug")) == 500
    assert "nobody thought of this" in caplog.text
    assert status(door.get()) == 200


def test_the_door_closes_on_those_inside() -> None:
    door = Door()
    with opened(door):
        guest = door.open()
        assert status(door.get()) == 200
    with guest:
        try:
            assert heard(guest) == b""
        except ConnectionResetError:
            return


def test_a_port_is_nobody_elses() -> None:
    with bind(0, "--http-port") as taken:
        port = taken.getsockname()[1]
        with pytest.raises(MusicianError, match=f"Port {port} .* taken.*--http-port"):
            bind(port, "--http-port")
        assert taken.getsockname()[0] == HOST


@pytest.mark.parametrize("port", [-1, 65_536])
def test_a_port_that_cannot_be_is_refused(port: int) -> None:
    with pytest.raises(SettingError, match="0 to 65535"):
        bind(port, "--port")
