from __future__ import annotations

import plistlib
import shutil
import subprocess
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from bridge.installing.at_login import service

HOME = Path("/home/ü")
ODD = ("/opt/my music/100%/$x/bandmate", "serve", "$HOME", 'a"b\\')


def test_systemd_is_told_every_sign_as_it_is() -> None:
    unit = service("Linux", {}, HOME, ODD)
    assert unit.path == HOME / ".config/systemd/user/bandmate.service"
    said = unit.content.decode()
    # The program is no place for variables, so that there $ is $ (systemd-analyze says so, too).
    assert 'ExecStart="/opt/my music/100%%/$x/bandmate" "serve" "$$HOME" "a\\"b\\\\"\n' in said
    assert "WantedBy=default.target" in said
    assert [command.words[2] for command in unit.on] == ["daemon-reload", "enable", "restart"]
    assert [command.words[2] for command in unit.before_off] == ["disable"]


def test_systemd_finds_no_fault(tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is not installed")
    program = tmp_path / "my $HOME 100%" / "band mate"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    unit = service("Linux", {}, tmp_path, (str(program), "serve"))
    path = tmp_path / unit.path.name
    path.write_bytes(unit.content)
    said = subprocess.run(
        ["systemd-analyze", "verify", str(path)], capture_output=True, text=True, check=False
    )
    assert unit.path.name not in said.stderr


def test_the_configuration_folder_may_be_elsewhere() -> None:
    unit = service("Linux", {"XDG_CONFIG_HOME": "/conf"}, HOME, ODD)
    assert unit.path == Path("/conf/systemd/user/bandmate.service")


def test_launchd() -> None:
    agent = service("Darwin", {}, HOME, ODD, 501)
    told = plistlib.loads(agent.content)
    assert told["ProgramArguments"] == list(ODD)
    assert agent.path.stem == told["Label"]
    assert told["KeepAlive"] == {"SuccessfulExit": False}
    assert "~" not in told["StandardErrorPath"]
    assert agent.on[-1].words == ("launchctl", "bootstrap", "gui/501", str(agent.path))
    assert agent.on[0].may_fail
    assert agent.before_off[0].words[-1] == f"gui/501/{told['Label']}"


def test_windows() -> None:
    env = {"LOCALAPPDATA": "/local", "USERDOMAIN": "STUDIO", "USERNAME": "M & M"}
    program = ("C:\\my <py>\\pythonw.exe", "-m", "bridge", "serve", "--log", "a b")
    task = service("Windows", env, HOME, program)
    assert task.content[:2] in {b"\xff\xfe", b"\xfe\xff"}
    root = ET.fromstring(task.content.decode("utf-16").partition("?>")[2])  # noqa: S314 - our own
    names = {part.tag.partition("}")[2]: part.text for part in root.iter()}
    assert names["Command"] == program[0]
    assert names["Arguments"] == '-m bridge serve --log "a b"'
    assert names["UserId"] == "STUDIO\\M & M"
    assert names["ExecutionTimeLimit"] == "PT0S"
    assert [command.words[1] for command in task.on] == ["/Create", "/End", "/Run"]
    assert [command.may_fail for command in task.on] == [False, True, False]
    assert task.before_off[-1].words == ("schtasks", "/Delete", "/TN", "bandmate", "/F")
