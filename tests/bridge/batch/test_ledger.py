from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.errors import Busy, FileError
from bridge.batch.ledger import Ledger, Outcome, Stamp

SONG, OTHER = Path("song.wav"), Path("live", "other.wav")
AT = Stamp(100, 1_700_000_000_123_456_789)
GOOD = Outcome([{"n": 1, "file": "song.master-1.wav", "files": {}}], seconds=1.5)
BAD = Outcome(code="file", text="It is broken.")


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    made = Ledger(tmp_path / "home" / "ledger.sqlite")
    yield made
    made.close()


def test_the_same_words_are_the_same_request(ledger: Ledger) -> None:
    first = ledger.request({"stage": "master", "settings": {"loudness": -9.0, "ceiling": -1}})
    again = ledger.request({"settings": {"ceiling": -1, "loudness": -9.0}, "stage": "master"})
    other = ledger.request({"stage": "master", "settings": {"loudness": -9.5, "ceiling": -1}})
    assert first == again != other


def test_a_file_goes_from_queued_to_done(ledger: Ledger) -> None:
    key = ledger.request({})
    ledger.enlist(key, {SONG: AT, OTHER: AT})
    other, song = ledger.rows(key, "queued")
    assert (other.path, song.path) == (OTHER, SONG)
    ledger.doing(song.key, AT)
    assert [row.path for row in ledger.rows(key, "doing")] == [SONG]
    ledger.placing(song.key, GOOD, {"here.wav": ("song.master", 1, ".wav")})
    (row,) = ledger.unplaced()
    assert [tuple(goal) for goal in row.moves.values()] == [("song.master", 1, ".wav")]
    assert list(row.moves) == ["here.wav"]
    assert row.outcome == GOOD
    ledger.ended(song.key, GOOD)
    (row,) = ledger.rows(key, "done")
    assert (row.outcome, row.moves) == (GOOD, {})
    assert ledger.unplaced() == []
    ledger.ended(other.key, BAD)
    (row,) = ledger.rows(key, "failed")
    assert (row.outcome.code, row.outcome.text) == ("file", "It is broken.")


@pytest.mark.parametrize(
    ("outcome", "now", "state"),
    [
        (None, AT, "queued"),
        (GOOD, AT, "done"),
        (GOOD, Stamp(101, AT.mtime_ns), "queued"),
        (GOOD, Stamp(100, AT.mtime_ns + 1), "queued"),
        (BAD, AT, "queued"),
        (Outcome(GOOD.suggestions, "setting", "One preset is out of reach."), AT, "failed"),
    ],
    ids=["cut short", "done", "longer", "written again", "failed", "a part of it failed"],
)
def test_what_is_queued_by_the_next_run(
    ledger: Ledger, outcome: Outcome | None, now: Stamp, state: str
) -> None:
    key = ledger.request({})
    ledger.enlist(key, {SONG: AT})
    (row,) = ledger.rows(key)
    ledger.doing(row.key, AT)
    if outcome is not None:
        ledger.ended(row.key, outcome)
    ledger.enlist(key, {SONG: now})
    (row,) = ledger.rows(key)
    assert row.state == state
    assert bool(row.outcome.suggestions) == (state != "queued")


def test_files_that_are_gone_are_forgotten_unless_they_were_done(ledger: Ledger) -> None:
    key, another = ledger.request({}), ledger.request({"seed": 2})
    ledger.enlist(another, {OTHER: AT})
    ledger.enlist(key, {SONG: AT, OTHER: AT})
    ledger.ended(ledger.rows(key)[1].key, GOOD)
    ledger.enlist(key, {})
    assert [row.path for row in ledger.rows(key)] == [SONG]
    assert [row.path for row in ledger.rows(another)] == [OTHER]


def test_a_file_that_is_handed_out_is_known_as_it_is_then(ledger: Ledger) -> None:
    key = ledger.request({})
    ledger.enlist(key, {SONG: AT})
    (row,) = ledger.rows(key)
    later = Stamp(200, AT.mtime_ns + 5)
    ledger.doing(row.key, later)
    ledger.ended(row.key, GOOD)
    ledger.enlist(key, {SONG: later})
    assert [row.state for row in ledger.rows(key)] == ["done"]


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere names are text")
def test_names_that_are_no_text_are_kept(ledger: Ledger) -> None:
    odd = Path(os.fsdecode(b"caf\xe9.wav"))
    key = ledger.request({})
    ledger.enlist(key, {odd: AT})
    (row,) = ledger.rows(key)
    assert row.path == odd
    told = Outcome([{"file": str(odd), "files": {}}])
    ledger.ended(row.key, told)
    assert ledger.rows(key)[0].outcome == told


def test_nobody_else_may_have_it(tmp_path: Path, ledger: Ledger) -> None:
    with pytest.raises(Busy, match="Another batch is at work"):
        Ledger(tmp_path / "home" / "ledger.sqlite")
    ledger.close()
    Ledger(tmp_path / "home" / "ledger.sqlite").close()


def test_the_lock_dies_with_its_process(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    holds = (
        "import sys, time; from pathlib import Path; from bridge.batch.ledger import Ledger;"
        "kept = Ledger(Path(sys.argv[1])); kept.request({}); print('open', flush=True);"
        "time.sleep(60)"
    )
    command = [sys.executable, "-c", holds, str(path)]
    house = Path(__file__).parents[3]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=house) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "open\n"
        with pytest.raises(Busy):
            Ledger(path)
        other.kill()
        other.wait()
        again = Ledger(path)
    assert again.request({}) == 1
    again.close()


def test_what_is_no_ledger_is_refused(tmp_path: Path) -> None:
    (tmp_path / "ledger.sqlite").write_text("dear diary, " * 100)
    with pytest.raises(FileError, match="is no ledger"):
        Ledger(tmp_path / "ledger.sqlite")
    (tmp_path / "file").write_text("")
    with pytest.raises(FileError, match="Nothing can be written"):
        Ledger(tmp_path / "file" / "home" / "ledger.sqlite")


def test_a_ledger_that_fails_says_so(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    class Full:
        def execute(self, *args: object) -> None:
            raise sqlite3.OperationalError("database or disk is full")

        def close(self) -> None:
            pass

    ledger.close()
    monkeypatch.setattr(ledger, "_db", Full())
    with pytest.raises(FileError, match="disk is full"):
        ledger.request({})


def test_it_knows_its_own_pages(ledger: Ledger) -> None:
    assert not ledger.owns("report.csv")
    ledger.own("report.csv")
    ledger.own("report.csv")
    assert ledger.owns("report.csv")
