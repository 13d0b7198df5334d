"""The journal: every job, what was suggested, and what the musician decided, in one SQLite file.

It is written before the reply is sent. In WAL mode a commit that returned survives the death of the
process at any moment; ``synchronous=NORMAL`` gives up only the last commits of a machine that loses
power, which costs nobody a take: every suggestion can be made again from its seed.
"""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.errors import Crashed, FileError

__all__ = ["Entry", "Journal"]

KEPT_DAYS = 90
UNFINISHED = ("queued", "running")

_SCHEMA = """
CREATE TABLE IF NOT EXISTS job (
    key INTEGER PRIMARY KEY, port INTEGER NOT NULL, client TEXT NOT NULL, id TEXT NOT NULL,
    stage TEXT NOT NULL, path TEXT NOT NULL, asked TEXT NOT NULL, state TEXT NOT NULL,
    at REAL NOT NULL, seconds REAL NOT NULL DEFAULT 0, code TEXT NOT NULL DEFAULT '',
    text TEXT NOT NULL DEFAULT '', UNIQUE (port, client, id));
CREATE INDEX IF NOT EXISTS job_by_id ON job (port, id);
CREATE TABLE IF NOT EXISTS suggestion (
    job INTEGER NOT NULL REFERENCES job (key) ON DELETE CASCADE, n INTEGER NOT NULL,
    event TEXT NOT NULL, verdict TEXT NOT NULL DEFAULT '', PRIMARY KEY (job, n));
CREATE TABLE IF NOT EXISTS decision (
    job INTEGER NOT NULL REFERENCES job (key) ON DELETE CASCADE, n INTEGER NOT NULL,
    verdict TEXT NOT NULL, moves TEXT NOT NULL, at REAL NOT NULL);
CREATE TABLE IF NOT EXISTS standing (
    job INTEGER NOT NULL REFERENCES job (key) ON DELETE CASCADE, n INTEGER NOT NULL,
    daw TEXT NOT NULL, move INTEGER NOT NULL, value REAL, PRIMARY KEY (job, n, daw, move));
CREATE TABLE IF NOT EXISTS folder (path TEXT PRIMARY KEY);
"""


@dataclass(frozen=True, slots=True)
class Entry:
    """One job as the journal knows it.

    `state` is one of ``queued running done error cancelled interrupted``; `code` and `text` are
    those of its error.
    """

    key: int
    client: str
    id: str
    stage: str
    path: str
    asked: Mapping[str, object]
    state: str
    seconds: float
    code: str
    text: str

    @property
    def ended(self) -> bool:
        """Whether there is nothing more to come."""
        return self.state not in UNFINISHED

    @property
    def cut_short(self) -> bool:
        """Whether the death of the daemon, or of the worker, left it without an answer."""
        return self.state == "interrupted" or self.code == Crashed.code


