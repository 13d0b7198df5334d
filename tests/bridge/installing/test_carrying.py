"""`bridge.installing.carrying`: in and out again, and nothing of others lost."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.errors import FileError
from bridge.installing import record, steps
from bridge.installing.carrying import Plan, plan_install, plan_uninstall, write_files
from tests.bridge.installing.made_up import LINE, MadeUp, tree

COMMAND = "/opt/bandmate"
SAY = "Scripts/bandmate/say.lua"
RECORD = {
    "name": "deck", "folder": "/deck", "version": "1", "command": COMMAND,
    "files": {}, "made": [], "merged": {},
}  # fmt: skip


def install(daw: MadeUp, command: str = COMMAND) -> Plan:
    plan = plan_install("deck", daw, daw.folder, command)
    plan.carry_out()
    return plan


def uninstall(daw: MadeUp) -> Plan:
    known = record.find("deck", daw.folder)
    assert known is not None
    plan = plan_uninstall(known, daw)
    plan.carry_out()
    return plan


def running(daw: MadeUp) -> MadeUp:
    """Let the DAW run: it is this very process."""
    return MadeUp(daw.folder, (Path(sys.executable).resolve().name,))


def test_the_files_are_there_with_the_command_in_them(daw: MadeUp) -> None:
    plan = install(daw)
    assert (daw.folder / SAY).read_bytes() == b"say()\n/opt/bandmate"
    assert (daw.folder / "keys.txt").read_bytes() == (
        b"play space\r\nodd \xff byte\n" + LINE.encode()
    )
    assert any("does not run, as far as" in remark for remark in plan.remarks)
    assert not [name for name in tree(daw.folder) if name.endswith("part")]


def test_twice_is_the_same_as_once(daw: MadeUp) -> None:
    install(daw)
    once = tree(daw.folder)
    assert install(daw).steps == ()
    assert tree(daw.folder) == once


def test_out_again_leaves_the_folder_as_it_was(daw: MadeUp) -> None:
    before = tree(daw.folder)
    install(daw)
    install(daw, "/elsewhere/bandmate")
    uninstall(daw)
    assert tree(daw.folder) == before
    assert record.records() == []


def test_what_was_empty_before_is_gone_again(daw: MadeUp) -> None:
    (daw.folder / "keys.txt").unlink()
    before = tree(daw.folder)
    install(daw)
    assert (daw.folder / "keys.txt").read_text() == LINE
    uninstall(daw)
    assert tree(daw.folder) == before


def test_telling_changes_nothing(daw: MadeUp) -> None:
    before = tree(daw.folder)
    plan = plan_install("deck", daw, daw.folder, COMMAND)
    assert len(plan.steps) > 4
    assert tree(daw.folder) == before
    assert record.records() == []


def test_what_the_musician_changed_is_kept_beside(daw: MadeUp) -> None:
    install(daw)
    (daw.folder / SAY).write_text("my own")
    plan = install(daw)
    assert [step.doing for step in plan.steps] == ["keep", "write"]
    assert (daw.folder / f"{SAY}.old").read_text() == "my own"
    (daw.folder / SAY).write_text("my second")
    uninstall(daw)
    assert (daw.folder / f"{SAY}.old").read_text() == "my own"
    assert (daw.folder / f"{SAY}.old1").read_text() == "my second"
    assert not (daw.folder / SAY).exists()


def test_a_file_that_was_there_before_is_kept_beside(daw: MadeUp) -> None:
    (daw.folder / SAY).parent.mkdir(parents=True)
    (daw.folder / SAY).write_text("somebody's")
    install(daw)
    assert (daw.folder / f"{SAY}.old").read_text() == "somebody's"


def test_a_link_is_not_written_through(daw: MadeUp, tmp_path: Path) -> None:
    theirs = tmp_path / "theirs.lua"
    theirs.write_text("theirs")
    (daw.folder / SAY).parent.mkdir(parents=True)
    (daw.folder / SAY).symlink_to(theirs)
    install(daw)
    assert theirs.read_text() == "theirs"
    assert not (daw.folder / SAY).is_symlink()


def test_a_linked_settings_file_stays_a_link(daw: MadeUp, tmp_path: Path) -> None:
    dotfiles = tmp_path / "dotfiles.txt"
    (daw.folder / "keys.txt").rename(dotfiles)
    (daw.folder / "keys.txt").symlink_to(dotfiles)
    install(daw)
    assert (daw.folder / "keys.txt").is_symlink()
    assert dotfiles.read_bytes().endswith(LINE.encode())


def test_an_upgrade_takes_away_what_the_new_one_has_not(daw: MadeUp) -> None:
    install(daw)
    gone = daw.names.pop()
    daw.script = b"better()\n"
    install(daw)
    assert not (daw.folder / gone).exists()
    assert (daw.folder / SAY).read_bytes().startswith(b"better")
    assert not list(daw.folder.rglob("*.old"))


def test_a_running_daw_keeps_its_own_file_and_the_way_by_hand_is_said(daw: MadeUp) -> None:
    before = (daw.folder / "keys.txt").read_bytes()
    plan = install(running(daw))
    assert (daw.folder / SAY).exists()
    assert (daw.folder / "keys.txt").read_bytes() == before
    assert any("Quit it, then: bandmate install deck" in remark for remark in plan.remarks)
    assert "Click Add." in plan.remarks
    install(daw)  # it was quit
    assert (daw.folder / "keys.txt").read_bytes() == before + LINE.encode()


def test_who_says_that_it_is_closed_is_believed(daw: MadeUp) -> None:
    plan_install("deck", running(daw), daw.folder, COMMAND, closed=True).carry_out()
    assert LINE.encode() in (daw.folder / "keys.txt").read_bytes()


def test_nothing_is_taken_out_of_a_running_daw(daw: MadeUp) -> None:
    install(daw)
    once = tree(daw.folder)
    known = record.find("deck", daw.folder)
    assert known is not None
    with pytest.raises(FileError, match="Quit it, then: bandmate uninstall deck"):
        plan_uninstall(known, running(daw))
    assert tree(daw.folder) == once


def test_what_came_into_the_settings_since_stays(daw: MadeUp) -> None:
    install(daw)
    keys = daw.folder / "keys.txt"
    keys.write_bytes(keys.read_bytes() + b"stop esc\n")
    plan = uninstall(daw)
    assert keys.read_bytes() == b"play space\r\nodd \xff byte\nstop esc\n"
    backup = daw.folder / "keys.txt.before-bandmate"
    assert backup.read_bytes() == b"play space\r\nodd \xff byte\n"
    assert any(str(backup) in remark for remark in plan.remarks)


def test_what_python_compiled_goes_too(tmp_path: Path) -> None:
    folder = tmp_path / "live"
    folder.mkdir()
    write_files("live", folder, {"Bandmate/start.py": b"x = 1\n"}, COMMAND).carry_out()
    compiled = folder / "Bandmate" / "__pycache__" / "start.cpython-311.pyc"
    compiled.parent.mkdir()
    compiled.write_bytes(b"\0")
    known = record.find("live", folder)
    assert known is not None
    plan_uninstall(known, None).carry_out()
    assert tree(folder) == {}


@pytest.mark.skipif(os.name == "nt", reason="Windows has other rights")
def test_a_file_of_others_keeps_its_rights(daw: MadeUp) -> None:
    (daw.folder / "keys.txt").chmod(0o640)
    install(daw)
    assert (daw.folder / "keys.txt").stat().st_mode & 0o777 == 0o640


def test_a_folder_in_the_way_is_said(daw: MadeUp) -> None:
    (daw.folder / SAY).mkdir(parents=True)
    with pytest.raises(FileError, match="cannot be read"):
        install(daw)


def test_what_was_begun_and_cut_short_can_be_taken_out_and_gone_on_with(
    daw: MadeUp, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As after kill -9: no step after the cut is done, nor anything else."""
    before = tree(daw.folder)
    real, whole = steps.carry_out, plan_install("deck", daw, daw.folder, COMMAND)
    for cut in range(len(whole.steps) + 1):

        def killed(planned: Sequence[steps.Step], cut: int = cut) -> None:
            real(planned[:cut])
            raise KeyboardInterrupt

        monkeypatch.setattr("bridge.installing.carrying.carry_out", killed)
        with pytest.raises(KeyboardInterrupt):
            install(daw)
        with pytest.raises(KeyboardInterrupt):  # an upgrade, cut short as well
            install(daw, "/elsewhere/bandmate")
        monkeypatch.setattr("bridge.installing.carrying.carry_out", real)
        if cut % 2:
            install(daw)
        uninstall(daw)
        assert tree(daw.folder) == before, f"after {cut} steps"


