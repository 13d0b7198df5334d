from pathlib import Path, PurePosixPath

import pytest

from bridge.daws import installer
from bridge.daws.reaper import install

HOME = Path("/home/ü")
OTHERS = 'SEC 0 1 "keys"\nKEY 1 66 _RS12 0\nSCR 4 0 RSab "Custom: mine.lua" "mine/mine.lua"\n'


@pytest.mark.parametrize(
    ("system", "env", "first"),
    [
        ("Linux", {}, HOME / ".config/REAPER"),
        ("Linux", {"XDG_CONFIG_HOME": "/conf"}, Path("/conf/REAPER")),
        ("Darwin", {}, HOME / "Library/Application Support/REAPER"),
        ("Windows", {"APPDATA": "/roam"}, Path("/roam/REAPER")),
        ("Windows", {}, HOME / "AppData/Roaming/REAPER"),
    ],
)
def test_the_resource_folder(system: str, env: dict[str, str], first: Path) -> None:
    found = install.folders(system, env, HOME)
    assert found[0] == first
    assert len(set(found)) == len(found) >= 2  # a portable one may be elsewhere


def test_the_files_are_the_script_and_what_it_needs() -> None:
    files = install.files("/opt/bandmate")
    assert all(PurePosixPath(path).parent == PurePosixPath("Scripts/bandmate") for path in files)
    names = {PurePosixPath(path).name for path in files}
    assert {"bandmate.lua", "command.lua", "json.lua", "smf.lua", "shell.lua"} <= names
    assert files["Scripts/bandmate/command.lua"] == b'return "/opt/bandmate"\n'


def test_a_place_with_odd_signs_is_written_safely() -> None:
    place = install.files('C:\\Us"er\\é')["Scripts/bandmate/command.lua"]
    assert place == b'return "C:\\092Us\\034er\\092\\195\\169"\n'


@pytest.mark.parametrize("before", ["", OTHERS, OTHERS.replace("\n", "\r\n"), OTHERS.rstrip()])
def test_the_list_of_actions_is_added_to_and_put_back(before: str) -> None:
    merge = install.merges("x")["reaper-kb.ini"]
    once = merge.merge(before)
    assert merge.merge(once) == once
    assert once.startswith(before)
    assert once.count('"bandmate/bandmate.lua"') == 1
    assert once.count("\r\n") in {0, once.count("\n")}  # one kind of line end
    assert merge.unmerge(once).rstrip() == before.rstrip()
    assert merge.unmerge(before) == before


def test_a_key_for_the_script_stays_when_it_is_registered_again() -> None:
    merge = install.merges("x")["reaper-kb.ini"]
    line = merge.merge("").strip()
    key = f"KEY 1 66 _{line.split()[3]} 0\n"
    assert merge.merge(f"{line}\n{key}") == f"{key}{line}\n"


def test_reaper_is_found_by_itself() -> None:
    assert "reaper" in installer.found()
    found = installer.installer("reaper")
    assert (found.TITLE, found.MARK) == ("REAPER", "reaper.ini")
    assert all(step.endswith((".", ".)")) for step in found.NEXT)
