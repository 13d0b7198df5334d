"""The description behind the daemon's port."""

from __future__ import annotations

import asyncio
import json
import socket
from contextlib import closing
from http.client import HTTPConnection
from typing import Any

import pytest

from bridge.osc.table import IN
from bridge.oscquery.door import described
from bridge.ports.web import HOST, bind
from tests.bridge.daw import daemon, daw


def fetched(port: int, target: str) -> Any:
    with closing(HTTPConnection(HOST, port, timeout=20)) as client:
        client.request("GET", target)
        answer = client.getresponse()
        assert answer.status == 200
        assert answer.headers["Content-Type"] == "application/json"
        return json.load(answer)


def a_free_port() -> int:
    with socket.create_server((HOST, 0)) as free:
        return int(free.getsockname()[1])


def test_the_daemon_describes_itself() -> None:
    port = a_free_port()
    with daemon("--http-port", str(port)) as running, daw(running.port) as here:
        here.ask("stages", "s")  # once those are loaded the door is opened
        while True:
            try:
                host = fetched(port, "/?HOST_INFO")
            except OSError:
                continue
            break
        assert host["OSC_PORT"] == running.port
        words = fetched(port, "/bandmate")["CONTENTS"]
        assert set(IN) <= set(words)
        assert "size" in words["dummy"]["CONTENTS"]
        assert running.stop() == 0


def test_a_port_that_is_taken_is_a_warning_and_the_daemon_lives_on() -> None:
    with bind(0, "--http-port") as taken:
        port = taken.getsockname()[1]
        with daemon("--http-port", str(port)) as running, daw(running.port) as here:
            assert here.one("status", "s")[0] == "status"
            assert running.stop() == 0


def test_the_warning_says_which_option_helps(caplog: pytest.LogCaptureFixture) -> None:
    async def test(port: int) -> None:
        async with described(port, 9510) as opened:
            assert opened == 0

    with bind(0, "--http-port") as taken:
        asyncio.run(test(taken.getsockname()[1]))
    (said,) = [record.getMessage() for record in caplog.records if "bandmate" in record.name]
    assert "--http-port" in said
    assert "all else goes on" in said


def test_no_port_is_no_door(caplog: pytest.LogCaptureFixture) -> None:
    async def test() -> int:
        async with described(0, 9510) as opened:
            return opened

    assert asyncio.run(test()) == 0
    assert not caplog.records


def test_the_door_is_closed_at_the_end() -> None:
    async def test() -> int:
        async with described(port, 9510) as opened:
            (await asyncio.open_connection(HOST, opened))[1].close()
            return opened

    port = a_free_port()
    assert asyncio.run(test()) == port
    with pytest.raises(ConnectionError):
        socket.create_connection((HOST, port), timeout=20)
