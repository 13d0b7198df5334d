from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from assistant.errors import FileError, OutsideRoots, SettingError, UnknownName
from bridge.mcp.metering import MAX_FILES, measure
from bridge.mcp.summary import Answer
from bridge.roots import Roots


def ask(asked: dict[str, object], root: Path) -> Answer:
    return asyncio.run(asyncio.wait_for(measure(asked, Roots((root,))), 60))


def test_files_are_measured(tmp_path: Path) -> None:
    path = tmp_path / "-loud.wav"
    tone = 0.5 * np.sin(2 * np.pi * 997 * np.arange(48_000) / 48_000)
    soundfile.write(path, tone, 48_000)
    (row,) = ask({"files": [str(path)]}, tmp_path)["files"]
    assert row["file"] == str(path)
    assert row["true_peak"] == pytest.approx(-6.02, abs=0.1)


def test_a_file_that_is_none_is_said(tmp_path: Path) -> None:
    answer = ask({"files": [str(tmp_path / "none.wav")]}, tmp_path)
    assert answer["error"]["code"] == "file"


@pytest.mark.parametrize(
    ("asked", "kind"),
    [
        ({}, SettingError),
        ({"files": []}, SettingError),
        ({"files": "/a.wav"}, SettingError),
        ({"files": [1]}, SettingError),
        ({"files": ["/a.wav"] * (MAX_FILES + 1)}, SettingError),
        ({"files": ["a.wav"]}, FileError),
        ({"files": ["--help"]}, FileError),
        ({"files": ["/etc/hosts"]}, OutsideRoots),
        ({"file": "/a.wav"}, UnknownName),
    ],
)
def test_what_cannot_be_measured_is_refused(
    asked: dict[str, object], kind: type[Exception], tmp_path: Path
) -> None:
    with pytest.raises(kind):
        ask(asked, tmp_path)


def test_who_no_longer_waits_ends_the_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = tmp_path / "slow"
    slow.write_text(f"#!{sys.executable}\nimport time\ntime.sleep(600)\n")
    slow.chmod(0o700)
    monkeypatch.setattr("bridge.interpreter.sys.executable", str(slow))
    begun: list[asyncio.subprocess.Process] = []
    start = asyncio.create_subprocess_exec

    async def noted(*words: str, **pipes: Any) -> asyncio.subprocess.Process:
        begun.append(await start(*words, **pipes))
        return begun[-1]

    monkeypatch.setattr(asyncio, "create_subprocess_exec", noted)

    async def test() -> None:
        job = asyncio.create_task(measure({"files": [str(tmp_path)]}, Roots((tmp_path,))))
        while not begun:
            await asyncio.sleep(0.01)
        os.kill(begun[0].pid, 0)
        job.cancel()
        with pytest.raises(asyncio.CancelledError):
            await job
        assert await begun[0].wait() != 0

    asyncio.run(asyncio.wait_for(test(), 60))


def test_a_process_that_dies_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bridge.interpreter.sys.executable", "/bin/false")
    assert ask({"files": [str(tmp_path)]}, tmp_path)["error"]["code"] == "crash"
