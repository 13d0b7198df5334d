"""The session is exported by another program: what is said to it, what becomes of its file."""

from __future__ import annotations

import json
import os
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from bridge.daws.ardour import install
from tests.bridge.daws.ardour.desk import QUESTION, VERSIONS, Script
from tests.bridge.daws.ardour.desk import desk as look_out

EXPORT = Path(install.__file__).parent / "script" / "export.sh"
STATE = "<Session>\n  <ControlProtocols>\n    <Protocol/>\n  </ControlProtocols>\n</Session>\n"
FAILURE = '{"error": {"code": "export", "text": "it\'s \\"no\\" use"}}'
ODD = "a 'b' \"c\" $(d) `e` \\f ü *"

pytestmark = pytest.mark.skipif(os.name != "posix", reason="where os.forkexec and sh are")


@dataclass
class Desk:
    """A session and a configuration with odd names, a program for exports, and a bandmate."""

    root: Path

    @property
    def session(self) -> Path:
        return self.root / ODD / "song"

    @property
    def config(self) -> Path:
        return self.root / f"config {ODD}" / "ardour7"

    @property
    def answer(self) -> Path:
        return self.session / "bandmate-master-1-2.json"

    def make(self, program: str) -> None:
        """Make all of it; `program` is what the program for exports does, in shell."""
        notes = self.session / "interchange" / "song" / "midifiles"
        notes.mkdir(parents=True)
        (notes / f"{ODD}.mid").write_text("notes")
        (self.session / "bandmate-master-1-2.pending").write_text(STATE)
        self.config.mkdir(parents=True)
        for name in ("config", "recent"):
            (self.config / name).write_text(name)
        (self.config.parent / "other").mkdir()
        (self.root / "tmp").mkdir()
        _write(self.root / "export", program)
        heard = self.root / "heard"
        _write(
            self.root / "bandmate", f"printf '%s|' \"$@\" >'{heard}.t'; mv '{heard}.t' '{heard}'"
        )

    def words(self) -> list[str]:
        """Return how the export is begun."""
        state = self.session / "bandmate-master-1-2.pending"
        told = [self.root / "export", self.config, self.session, state, ODD, self.answer, FAILURE]
        ask = [self.root / "bandmate", "ask", "master", "--preset=a b"]
        return ["/bin/sh", str(EXPORT), *map(str, told), *map(str, ask)]

    def env(self) -> Mapping[str, str]:
        return {**os.environ, "TMPDIR": str(self.root / "tmp"), "ROOT": str(self.root)}

    def run(self) -> int:
        ended = subprocess.run(
            self.words(), env=self.env(), check=False, capture_output=True, timeout=60
        )
        assert (ended.stdout, ended.stderr) == (b"", b"")
        return ended.returncode

    def left(self) -> set[str]:
        """Return what lies in the session's folder besides its own."""
        files = {path.name for path in self.session.iterdir()}
        return files - {"interchange", "export"}


def _write(path: Path, script: str) -> None:
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


WRITES = 'printf sound >"$4"'


def test_what_is_exported_is_asked_about(desk: Desk) -> None:
    desk.make(f'printf "%s|" "$@" >"$ROOT/said"; {WRITES}')
    assert desk.run() == 0
    made = desk.session / "export" / f"{ODD}-1.wav"
    assert made.read_text() == "sound"
    assert (desk.root / "heard").read_text() == f"ask|master|--preset=a b|{made}|"
    *options, part, there, name, end = (desk.root / "said").read_text().split("|")
    assert (options, name, end) == (["-b", "float", "-o"], "bandmate", "")
    assert (Path(part).parent, Path(there).name) == (made.parent, "song")
    assert list(made.parent.iterdir()) == [made]
    assert desk.left() == {"bandmate-master-1-2.json.progress"}
    assert list((desk.root / "tmp").iterdir()) == []


