"""``bandmate install`` and ``bandmate uninstall``, on a home of their own."""

from __future__ import annotations

from pathlib import Path

import pytest

from bridge import cli, places
from bridge.commands import doctor
from bridge.daws import installer
from bridge.installing import telling
from bridge.installing.at_login import Command


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("XDG_CONFIG_HOME", "LOCALAPPDATA", "APPDATA"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("BANDMATE_HOME", str(tmp_path / "own"))
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    program = tmp_path / "bandmate"
    program.write_text("")
    monkeypatch.setattr(places, "command", lambda: program)
    return tmp_path


@pytest.fixture
def reaper(home: Path) -> Path:
    folder = home / "REAPER"
    folder.mkdir()
    (folder / "reaper.ini").write_text("")
    return folder


def about(what: str) -> doctor.Finding:
    (found,) = [one for one in doctor.examine() if one.what == what]
    return found


def test_without_a_name_the_daws_of_this_machine_are_listed(
    reaper: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["install"]) == 0
    said = capsys.readouterr().out
    assert f"{reaper}: bandmate install reaper" in said
    assert len(said.splitlines()) == len(installer.found())


def test_in_and_out(reaper: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["--folder", str(reaper), "--closed"]
    assert cli.main(["install", "reaper", "--dry-run", *words]) == 0
    assert "would write" in capsys.readouterr().out
    assert not (reaper / "Scripts").exists()
    assert cli.main(["install", "reaper", *words]) == 0
    assert "1. Start REAPER" in capsys.readouterr().out
    written = (reaper / "Scripts/bandmate/command.lua").read_text()
    assert str(places.command()) in written
    assert about("scripts in DAWs").state == "good"
    assert cli.main(["uninstall", "reaper", "--closed"]) == 0
    assert sorted(path.name for path in reaper.iterdir()) == ["reaper.ini"]
    assert cli.main(["uninstall", "reaper"]) == 0
    assert "Nothing of bandmate's" in capsys.readouterr().out


def test_the_doctor_tells_of_a_moved_environment(reaper: Path, home: Path) -> None:
    assert about("scripts in DAWs").mend == "bandmate install reaper"
    cli.main(["install", "reaper", "--closed"])
    (home / "bandmate").unlink()
    found = about("scripts in DAWs")
    assert (found.state, found.mend) == ("note", "bandmate install reaper")
    assert "which is gone" in found.seen


def test_a_daw_that_is_not_here_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["install", "reaper"]) == 2
    assert "--folder FOLDER" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["install", "uninstall"])
def test_unknown_names_are_refused(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main([command, "reapr"]) == 2
    assert "Did you mean 'reaper'?" in capsys.readouterr().err


def test_at_login(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ran: list[Command] = []

    def run(command: Command) -> str:
        ran.append(command)
        return ""

    monkeypatch.setattr(telling, "_run", run)
    assert cli.main(["install", "--at-login", "--dry-run"]) == 0
    assert not ran
    assert cli.main(["install", "--at-login", "--serve", "--log info"]) == 0
    service = telling.here(["--log", "info"])
    assert service.path.read_bytes() == service.content
    assert service.path.is_relative_to(home)
    assert len(ran) == len(service.on)
    assert "starts with the session" in about("at login").seen
    capsys.readouterr()
    assert cli.main(["uninstall", "--at-login", "--dry-run"]) == 0
    assert service.path.exists()
    assert "no more" not in capsys.readouterr().out
    assert len(ran) == len(service.on)
    assert cli.main(["uninstall", "--at-login"]) == 0
    assert not service.path.exists()
    assert len(ran) == len(service.on) + len(service.before_off) + len(service.after_off)
    assert cli.main(["uninstall", "--at-login"]) == 0
    assert "Nothing starts bandmate" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--at-login", "--serve", "--log 'info"], "No closing quotation"),
        (["--at-login", "--serve", "--lonk"], "Did you mean '--link'?"),
        (["--at-login", "--serve", "--daw lyve"], "Did you mean 'live'?"),
        (["--at-login", "--folder", "x"], "--folder"),
        (["--serve", "--link"], "--at-login"),
        (["reaper", "--serve", "--link"], "--at-login"),
    ],
)
def test_what_would_fail_at_each_login_is_refused_at_once(
    home: Path, words: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["install", *words]) == 2
    heard = capsys.readouterr().err
    assert said in heard
    assert heard.count("\n") == 1
    assert not (home / ".config").exists()


def test_an_option_of_serve_may_stand_alone(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["install", "--at-login", "--dry-run", "--serve", "--link"]) == 0
    assert "would" in capsys.readouterr().out


def test_the_doctor_goes_on_where_a_script_cannot_be_read(reaper: Path) -> None:
    cli.main(["install", "reaper", "--closed"])
    script = reaper / "Scripts/bandmate/bandmate.lua"
    script.unlink()
    script.mkdir()
    found = about("scripts in DAWs")
    assert found.state == "note"
    assert "cannot be read" in found.seen


def test_where_the_system_does_not_listen_all_that_is_left_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(telling, "_run", lambda _: "it is not at home")
    service = telling.here()
    assert cli.main(["install", "--at-login"]) == 0
    assert cli.main(["uninstall", "--at-login"]) == 0
    said = capsys.readouterr().out
    for command in (*service.on, *service.before_off, *service.after_off):
        assert f"\n  {' '.join(command.words)}\n" in said


def test_a_daw_and_the_session_are_two_things(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["install", "reaper", "--at-login"]) == 2
    assert cli.main(["uninstall"]) == 2
    assert "two things" in capsys.readouterr().err
