"""What of the script needs no Ardour, in both versions of Lua; the rest is in test_real_ardour."""

from __future__ import annotations

import json
import os
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.errors import WordsError
from bridge.daws.ardour import install
from bridge.osc.calls import Fault, decode
from bridge.osc.thin import pack
from tests.bridge.daws.ardour.desk import QUESTION, VERSIONS, Script, desk, said
from tests.bridge.daws.lua_run import to_python


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
    other.way, other.length = "continue", 16
    waiting.add(folder, other)
    first, second = to_python(waiting.read(folder))
    assert (first["key"], first["region"], first["quarter"]) == ("pitch-1-2", "835", 12.25)
    assert (first["way"], first["length"]) == ("", 0)
    assert (second["way"], second["length"]) == ("continue", 16)
    assert second["title"] == "a tab and a line"
    waiting.remove(folder, "pitch-1-2")
    assert [one["key"] for one in to_python(waiting.read(folder))] == ["chords-3-4"]
    waiting.remove(folder, "chords-3-4")
    assert list(tmp_path.iterdir()) == []


@VERSIONS
@pytest.mark.parametrize(
    "line",
    [
        "../../evil\ttake\tpitch\t\t1\t0\t0\t0\t{now}\t1\tt",
        "k\ttake\tpitch\t\t1\t0\t1.2.3\t0\t{now}\t1\tt",
        "k\ttake\tpitch\t\t1\t0\t0\t-4\t{now}\t1\tt",
        "k\ttake\tpitch\t\t1\t0\t0\t1.2.3\t{now}\t1\tt",
        "k\ttake\tpitch\t\t1\t0\t0\t0\t{now}\t1",
        "k\ttake\tpitch\t\t1\t0\t0\t0\t{now}\t1\tt\tmore",
        "k\ttake\tpitch\t\t1\t0\t0\t0\t{old}\t1\tt",
        "k\tnotes\tmelody\tgo on\t0\t0\t0\t0\t{now}\t1\tt",
        "k\ttake\tpitch\t1\t0\t0\t0\t{now}\t1\tt",
        "garbage",
        "\t" * 20,
    ],
)
def test_lines_that_are_not_ours_or_too_old_are_left_out(
    version: str, tmp_path: Path, line: str
) -> None:
    now = int(time.time())
    text = line.format(now=now, old=now - 8 * 24 * 3600)
    good = f"good\ttake\tpitch\t\t1\t0\t0\t0\t{now}\t1\tt"
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
