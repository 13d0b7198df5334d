"""What goes into REAPER's resource folder, and what to click next; values only.

See `bridge.daws.installer.Installer` for the contract.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

from bridge.daws import lua
from bridge.daws.installer import Merge

__all__ = ["MARK", "NEXT", "PROGRAMS", "TITLE", "files", "folders", "merges"]

TITLE = "REAPER"
MARK = "reaper.ini"
PROGRAMS = ("reaper", "REAPER", "reaper.exe")
NEXT = (
    "Start REAPER and open Actions > Show action list.",
    'Type "bandmate" in the filter.',
    "Where nothing is found: New action > Load ReaScript, then Scripts/bandmate/bandmate.lua.",
    "(The folder is shown by Options > Show REAPER resource path.)",
    "Run it, or give it a key (Add) or a place in a toolbar.",
)

_FOLDER = "Scripts/bandmate"
_SCRIPT = "bandmate/bandmate.lua"
_NAME = "RS" + hashlib.sha1(_SCRIPT.encode(), usedforsecurity=False).hexdigest()
_LINE = f'SCR 4 0 {_NAME} "Custom: bandmate" "{_SCRIPT}"'


def folders(system: str, env: Mapping[str, str], home: Path) -> tuple[Path, ...]:
    """Return where REAPER's resource folder may be, the likeliest first.

    Parameters
    ----------
    system : str
        ``Linux``, ``Darwin`` or ``Windows``.
    env : mapping of str to str
        The environment.
    home : Path
        The user's folder.

    Returns
    -------
    tuple of Path
        A portable REAPER keeps everything beside the program: such folders come last.
    """
    if system == "Windows":
        roaming = Path(env.get("APPDATA") or home / "AppData" / "Roaming")
        portable = [Path(f"{env[name]}/", "REAPER") for name in ("SystemDrive",) if env.get(name)]
        return (roaming / "REAPER", *portable, home / "REAPER")
    if system == "Darwin":
        support = home / "Library" / "Application Support" / "REAPER"
        return (support, home / "REAPER", home / "Applications" / "REAPER")
    config = Path(env.get("XDG_CONFIG_HOME") or home / ".config")
    usual = dict.fromkeys((config / "REAPER", home / ".config" / "REAPER"))
    return (*usual, home / "REAPER", home / "opt" / "REAPER", Path("/opt/REAPER"))


def files(command: str) -> Mapping[str, bytes]:
    """Return the script's files, by their path in the resource folder.

    Parameters
    ----------
    command : str
        bandmate with its whole path; it is written into the script, because programs with a
        window may have another ``PATH`` than a terminal.

    Returns
    -------
    mapping of str to bytes
        All below ``Scripts/bandmate``.
    """
    here = Path(__file__).parent / "script"
    pieces = {path.name: path.read_bytes() for path in sorted(here.glob("*.lua"))}
    place = f"return {lua.string(command)}\n".encode()
    whole = {**lua.files(), **pieces, "command.lua": place}
    return {f"{_FOLDER}/{name}": content for name, content in whole.items()}


def merges(command: str) -> Mapping[str, Merge]:  # noqa: ARG001 - the contract; the path is in a file
    """Return the line of the list of actions that makes the script one of them."""
    otherwise = f"In REAPER: Actions > New action > Load ReaScript, then {_FOLDER}/bandmate.lua."
    return {"reaper-kb.ini": Merge(_merge, _unmerge, otherwise=otherwise)}


def _merge(text: str) -> str:
    ends = "\r\n" if "\r\n" in text else "\n"
    others = _unmerge(text)
    gap = "" if not others or others.endswith("\n") else ends
    return f"{others}{gap}{_LINE}{ends}"


def _unmerge(text: str) -> str:
    """Leave out the line that registers our script; keys that the musician gave it stay."""
    lines = text.splitlines(keepends=True)
    return "".join(line for line in lines if not line.startswith(f"SCR 4 0 {_NAME} "))
