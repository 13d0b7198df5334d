"""What was installed where: one small file for each, so that exactly that can be taken out."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path, PurePosixPath

from assistant.errors import FileError
from bridge import places

__all__ = ["Record", "digest", "find", "forget", "keep", "records"]


@dataclass(frozen=True, slots=True)
class Record:
    """What was written into one folder.

    Parameters
    ----------
    name : str
        The DAW, or what else it was installed for.
    folder : str
        The whole path.
    version : str
        Of the bandmate that wrote it.
    command : str
        What the files call, with its whole path.
    files : mapping of str to str
        The SHA-256 of what was written, by relative path; several with blanks between them while
        it is not sure which of them is there.
    made : tuple of str
        The folders that were made for them, relative.
    merged : mapping of str to bool
        The files of others that lines were added to, by relative path; whether each was made.
    """

    name: str
    folder: str
    version: str
    command: str
    files: Mapping[str, str] = field(default_factory=dict)
    made: tuple[str, ...] = ()
    merged: Mapping[str, bool] = field(default_factory=dict)

    def path(self, relative: str) -> Path:
        """Return where a relative path leads; raises `FileError` where that is out of the folder.

        What is removed is named by a file, and files can be damaged.
        """
        parts = PurePosixPath(relative).parts
        if not parts or parts[0] == "/" or ".." in parts or "\\" in relative or ":" in relative:
            raise FileError(f"{relative!r} does not lie in {self.folder!r}.")
        return Path(self.folder, *parts)


def digest(content: bytes) -> str:
    """Return what a content is known by."""
    return hashlib.sha256(content).hexdigest()


def records() -> list[Record]:
    """Return all there are, by name; what cannot be read is passed over."""
    found = [_read(path) for path in sorted(places.installed().glob("*.json"))]
    return sorted((one for one in found if one), key=lambda one: (one.name, one.folder))


def find(name: str, folder: Path) -> Record | None:
    """Return what was written into a folder, None where nothing is known."""
    return _read(_place(name, str(folder)))


def keep(record: Record) -> None:
    """Remember a record, in place of what was known of its folder.

    Raises
    ------
    FileError
        Where it cannot be written.
    """
    path = _place(record.name, record.folder)
    part = path.with_suffix(".part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_text(json.dumps(asdict(record), indent=1), encoding="utf-8")
        part.replace(path)
    except OSError as error:
        why = error.strerror or error
        raise FileError(f"What is installed cannot be remembered in {path}: {why}.") from None


def forget(record: Record) -> None:
    """Remember it no more."""
    _place(record.name, record.folder).unlink(missing_ok=True)


def _place(name: str, folder: str) -> Path:
    # A DAW may be there twice, as with a portable REAPER.
    return places.installed() / f"{name}-{digest(folder.encode())[:8]}.json"


def _read(path: Path) -> Record | None:
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        record = Record(**{**told, "made": tuple(told["made"])})
    except (OSError, ValueError, TypeError, KeyError):
        return None
    return record if _is_sound(record) else None


def _is_sound(record: Record) -> bool:
    """Say whether everything in it is of its kind; what was read may be damaged."""
    if not isinstance(record.files, dict) or not isinstance(record.merged, dict):
        return False
    told = (record.name, record.folder, record.version, record.command)
    return all(isinstance(word, str) for word in (*told, *record.made, *record.files.values()))
