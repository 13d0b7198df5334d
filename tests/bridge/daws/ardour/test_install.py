import base64
import re
from pathlib import Path

import lupa.lua53
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.errors import DawError
from bridge.daws.ardour import install, ui_scripts
from bridge.daws.installer import found, installer

COMMAND = '/home/a b/ünï "q"/bandmate'
PLAIN = '<?xml version="1.0" encoding="UTF-8"?>\n<UIScripts>\n  {}\n  {}\n</UIScripts>\n'
FOREIGN = (
    'scripts = {} scripts[1] = {} scripts[1]["a"] = {} scripts[1]["a"]["x-origin"] = "/a/b.lua"   '
    'scripts[1]["s"] = "-- scripts[2] = {} \\"scripts[7][\\"n\\"] = \\"bandmate: no\\"\\\n end"  '
    'scripts[1]["f"] = "\\27LuaS\\0\xff\\1"  scripts[1]["n"] = "Mixer \\"Shot\\""  '
    'scripts[3] = {} scripts[3]["n"] = "bandmates"  scripts[3]["f"] = "return 1"  '
)
HOOK = (
    '<ActionHooks>\n    <LuaCallback lua="Lua 5.3" id="9" name="mine" signals="1">eA=='
    "</LuaCallback>\n  </ActionHooks>"
)


def ui(program: str = FOREIGN, hooks: str = HOOK) -> str:
    code = base64.b64encode(program.encode("latin-1")).decode()
    return PLAIN.format(f'<ActionScript lua="Lua 5.3">{code}</ActionScript>', hooks)


MERGE = install.merges(COMMAND)["ui_scripts"]


def program_of(text: str) -> str:
    code = re.search(r"<ActionScript[^>]*>([^<]*)<", text)
    assert code
    return base64.b64decode(code[1]).decode("latin-1")


def test_it_is_found() -> None:
    assert "ardour" in found()
    assert installer("ardour").TITLE == "Ardour"


def test_actions_are_offered_for_the_stages_there_are() -> None:
    titles = list(ui_scripts.slots(MERGE.merge("")).values())
    assert titles == [install.NAME + title for title in install.offered().values()]
    assert "bandmate: Suggest chords" in titles
    assert ("bandmate: Suggest a mix" in titles) == ("mix" in install.offered())


@pytest.mark.parametrize(
    "text",
    [
        ui(),
        ui(hooks="<ActionHooks/>"),
        ui(program="", hooks=""),
        PLAIN.format("<ActionScript/>", "<ActionHooks/>"),
    ],
)
def test_what_was_there_stays_and_ours_goes(text: str) -> None:
    merged = MERGE.merge(text)
    assert MERGE.merge(merged) == merged
    assert 'name="bandmate: answers"' in merged
    back = MERGE.unmerge(merged)
    assert ui_scripts.slots(back) == ui_scripts.slots(text)
    assert program_of(merged).startswith(program_of(back).rstrip())
    assert "bandmate: " not in back.replace("bandmate: no", "")
    assert ('name="mine"' in back) == ('name="mine"' in text)
    assert MERGE.unmerge(text) == text


def test_the_scripts_of_others_are_kept_to_the_byte() -> None:
    assert ui_scripts.slots(ui()) == {1: 'Mixer "Shot"', 3: "bandmates"}
    merged = MERGE.merge(ui())
    assert program_of(merged).startswith(FOREIGN)
    assert 2 in ui_scripts.slots(merged)
    assert program_of(MERGE.unmerge(merged)) == FOREIGN


def test_what_ardour_makes_of_it_is_lua_that_runs() -> None:
    lua = lupa.lua53.LuaRuntime(encoding="latin-1")  # type: ignore[no-untyped-call, unused-ignore]
    lua.execute(program_of(MERGE.merge(ui())))
    slots = lua.globals().scripts
    assert slots[1]["n"] == 'Mixer "Shot"'
    for number, name in ui_scripts.slots(MERGE.merge("")).items():
        lua.execute(program_of(MERGE.merge("")))
        slot = lua.globals().scripts[number]
        assert slot["n"] == name
        lua.execute(slot["s"].replace("ardour {", "local _ = {", 1))
        assert lua.eval("type (factory ())") == "function"


