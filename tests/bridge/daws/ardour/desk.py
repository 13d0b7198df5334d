"""What of the script needs no Ardour, put together in a Lua beside the tests."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bridge.daws import lua
from bridge.daws.ardour import install
from tests.bridge.daws.lua_run import RUNTIMES

SCRIPT = Path(install.__file__).parent / "script"
VERSIONS = pytest.mark.parametrize("version", RUNTIMES)
QUESTION = (
    '{ key = "pitch-1-2", kind = "take", stage = "pitch", way = "", region = "835", track = "0",'
    ' quarter = 12.25, length = 0, begun = os.time (), shown = "1", title = "correct pitch" }'
)


class Script:
    """A Lua with pieces of the script in it."""

    def __init__(self, version: str) -> None:
        self.lua = RUNTIMES[version](unpack_returned_tuples=True)

    def piece(self, name: str, *given: Any) -> Any:
        path = SCRIPT / f"{name}.lua"
        if not path.exists():
            path = Path(lua.__file__).parent / f"{name}.lua"
        made = self.lua.execute(path.read_text())
        return made(*given) if given else made


ARDOUR = """
    SAID, STARTED, CLOCK = {}, {}, 0
    ARDOUR = { LuaAPI = {
      monotonic_time = function () CLOCK = CLOCK + 1 return CLOCK end,
      FileTest = { IsExecutable = 8 }, file_test = function (path) return path == "/b/bandmate" end,
    } }
    os.forkexec = function (...) STARTED[#STARTED + 1] = { ... } return false end
    Session = {
      path = function () return FOLDER end, actively_recording = function () return false end,
    }
"""


def desk(version: str, folder: Path, cancelled: bool = False) -> tuple[Script, Any, Any]:
    """Put together what looks for answers; windows only note what they are told."""
    script = Script(version)
    script.lua.globals().FOLDER = str(folder)
    script.lua.execute(ARDOUR)
    answer, waiting = script.piece("answer"), script.piece("waiting")
    asking = script.piece("asking", script.piece("shell"), answer, waiting, "/b/bandmate")
    script.lua.globals().CANCELLED = cancelled
    window = script.lua.eval("""{
      say = function (text) SAID[#SAID + 1] = text end,
      log = function () end, close = function () end,
      choose = function (title, suggestions) return suggestions[1] end,
      progress = function () return CANCELLED end,
      parts = function (_, things) return WANTED and things or nil end,
    }""")
    landing = script.lua.eval("""{
      take = function (path) error ('no region', 0) end,
      notes = function (title, notes, quarter) NEW, LANDED = notes, quarter end,
    }""")
    parts = {"answer": answer, "asking": asking, "waiting": waiting, "window": window}
    parts |= {name: script.piece(name) for name in ("json", "smf", "ideas", "things")}
    parts["faders"] = script.lua.eval("""{
      move = function (moves)
        local numbers = {}
        for place, move in ipairs (moves) do numbers[place] = move.index end
        return numbers, { "a", "b" }
      end,
    }""")
    parts["landing"] = landing
    return script, asking, script.piece("answers", script.lua.table_from(parts)).tick


def said(script: Script) -> list[str]:
    return list(script.lua.globals().SAID.values())
