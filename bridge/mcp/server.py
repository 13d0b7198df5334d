"""The words of MCP: what tools there are, what they answer, what lies on the shelf.

The SDK carries the messages; it checks no arguments. Those are checked where every request is, so
that an assistant reads the sentence that the musician would have read.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Mapping
from typing import Any, Protocol, TypeAlias

import mcp_types as types
from mcp.server import Server, ServerRequestContext
from mcp.shared.exceptions import MCPError

from assistant import engine
from assistant.contract import Stage
from assistant.errors import MusicianError, SettingError, UnknownName
from bridge.mcp import metering, resources
from bridge.mcp.attending import attended
from bridge.mcp.schema import Schema, stage_schema
from bridge.mcp.summary import Answer, brief, metered, sayable, summary
from bridge.mcp.workshop import Tell, Workshop
from bridge.version import VERSION

__all__ = ["build", "teller"]

log = logging.getLogger("bandmate.mcp")

Context: TypeAlias = ServerRequestContext[dict[str, Any], Any]
Page: TypeAlias = types.PaginatedRequestParams | None

PROGRESS_SECONDS = 0.1
"""Progress in one thing is said at most this often."""

INSTRUCTIONS = """\
bandmate sits beside a musician's DAW on this machine. Each stage is a tool that makes several \
suggestions and says why; the musician chooses. Paths are whole. The file that is given is only \
read; what is made are new files beside it. Moves are not done, and nothing here can do them: \
tell them to the musician, who asks the same in the DAW and accepts there. The same seed gives \
the same answer.\
"""

_PRESETS: Schema = {
    "type": "object",
    "properties": {"stage": {"type": "string", "description": "of this stage only"}},
    "additionalProperties": False,
}


def build(workshop: Workshop) -> Server[dict[str, Any]]:
    """Make the server; it is then run over one transport or the other.

    Parameters
    ----------
    workshop : Workshop
        Where the work is done.

    Returns
    -------
    mcp.server.Server
        With all tools and resources.
    """
    tools = _Tools(workshop)
    server = Server(
        "bandmate",
        version=VERSION,
        instructions=INSTRUCTIONS,
        on_list_tools=tools.list,
        on_call_tool=tools.call,
        on_list_resources=_list_resources,
        on_read_resource=_read_resource,
    )
    server.middleware.clear()  # the SDK brings OpenTelemetry; nobody is told what happens here
    return server


class _Tools:
    """The tools: `presets`, `meter`, and every stage."""

    def __init__(self, workshop: Workshop) -> None:
        self._workshop = workshop

    async def list(self, _: Context, __: Page) -> types.ListToolsResult:
        """List them."""
        own = [
            _tool("presets", "what is on the shelf, with its sources", _PRESETS, reads=True),
            _tool("meter", "loudness and true peak of files", metering.SCHEMA, reads=True),
        ]
        return types.ListToolsResult(tools=[*map(_stage_tool, engine.stages()), *own])

    async def call(
        self, context: Context, asked: types.CallToolRequestParams
    ) -> types.CallToolResult:
        """Use one; whatever goes wrong is a sentence that the assistant can read."""
        try:
            work = self._used(asked.name, asked.arguments or {}, teller(context.session))
            gone = None if context.request is None else context.request.is_disconnected
            return await attended(work, gone)
        except MusicianError as error:
            return _wrong(error.code, str(error))
        except Exception as error:
            log.exception("our bug")
            return _wrong("bug", f"{type(error).__name__}: {error}. This is a bug of bandmate's.")

    async def _used(
        self, name: str, asked: Mapping[str, object], tell: Tell
    ) -> types.CallToolResult:
        if name == "presets":
            return _listed(asked)
        if name == "meter":
            async with self._workshop.meters:
                answer = await metering.measure(asked, self._workshop.roots())
            return _result(answer, metered(answer))
        if name not in engine.stage_names():
            raise UnknownName("tool", name, (*engine.stage_names(), "meter", "presets"))
        answer = await self._workshop.ask(name, asked, tell)
        return _result(brief(answer), summary(answer))


def _stage_tool(stage: Stage) -> types.Tool:
    about = f"{stage.about.removesuffix('.')}. Takes {stage.diet}."
    return _tool(stage.name, about, stage_schema(stage), reads=False)


def _tool(name: str, about: str, schema: Schema, *, reads: bool) -> types.Tool:
    """Say what a tool is; none ever replaces a file or leaves this machine."""
    hints = types.ToolAnnotations(
        read_only_hint=reads, destructive_hint=False, open_world_hint=False
    )
    return types.Tool(name=name, description=about, input_schema=sayable(schema), annotations=hints)


def _listed(asked: Mapping[str, object]) -> types.CallToolResult:
    """Answer `presets`."""
    for name in asked:
        if name not in _PRESETS["properties"]:
            raise UnknownName("setting", name, _PRESETS["properties"])
    stage = asked.get("stage") or ""
    if not isinstance(stage, str):
        raise SettingError(f"stage is {str(stage)[:80]}; it takes the name of a stage.")
    found = resources.listed((engine.stage(stage).name,) if stage else ())
    rows = (f"{one['stage']} {one['name']}: {one['title']}" for one in found["presets"])
    return _result(found, "\n".join(rows) or "The shelf is empty.")


class Session(Protocol):
    """What of a session of the SDK is used here."""

    async def report_progress(self, progress: float, total: float, message: str) -> None:
        """Tell whoever asked."""
        ...


def teller(session: Session) -> Tell:
    """Pass progress on, as often as somebody may want to look; MCP has it rise each time.

    Parameters
    ----------
    session : Session
        Of whoever asked.
    """
    reached, said, doing = -1.0, 0.0, ""

    async def tell(fraction: float, does: str) -> None:
        nonlocal reached, said, doing
        now = time.monotonic()
        if fraction > reached and (does != doing or now - said >= PROGRESS_SECONDS):
            reached, said, doing = fraction, now, does
            await session.report_progress(fraction, 1.0, sayable(does))

    return tell


def _result(answer: Answer, text: str) -> types.CallToolResult:
    return types.CallToolResult(
        content=[types.TextContent(text=sayable(text))],
        structured_content=sayable(answer),
        is_error="error" in answer,
    )


def _wrong(code: str, text: str) -> types.CallToolResult:
    return _result({"error": {"code": code, "text": text}}, text)


async def _list_resources(_: Context, __: Page) -> types.ListResourcesResult:
    """List the shelf, and every preset on it."""
    whole = types.Resource(
        uri=resources.SHELF, name="presets", title="The shelf", mime_type="application/json"
    )
    each = [
        types.Resource(
            uri=resources.address(preset),
            name=sayable(f"{preset.stage}/{preset.name}"),
            title=sayable(preset.title),
            mime_type="application/json",
        )
        for preset in resources.on_shelf(engine.stage_names())
    ]
    return types.ListResourcesResult(resources=[whole, *each])


async def _read_resource(
    _: Context, asked: types.ReadResourceRequestParams
) -> types.ReadResourceResult:
    """Read the shelf, or a preset."""
    try:
        said = json.dumps(resources.read(asked.uri), allow_nan=False, default=str)
    except MusicianError as error:
        raise MCPError(types.INVALID_PARAMS, str(error)) from None
    found = types.TextResourceContents(uri=asked.uri, mime_type="application/json", text=said)
    return types.ReadResourceResult(contents=[found])
