from __future__ import annotations

import shutil
import sys

import pytest

from bridge.installing import record
from bridge.installing.carrying import plan_install
from bridge.installing.checking import trouble
from bridge.installing.record import Record
from tests.bridge.installing.made_up import MadeUp

SAY = "Scripts/bandmate/say.lua"


@pytest.fixture
def known(daw: MadeUp) -> Record:
    plan_install("deck", daw, daw.folder, sys.executable).carry_out()
    found = record.find("deck", daw.folder)
    assert found is not None
    return found


def test_what_was_just_installed_is_well(daw: MadeUp, known: Record) -> None:
    assert trouble(known, daw.files(sys.executable), daw) == ""
    assert trouble(known) == ""


def test_another_bandmate_is_told(daw: MadeUp, known: Record) -> None:
    assert "another bandmate" in trouble(known, daw.files("/moved/bandmate"), daw)


def test_a_moved_environment_is_told(daw: MadeUp) -> None:
    plan_install("deck", daw, daw.folder, "/gone/bandmate").carry_out()
    known = record.find("deck", daw.folder)
    assert known is not None
    assert trouble(known) == "it calls /gone/bandmate, which is gone"


def test_changed_and_missing_files_are_told(daw: MadeUp, known: Record) -> None:
    files = daw.files(sys.executable)
    (daw.folder / SAY).write_text("mine")
    assert trouble(known, files, daw) == f"{SAY} was changed"
    (daw.folder / SAY).unlink()
    assert trouble(known, files, daw) == f"{SAY} is gone"
    shutil.rmtree(daw.folder)
    assert trouble(known, files, daw) == "the folder is gone"


def test_lines_that_are_not_merged_are_told(daw: MadeUp, known: Record) -> None:
    (daw.folder / "keys.txt").write_text("play space\n")
    assert trouble(known, daw.files(sys.executable), daw) == "bandmate is not in keys.txt"
