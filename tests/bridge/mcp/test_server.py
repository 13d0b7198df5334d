"""The door as the SDK's own client sees it, in memory and in both eras of the protocol."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from itertools import pairwise
from typing import Any, Literal

import anyio
import mcp_types as types
import pytest
from mcp import Client
from mcp.shared.exceptions import MCPError

from assistant import engine
from bridge.mcp.schema import stage_schema
from bridge.mcp.server import build, teller
from bridge.mcp.workshop import MAX_METERS
from tests.bridge.mcp.doors import Shop, shop

Era = Literal["auto", "legacy"]


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    with shop(tmp_path_factory.mktemp("shop"), slots=1) as opened:
        yield opened


@pytest.fixture(params=["auto", "legacy"])
def era(request: pytest.FixtureRequest) -> Era:
    chosen: Era = request.param
    return chosen


def call(here: Shop, name: str, arguments: dict[str, Any] | None = None) -> types.CallToolResult:
    async def test() -> types.CallToolResult:
        async with Client(build(here.workshop)) as client:
            return await client.call_tool(name, arguments)

    return here.run(test())


def text(result: types.CallToolResult) -> str:
    (said,) = result.content
    assert isinstance(said, types.TextContent)
    return said.text


def test_every_stage_is_a_tool(here: Shop, era: Era) -> None:
    async def test() -> None:
        async with Client(build(here.workshop), mode=era) as client:
            tools = {tool.name: tool for tool in (await client.list_tools()).tools}
        assert set(tools) == {*engine.stage_names(), "presets", "meter"}
        for stage in engine.stages():
            assert tools[stage.name].input_schema == json.loads(json.dumps(stage_schema(stage)))
            assert stage.about.rstrip(".") in str(tools[stage.name].description)
            hints = tools[stage.name].annotations
            assert hints is not None
            assert (hints.destructive_hint, hints.open_world_hint) == (False, False)

    here.run(test())


def test_an_answer_is_words_and_the_json_of_the_command(here: Shop, era: Era) -> None:
    heard: list[float] = []

    async def listen(progress: float, total: float | None, message: str | None) -> None:
        assert total == 1.0
        assert message
        heard.append(progress)

    async def test() -> None:
        async with Client(build(here.workshop), mode=era) as client:
            asked = {"do": "nap", "seconds": 0.2, "count": 2}
            result = await client.call_tool("dummy", asked, progress_callback=listen)
        assert not result.is_error
        assert result.structured_content is not None
        assert set(result.structured_content) == {"stage", "input", "seconds", "suggestions"}
        assert text(result).splitlines()[0] == "1. answer 1"

    here.run(test())
    assert len(heard) >= 2
    assert all(one < other for one, other in pairwise(heard))
    assert heard[-1] == 1.0


def test_cancel_frees_the_only_slot(here: Shop, era: Era) -> None:
    async def test() -> None:
        working = anyio.Event()

        async def listen(progress: float, total: float | None, message: str | None) -> None:
            if message == "doing native":
                working.set()

        async with Client(build(here.workshop), mode=era) as client:
            async with anyio.create_task_group() as group:

                async def nap() -> None:
                    asked = {"do": "native", "seconds": 600}
                    await client.call_tool("dummy", asked, progress_callback=listen)

                group.start_soon(nap)
                await working.wait()
                group.cancel_scope.cancel()
            result = await client.call_tool("dummy", {"do": "answer"})
            assert not result.is_error

    here.run(test())


@pytest.mark.parametrize(
    ("name", "arguments", "code", "said"),
    [
        ("dumy", {}, "unknown", "no tool 'dumy'. Did you mean 'dummy'?"),
        ("dummy", {"secconds": 1}, "unknown", "Did you mean 'seconds'?"),
        ("dummy", {"seconds": 601}, "setting", "0 to 600 s"),
        ("dummy", {"path": "../x.wav"}, "file", "whole path"),
        ("dummy", {"path": "/etc/hosts"}, "root", "bandmate allow"),
        ("dummy", {"do": "refuse"}, "material", "cannot be worked on"),
        ("master", {}, "file", "name a file"),
        ("presets", {"stage": "dumy"}, "unknown", "Did you mean 'dummy'?"),
        ("presets", {"stage": 3}, "setting", "name of a stage"),
        ("presets", {"of": "dummy"}, "unknown", "no setting 'of'"),
        ("meter", None, "setting", "whole paths"),
    ],
)
def test_a_mistake_is_a_sentence_that_the_assistant_reads(
    here: Shop, name: str, arguments: dict[str, Any] | None, code: str, said: str
) -> None:
    result = call(here, name, arguments)
    assert result.is_error
    assert said in text(result)
    assert result.structured_content == {"error": {"code": code, "text": text(result)}}


@pytest.mark.skipif(sys.platform != "linux", reason="file names are text there")
@pytest.mark.parametrize("name", ["meter", "dummy"])
def test_a_file_whose_name_is_no_text_does_not_end_the_server(here: Shop, name: str) -> None:
    folder = here.root / name
    folder.mkdir()
    (folder / os.fsdecode(b"\xff\xe9.wav")).write_bytes(b"")
    gone = str(folder / "nope.wav")
    result = call(here, name, {"files": [gone]} if name == "meter" else {"path": gone})
    assert "There are: ??.wav" in text(result)
    assert result.model_dump_json()


def test_few_measure_at_once_and_the_others_wait(
    here: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_once: list[int] = []
    begun = 0

    async def measured(*_: object) -> dict[str, Any]:
        nonlocal begun
        begun += 1
        at_once.append(begun)
        await anyio.sleep(0.01)
        begun -= 1
        return {"files": []}

    monkeypatch.setattr("bridge.mcp.metering.measure", measured)

    async def test() -> None:
        async with Client(build(here.workshop)) as client, anyio.create_task_group() as group:
            for _ in range(6):
                group.start_soon(client.call_tool, "meter", {"files": ["/a.wav"]})

    here.run(test())
    assert len(at_once) == 6
    assert max(at_once) == MAX_METERS


def test_progress_is_said_in_whole_characters(here: Shop) -> None:
    heard: list[str] = []

    class Session:
        async def report_progress(self, fraction: float, total: float, does: str) -> None:
            heard.append(does)

    async def test() -> None:
        await teller(Session())(0.5, "reading \udcff.wav")

    here.run(test())
    assert heard == ["reading ?.wav"]


def test_a_bug_of_ours_is_said_and_written_down(
    here: Shop, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(_: object) -> str:
        raise ValueError("nobody thought of this")

    monkeypatch.setattr("bridge.mcp.server.summary", broken)
    result = call(here, "dummy", {"count": 1})
    assert result.is_error
    assert "bug of bandmate's" in text(result)
    assert "Traceback" in caplog.text


def test_presets_are_listed_by_stage(here: Shop) -> None:
    result = call(here, "presets", {"stage": "master"})
    assert "master spotify: Spotify" in text(result)
    assert result.structured_content is not None
    assert {one["stage"] for one in result.structured_content["presets"]} == {"master"}
    assert "chords" in text(call(here, "presets"))


def test_the_shelf_is_there_to_read(here: Shop, era: Era) -> None:
    async def test() -> None:
        async with Client(build(here.workshop), mode=era) as client:
            found = (await client.list_resources()).resources
            for resource in (found[0], found[-1]):
                (read,) = (await client.read_resource(resource.uri)).contents
                assert isinstance(read, types.TextResourceContents)
                assert json.loads(read.text)
            with pytest.raises(MCPError, match="Did you mean 'spotify'"):
                await client.read_resource("bandmate://presets/master/spotfy")

    here.run(test())


def test_nobody_is_told_what_happens_here(here: Shop) -> None:
    """The SDK would hand every call to OpenTelemetry, where that is set up."""
    assert build(here.workshop).middleware == []
