from __future__ import annotations

import platform
import sys
from pathlib import Path

import pytest

from bridge.installing import processes
from bridge.installing.processes import look, matches


def test_this_very_process_is_seen() -> None:
    assert look([Path(sys.executable).resolve().name]).runs is True


def test_what_nobody_runs_is_not_seen() -> None:
    seen = look(["no-such-tapedeck"])
    assert seen.runs is False
    assert seen.by in {"/proc", "ps", "tasklist"}


@pytest.mark.parametrize(
    ("name", "program", "same"),
    [
        ("ardour-7.3.0~ds", "ardour", True),
        ("ardour7", "ardour", True),
        ("Ardour8", "ardour", True),
        ("REAPER.EXE", "reaper", True),
        ("reaper", "reaper.exe", True),
        ("Ableton Live 12 Suite.exe", "Ableton Live 12", True),
        ("reapermatic", "reaper", False),
        ("my-ardour", "ardour", False),
    ],
)
def test_names_with_versions_are_the_program_others_are_not(
    name: str, program: str, same: bool
) -> None:
    assert matches(name, [program]) is same


@pytest.mark.parametrize(
    ("system", "said", "by"),
    [
        ("Windows", '"System","4","Services"\r\n"reaper.exe","7","Console"\r\n', "tasklist"),
        ("Darwin", "/sbin/launchd\n/Applications/REAPER.app/Contents/MacOS/REAPER\n", "ps"),
    ],
)
def test_the_lists_of_other_systems(
    monkeypatch: pytest.MonkeyPatch, system: str, said: str, by: str
) -> None:
    monkeypatch.setattr(platform, "system", lambda: system)
    monkeypatch.setattr(processes, "_said", lambda *words: said)
    assert look(["REAPER"]) == (True, by)
    assert look(["ardour"]) == (False, by)
    monkeypatch.setattr(processes, "_said", lambda *words: "")
    assert look(["REAPER"]) == (None, by)


def test_a_program_that_fails_says_nothing() -> None:
    assert processes._said("/no/such/program") == ""
    assert processes._said(sys.executable, "-c", "print(1); raise SystemExit(1)") == ""
    assert processes._said(sys.executable, "-c", "print(1)") == "1\n"
