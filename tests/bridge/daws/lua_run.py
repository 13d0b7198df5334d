"""Lua of both versions that DAWs have, and values across the border."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import lupa.lua53
import lupa.lua54

from bridge.daws import lua

RUNTIMES = {"5.3": lupa.lua53.LuaRuntime, "5.4": lupa.lua54.LuaRuntime}


def shared(version: str, name: str, encoding: str | None = "utf-8") -> tuple[Any, Any]:
    """Load one of the shared files; returns the runtime and the file's table."""
    made = RUNTIMES[version](
        unpack_returned_tuples=True,
        register_eval=False,
        register_builtins=False,
        encoding=encoding,
    )
    source = Path(lua.__file__).parent / f"{name}.lua"
    return made, made.execute(source.read_bytes())


def to_python(value: Any, is_null: Callable[[Any], bool] = lambda _: False) -> Any:
    """Turn tables into lists and dicts; an empty one is ``{}``."""
    if is_null(value):
        return None
    if not hasattr(value, "items"):
        return value
    pairs = {key: to_python(one, is_null) for key, one in value.items()}
    if pairs and list(pairs) == list(range(1, len(pairs) + 1)):
        return list(pairs.values())
    return pairs