class Journal:
    """The journal of one daemon.

    Parameters
    ----------
    path : Path
        The SQLite file; made where it is missing.
    port : int
        The daemon's port: daemons on other ports may share the file.

    Raises
    ------
    FileError
        Where the file cannot be opened or is no journal.
    """

    def __init__(self, path: Path, port: int = 0) -> None:
        self._port = port
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._db = sqlite3.connect(path, isolation_level=None, timeout=5.0)
            self._db.row_factory = sqlite3.Row
            self._db.execute("PRAGMA journal_mode=WAL")
            self._db.execute("PRAGMA synchronous=NORMAL")
            self._db.execute("PRAGMA foreign_keys=ON")
            self._db.executescript(_SCHEMA)
        except (OSError, sqlite3.Error) as error:
            raise FileError(f"The journal {path} cannot be opened: {error}") from None

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def resume(self) -> int:
        """Begin after a start: forget what is old, and mark what a kill cut short.

        Returns
        -------
        int
            How many jobs were cut short.
        """
        oldest = time.time() - KEPT_DAYS * 86_400
        self._db.execute("DELETE FROM job WHERE at < ?", (oldest,))
        cut = self._db.execute(
            "UPDATE job SET state = 'interrupted' WHERE port = ? AND state IN (?, ?)",
            (self._port, *UNFINISHED),
        )
        return cut.rowcount

    def begin(
        self, client: str, id_: str, stage: str, path: str, asked: Mapping[str, object]
    ) -> int:
        """Write down that a job was asked for; a job of that name that was cut short begins anew.

        Returns
        -------
        int
            The key of the job.
        """
        with self._whole():
            self._db.execute(
                "DELETE FROM job WHERE port = ? AND client = ? AND id = ?",
                (self._port, client, id_),
            )
            made = self._db.execute(
                "INSERT INTO job (port, client, id, stage, path, asked, state, at)"
                " VALUES (?, ?, ?, ?, ?, ?, 'queued', ?)",
                (self._port, client, id_, stage, path, json.dumps(asked), time.time()),
            )
        return int(made.lastrowid or 0)

    def running(self, key: int) -> None:
        """Write down that a worker has begun."""
        self._db.execute("UPDATE job SET state = 'running' WHERE key = ?", (key,))

    def suggested(self, key: int, event: Mapping[str, Any]) -> None:
        """Write down a suggestion, whole."""
        self._db.execute(
            "INSERT OR REPLACE INTO suggestion (job, n, event) VALUES (?, ?, ?)",
            (key, event["n"], json.dumps(event)),
        )

    def end(
        self, key: int, state: str, *, seconds: float = 0.0, code: str = "", text: str = ""
    ) -> None:
        """Write down how a job ended."""
        self._db.execute(
            "UPDATE job SET state = ?, seconds = ?, code = ?, text = ? WHERE key = ?",
            (state, seconds, code, text, key),
        )

    def find(self, client: str, id_: str, *, anyone: bool = False) -> Entry | None:
        """Look a job up by (client, id).

        Parameters
        ----------
        client, id_ : str
            Who asked, and the id it chose.
        anyone : bool
            Where the client has no such job, take the newest one of that id whoever asked: a DAW
            that was started again comes from another port.

        Returns
        -------
        Entry or None
            The job.
        """
        row = self._db.execute(
            "SELECT key, client, id, stage, path, asked, state, seconds, code, text FROM job"
            " WHERE port = ? AND id = ? AND (client = ? OR ?)"
            " ORDER BY client = ? DESC, key DESC LIMIT 1",
            (self._port, id_, client, anyone, client),
        ).fetchone()
        return None if row is None else Entry(**{**row, "asked": json.loads(row["asked"])})

    def suggestions(self, key: int) -> list[dict[str, Any]]:
        """Return what was suggested, in order of n."""
        rows = self._db.execute("SELECT event FROM suggestion WHERE job = ? ORDER BY n", (key,))
        return [json.loads(row[0]) for row in rows]

    def verdict(self, key: int, n: int) -> str:
        """Return ``accepted``, ``rejected`` or ``""``."""
        row = self._db.execute(
            "SELECT verdict FROM suggestion WHERE job = ? AND n = ?", (key, n)
        ).fetchone()
        return str(row[0]) if row else ""

    def decide(
        self,
        key: int,
        n: int,
        verdict: str,
        moves: Sequence[int] = (),
        standing: Mapping[tuple[str, int], float | None] | None = None,
    ) -> None:
        """Write down what the musician decided; all decisions are kept, the last one holds.

        Parameters
        ----------
        key, n : int
            Which suggestion of which job.
        verdict : str
            ``accepted``, ``rejected`` or ``undone``, which forgets where parameters stood.
        moves : sequence of int
            Which moves are meant, from 1.
        standing : mapping of (str, int) to float or None
            By the name of a DAW and the move, from 1: where its parameter stood before the first
            time that it was done.
        """
        holds = "" if verdict == "undone" else verdict
        with self._whole():
            self._db.execute(
                "INSERT INTO decision VALUES (?, ?, ?, ?, ?)",
                (key, n, verdict, json.dumps(list(moves)), time.time()),
            )
            if verdict == "undone":
                self._db.execute("DELETE FROM standing WHERE job = ? AND n = ?", (key, n))
            self._db.executemany(
                "INSERT OR IGNORE INTO standing VALUES (?, ?, ?, ?, ?)",
                [(key, n, daw, move, value) for (daw, move), value in (standing or {}).items()],
            )
            self._db.execute(
                "UPDATE suggestion SET verdict = ? WHERE job = ? AND n = ?", (holds, key, n)
            )

    def forget(self, key: int, n: int, daw: str, moves: Iterable[int]) -> None:
        """Forget where the parameters of moves stood: they stand there again."""
        self._db.executemany(
            "DELETE FROM standing WHERE job = ? AND n = ? AND daw = ? AND move = ?",
            [(key, n, daw, move) for move in moves],
        )

    def standing(self, key: int, n: int) -> dict[tuple[str, int], float | None]:
        """Return where parameters stood before, by DAW and move, in the order they were moved."""
        rows = self._db.execute(
            "SELECT daw, move, value FROM standing WHERE job = ? AND n = ? ORDER BY rowid",
            (key, n),
        )
        return {(row[0], row[1]): row[2] for row in rows}

    @contextmanager
    def _whole(self) -> Iterator[None]:
        """Write all of it or nothing; what fails leaves the journal ready for what comes next."""
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._db.execute("COMMIT")
        except BaseException:
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
            raise

    def allow(self, folder: Path) -> None:
        """Remember a folder that bandmate may read and write."""
        self._db.execute("INSERT OR IGNORE INTO folder VALUES (?)", (str(folder),))

    def allowed(self) -> tuple[Path, ...]:
        """Return the folders that were allowed."""
        rows = self._db.execute("SELECT path FROM folder ORDER BY path")
        return tuple(Path(row[0]) for row in rows)
