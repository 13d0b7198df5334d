from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from assistant.errors import FileError
from bridge.store.journal import Journal

SUGGESTION = {"n": 1, "title": "a", "why": "b", "moves": []}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "deep" / "journal.sqlite"


def test_a_job_is_found_by_client_and_id(path: Path) -> None:
    journal = Journal(path, 1)
    key = journal.begin("daw", "7", "master", "mix.wav", {"loudness": -9.0})
    entry = journal.find("daw", "7")
    assert entry is not None
    assert (entry.key, entry.state, entry.asked) == (key, "queued", {"loudness": -9.0})
    assert journal.find("other", "7") is None
    again = journal.find("other", "7", anyone=True)
    assert again is not None
    assert again.key == key


def test_a_journal_of_another_port_is_not_seen(path: Path) -> None:
    Journal(path, 1).begin("daw", "7", "master", "", {})
    other = Journal(path, 2)
    assert other.find("daw", "7", anyone=True) is None
    assert other.resume() == 0


def test_what_was_said_is_said_again(path: Path) -> None:
    journal = Journal(path)
    key = journal.begin("daw", "7", "chords", "", {})
    journal.suggested(key, SUGGESTION)
    journal.suggested(key, {**SUGGESTION, "n": 2})
    journal.end(key, "done", seconds=1.5)
    journal.close()
    again = Journal(path)
    entry = again.find("daw", "7")
    assert entry is not None
    assert (entry.state, entry.seconds, entry.ended) == ("done", 1.5, True)
    assert [event["n"] for event in again.suggestions(key)] == [1, 2]


def test_what_a_kill_cut_short_is_marked(path: Path) -> None:
    journal = Journal(path)
    journal.running(journal.begin("daw", "7", "chords", "", {}))
    journal.close()
    again = Journal(path)
    assert again.resume() == 1
    entry = again.find("daw", "7")
    assert entry is not None
    assert entry.state == "interrupted"


def test_the_last_decision_holds(path: Path) -> None:
    journal = Journal(path)
    key = journal.begin("daw", "7", "mix", "", {})
    journal.suggested(key, SUGGESTION)
    assert journal.verdict(key, 1) == ""
    journal.decide(key, 1, "accepted", [0, 2])
    assert journal.verdict(key, 1) == "accepted"
    journal.decide(key, 1, "undone")
    assert journal.verdict(key, 1) == ""


def test_allowed_folders_are_remembered(path: Path, tmp_path: Path) -> None:
    Journal(path).allow(tmp_path)
    Journal(path).allow(tmp_path)
    assert Journal(path).allowed() == (tmp_path,)


def test_what_is_no_journal_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite"
    path.write_bytes(b"this is no database at all, " * 100)
    with pytest.raises(FileError, match="journal"):
        Journal(path)


WRITER = """
import sys
from pathlib import Path
from bridge.store.journal import Journal
journal = Journal(Path(sys.argv[1]))
for n in range(1_000_000):
    key = journal.begin("daw", str(n), "chords", "", {})
    journal.suggested(key, {"n": 1, "title": "x" * 2000})
    print(n, flush=True)
"""


def test_a_kill_at_any_moment_loses_nothing_that_was_said(path: Path) -> None:
    for moment in (0.02, 0.05, 0.11):
        writer = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(path)], stdout=subprocess.PIPE, text=True
        )
        assert writer.stdout is not None
        said = [writer.stdout.readline()]
        time.sleep(moment)
        os.kill(writer.pid, signal.SIGKILL)
        said += writer.stdout.readlines()
        writer.stdout.close()
        writer.wait()
        whole = [int(line) for line in said if line.endswith("\n")]
        journal = Journal(path)
        for n in whole:
            entry = journal.find("daw", str(n))
            assert entry is not None
            assert len(journal.suggestions(entry.key)) == 1
        journal.close()


def test_where_things_stood_first_is_kept_until_it_is_undone(path: Path) -> None:
    journal = Journal(path)
    key = journal.begin("daw", "7", "mix", "", {})
    journal.suggested(key, SUGGESTION)
    journal.decide(key, 1, "accepted", (1, 2), {("live", 1): -3.0, ("live", 2): None})
    journal.decide(key, 1, "accepted", (1,), {("live", 1): -9.0, ("reaper", 1): 1.0})
    journal.close()
    again = Journal(path)
    stood = {("live", 1): -3.0, ("live", 2): None, ("reaper", 1): 1.0}
    assert again.standing(key, 1) == stood
    again.decide(key, 1, "undone")
    assert again.standing(key, 1) == {}
    again.close()


def test_what_fails_leaves_the_journal_ready_for_what_comes_next(path: Path) -> None:
    journal = Journal(path)
    with pytest.raises(sqlite3.IntegrityError):
        journal.decide(12345, 1, "accepted")
    key = journal.begin("udp:a", "1", "master", "", {})
    journal.suggested(key, {"n": 1})
    journal.decide(key, 1, "accepted", (), {("live", 1): -3.0, ("live", 2): 0.0})
    journal.forget(key, 1, "live", (2,))
    assert journal.standing(key, 1) == {("live", 1): -3.0}
    journal.close()
