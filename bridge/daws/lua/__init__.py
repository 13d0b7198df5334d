"""Lua that the scripts inside Ardour and REAPER share: JSON, quoting, MIDI files, answers.

Each file is a chunk that returns one table of pure functions and needs no other file, so that a
script can load them however its DAW allows.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

__all__ = ["files", "string"]


def files() -> Mapping[str, bytes]:
    """Return the Lua files, by name."""
    here = Path(__file__).parent
    return {path.name: path.read_bytes() for path in sorted(here.glob("*.lua"))}


def string(text: str) -> str:
    r"""Write text as a string of Lua, whatever is in it.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    str
        In double quotes; what is not plain is written as its bytes, as in ``"C:\092bandmate"``.
    """
    plain = (chr(byte) if _is_plain(byte) else f"\\{byte:03d}" for byte in text.encode())
    return '"' + "".join(plain) + '"'


def _is_plain(byte: int) -> bool:
    return 0x20 <= byte < 0x7F and byte not in b'"\\'
