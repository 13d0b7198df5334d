"""The ledger of a batch: every file, how far it is, and what came of it, in one SQLite file.

One process at a time writes it, and keeps it locked from the moment it opens it until it closes it
or dies; so it needs no shared memory (which network disks lack) and no other lock. As in the
journal, a commit that returned survives the death of the process.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

from assistant.errors import Busy, FileError
from bridge import disk

__all__ = ["HOME", "Ledger", "Outcome", "Row", "Stamp"]

HOME = ".bandmate-batch"
"""The hidden folder, in the out folder, of the ledger and of what is being made."""

Said: TypeAlias = dict[str, Any]
Moves: TypeAlias = Mapping[str, tuple[str, int, str]]

_SCHEMA = """
CREATE TABLE IF NOT EXISTS request (key INTEGER PRIMARY KEY, words TEXT NOT NULL UNIQUE);
CREATE TABLE IF NOT EXISTS file (
    key INTEGER PRIMARY KEY, request INTEGER NOT NULL REFERENCES request (key),
    path BLOB NOT NULL, size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL,
    state TEXT NOT NULL DEFAULT 'queued', code TEXT NOT NULL DEFAULT '',
    text TEXT NOT NULL DEFAULT '', seconds REAL NOT NULL DEFAULT 0,
    suggestions TEXT NOT NULL DEFAULT '[]', moves TEXT NOT NULL DEFAULT '{}',
    UNIQUE (request, path));
CREATE INDEX IF NOT EXISTS file_by_state ON file (state);
CREATE TABLE IF NOT EXISTS page (name BLOB PRIMARY KEY);
"""
_ENLIST = """
INSERT INTO file (request, path, size, mtime_ns) VALUES (?, ?, ?, ?)
ON CONFLICT (request, path) DO UPDATE SET
    size = excluded.size, mtime_ns = excluded.mtime_ns, state = 'queued', code = '', text = '',
    seconds = 0, suggestions = '[]', moves = '{}'
WHERE (size, mtime_ns) != (excluded.size, excluded.mtime_ns)
    OR (state = 'failed' AND suggestions = '[]')
"""
_COLUMNS = "key, path, state, code, text, seconds, suggestions, moves"


@dataclass(frozen=True, slots=True)
class Stamp:
    """What changes when a file does: its size in bytes, and when it was last written, in ns."""

    size: int
    mtime_ns: int

    @classmethod
    def of(cls, path: Path) -> Stamp:
        """Look at a file; `OSError` where it cannot be seen."""
        seen = path.stat()
        return cls(seen.st_size, seen.st_mtime_ns)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a file: suggestions in words, and an error (`code` is ``""`` for none)."""

    suggestions: Sequence[Said] = ()
    code: str = ""
    text: str = ""
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Row:
    """One file of a request.

    Parameters
    ----------
    key : int
        Its name in the ledger.
    path : Path
        Below the folder of the batch.
    state : str
        ``queued``, ``doing`` (handed to a worker), ``placing`` (its results are whole and get
        their names), ``done`` or ``failed``.
    outcome : Outcome
        What came of it; the paths of its results are below the out folder.
    moves : mapping of str to (str, int, str)
        While ``placing``: where each result lies, and the name, number and ending it gets.
    """

    key: int
    path: Path
    state: str
    outcome: Outcome = field(default_factory=Outcome)
    moves: Moves = field(default_factory=dict)


