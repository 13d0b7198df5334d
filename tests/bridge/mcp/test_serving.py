"""The door as an assistant finds it: a process of its own, over a pipe and over HTTP."""

from __future__ import annotations

import asyncio
import json
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from subprocess import PIPE

import anyio
import httpx2
import pytest
from mcp import Client, StdioServerParameters
from mcp.client.streamable_http import streamable_http_client

from bridge import places
from tests.bridge.mcp.doors import DUMMIES, SECONDS, environment

WORDS = ("-m", "bridge", "mcp", "--stages", DUMMIES)
PING = {"jsonrpc": "2.0", "id": 1, "method": "ping"}
HELLO = {
    "protocolVersion": "2025-06-18",
    "capabilities": {},
    "clientInfo": {"name": "tests", "version": "1"},
}
NAP = {"name": "dummy", "arguments": {"do": "native", "seconds": 600}}
NAPPING = (
    {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": HELLO},
    {"jsonrpc": "2.0", "method": "notifications/initialized"},
    {
        "jsonrpc": "2.0",
        "id": 2,
        "method": "tools/call",
        "params": {**NAP, "_meta": {"progressToken": "nap"}},
    },
)


async def converse(client: Client) -> None:
    """List, ask, hear progress, cancel what holds both slots, and ask again."""
    tools = {tool.name for tool in (await client.list_tools()).tools}
    assert {"dummy", "chords", "meter"} <= tools
    heard: list[float] = []
    napping = [anyio.Event(), anyio.Event()]

    async def nap(which: int) -> None:
        async def listen(progress: float, total: float | None, message: str | None) -> None:
            heard.append(progress)
            if message == "doing nap":
                napping[which].set()

        asked = {"do": "nap", "seconds": 600, "seed": which}
        await client.call_tool("dummy", asked, progress_callback=listen)

    async with anyio.create_task_group() as group:
        for which in range(2):
            group.start_soon(nap, which)
        for one in napping:
            await one.wait()
        group.cancel_scope.cancel()
    assert heard
    result = await client.call_tool("dummy", {"do": "notes", "size": 3, "count": 1})
    assert not result.is_error
    assert result.structured_content is not None
    assert len(result.structured_content["suggestions"][0]["notes"]) == 3


def test_an_assistant_starts_it_and_talks_over_the_pipe(home: Path) -> None:
    async def test() -> None:
        words = [*WORDS, "--root", str(home)]
        started = StdioServerParameters(command=sys.executable, args=words, env=environment())
        async with Client(started) as client:
            await converse(client)

    asyncio.run(asyncio.wait_for(test(), SECONDS))


def test_it_ends_when_the_pipe_does() -> None:
    words = [sys.executable, *WORDS]
    ended = subprocess.run(words, input=b"", capture_output=True, env=environment(), check=False)
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, b"", b"")