def test_what_a_kill_left_half_written_is_removed(daw: MadeUp) -> None:
    install(daw)
    once = tree(daw.folder)
    half = (daw.folder / SAY).with_name(".say.lua.0123456789abcdef.bandmate-part")
    half.write_text("ha")
    install(daw)
    assert tree(daw.folder) == once
    half.write_text("ha")
    uninstall(daw)
    assert not (daw.folder / SAY).parent.exists()


def test_nothing_is_begun_that_cannot_be_remembered(daw: MadeUp, tmp_path: Path) -> None:
    before = tree(daw.folder)
    state = Path(os.environ["BANDMATE_HOME"]) / "state"
    state.parent.mkdir(parents=True, exist_ok=True)
    state.write_text("a file in the way")
    with pytest.raises(FileError, match="cannot be remembered"):
        install(daw)
    assert tree(daw.folder) == before


@pytest.mark.parametrize("relative", ["../x", "/etc/x", "a/../../x", "C:x", "a\\..\\x", ""])
def test_a_damaged_record_leads_nowhere_else(relative: str) -> None:
    with pytest.raises(FileError, match="does not lie in"):
        record.Record("deck", "/deck", "1", COMMAND).path(relative)


@pytest.mark.parametrize(
    "damage",
    [
        {"name": "deck"},
        ["deck"],
        {**RECORD, "files": ["a"]},
        {**RECORD, "files": {"a": 1}},
        {**RECORD, "merged": ["a"]},
        {**RECORD, "made": [1]},
        {**RECORD, "folder": None},
    ],
)
def test_a_record_that_cannot_be_read_is_passed_over(daw: MadeUp, damage: object) -> None:
    install(daw)
    (written,) = (Path(os.environ["BANDMATE_HOME"]) / "state/installed").glob("*.json")
    written.write_text(json.dumps(damage))
    assert record.records() == []
    assert install(daw).steps == ()  # what is there is what would be written


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(["install", "upgrade", "edit", "uninstall"]), max_size=8))
def test_whatever_happens_out_again_leaves_only_what_was_edited(
    daw: MadeUp, doings: list[str]
) -> None:
    before = tree(daw.folder)
    for number, doing in enumerate(doings):
        if doing == "edit" and (daw.folder / SAY).exists():
            (daw.folder / SAY).write_text(f"edit {number}")
        elif doing == "uninstall" and record.find("deck", daw.folder):
            uninstall(daw)
        elif doing in {"install", "upgrade"}:
            install(daw, f"/opt/{number if doing == 'upgrade' else ''}bandmate")
    if record.find("deck", daw.folder):
        uninstall(daw)
    kept = [path for path in daw.folder.rglob("*.old*") if path.read_text().startswith("edit")]
    for path in kept:
        path.unlink()
    for folder in ("Scripts/bandmate/deep", "Scripts/bandmate", "Scripts"):
        place = daw.folder / folder  # it was not empty when all else went
        if place.is_dir() and not any(place.iterdir()):
            place.rmdir()
    assert tree(daw.folder) == before
