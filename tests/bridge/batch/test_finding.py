from __future__ import annotations

import os
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from assistant import engine
from assistant.errors import FileError, MaterialError
from assistant.material import Session
from bridge.batch.finding import find
from bridge.batch.ledger import HOME


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    names = (
        *(
            "b.wav",
            "A.FLAC",
            "a.mp3",
            "song.dawproject",
            "tune.mid",
            "notes.txt",
            ".hidden.wav",
            "mix.final-2.wav",
        ),
        *("a.master-1.wav", "a.pitch-12.residual.wav", "tune.chords-1.mid", "master-1.wav"),
        "song.chords-1.dawproject",
        *("live/c.aiff", "live/deep/d.ogg", ".hidden/e.wav", "out/f.wav", "out/more/g.wav"),
    )
    for name in names:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x" * (1 + len(name)))
    (tmp_path / "folder.wav").mkdir()
    return tmp_path


def found(folder: Path, stage: str, *, recursive: bool = False, results: bool = False) -> list[str]:
    told = find(folder, engine.stage(stage), folder / "out", recursive=recursive, results=results)
    return [path.as_posix() for path in told.files]


def test_files_that_the_stage_takes_in_order(folder: Path) -> None:
    here = ["A.FLAC", "a.mp3", "b.wav", "master-1.wav", "mix.final-2.wav"]
    assert found(folder, "master") == here
    assert found(folder, "master", recursive=True) == sorted(
        [*here, "live/c.aiff", "live/deep/d.ogg"]
    )
    assert found(folder, "chords") == [*here, "song.dawproject", "tune.mid"]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no links for all")
def test_links_that_lead_nowhere_are_counted(folder: Path) -> None:
    for name in ("b.wav", "notes.txt"):
        (folder / name).unlink()
        (folder / name).symlink_to(folder / "gone.wav")
    told = find(folder, engine.stage("master"), folder / "out", recursive=False, results=False)
    assert told.nowhere == 1
    assert Path("b.wav") not in told.files
    lonely = folder / "lonely"
    lonely.mkdir()
    (lonely / "b.wav").symlink_to(folder / "gone.wav")
    with pytest.raises(FileError, match="1 link that leads nowhere"):
        find(lonely, engine.stage("master"), folder / "out", recursive=False, results=False)


def test_results_are_left_out_and_counted(folder: Path) -> None:
    told = find(folder, engine.stage("master"), folder, recursive=True, results=False)
    assert told.results == 2
    assert Path("out/more/g.wav") in told.files
    assert {"a.master-1.wav", "a.pitch-12.residual.wav"} <= set(
        found(folder, "master", results=True)
    )


def test_out_folders_of_other_batches_are_left_out(folder: Path) -> None:
    (folder / "live" / "deep" / HOME).mkdir()
    assert "live/deep/d.ogg" not in found(folder, "master", recursive=True)
    assert "live/deep/d.ogg" in found(folder, "master", recursive=True, results=True)
    assert found(folder / "live" / "deep", "master", recursive=True) == ["d.ogg"]


def test_each_file_has_its_stamp(folder: Path) -> None:
    os.utime(folder / "b.wav", ns=(1, 1_234_567_890_123_456_700))
    told = find(folder, engine.stage("master"), folder / "out", recursive=False, results=False)
    assert told.files[Path("b.wav")].size == 6
    assert told.files[Path("b.wav")].mtime_ns == (folder / "b.wav").stat().st_mtime_ns


def test_nothing_to_do_says_what_would_be_right(tmp_path: Path) -> None:
    (tmp_path / "below").mkdir()
    (tmp_path / "below" / "a.wav").write_bytes(b"x")
    with pytest.raises(FileError, match="--recursive yes"):
        found(tmp_path, "master")
    (tmp_path / "a.master-1.wav").write_bytes(b"x")
    with pytest.raises(FileError, match=r"holds one result of bandmate .* --results yes"):
        found(tmp_path, "master")
    with pytest.raises(FileError, match="cannot be read"):
        found(tmp_path / "none", "master")


def test_a_stage_of_folders_has_no_batch(tmp_path: Path) -> None:
    stage = replace(engine.stage("master"), takes=(Session,))
    with pytest.raises(MaterialError, match="a batch needs"):
        find(tmp_path, stage, tmp_path / "out", recursive=False, results=False)
