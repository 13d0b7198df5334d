"""``bandmate allow``: let the daemon read and write below a folder."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from assistant.errors import FileError
from bridge import places
from bridge.commands.parser import Parser
from bridge.store.journal import Journal

__all__ = ["main"]


def main(words: Sequence[str]) -> int:
    """Let the daemon read and write below a folder from now on, running or not."""
    parser = Parser("allow", main.__doc__)
    parser.add_argument("folder", type=Path, nargs="?", help="none: list what is allowed")
    told = parser.read(words)
    with closing(Journal(places.journal())) as journal:
        if told.folder is not None:
            folder = told.folder.expanduser().resolve()
            if not folder.is_dir():
                raise FileError(f"There is no folder {str(folder)!r}.")
            journal.allow(folder)
        for one in (Path.home(), *journal.allowed()):
            print(one)
    return 0
