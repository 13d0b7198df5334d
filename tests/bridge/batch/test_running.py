"""A batch is killed at every step there is, and made good by the next run."""

from __future__ import annotations

import errno
import itertools
import os
import shutil
from collections.abc import Callable
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from assistant import engine
from assistant.errors import TooLong
from bridge import placing
from bridge.batch import request
from bridge.batch.finding import find
from bridge.batch.ledger import HOME, Ledger, Row
from bridge.batch.running import Batch
from tests.bridge.batch.catalogue import catalogue, results, sound, strays

DUMMIES = str(Path(__file__).parents[2] / "dummies")
engine.add_stages(DUMMIES)


class Here(Executor):
    """Calls at once, in this process; what is raised on `broken` files stands for a dead worker."""

    def __init__(self, broken: dict[str, list[Exception]] | None = None) -> None:
        self.broken = broken or {}
        self.called: list[str] = []

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        name = Path(args[0]["path"]).name
        self.called.append(name)
        if self.broken.get(name):
            future.set_exception(self.broken[name].pop())
        else:
            future.set_result(fn(*args, **kwargs))
        return future


class Killed(BaseException):
    """Stands for kill -9: nothing of ours hears of it."""


def run(folder: Path, executor: Executor, at_once: int = 3, **asked: object) -> list[Row]:
    """Run a batch of the dummy stage; the ledger is let go as a dying process would."""
    out = folder / "bandmate-dummy"
    placed = request.ordered("dummy", folder, asked)
    found = find(folder, engine.stage("dummy"), out, recursive=True, results=False)
    with closing(Ledger(out / HOME / "ledger.sqlite")) as ledger:
        key = ledger.request(request.identity(placed, folder, out))
        batch = Batch(placed, folder, out, ledger, key)
        batch.run(batch.resume(found.files), executor, at_once, lambda row: None)
        return ledger.rows(key)


def kill_after(steps: int, monkeypatch: pytest.MonkeyPatch) -> Callable[[], bool]:
    """Be killed before a step on the disk or in the ledger; tell whether it came so far."""
    count = itertools.count()
    reached: list[bool] = []

    def dying(does: Callable[..., Any]) -> Callable[..., Any]:
        def does_or_dies(*args: Any, **kwargs: Any) -> Any:
            if next(count) == steps or reached:
                reached.append(True)
                raise Killed
            return does(*args, **kwargs)

        return does_or_dies

    for place, name in (
        (os, "link"),
        (Path, "unlink"),
        (Path, "rename"),
        (Path, "replace"),
        (shutil, "rmtree"),
        (Ledger, "_do"),
    ):
        monkeypatch.setattr(place, name, dying(getattr(place, name)))
    return lambda: bool(reached)


@pytest.mark.parametrize("links", [True, False], ids=["links", "no links"])
def test_a_kill_at_any_step_is_made_good(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, links: bool
) -> None:
    if not links:
        no_links(monkeypatch)
    steps, killed = 0, True
    while killed:
        folder = tmp_path / str(steps)
        catalogue(folder, 2)
        sound(folder / "below" / "song.wav")
        with monkeypatch.context() as patch:
            came = kill_after(steps, patch)
            try:
                run(folder, Here(), report="yes", count=2)
            except Killed:
                assert came()
            killed = came()
        rows = run(folder, Here(), report="yes", count=2)
        assert [row.state for row in rows] == ["done"] * 3
        out = folder / "bandmate-dummy"
        names = ["song 0000", "song 0001", "below/song"]
        endings = [f"-{n}.{ending}" for n in (1, 2) for ending in ("report.html", "wav")]
        assert results(out) == sorted(f"{name}.dummy{end}" for name in names for end in endings)
        told = [one for row in rows for one in row.outcome.suggestions]
        written = [path for one in told for path in (one["file"], *one["files"].values())]
        assert sorted(written) == results(out)
        assert all((out / path).stat().st_size for path in written)
        assert strays(out) == []
        steps += 1
    assert steps > 40


def no_links(monkeypatch: pytest.MonkeyPatch) -> None:
    """Be on a disk without links, where a name is taken before a file gets it."""

    def refuse(*args: object, **kwargs: object) -> None:
        raise PermissionError(1, "this file system has no links")

    monkeypatch.setattr(placing, "_nameless", lambda folder: None)
    monkeypatch.setattr(os, "link", refuse)


def test_a_name_that_is_taken_meanwhile_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    catalogue(tmp_path, 1)
    out = tmp_path / "bandmate-dummy"
    move = placing.move

    def late(path: Path, target: Path) -> None:
        other = out / "song 0000.dummy-1.wav"
        if not other.exists():
            other.write_text("mine")
        move(path, target)

    with monkeypatch.context() as patch:
        patch.setattr(placing, "move", late)
        (row,) = run(tmp_path, Here())
    assert row.outcome.suggestions[0]["file"] == "song 0000.dummy-2.wav"
    assert (out / "song 0000.dummy-1.wav").read_text() == "mine"
    assert (out / "song 0000.dummy-2.wav").stat().st_size > 64


