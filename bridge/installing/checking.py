"""Whether what was installed is still there, still ours and of this bandmate."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from assistant.errors import FileError
from bridge.daws.installer import Installer
from bridge.installing.record import Record, digest
from bridge.installing.steps import read
from bridge.version import VERSION

__all__ = ["trouble"]


def trouble(
    record: Record, files: Mapping[str, bytes] | None = None, daw: Installer | None = None
) -> str:
    """Say what is wrong with what was installed.

    Parameters
    ----------
    record : Record
        What was installed.
    files : mapping of str to bytes, optional
        What would be installed now; where it is not known, only what is there is looked at.
    daw : Installer, optional
        Whose lines would be merged now.

    Returns
    -------
    str
        A few words, the gravest first; ``""`` where nothing is wrong.
    """
    try:
        return _trouble(record, files, daw)
    except (FileError, OSError) as error:
        return str(error).rstrip(".")


def _trouble(record: Record, files: Mapping[str, bytes] | None, daw: Installer | None) -> str:
    if not Path(record.folder).is_dir():
        return "the folder is gone"
    if not Path(record.command).is_file():
        return f"it calls {record.command}, which is gone"
    there = {relative: read(record.path(relative)) for relative in record.files}
    missing = [relative for relative, content in there.items() if content is None]
    if missing:
        return f"{missing[0]} is gone"
    now = {one: digest(content) for one, content in files.items()} if files else record.files
    if now != record.files:
        return f"it is from another bandmate ({record.version}, this is {VERSION})"
    changed = [one for one, content in there.items() if digest(content or b"") != now[one]]
    if changed:
        return f"{changed[0]} was changed"
    return _unmerged(record, daw) if daw else ""


def _unmerged(record: Record, daw: Installer) -> str:
    """Name the first file that our lines are not in, or not as they would be now."""
    for relative, merge in daw.merges(record.command).items():
        text = (read(record.path(relative)) or b"").decode("utf-8", "surrogateescape")
        if merge.merge(text) != text:
            return f"bandmate is not in {relative}"
    return ""
