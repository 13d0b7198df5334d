"""``bandmate batch`` as a musician, and kill -9, see it."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pytest
import soundfile

from assistant import engine
from bridge.commands import batch
from tests.bridge.batch.catalogue import (
    catalogue,
    numbered,
    results,
    run,
    sound,
    started,
    states,
    strays,
)
from tests.bridge.batch.moods.mood import BUG, CRASH, REFUSE


def kill_once_there_are(count: int, out: Path, *words: str) -> None:
    """Start a batch and kill it as soon as it made some results more than there were."""
    wanted = len(results(out)) + count
    process = started(*words)
    while len(results(out)) < wanted and process.poll() is None:
        time.sleep(0.005)
    process.kill()
    process.communicate()


def check_whole(songs: Sequence[Path], out: Path) -> None:
    """See that each file has its own result, as long as it is."""
    for song in songs:
        (name,) = numbered([song])
        assert soundfile.info(out / name).frames == soundfile.info(song).frames


def test_a_killed_batch_goes_on_where_it_was(tmp_path: Path) -> None:
    songs = catalogue(tmp_path, 20)
    out = tmp_path / "bandmate-mood"
    words = ("mood", str(tmp_path), "--seconds", "0.1", "--jobs", "2")
    for _ in range(2):
        kill_once_there_are(4, out, *words)
    before = results(out)
    assert 8 <= len(before) < 20
    code, said, err = run(*words)
    assert (code, err) == (0, "")
    assert said["done"] + said["skipped"] == 20
    assert said["skipped"] >= len(before) - 2  # a worker may have been at two
    assert results(out) == numbered(songs)
    assert strays(out) == []
    check_whole(songs, out)
    code, said, _ = run(*words)
    assert (code, said["done"], said["skipped"]) == (0, 0, 20)
    assert results(out) == numbered(songs)


def test_one_object_says_what_became_of_every_file(tmp_path: Path) -> None:
    folder, out = tmp_path / "songs", tmp_path / "out"
    good, refused, bug = (folder / name for name in ("good.wav", "refused.wav", "bug.wav"))
    sound(good)
    sound(refused, REFUSE)
    (folder / "broken.wav").write_text("no sound")
    words = ("mood", str(folder), "--out", str(out), "--report")
    code, said, err = run(*words)
    assert code == 2
    assert set(said) == {
        *("stage", "folder", "out", "files", "done", "failed", "skipped", "waiting", "seconds")
    }
    assert (said["stage"], said["folder"], said["out"]) == ("mood", str(folder), str(out))
    assert (said["done"], said["failed"], said["skipped"], said["waiting"]) == (1, 2, 0, 0)
    assert [Path(one["file"]).name for one in said["files"]] == [
        *("broken.wav", "good.wav", "refused.wav")
    ]
    (one,) = said["files"][1]["suggestions"]
    assert one["file"] == str(out / "good.mood-1.wav")
    assert one["files"] == {"report": str(out / "good.mood-1.report.html")}
    assert Path(one["file"]).exists()
    assert said["files"][2]["error"] == {"code": "material", "text": "This cannot be worked on."}
    assert "refused.wav: This cannot be worked on." in err
    assert (out / "report.html").exists()
    assert (out / "report.csv").exists()
    sound(bug, BUG)
    code, said, err = run(*words)
    assert code == 1
    assert states(said) == {
        "broken.wav": "failed",
        "bug.wav": "failed",
        "good.wav": "skipped",
        "refused.wav": "failed",
    }
    assert "ValueError: nobody thought of this" in err


def test_a_file_that_kills_its_worker_takes_no_other_with_it(tmp_path: Path) -> None:
    songs = catalogue(tmp_path, 6)
    sound(songs[2], CRASH)
    code, said, err = run("mood", str(tmp_path), "--jobs", "2")
    assert code == 1
    assert said["done"] == 5
    assert states(said)[songs[2].name] == "failed"
    assert said["files"][2]["error"]["code"] == "crash"
    assert "twice" in err


def test_two_on_one_folder_are_one_too_many(tmp_path: Path) -> None:
    catalogue(tmp_path, 2)
    words = ("mood", str(tmp_path), "--seconds", "30", "--jobs", "1")
    first = started(*words)
    ledger = tmp_path / "bandmate-mood" / ".bandmate-batch" / "ledger.sqlite-wal"
    while not ledger.exists() or not ledger.stat().st_size:
        assert first.poll() is None
        time.sleep(0.01)
    code, said, err = run("mood", str(tmp_path), "--seed", "4")
    assert (code, said["error"]["code"]) == (2, "busy")
    assert err.count("\n") == 1
    first.kill()
    first.communicate()
    code, said, _ = run("mood", str(tmp_path))
    assert (code, said["done"]) == (0, 2)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows cannot send Ctrl-C to one process")
def test_ctrl_c_says_where_it_stands(tmp_path: Path) -> None:
    songs = catalogue(tmp_path, 8)
    out = tmp_path / "bandmate-mood"
    words = ("mood", str(tmp_path), "--jobs", "2", "--seconds", "0.3")
    process = started(*words)
    while not results(out):
        assert process.poll() is None
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    told, err = process.communicate()
    assert process.returncode == 130, told + err
    assert "Traceback" not in err
    assert "waiting" in told.splitlines()[0]
    assert "go on from here" in told.splitlines()[1]
    assert strays(out) == []
    made = results(out)
    assert "report.html" in {path.name for path in out.iterdir()}
    code, said, _ = run(*words)
    assert (code, said["skipped"]) == (0, len(made))
    assert results(out) == numbered(songs)


def test_a_mistake_is_one_line(tmp_path: Path) -> None:
    sound(tmp_path / "a.wav")
    for words, hint in {
        ("moood", str(tmp_path)): "Did you mean 'mood'",
        ("mood", str(tmp_path / "none")): "There is no",
        ("mood", str(tmp_path / "a.wav")): "is a file",
        ("mood", str(tmp_path), "--jobs", "0"): "it takes 1 to 256",
        ("mood", str(tmp_path), "--secconds", "1"): "Did you mean '--seconds'",
        ("mood", str(tmp_path), "--seconds", "100"): "0 to 60 s",
        ("mood", str(tmp_path), "--guide", str(tmp_path / "b.wav")): "Did you mean 'a.wav'",
        ("mood", str(tmp_path), "--out", str(tmp_path / "a.wav")): "Nothing can be written",
    }.items():
        code, said, err = run(*words)
        assert code == 2
        assert hint in said["error"]["text"]
        assert err.count("\n") == 1
    assert [path.name for path in tmp_path.iterdir()] == ["a.wav"]


def test_help_tells_what_there_is(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        batch.main(["--help"])
    assert "master" in capsys.readouterr().out
    for stage in engine.stages():
        with pytest.raises(SystemExit):
            batch.main([stage.name, "--help"])
        out = capsys.readouterr().out
        assert all(f"--{knob.name.replace('_', '-')}" in out for knob in stage.knobs)
        assert "--recursive" in out
        assert f"bandmate-{stage.name}" in out.replace("\n", "")


@pytest.mark.slow
def test_a_thousand_files(tmp_path: Path) -> None:
    songs = catalogue(tmp_path, 1000)
    out = tmp_path / "bandmate-mood"
    words = ("mood", str(tmp_path), "--jobs", "2")
    for _ in range(3):
        kill_once_there_are(150, out, *words)
    code, said, _ = run(*words)
    assert code == 0
    assert said["done"] + said["skipped"] == 1000
    assert said["skipped"] >= 450
    assert results(out) == numbered(songs)
    assert strays(out) == []
    check_whole(songs, out)


def test_a_kill_leaves_no_workers(tmp_path: Path) -> None:
    catalogue(tmp_path, 2)
    process = started("mood", str(tmp_path), "--jobs", "1", "--seconds", "60")
    deadline = time.monotonic() + 30
    while not (found := _workers(process.pid)) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert found
    process.kill()
    process.communicate()
    while set(_workers(None)) & set(found) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not set(_workers(None)) & set(found)


def _workers(parent: int | None) -> list[int]:
    """List worker processes, of one parent or all."""
    told = subprocess.run(
        ["ps", "-eo", "pid=,ppid=,args="], capture_output=True, text=True, check=True
    ).stdout
    rows = [line.split(None, 2) for line in told.splitlines()]
    ours = [row for row in rows if len(row) == 3 and "-m bridge.worker" in row[2]]
    return [int(pid) for pid, of, _ in ours if parent is None or int(of) == parent]