@pytest.mark.parametrize("closed", ["stdin", "stdout", "stdin stdout"])
def test_it_ends_with_its_workers_when_the_assistant_is_gone(closed: str) -> None:
    """An assistant that was killed reads no more: progress then finds a pipe that is broken."""
    words = [sys.executable, *WORDS]
    with subprocess.Popen(
        words, stdin=PIPE, stdout=PIPE, stderr=PIPE, env=environment()
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        napping = NAPPING[2]
        nap = {"do": "nap", "seconds": 0.5, "count": 32}
        asked = {**napping, "params": {**napping["params"], "arguments": nap}}  # type: ignore[dict-item]
        process.stdin.write(
            b"".join(json.dumps(each).encode() + b"\n" for each in (*NAPPING[:2], asked))
        )
        process.stdin.flush()
        while b"doing nap" not in process.stdout.readline():
            pass
        for name in closed.split():
            getattr(process, name).close()
        assert process.wait(20) == 0
        assert process.stderr.read() == b""  # no worker holds the other end


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM"])
def test_a_signal_ends_it_and_its_workers_while_the_pipe_is_open(name: str) -> None:
    """What holds the GIL for minutes does not see that its own pipe has ended."""
    with subprocess.Popen(
        [sys.executable, *WORDS], stdin=PIPE, stdout=PIPE, env=environment()
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(b"".join(json.dumps(each).encode() + b"\n" for each in NAPPING))
        process.stdin.flush()
        while b"doing native" not in process.stdout.readline():
            pass
        process.send_signal(getattr(signal, name))
        assert process.wait(20) == 0
        assert process.stdout.read() == b""  # no worker holds the other end


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """Serve HTTP; return the address, and the token."""
    home = tmp_path_factory.mktemp("served")
    words = [sys.executable, *WORDS, "--http", "--port", "0"]
    own = environment(BANDMATE_HOME=str(home))
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True, env=own) as process:
        assert process.stdout is not None
        url = process.stdout.readline().split()[-1]
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("BANDMATE_HOME", str(home))
            token = places.token().read_text().strip()
        yield url, token
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0


@asynccontextmanager
async def visiting(url: str, token: str) -> AsyncIterator[Client]:
    headers = {"Authorization": f"Bearer {token}"}
    async with (
        httpx2.AsyncClient(headers=headers, timeout=SECONDS, trust_env=False) as http,
        Client(streamable_http_client(url, http_client=http)) as client,
    ):
        yield client


def test_several_assistants_talk_over_http(served: tuple[str, str]) -> None:
    async def one() -> None:
        async with visiting(*served) as client:
            await converse(client)

    async def other() -> None:
        async with visiting(*served) as client:
            assert (await client.read_resource("bandmate://presets")).contents

    async def test() -> None:
        await asyncio.gather(one(), other())

    asyncio.run(asyncio.wait_for(test(), SECONDS))


def test_who_went_away_without_a_word_holds_no_worker(served: tuple[str, str]) -> None:
    """As a client of an older MCP that was killed: it takes both slots with it, else."""
    url, token = served
    headers = {"Accept": "application/json, text/event-stream", "Authorization": f"Bearer {token}"}
    nap = {**NAPPING[2]["params"], "arguments": {"do": "nap", "seconds": 600}}  # type: ignore[dict-item]
    with httpx2.Client(headers=headers, timeout=SECONDS, trust_env=False) as http:
        for _ in range(2):
            begun = http.post(url, json=NAPPING[0])
            session = {"Mcp-Session-Id": begun.headers["mcp-session-id"]}
            http.post(url, json=NAPPING[1], headers=session)
            asked = {**NAPPING[2], "params": nap}
            with http.stream("POST", url, json=asked, headers=session) as answer:
                assert any("doing nap" in line for line in answer.iter_lines())

    async def test() -> None:
        async with visiting(url, token) as client:
            assert not (await client.call_tool("dummy", {"do": "answer"})).is_error

    asyncio.run(asyncio.wait_for(test(), SECONDS))


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Authorization": ""}, 401),
        ({"Authorization": "Bearer wrong"}, 401),
        ({"Authorization": "Basic {token}"}, 401),
        ({"Authorization": "bearer {token}x"}, 401),
        ({"Host": "evil.example"}, 421),
        ({"Host": "127.0.0.1:1"}, 421),
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Content-Type": "text/plain"}, 400),
    ],
)
def test_who_is_not_meant_stays_outside(
    served: tuple[str, str], headers: dict[str, str], status: int
) -> None:
    url, token = served
    brought = {
        "Accept": "application/json, text/event-stream",
        "Content-Type": "application/json",
        "Authorization": f"Bearer {token}",
    }
    brought |= {name: value.format(token=token) for name, value in headers.items()}
    with httpx2.Client(trust_env=False) as http:
        answer = http.post(url, json=PING, headers=brought)
    assert answer.status_code == status
    assert token not in answer.text


def test_who_comes_and_asks_nothing_is_sent_away(served: tuple[str, str]) -> None:
    address = ("127.0.0.1", int(served[0].split(":")[2].partition("/")[0]))

    def dribble(slow: socket.socket) -> None:
        while True:
            slow.sendall(b"X: y\r\n")
            time.sleep(0.05)

    with socket.create_connection(address) as silent, socket.create_connection(address) as slow:
        silent.settimeout(SECONDS)
        slow.sendall(b"POST /mcp HTTP/1.1\r\nHost: a\r\n")
        with suppress(ConnectionResetError):
            assert silent.recv(1) == b""
        with pytest.raises(ConnectionError):
            dribble(slow)


def test_nothing_is_behind_the_door_but_mcp(served: tuple[str, str]) -> None:
    url, token = served
    headers = {"Authorization": f"Bearer {token}"}
    with httpx2.Client(headers=headers, trust_env=False) as http:
        assert http.get(url.removesuffix("mcp")).status_code == 404
        assert http.post(url, content=b"x" * (2 << 20)).status_code in {400, 413}


@pytest.mark.skipif(sys.platform == "win32", reason="modes say nothing there")
def test_only_its_owner_can_read_the_token(served: tuple[str, str], tmp_path: Path) -> None:
    own = environment(BANDMATE_HOME=str(tmp_path))
    words = [sys.executable, *WORDS, "--token"]
    said = subprocess.run(words, capture_output=True, text=True, env=own, check=True).stdout
    (path,) = tmp_path.glob("state/*")
    assert path.read_text() == said
    assert path.stat().st_mode & 0o777 == 0o600
    path.chmod(0o644)
    refused = subprocess.run(words, capture_output=True, text=True, env=own, check=False)
    assert refused.returncode == 2
    assert "Others can read the token" in refused.stderr
    assert said.strip() not in refused.stderr


def test_a_port_that_is_taken_is_said(served: tuple[str, str]) -> None:
    port = served[0].split(":")[2].partition("/")[0]
    words = [sys.executable, *WORDS, "--http", "--port", port]
    told = subprocess.run(words, capture_output=True, text=True, env=environment(), check=False)
    assert told.returncode == 2
    assert told.stderr == (
        f"bandmate: Port {port} of 127.0.0.1 is taken; choose another with --port.\n"
    )