def test_the_program_finds_all_and_touches_nothing_of_the_musicians(desk: Desk) -> None:
    """Ardour enters what it opens among the recent sessions, and makes and removes files."""
    desk.make(
        'cd "$5"; cp bandmate.ardour "$ROOT/state"; cd interchange/song/midifiles\n'
        'cat * >"$ROOT/notes"; rm *; cd "$XDG_CONFIG_HOME"; ls * >"$ROOT/config"\n'
        f"echo new >>ardour7/recent; {WRITES}"
    )
    assert desk.run() == 0
    assert (desk.root / "state").read_text() == "<Session>\n</Session>\n"
    assert (desk.root / "notes").read_text() == "notes"
    assert (desk.root / "config").read_text().split() == ["ardour7:", "config", "other:"]
    assert (desk.config / "recent").read_text() == "recent"
    assert len(list(desk.session.glob("interchange/song/midifiles/*.mid"))) == 1


def test_a_name_that_is_taken_gets_the_next_number(desk: Desk) -> None:
    desk.make(WRITES)
    (desk.session / "export").mkdir()
    taken = desk.session / "export" / f"{ODD}-1.wav"
    taken.write_text("old")
    assert desk.run() == 0
    assert taken.read_text() == "old"
    assert taken.with_name(f"{ODD}-2.wav").read_text() == "sound"


@pytest.mark.parametrize(
    "program", ["echo sorry >&2; exit 3", f"{WRITES}; kill -SEGV $$", "echo sorry"]
)
def test_an_export_that_fails_is_the_answer(desk: Desk, program: str) -> None:
    """Also where it wrote something first, and where it wrote nothing and says that all is well."""
    desk.make(program)
    assert desk.run() == 1
    assert json.loads(desk.answer.read_text()) == json.loads(FAILURE)
    kept = {desk.answer.name, f"{desk.answer.name}.progress", "bandmate-export.log"}
    assert desk.left() == kept
    assert ("sorry" in (desk.session / "bandmate-export.log").read_text()) == ("sorry" in program)
    assert list((desk.session / "export").iterdir()) == []
    assert list((desk.root / "tmp").iterdir()) == []
    assert not (desk.root / "heard").exists()


def test_an_export_that_is_cancelled_ends(desk: Desk) -> None:
    desk.make('echo $$ >"$ROOT/pid.t"; mv "$ROOT/pid.t" "$ROOT/pid"; exec sleep 600')
    with subprocess.Popen(desk.words(), env=desk.env()) as begun:
        while not (desk.root / "pid").exists():
            time.sleep(0.005)
        assert Path(f"{desk.answer}.progress").read_text() == "0.00 exporting the session\n"
        Path(f"{desk.answer}.cancel").touch()
        assert begun.wait(60) == 0
    with pytest.raises(ProcessLookupError):
        os.kill(int((desk.root / "pid").read_text()), 0)
    assert desk.left() == set()
    assert list((desk.root / "tmp").iterdir()) == []
    assert not (desk.root / "heard").exists()


def test_what_ardour_could_not_save_is_said(desk: Desk) -> None:
    desk.make(WRITES)
    (desk.session / "bandmate-master-1-2.pending").unlink()
    assert desk.run() == 1
    assert json.loads(desk.answer.read_text()) == json.loads(FAILURE)


# ------------------------------------------------------------------ what Lua says to it

ARDOUR = """
    SAVED, RESULT, PROGRAMS = {}, 0, {}
    ARDOUR = {
      user_config_directory = function () return "/c/ardour7" end,
      LuaAPI = {
        FileTest = { IsExecutable = 8 },
        file_test = function (path) return PROGRAMS[path] == true end,
      },
    }
    ENV = { PATH = "/usr/local/bin:/p", ARDOUR_DLL_PATH = "/opt/a/lib" }
    os.getenv = function (name) return ENV[name] end
    Session = {
      name = function () return "my/song" end,
      save_state = function (self, ...) SAVED[#SAVED + 1] = { ... } return RESULT end,
    }
"""


