"""Loudness and true peak of files, measured in a process that ends when nobody waits for it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping

from assistant.errors import SettingError, UnknownName
from bridge.interpreter import running
from bridge.mcp.schema import Schema
from bridge.mcp.summary import Answer
from bridge.permits import whole
from bridge.roots import Roots

__all__ = ["SCHEMA", "measure"]

MAX_FILES = 64

SCHEMA: Schema = {
    "type": "object",
    "properties": {
        "files": {
            "type": "array",
            "items": {"type": "string"},
            "minItems": 1,
            "maxItems": MAX_FILES,
            "description": "sound files: whole paths, from / or ~ on",
        }
    },
    "required": ["files"],
    "additionalProperties": False,
}


async def measure(asked: Mapping[str, object], roots: Roots) -> Answer:
    """Measure files.

    Parameters
    ----------
    asked : mapping of str to object
        As `SCHEMA` says.
    roots : Roots
        Where the files may lie.

    Returns
    -------
    dict
        The JSON of ``bandmate meter --json``.

    Raises
    ------
    MusicianError
        Where it cannot be asked so.
    """
    paths = _paths(asked)
    for path in paths:
        roots.check(path)
    process = await asyncio.create_subprocess_exec(
        *running("bridge", "meter", "--json", *paths),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        said, _ = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()  # the event loop sees to its end
    try:
        answer: Answer = json.loads(said)
    except ValueError:
        text = "The process that measures died. Ask again, with fewer files."
        return {"error": {"code": "crash", "text": text}}
    return answer


def _paths(asked: Mapping[str, object]) -> list[str]:
    """Check what was asked, which nobody has before."""
    for name in asked:
        if name not in SCHEMA["properties"]:
            raise UnknownName("setting", name, SCHEMA["properties"])
    files = asked.get("files")
    if (
        not isinstance(files, list)
        or not 1 <= len(files) <= MAX_FILES
        or not all(isinstance(one, str) for one in files)
    ):
        raise SettingError(f"files takes a list of 1 to {MAX_FILES} whole paths.")
    return [whole(one) for one in files]
