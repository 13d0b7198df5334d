"""What of the script needs no Ardour, in both versions of Lua; the rest is in test_real_ardour."""

from __future__ import annotations

import json
import os
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from assistant.errors import WordsError
from bridge.daws import lua
from bridge.daws.ardour import install
from bridge.osc.calls import Fault, decode
from bridge.osc.thin import pack
from tests.bridge.daws.lua_run import RUNTIMES, to_python

SCRIPT = Path(install.__file__).parent / "script"
VERSIONS = pytest.mark.parametrize("version", RUNTIMES)
QUESTION = (
    '{ key = "pitch-1-2", kind = "take", stage = "pitch", region = "835", track = "0",'
    ' quarter = 12.25, after = 0, begun = os.time (), shown = "1", title = "correct pitch" }'
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


@VERSIONS
def test_every_piece_is_lua_of_that_version(version: str) -> None:
    script = Script(version)
    for name in install.files("/b"):
        if name.endswith(".lua"):
            chunk = script.lua.eval("load")(install.files("/b")[name].decode(), name)
            assert callable(chunk), chunk


@VERSIONS
def test_what_waits_is_remembered_until_it_is_answered(version: str, tmp_path: Path) -> None:
    script = Script(version)
    waiting, folder = script.piece("waiting"), str(tmp_path)
    assert to_python(waiting.read(folder)) == {}
    waiting.add(folder, script.lua.eval(QUESTION))
    other = script.lua.eval(QUESTION)
    other.key, other.title = "chords-3-4", "a\ttab\nand a line"
    waiting.add(folder, other)
    first, second = to_python(waiting.read(folder))
    assert (first["key"], first["region"], first["quarter"]) == ("pitch-1-2", "835", 12.25)
    assert second["title"] == "a tab and a line"
    waiting.remove(folder, "pitch-1-2")
    assert [one["key"] for one in to_python(waiting.read(folder))] == ["chords-3-4"]
    waiting.remove(folder, "chords-3-4")
    assert list(tmp_path.iterdir()) == []


@VERSIONS
@pytest.mark.parametrize(
    "line",
    [
        "../../evil\ttake\tpitch\t1\t0\t0\t0\t{now}\t1\tt",
        "k\ttake\tpitch\t1\t0\t1.2.3\t0\t{now}\t1\tt",
        "k\ttake\tpitch\t1\t0\t0\t-4\t{now}\t1\tt",
        "k\ttake\tpitch\t1\t0\t0\t1.2.3\t{now}\t1\tt",
        "k\ttake\tpitch\t1\t0\t0\t0\t{now}\t1",
        "k\ttake\tpitch\t1\t0\t0\t0\t{now}\t1\tt\tmore",
        "k\ttake\tpitch\t1\t0\t0\t0\t{old}\t1\tt",
        "garbage",
        "\t" * 20,
    ],
)
def test_lines_that_are_not_ours_or_too_old_are_left_out(
    version: str, tmp_path: Path, line: str
) -> None:
    now = int(time.time())
    text = line.format(now=now, old=now - 8 * 24 * 3600)
    good = f"good\ttake\tpitch\t1\t0\t0\t0\t{now}\t1\tt"
    (tmp_path / "bandmate.waiting").write_text(f"{text}\n{good}\n")
    waiting = Script(version).piece("waiting")
    assert [one["key"] for one in to_python(waiting.read(str(tmp_path)))] == ["good"]


@VERSIONS
def test_a_session_waits_for_so_many_and_no_more(version: str, tmp_path: Path) -> None:
    script = Script(version)
    waiting = script.piece("waiting")
    for _ in range(waiting.MAX_LINES):
        waiting.add(str(tmp_path), script.lua.eval(QUESTION))
    with pytest.raises(Exception, match="50 questions wait"):
        waiting.add(str(tmp_path), script.lua.eval(QUESTION))


def fade(name: str, points: list[tuple[float, float]]) -> str:
    events = "\n".join(f"a{round(at * 5880)} {value}" for at, value in points)
    return f'<{name}><AutomationList id="1"><events>{events}\n</events></AutomationList></{name}>'


SHAPES: dict[str, Callable[[float], float]] = {
    "FadeLinear": lambda x: x,
    "FadeFast": lambda x: 10.0 ** (-3 * (1 - x)),
    "FadeSlow": lambda x: 0.0972 ** (2 * (1 - x)),
    "FadeConstantPower": lambda x: x**0.5,
    "FadeSymmetric": lambda x: min(1.0, 1.2 * x),
}


@VERSIONS
@pytest.mark.parametrize("shape", SHAPES)
def test_fades_are_read_from_what_ardour_saves(version: str, shape: str) -> None:
    rising = [(4800 * n / 32, SHAPES[shape](n / 32)) for n in range(33)]
    falling = [(4800 - at, value) for at, value in reversed(rising)]
    xml = (
        '<Region name="other" id="83"/><Region name="t" id="8350"></Region>'
        f'<Region name="t" id="835" type="audio">{fade("FadeIn", rising)}'
        f"{fade('InverseFadeIn', falling)}{fade('FadeOut', falling)}</Region>"
    )
    fades = Script(version).piece("fades")
    expected = {"samples": 4800, "shape": shape}
    told = to_python(fades.read(xml, "835", 48_000))
    assert told == {"fade_in": expected, "fade_out": expected}
    assert to_python(fades.read(xml, "83", 48_000)) == {}
    assert to_python(fades.read("", "835", 48_000)) == {}


@VERSIONS
@pytest.mark.parametrize("inside", ["<FadeIn default='yes'/>", "<FadeIn><events>x\n\na1", ""])
def test_fades_that_are_not_told_are_left_as_they_are(version: str, inside: str) -> None:
    fades = Script(version).piece("fades")
    assert to_python(fades.read(f'<Region id="1">{inside}</Region>', "1", 48_000)) == {}


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
    }""")
    landing = script.lua.eval("""{
      take = function (path) error ('no region', 0) end,
      notes = function (suggestion, question, place, quarter) LANDED = quarter end,
    }""")
    parts = {"answer": answer, "asking": asking, "waiting": waiting, "window": window}
    parts |= {"json": script.piece("json"), "landing": landing}
    parts["session"] = script.lua.eval("{ clock = function () return {} end }")
    return script, asking, script.piece("answers", script.lua.table_from(parts)).tick


def said(script: Script) -> list[str]:
    return list(script.lua.globals().SAID.values())


@VERSIONS
def test_a_take_that_cannot_land_is_said_once_with_its_file(version: str, tmp_path: Path) -> None:
    script, asking, tick = desk(version, tmp_path)
    asking.begin(str(tmp_path), script.lua.eval(QUESTION), script.lua.table("a b.wav"), None)
    words = list(script.lua.globals().STARTED[1].values())
    assert words[:2] == ["/bin/sh", "-c"]
    answer = tmp_path / "bandmate-pitch-1-2.json"
    assert words[4:] == [
        "/b/bandmate",
        "ask",
        "pitch",
        "a b.wav",
        "--start",
        "--answer",
        str(answer),
    ]
    tick()
    assert said(script) == []
    answer.write_text('{"job": "j", "suggestions": [{"n": 1, "file": "/x/take.pitch-1.wav"}]}')
    tick()
    tick()
    assert said(script) == ["no region What was made is in /x/take.pitch-1.wav"]
    assert list(tmp_path.iterdir()) == []


@VERSIONS
@pytest.mark.parametrize("garbage", ["", "[[[[", "\x00", '{"suggestions": 3', "[" * 100_000])
def test_garbage_is_said_once_and_kept(version: str, tmp_path: Path, garbage: str) -> None:
    script, asking, tick = desk(version, tmp_path)
    asking.begin(str(tmp_path), script.lua.eval(QUESTION), None, None)
    answer = tmp_path / "bandmate-pitch-1-2.json"
    answer.write_text(garbage)
    tick()
    tick()
    (text,) = said(script)
    assert text.endswith(f"It is left at {answer}")
    assert answer.read_text() == garbage
    assert not (tmp_path / "bandmate.waiting").exists()


@VERSIONS
def test_a_list_that_cannot_be_written_is_said_once(version: str, tmp_path: Path) -> None:
    script, asking, tick = desk(version, tmp_path)
    asking.begin(str(tmp_path), script.lua.eval(QUESTION), None, None)
    other = script.lua.eval(QUESTION)
    other.key = "pitch-3-4"
    asking.begin(str(tmp_path), other, None, None)
    (tmp_path / "bandmate.waiting.new").mkdir()
    (tmp_path / "bandmate-pitch-1-2.json").write_text("[[[")
    tick()
    tick()
    (text,) = said(script)
    assert text.startswith("It could not be written")


@VERSIONS
def test_bandmate_is_started_by_a_shell_that_does_not_keep_ardour_waiting(
    version: str, tmp_path: Path
) -> None:
    """Ardour's windows stand still for 0.25 s more where the shell ends with 0."""
    script, asking, _ = desk(version, tmp_path)
    odd = "a 'b' \"c\" $(d) `e` \\f\n*"
    asking.begin(str(tmp_path), script.lua.eval(QUESTION), script.lua.table(odd), None)
    words = list(script.lua.globals().STARTED[1].values())
    heard, go = tmp_path / "heard", tmp_path / "go"
    os.mkfifo(go)
    program = tmp_path / "bandmate"
    program.write_text(
        f"#!/bin/sh\nread _ < '{go}'; printf '%s|' \"$@\" > '{heard}.t'\nmv '{heard}.t' '{heard}'"
    )
    program.chmod(0o755)
    words[words.index("/b/bandmate")] = str(program)
    # It ends though bandmate waits.
    ended = subprocess.run(words, check=False, capture_output=True, timeout=30)
    assert ended.returncode > 0
    assert (ended.stdout, ended.stderr) == (b"", b"")
    go.write_text("go\n")
    while not heard.exists():
        time.sleep(0.005)
    assert heard.read_text().startswith(f"ask|pitch|{odd}|--start|--answer|")


