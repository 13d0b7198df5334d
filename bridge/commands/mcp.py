"""``bandmate mcp``: the door for assistants that speak MCP."""

from __future__ import annotations

import asyncio
import importlib.util
import logging
from collections.abc import Sequence
from pathlib import Path

from assistant import engine
from assistant.errors import MusicianError
from bridge import places
from bridge.commands.parser import Parser
from bridge.store.secret import token

__all__ = ["INSTALL", "PORT", "is_installed", "main"]

PORT = 9512
"""Beside the OSC of the daemon, 9510, and its HTTP, 9511."""
INSTALL = "pipx inject bandmate 'mcp>=2.3,<3' (or pip install 'bandmate[mcp]')"


def main(words: Sequence[str]) -> int:
    """Serve an assistant that speaks MCP, over standard input and output or over HTTP."""
    told = _parser().read(words)
    if told.token:
        print(token(places.token()))
        return 0
    if not is_installed():
        raise MusicianError(f"bandmate mcp needs the SDK of MCP: {INSTALL}.")
    logging.basicConfig(level=told.log.upper(), format="%(name)s %(levelname)s %(message)s")
    stages = tuple(str(folder.resolve()) for folder in told.stages)
    for folder in stages:
        engine.add_stages(folder)
    asyncio.run(_serve(tuple(told.root), stages, told.port if told.http else None))
    return 0


def is_installed() -> bool:
    """Say whether the SDK of MCP is there."""
    return all(map(importlib.util.find_spec, ("mcp", "mcp_types")))


async def _serve(roots: tuple[Path, ...], stages: tuple[str, ...], port: int | None) -> None:
    """Serve until nobody asks any more; `port` is that of HTTP."""
    from bridge.mcp import server, serving
    from bridge.mcp.workshop import Workshop
    from bridge.ports.web import bind

    async with Workshop(roots, stages) as workshop:
        made = server.build(workshop)
        if port is None:
            await serving.serve_stdio(made, workshop)
        else:
            with bind(port, "--port") as sock:
                await serving.serve_http(made, sock, token(places.token()))


def _parser() -> Parser:
    parser = Parser("mcp", main.__doc__)
    add = parser.add_argument
    add("--http", action="store_true", help="streamable HTTP on 127.0.0.1, for several at once")
    add("--port", type=int, default=PORT, help=f"of --http ({PORT})")
    add("--token", action="store_true", help="show what --http wants to be shown, and end")
    add("--root", type=Path, action="append", default=[], help="folder to use (home); repeatable")
    add("--stages", type=Path, action="append", default=[], help="folder of stages of your own")
    add("--log", default="warning", choices=("debug", "info", "warning", "error"))
    return parser
