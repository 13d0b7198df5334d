from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from training import __main__ as make
from training import evaluate

SONG = {"tonic": 0, "chords": ["I:maj", "V:maj", "VI:min", "IV:maj"] * 4}


def corpus(path: Path, **more: Any) -> Path:
    told = {
        "songs": {"a": SONG | more, "b": SONG | more},
        "split": {"train": ["a"], "valid": ["b"]},
    }
    path.write_bytes(gzip.compress(json.dumps(told).encode()))
    return path


def printed(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, Any]:
    evaluate.main(["--task", "next-chord", *words])
    told: dict[str, Any] = json.loads(capsys.readouterr().out)
    return told


def test_it_prints_one_object(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    songs = str(corpus(tmp_path / "songs.json.gz"))
    told = printed(capsys, "--songs", songs)
    assert (told["task"], told["style"], told["songs"]) == ("next-chord", "rock", 2)
    counts = {context: told["memory"][context]["scored"] for context in ("all", "new", "known")}
    assert counts == {"all": 30, "new": 10, "known": 20}
    for kind in ("memory", "style_alone"):
        figures = told[kind]["all"]
        assert 0 <= figures["top1"] <= figures["top3"] <= figures["top5"] <= 1
        assert figures["perplexity"] > 1


def test_a_part_and_a_style_can_be_asked_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    songs = str(corpus(tmp_path / "songs.json.gz"))
    told = printed(capsys, "--songs", songs, "--part", "valid", "--style", "pop")
    assert (told["songs"], told["style"]) == (1, "pop")


def test_songs_with_lengths_are_pop(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    seg = [[chord, 4] for chord in ["I:maj", "V:maj", "VI:min", "IV:maj"] * 4]
    assert printed(capsys, "--songs", str(corpus(tmp_path / "x.gz", seg=seg)))["style"] == "pop"


@pytest.mark.parametrize("task", ["melody", "harmonise"])
def test_songs_without_a_melody_are_refused_by_name(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], task: str
) -> None:
    songs = str(corpus(tmp_path / "songs.json.gz"))
    with pytest.raises(SystemExit):
        evaluate.main(["--task", task, "--songs", songs])
    assert f"holds no songs with a melody to measure {task} by" in capsys.readouterr().err


@pytest.mark.parametrize(
    "written", [b"", b"no gzip", gzip.compress(b"{}", mtime=0), gzip.compress(b"[", mtime=0)]
)
def test_what_is_no_file_of_songs_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], written: bytes
) -> None:
    path = tmp_path / "songs.json.gz"
    path.write_bytes(written)
    for name in (path, tmp_path / "gone.json.gz"):
        with pytest.raises(SystemExit):
            evaluate.main(["--task", "next-chord", "--songs", str(name)])
        assert "is no file of songs" in capsys.readouterr().err


def test_an_unknown_task_is_refused() -> None:
    for main in (evaluate.main, make.main):
        with pytest.raises(SystemExit):
            main(["--task", "dance", "--songs", "x", "--data", "x"])


def test_the_tasks_asked_for_are_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    made: list[tuple[Path, Path]] = []
    monkeypatch.setattr(
        "training.next_chord.train", lambda data, models: made.append((data, models))
    )
    (tmp_path / "corpora").mkdir()
    shelf = tmp_path / "shelf"
    make.main(["--data", str(tmp_path), "--models", str(shelf), "--task", "next_chord"])
    assert made == [(tmp_path / "corpora", shelf)]
    assert shelf.is_dir()
    assert capsys.readouterr().out.startswith("next_chord: ")