def exporting(version: str) -> Script:
    script = Script(version)
    script.lua.execute(ARDOUR)
    script.lua.globals().EXPORTING = script.piece("exporting", "/h/", script.piece("waiting"))
    return script


@VERSIONS
def test_a_state_is_saved_that_is_not_the_musicians(version: str) -> None:
    script = exporting(version)
    script.lua.execute("PROGRAMS['/p/ardour7-export'] = true")
    words = list(script.lua.eval("EXPORTING.before('/s', 'master-1-2')").values())
    *told, failure = words
    assert told == [
        "/bin/sh",
        "/h/export.sh",
        "/p/ardour7-export",
        "/c/ardour7",
        "/s",
        "/s/bandmate-master-1-2.pending",
        "my-song",
        "/s/bandmate-master-1-2.json",
    ]
    error = json.loads(failure)["error"]
    assert "bandmate-export.log" in error["text"]
    assert "Session > Export" in error["text"]
    saved = list(script.lua.globals().SAVED[1].values())
    assert saved == ["bandmate-master-1-2", True, False, False, False, False]


@VERSIONS
@pytest.mark.parametrize(
    "path", ["/opt/a/lib/../bin", "/opt/a/lib/../../bin", "/usr/local/bin", "/p"]
)
def test_the_program_of_this_ardour_comes_first(version: str, path: str) -> None:
    script = exporting(version)
    script.lua.execute("PROGRAMS['/p/ardour7-export'] = true")
    script.lua.execute(f"PROGRAMS['{path}/ardour7-export'] = true")
    assert script.lua.eval("EXPORTING.program()") == f"{path}/ardour7-export"


@VERSIONS
@pytest.mark.parametrize("env", ["{}", "ENV"])
def test_a_program_that_is_not_there_is_said_with_the_way_by_hand(version: str, env: str) -> None:
    script = exporting(version)
    script.lua.execute(f"ENV = {env}")
    with pytest.raises(
        Exception, match=r"ardour7-export, is not installed\. Export it by Session >"
    ):
        script.lua.eval("EXPORTING.before('/s', 'k')")
    assert len(script.lua.globals().SAVED) == 0


@VERSIONS
def test_a_session_that_cannot_be_saved_is_said(version: str) -> None:
    script = exporting(version)
    script.lua.execute("PROGRAMS['/p/ardour7-export'], RESULT = true, 1")
    with pytest.raises(Exception, match="could not save what is to be exported in /s"):
        script.lua.eval("EXPORTING.before('/s', 'k')")


@VERSIONS
def test_bandmate_is_asked_by_what_exports(version: str, tmp_path: Path) -> None:
    script, asking, _ = look_out(version, tmp_path)
    settings = script.lua.eval('{ { "preset", "a b" } }')
    before = script.lua.table("/bin/sh", "/h/export.sh", "more")
    asking.begin(str(tmp_path), script.lua.eval(QUESTION), None, settings, before)
    shell, *words = list(script.lua.globals().STARTED[1].values())[3:]
    assert shell == "bandmate"
    answer = tmp_path / "bandmate-pitch-1-2.json"
    ask = ["/b/bandmate", "ask", "pitch", "--preset=a b", "--start", "--answer", str(answer)]
    assert words == ["/bin/sh", "/h/export.sh", "more", *ask]


@VERSIONS
def test_a_bandmate_that_is_not_there_leaves_no_state(version: str, tmp_path: Path) -> None:
    script, _, _ = look_out(version, tmp_path)
    waiting = script.piece("waiting")
    asking = script.piece("asking", script.piece("shell"), script.piece("answer"), waiting, "/no")
    (tmp_path / "bandmate-pitch-1-2.pending").write_text(STATE)
    with pytest.raises(Exception, match="bandmate was not found at /no"):
        asking.begin(
            str(tmp_path), script.lua.eval(QUESTION), None, None, script.lua.table("/bin/sh")
        )
    assert list(tmp_path.iterdir()) == []
