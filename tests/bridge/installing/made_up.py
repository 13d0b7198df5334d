"""A DAW that there is not, with a folder, two files and a line in a file of its own."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from bridge.daws.installer import Merge

LINE = "action bandmate\n"


class MadeUp:
    """An `Installer` whose DAW is at one place."""

    TITLE: str = "Tapedeck"
    MARK: str = "deck.ini"
    NEXT: tuple[str, ...] = ("Press play.",)

    def __init__(self, folder: Path, programs: tuple[str, ...] = ("no-such-tapedeck",)) -> None:
        self.folder = folder
        self.PROGRAMS = programs
        self.script = b"say()\n"
        self.names = ["Scripts/bandmate/say.lua", "Scripts/bandmate/deep/command.lua"]

    def folders(self, system: str, env: Mapping[str, str], home: Path) -> tuple[Path, ...]:
        return (home / "nowhere", self.folder)

    def files(self, command: str) -> Mapping[str, bytes]:
        return {name: self.script + command.encode() for name in self.names}

    def merges(self, command: str) -> Mapping[str, Merge]:
        return {"keys.txt": Merge(merge, unmerge, otherwise="Click Add.")}


def merge(text: str) -> str:
    return unmerge(text) + LINE


def unmerge(text: str) -> str:
    return text.replace(LINE, "")


def tree(folder: Path) -> dict[str, bytes | None]:
    """Return all there is in a folder: the files with what they hold."""
    return {
        str(path.relative_to(folder)): path.read_bytes() if path.is_file() else None
        for path in folder.rglob("*")
    }
