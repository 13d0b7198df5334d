"""Names: of new files, safe on every system, short enough, and not taken; several in a sentence."""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Sequence
from pathlib import Path

__all__ = ["fitted", "folded", "listed", "next_free", "plain"]

MAX_PART_BYTES = 80
MAX_LISTED = 3

_RISKY = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]')  # not allowed in names on Windows, or anywhere
_NUMBER = re.compile(r"[0-9]{1,18}")


def plain(text: str) -> str:
    """Make a part of a file name out of any text.

    Parameters
    ----------
    text : str
        Such as a role, ``"stem.Lead / Vox"``.

    Returns
    -------
    str
        At most 80 bytes, without separators and without a dot or space at either end.
    """
    return _cut(_RISKY.sub("_", text), MAX_PART_BYTES).strip(". ") or "_"


def fitted(name: str, limit: int) -> str:
    """Shorten a name such as ``"mix.master"``; what follows the last dot is kept.

    Parameters
    ----------
    name : str
        What the musician calls the piece, and the stage.
    limit : int
        Bytes that it may take.

    Returns
    -------
    str
        The name, safe on every system.
    """
    piece, dot, stage = _RISKY.sub("_", name).rpartition(".")
    if not dot:
        piece, stage = stage, ""
    room = limit - len(os.fsencode(dot + stage))
    return (_cut(piece, room) or "_") + dot + stage


def next_free(folder: Path, name: str, number: int) -> int:
    """Find a number that no file of that name has.

    Parameters
    ----------
    folder : Path
        Where the files are.
    name : str
        What comes before the hyphen and the number.
    number : int
        The first that would do.

    Returns
    -------
    int
        That one, or the next that is free.
    """
    before = folded(name) + "-"
    try:
        entries = os.listdir(folder)  # noqa: PTH208  names are enough, and folders can be large
    except OSError:  # it may be written, not read: placing tries one number after another
        return number
    ours = (entry for entry in map(folded, entries) if entry.startswith(before))
    rests = (entry[len(before) :].partition(".") for entry in ours)
    taken = {int(rest) for rest, dot, _ in rests if dot and _NUMBER.fullmatch(rest)}
    while number in taken:
        number += 1
    return number


def folded(name: str) -> str:
    """Make names equal that some file system takes for one: case, and Unicode's two forms.

    Parameters
    ----------
    name : str
        A file name.

    Returns
    -------
    str
        To compare only.
    """
    return name.lower() if name.isascii() else unicodedata.normalize("NFC", name).casefold()


def listed(words: Sequence[str]) -> str:
    """Join a few words, and count the others: ``"a, b, c and 4 more"``.

    Parameters
    ----------
    words : sequence of str
        Any number.

    Returns
    -------
    str
        Of three of them.
    """
    more = f" and {len(words) - MAX_LISTED} more" if len(words) > MAX_LISTED else ""
    return ", ".join(words[:MAX_LISTED]) + more


def _cut(text: str, limit: int) -> str:
    """Shorten to a number of bytes, not in the middle of a letter nor before its accents."""
    while len(os.fsencode(text)) > limit:
        accents = 1
        while accents < len(text) and unicodedata.combining(text[-accents]):
            accents += 1
        text = text[:-accents]
    return text