def test_an_action_whose_files_are_gone_says_so_and_raises_nothing() -> None:
    said: list[str] = []
    lua = lupa.lua53.LuaRuntime()  # type: ignore[no-untyped-call, unused-ignore]
    lua.globals().say = said.append
    lua.execute("""
        ARDOUR = { user_config_directory = function () return "/nowhere" end }
        local box = { run = function () end }
        LuaDialog = {
          MessageType = {}, ButtonType = {},
          Message = function (title, text) say (text) return box end,
        }
        print = function () end
    """)
    lua.execute(program_of(MERGE.merge("")))
    for number in ui_scripts.slots(MERGE.merge("")):
        lua.execute(lua.globals().scripts[number]["f"])()
    assert said
    assert all("/nowhere/bandmate/bandmate.lua" in text for text in said)


def test_the_hook_raises_nothing_and_tries_again_until_its_files_are_there(tmp_path: Path) -> None:
    lua = lupa.lua53.LuaRuntime()  # type: ignore[no-untyped-call, unused-ignore]
    lua.globals().here = str(tmp_path)
    lua.execute("ARDOUR = { user_config_directory = function () return here end } ticks = 0")
    text = MERGE.merge("")
    hook = re.search(r'<LuaCallback [^>]*signals="1(0{47})">([^<]*)<', text)
    assert hook
    lua.execute(base64.b64decode(hook[2]).decode())
    tick = lua.execute(lua.globals().s["f"])
    tick()
    (tmp_path / "bandmate").mkdir()
    script = "return function () ticks = ticks + 1 error ('on purpose') end"
    (tmp_path / "bandmate" / "bandmate.lua").write_text(script)
    tick()
    tick()
    assert lua.globals().ticks == 2


def test_no_free_place_is_said() -> None:
    full = "scripts = {} " + " ".join(f"scripts[{n}] = {{}}" for n in range(1, 33))
    with pytest.raises(DawError, match="Script Manager"):
        MERGE.merge(ui(full))


@pytest.mark.parametrize("text", ["<html>", ui().replace("c2Nya", "@@@@", 1)])
def test_a_file_that_is_not_ardours_is_left_alone(text: str) -> None:
    with pytest.raises(DawError):
        MERGE.merge(text)


@given(name=st.text(min_size=1, max_size=20), body=st.text(max_size=60))
def test_any_name_and_text_comes_back(name: str, body: str) -> None:
    text = ui_scripts.with_slot(ui(), 0, name, body)
    assert ui_scripts.slots(text)[2] == name
    lua = lupa.lua53.LuaRuntime(encoding="latin-1")  # type: ignore[no-untyped-call, unused-ignore]
    lua.execute(program_of(text))
    assert lua.globals().scripts[2]["f"].encode("latin-1").decode() == body


def test_the_files_are_whole() -> None:
    files = install.files(COMMAND)
    script = files["bandmate/bandmate.lua"].decode()
    pieces = set(re.findall(r'piece\("(\w+)"\)', script))
    assert {f"bandmate/{name}.lua" for name in pieces} <= set(files)
    lua = lupa.lua53.LuaRuntime()  # type: ignore[no-untyped-call, unused-ignore]
    assert lua.execute(files["bandmate/command.lua"]) == COMMAND
    assert b"export.sh" in files["bandmate/exporting.lua"]
    assert files["bandmate/export.sh"].startswith(b"#!/bin/sh\n")


@pytest.mark.parametrize(
    ("system", "env", "first"),
    [
        ("Linux", {}, "/h/.config/ardour9"),
        ("Linux", {"XDG_CONFIG_HOME": "/c"}, "/c/ardour9"),
        ("Darwin", {}, "/h/Library/Preferences/Ardour9"),
        ("Windows", {"LOCALAPPDATA": "/l"}, "/l/Ardour9"),
    ],
)
def test_where_ardour_keeps_its_settings(system: str, env: dict[str, str], first: str) -> None:
    folders = install.folders(system, env, Path("/h"))
    assert folders[0] == Path(first)
    assert len(folders) == len(install.VERSIONS)
