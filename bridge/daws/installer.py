"""The contract of ``install.py`` of a DAW: what goes where, as values; nothing is read or written.

A DAW that has something to install is a folder with an ``install.py`` in it; nobody lists them,
`found` looks. Who carries it out keeps what was there before, and takes out only what is ours.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, cast

from assistant.errors import UnknownName

__all__ = ["Installer", "Merge", "found", "installer"]


@dataclass(frozen=True, slots=True)
class Merge:
    """A file that is the DAW's own, to which lines of ours are added.

    Parameters
    ----------
    merge : callable
        Takes the text of the file (``""`` where there is none) and returns it with our lines;
        twice is the same as once.
    unmerge : callable
        Takes the text and returns it without our lines, and with all others as they were.
    only_when_closed : bool
        Whether the DAW writes this file anew when it ends, so that it must not run meanwhile.
    otherwise : str
        What to click instead, in one sentence, where the DAW does run.
    """

    merge: Callable[[str], str]
    unmerge: Callable[[str], str]
    only_when_closed: bool = True
    otherwise: str = ""


class Installer(Protocol):
    """What ``install.py`` of a DAW holds. All of it is pure."""

    TITLE: str
    """What people call the DAW."""
    MARK: str
    """A file that lies in the right one of `folders`; ``""`` where any that exists is right."""
    PROGRAMS: tuple[str, ...]
    """What its process is called, to tell whether it runs."""
    NEXT: tuple[str, ...]
    """What to click next, one step a line."""

    def folders(self, system: str, env: Mapping[str, str], home: Path) -> tuple[Path, ...]:
        """Return where the DAW's folder may be, the likeliest first.

        `system` is as `platform.system` says.
        """
        ...

    def files(self, command: str) -> Mapping[str, bytes]:
        """Return the files that go there, by relative path.

        `command` is bandmate with its whole path.
        """
        ...

    def merges(self, command: str) -> Mapping[str, Merge]:
        """Return the files of the DAW that lines are added to, by relative path."""
        ...


def found() -> tuple[str, ...]:
    """Return the names of the DAWs that have something to install."""
    here = Path(__file__).parent
    return tuple(sorted(folder.parent.name for folder in here.glob("*/install.py")))


def installer(name: str) -> Installer:
    """Return what is to be installed for one DAW.

    Raises
    ------
    UnknownName
        Where there is no such DAW.
    """
    if name not in found():
        raise UnknownName("DAW to install", name, found())
    return cast("Installer", importlib.import_module(f"bridge.daws.{name}.install"))