@VERSIONS
def test_a_stage_that_the_daemon_does_not_know_is_said_in_plain_words(
    version: str, tmp_path: Path
) -> None:
    script, asking, tick = desk(version, tmp_path)
    asking.begin(str(tmp_path), script.lua.eval(QUESTION), None, None)
    (fault,) = decode(pack("/bandmate/pitch", "id", ""), ["chords"], 8000)
    assert isinstance(fault, Fault)
    error = {"error": {"code": WordsError.code, "text": fault.text}}
    (tmp_path / "bandmate-pitch-1-2.json").write_text(json.dumps(error))
    tick()
    (text,) = said(script)
    assert text.startswith("The bandmate that runs here cannot do this (correct pitch).")


@VERSIONS
@pytest.mark.parametrize(
    ("begin", "after", "at"), [(0, 0, 12.25), (0, 16, 28.25), (24, 16, 36.25), (24, 0, 36.25)]
)
def test_what_goes_on_lands_where_it_begins(
    version: str, tmp_path: Path, begin: int, after: int, at: float
) -> None:
    """A tune that goes on is told in the song's time, chords that go on in their own."""
    script, asking, tick = desk(version, tmp_path)
    question = script.lua.eval(QUESTION)
    question.kind, question.after = "notes", after
    asking.begin(str(tmp_path), question, None, None)
    chord = {"start": begin, "length": 4, "symbol": "C"}
    answer = json.dumps({"suggestions": [{"n": 1, "notes": [], "chords": [chord]}]})
    (tmp_path / "bandmate-pitch-1-2.json").write_text(answer)
    tick()
    landed = script.lua.globals().LANDED
    assert landed == at


@VERSIONS
def test_cancel_tells_the_client_and_waits_no_more(version: str, tmp_path: Path) -> None:
    script, asking, tick = desk(version, tmp_path, cancelled=True)
    asking.begin(str(tmp_path), script.lua.eval(QUESTION), None, None)
    tick()
    assert [one.name for one in tmp_path.iterdir()] == ["bandmate-pitch-1-2.json.cancel"]


@VERSIONS
def test_a_program_that_is_not_there_leaves_nothing_waiting(version: str, tmp_path: Path) -> None:
    script, _, _ = desk(version, tmp_path)
    waiting = script.piece("waiting")
    asking = script.piece("asking", script.piece("shell"), script.piece("answer"), waiting, "/no")
    with pytest.raises(Exception, match="bandmate was not found at /no"):
        asking.begin(str(tmp_path), script.lua.eval(QUESTION), None, None)
    assert list(tmp_path.iterdir()) == []
