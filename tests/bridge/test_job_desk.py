"""Jobs as their askers know them, with a pool that only keeps what it was given."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest

from bridge.daw_desk import DawDesk
from bridge.job_desk import JobDesk, sorry
from bridge.jobs import Job, Pool
from bridge.osc.calls import Call
from bridge.store.journal import Journal
from tests.bridge.dummy_daw import Asker

EVENT = {"n": 1, "title": "t", "why": "w", "confidence": 0.5, "file": "", "files": {}}
EVENT |= {"measured": {}, "chords": [], "notes": [], "moves": []}


class Queue:
    """Keeps jobs, and works on none."""

    def __init__(self) -> None:
        self.jobs: list[Job] = []

    def check_room(self) -> None:
        """Have room for every job."""

    def submit(self, order: Any, tell: Any) -> Job:
        self.jobs.append(Job(order, tell))
        return self.jobs[-1]


class Shown(DawDesk):
    """Keeps what would be shown in a DAW."""

    def __init__(self) -> None:
        super().__init__()
        self.shown: list[tuple[float, str, bool]] = []

    def show(self, client: str, fraction: float, doing: str, *, last: bool = False) -> None:
        self.shown.append((fraction, doing, last))


class Room:
    def __init__(self, folder: Path) -> None:
        self.journal = Journal(folder / "journal.sqlite")
        self.queue, self.daws, self.me = Queue(), Shown(), Asker()
        self.desk = JobDesk(cast("Pool", self.queue), self.journal, (folder,), self.daws)

    def ask(self, id_: str) -> Job:
        self.desk.ask(self.me, Call("ask", id_, "chords"))
        return self.queue.jobs[-1]


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    opened = Room(tmp_path)
    yield opened
    opened.journal.close()


@pytest.mark.parametrize(
    ("last", "shown"),
    [
        ({"done": 1.0}, "1 suggestion"),
        ({"error": ["material", "It is silent."]}, "It is silent."),
        ({"cancelled": True}, "cancelled"),
    ],
)
def test_the_daw_is_shown_how_a_job_ended(room: Room, last: Any, shown: str) -> None:
    job = room.ask("a")
    job.tell({"progress": [0.4, "measuring"]})
    job.tell({"suggestion": EVENT})
    job.end(last)
    assert room.daws.shown == [(0.4, "measuring", False), (1.0, shown, True)]
    assert room.me.heard[-1][0] == next(iter(last))


def test_a_disk_that_is_full_is_said_and_harms_no_worker(room: Room) -> None:
    job = room.ask("a")
    pages = room.journal._db.execute("PRAGMA page_count").fetchone()[0]
    room.journal._db.execute(f"PRAGMA max_page_count={pages}")
    job.tell({"suggestion": {**EVENT, "why": "x" * 100_000}})
    word, said = room.me.heard[-1]
    assert (word, said[:2]) == ("error", ("a", "file"))
    assert "journal cannot be written: database or disk is full" in str(said[2])
    room.me.heard.clear()
    for n in range(1000):  # until the pages that are there are full
        with sorry(room.me, "b"):
            room.ask(f"b{n}")
        if room.me.heard:
            break
    assert room.me.heard[-1][1][:2] == ("b", "file")
    room.journal._db.execute("PRAGMA max_page_count=1000000")
    room.ask("c").tell({"suggestion": EVENT})
    assert room.me.heard[-1] == ("suggestion", ("c", 1, "t", "w", "", 0.5))


def test_a_bug_is_said_and_harms_no_worker(room: Room) -> None:
    job = room.ask("a")
    job.tell({"suggestion": {"n": 1}})
    word, said = room.me.heard[-1]
    assert (word, said[:2]) == ("error", ("a", "bug"))
    job.end({"done": 1.0})
    assert room.me.heard[-1][0] == "done"