class Ledger:
    """The ledger in one out folder; locked as long as it is open.

    Parameters
    ----------
    path : Path
        The SQLite file; made where it is missing.

    Raises
    ------
    Busy
        Where another batch has it open.
    FileError
        Where it cannot be opened or is no ledger.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        with self._told():
            path.parent.mkdir(parents=True, exist_ok=True)
            self._db = sqlite3.connect(path, isolation_level=None, timeout=0.0)
            try:
                self._db.row_factory = sqlite3.Row
                self._db.execute("PRAGMA locking_mode=EXCLUSIVE")
                self._db.execute("PRAGMA journal_mode=WAL")
                self._db.execute("PRAGMA synchronous=NORMAL")
                self._db.executescript(f"BEGIN IMMEDIATE; {_SCHEMA} COMMIT;")
            except BaseException:
                self._db.close()
                raise

    def close(self) -> None:
        """Close the file, and let others have it."""
        self._db.close()

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Say what SQLite and the disk refuse in the musician's words."""
        shown = disk.shown(self._path.parent.parent)
        try:
            yield
        except sqlite3.OperationalError as error:
            if "locked" in str(error):
                text = f"Another batch is at work in {shown}: wait for its end, or name --out."
                raise Busy(text) from None
            raise FileError(f"The ledger {disk.shown(self._path)} says: {error}.") from None
        except sqlite3.Error as error:
            raise FileError(f"{disk.shown(self._path)} is no ledger: {error}.") from None
        except OSError as error:
            text = f"Nothing can be written in {shown}: {disk.reason(error)}."
            raise FileError(text) from None

    def _do(self, words: str, *values: object) -> sqlite3.Cursor:
        with self._told():
            return self._db.execute(words, values)

    @contextmanager
    def _whole(self) -> Iterator[None]:
        """Write several things, or none of them."""
        self._do("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._db.rollback()
            raise
        self._do("COMMIT")

    def request(self, words: Mapping[str, object]) -> int:
        """Return the key of a request; the same words have the same one.

        Parameters
        ----------
        words : mapping of str to object
            All that decides what comes of a file.
        """
        said = json.dumps(words, sort_keys=True)
        self._do("INSERT OR IGNORE INTO request (words) VALUES (?)", said)
        return int(self._do("SELECT key FROM request WHERE words = ?", said).fetchone()[0])

    def enlist(self, request: int, found: Mapping[Path, Stamp]) -> None:
        """Write down the files of a request as they are now.

        What is new, has changed or was cut short is queued; what failed is queued again, unless a
        part of it was done, which would be there twice. Files that are gone are forgotten, unless
        they were done.

        Parameters
        ----------
        request : int
            Its key.
        found : mapping of Path to Stamp
            The files, below the folder of the batch.
        """
        rows = [(request, os.fsencode(path), at.size, at.mtime_ns) for path, at in found.items()]
        here = {path for _, path, _, _ in rows}
        with self._whole(), self._told():
            self._db.execute("UPDATE file SET state = 'queued' WHERE state = 'doing'")
            self._db.executemany(_ENLIST, rows)
            left = self._db.execute(
                "SELECT key, path FROM file WHERE request = ? AND state != 'done'", (request,)
            )
            gone = [(row["key"],) for row in left if row["path"] not in here]
            self._db.executemany("DELETE FROM file WHERE key = ?", gone)

    def rows(self, request: int, *states: str) -> list[Row]:
        """List the files of a request, those in some states or all, in order of their paths."""
        marks = ", ".join("?" * len(states))
        chosen = f" AND state IN ({marks})" if states else ""
        found = self._do(
            f"SELECT {_COLUMNS} FROM file WHERE request = ?{chosen} ORDER BY path",  # noqa: S608
            request,
            *states,
        )
        return [_row(one) for one in found]

    def unplaced(self) -> list[Row]:
        """List the files, of any request, whose results were getting their names at a kill."""
        found = self._do(f"SELECT {_COLUMNS} FROM file WHERE state = 'placing'")  # noqa: S608
        return [_row(one) for one in found]

    def doing(self, key: int, stamp: Stamp | None) -> None:
        """Write down that a file was handed to a worker, as it is now (None where it is gone)."""
        self._do("UPDATE file SET state = 'doing' WHERE key = ?", key)
        if stamp is not None:
            at = (stamp.size, stamp.mtime_ns, key)
            self._do("UPDATE file SET size = ?, mtime_ns = ? WHERE key = ?", *at)

    def placing(self, key: int, outcome: Outcome, moves: Moves) -> None:
        """Write down where whole results are about to go, before they go there."""
        self._set(key, "placing", outcome, moves)

    def ended(self, key: int, outcome: Outcome) -> None:
        """Write down that a file is done or has failed, and where its results are."""
        self._set(key, "failed" if outcome.code else "done", outcome, {})

    def queue(self, key: int) -> None:
        """Write down that a file is to be worked on."""
        self._do("UPDATE file SET state = 'queued', moves = '{}' WHERE key = ?", key)

    def _set(self, key: int, state: str, outcome: Outcome, moves: Moves) -> None:
        self._do(
            "UPDATE file SET state = ?, code = ?, text = ?, seconds = ?, suggestions = ?,"
            " moves = ? WHERE key = ?",
            state,
            outcome.code,
            outcome.text,
            outcome.seconds,
            json.dumps(list(outcome.suggestions)),
            json.dumps(dict(moves)),
            key,
        )

    def rest(self) -> None:
        """Put back what was handed to workers that will not answer."""
        self._do("UPDATE file SET state = 'queued' WHERE state = 'doing'")

    def own(self, name: str) -> None:
        """Remember a file in the out folder that is the batch's own, and may be replaced by it."""
        self._do("INSERT OR IGNORE INTO page VALUES (?)", os.fsencode(name))

    def owns(self, name: str) -> bool:
        """Tell whether a file in the out folder is the batch's own."""
        found = self._do("SELECT 1 FROM page WHERE name = ?", os.fsencode(name))
        return found.fetchone() is not None


def _row(row: sqlite3.Row) -> Row:
    outcome = Outcome(json.loads(row["suggestions"]), row["code"], row["text"], row["seconds"])
    path = Path(os.fsdecode(row["path"]))
    return Row(row["key"], path, row["state"], outcome, json.loads(row["moves"]))
