"""The file that a script inside a DAW looks for, and beside it one that says how far things are.

Both appear whole: written under another name, then given theirs. The answer takes no file's place.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from bridge.asking.failure import Failure

__all__ = ["Paper"]

SECONDS_BETWEEN = 0.1
"""Progress is written no more often."""


class Paper:
    """Where the answer goes.

    Parameters
    ----------
    path : str
        The file; ``""`` writes nothing at all. What it says while there is no answer stands in
        ``<path>.progress``; a file ``<path>.cancel`` cancels the job.
    """

    def __init__(self, path: str) -> None:
        self._path = path
        self._waiting = ""
        self._at = -SECONDS_BETWEEN

    def check(self) -> None:
        """Raise `Failure` where the file cannot be written; nothing is asked then."""
        folder = os.path.dirname(self._path)  # noqa: PTH120 - to load pathlib takes long
        if self._path and os.path.lexists(self._path):
            raise Failure("file", f"There is a {self._path!r} already; name another --answer.")
        if self._path and not os.path.isdir(folder):  # noqa: PTH112
            raise Failure("file", f"There is no folder {folder!r} to answer in.")
        if self._path:
            with self._told():
                os.unlink(self._written("", ""))  # noqa: PTH108

    def progress(self, fraction: float, doing: str) -> None:
        """Say how far things are, at once or with the next `flush`."""
        self._waiting = f"{fraction:.2f} {doing}\n"
        self.flush()

    def cancelled(self) -> bool:
        """Tell whether ``<path>.cancel`` is there, and take it away: a script wants no answer."""
        if not self._path:
            return False
        try:
            os.unlink(f"{self._path}.cancel")  # noqa: PTH108
        except OSError:
            return False
        return True

    def flush(self) -> None:
        """Write the progress that waits, if its time has come."""
        now = time.monotonic()
        if not self._path or not self._waiting or now - self._at < SECONDS_BETWEEN:
            return
        self._at, text, self._waiting = now, self._waiting, ""
        with suppress(OSError):  # no progress is worth an answer
            part = self._written(".progress", text)
            try:
                os.replace(part, f"{self._path}.progress")  # noqa: PTH105
            except OSError:
                _remove(part)

    def answer(self, said: dict[str, Any]) -> None:
        """Write the answer, once, and take the progress away.

        Parameters
        ----------
        said : dict
            What JSON can carry.

        Raises
        ------
        Failure
            Where it cannot be written.
        """
        if not self._path:
            return
        import json

        part = ""
        try:
            with self._told():
                part = self._written("", json.dumps(said) + "\n")
                _name(part, self._path)
        finally:
            for left in (part, f"{self._path}.progress" if self._at > 0 else ""):
                _remove(left)
        self._path = ""

    def _written(self, kind: str, text: str) -> str:
        """Write a draft of our own: no other file is written to, and none is left half done."""
        part = f"{self._path}{kind}.{os.getpid()}-{time.time_ns():x}.part"
        try:
            with open(part, "x", encoding="utf-8", errors="replace") as file:  # noqa: PTH123
                file.write(text)
        except FileExistsError:
            raise
        except OSError:
            _remove(part)
            raise
        return part

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Say what the disk refuses."""
        try:
            yield
        except OSError as error:
            raise Failure("file", f"{self._path!r} cannot be written: {error.strerror}.") from None


def _remove(path: str) -> None:
    if path:
        with suppress(OSError):
            os.unlink(path)  # noqa: PTH108


def _name(part: str, path: str) -> None:
    """Give a file its name, which must be free; where there are no links, as far as can be seen."""
    try:
        os.link(part, path)
    except FileExistsError:
        raise
    except (OSError, AttributeError):
        if os.path.lexists(path):
            raise FileExistsError(17, "File exists") from None
        os.rename(part, path)  # noqa: PTH104
