"""What the stem of a file is called: in one line, in letters that every text can hold."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection
from pathlib import Path

__all__ = ["stem_name"]

_NO_LETTERS = frozenset({"Cc", "Cs", "Zl", "Zp"})  # line ends and escapes; bytes that are no text
_TURNS = frozenset({"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"})  # the reading


def stem_name(path: Path, taken: Collection[str]) -> str:
    """Name a stem by its file.

    Parameters
    ----------
    path : Path
        Its file.
    taken : collection of str
        Names of other stems.

    Returns
    -------
    str
        The name of the file without its ending; with it, or with a number, where that is taken.
        What would break or turn the line that it is told in is a space in it.
    """
    ways = [_in_a_line(path.stem), _in_a_line(path.name)]
    free = next((one for one in ways if one and one not in taken), "")
    number = 1
    while not free or free in taken:
        number += 1
        free = f"{ways[1]} {number}"
    return free


def _in_a_line(text: str) -> str:
    if text.isascii() and text.isprintable():
        return text
    return "".join(" " if _breaks(letter) else letter for letter in text).strip()


def _breaks(letter: str) -> bool:
    return (
        unicodedata.category(letter) in _NO_LETTERS or unicodedata.bidirectional(letter) in _TURNS
    )