def test_results_that_were_taken_away_at_a_kill_are_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    catalogue(tmp_path, 1)

    def die(*args: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(placing, "move", die)
        with pytest.raises(Killed):
            run(tmp_path, Here())
    out = tmp_path / "bandmate-dummy"
    (left,) = out.rglob("*.wav")
    left.unlink()
    executor = Here()
    (row,) = run(tmp_path, executor)
    assert executor.called == ["song 0000.wav"]
    assert row.state == "done"
    assert results(out) == ["song 0000.dummy-1.wav"]


def test_a_lost_worker_gets_one_more_try_after_all_others(tmp_path: Path) -> None:
    catalogue(tmp_path, 4)
    died = RuntimeError("the node is gone")
    broken: dict[str, list[Exception]] = {
        "song 0001.wav": [died],
        "song 0002.wav": [died, died],
        "song 0003.wav": [TooLong("It took too long.")],
    }
    executor = Here(broken)
    rows = run(tmp_path, executor)
    again = ["song 0001.wav", "song 0002.wav"]
    assert executor.called == [f"song 000{n}.wav" for n in range(4)] + again
    assert [row.state for row in rows] == ["done", "done", "failed", "failed"]
    assert rows[2].outcome.code == "crash"
    assert "the node is gone" in rows[2].outcome.text
    assert rows[3].outcome.code == "time"


def test_what_failed_is_tried_again_and_what_was_done_is_not(tmp_path: Path) -> None:
    catalogue(tmp_path, 2)
    (tmp_path / "broken.wav").write_text("not a sound")
    rows = run(tmp_path, Here())
    assert [row.state for row in rows] == ["failed", "done", "done"]
    assert rows[0].outcome.code == "file"
    executor = Here()
    run(tmp_path, executor)
    assert executor.called == ["broken.wav"]
    sound(tmp_path / "broken.wav")
    rows = run(tmp_path, executor)
    assert [row.state for row in rows] == ["done"] * 3


def test_a_file_that_changed_is_done_anew(tmp_path: Path) -> None:
    _, second = catalogue(tmp_path, 2)
    run(tmp_path, Here())
    sound(second, frames=99)
    executor = Here()
    rows = run(tmp_path, executor)
    assert executor.called == [second.name]
    names = [row.outcome.suggestions[0]["file"] for row in rows]
    assert names == ["song 0000.dummy-1.wav", "song 0001.dummy-2.wav"]
    assert len(results(tmp_path / "bandmate-dummy")) == 3


def test_other_words_are_another_batch(tmp_path: Path) -> None:
    catalogue(tmp_path, 1)
    guide = sound(tmp_path / "elsewhere" / ".guide.wav")
    for asked in ({}, {"seed": 2}, {"size": 3}, {"guide": str(guide)}):
        executor = Here()
        run(tmp_path, executor, **asked)
        run(tmp_path, executor, **asked)
        assert len(executor.called) == 1
    sound(guide, frames=100)
    executor = Here()
    run(tmp_path, executor, guide=str(guide))
    assert len(executor.called) == 1


def test_a_folder_may_be_moved_between_two_runs(tmp_path: Path) -> None:
    catalogue(tmp_path / "here", 2)
    run(tmp_path / "here", Here())
    (tmp_path / "here").rename(tmp_path / "there")
    executor = Here()
    rows = run(tmp_path / "there", executor)
    assert executor.called == []
    assert [row.state for row in rows] == ["done", "done"]


def test_files_that_differ_in_their_ending_keep_apart(tmp_path: Path) -> None:
    for name in ("song.wav", "song.flac", "SONG.aiff", "other.wav"):
        sound(tmp_path / name)
    run(tmp_path, Here())
    assert results(tmp_path / "bandmate-dummy") == sorted(
        [
            "SONG.aiff.dummy-1.wav",
            "other.dummy-1.wav",
            "song.flac.dummy-1.flac",
            "song.wav.dummy-1.wav",
        ]
    )


def test_threads_of_the_standard_library_do_too(tmp_path: Path) -> None:
    catalogue(tmp_path, 8)
    with ThreadPoolExecutor(2) as executor:
        rows = run(tmp_path, executor)
    assert [row.state for row in rows] == ["done"] * 8


def test_a_request_is_said_in_a_sentence(tmp_path: Path) -> None:
    placed = request.ordered("dummy", tmp_path, {"size": "3", "seed": 4})
    assert request.shown(placed) == "dummy, size 3; seed 4."
    several = replace(placed, presets={"One": {"size": 1}, "Two": {"size": 2}})
    assert request.shown(several) == "dummy, One: size 1; Two: size 2; seed 4."


def test_a_disk_that_refuses_is_said_with_the_folder_that_was_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(folder: Path) -> placing.Draft:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    sound(tmp_path / "a.wav")
    monkeypatch.setattr(placing, "draft", refuse)
    (row,) = run(tmp_path, Here())
    out = str(tmp_path / "bandmate-dummy")
    assert row.outcome.text.startswith(f"Nothing can be written in {out!r}: the disk is read-only")
