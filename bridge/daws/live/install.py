"""What goes into the User Library of Live, and what to click next; values only.

See `bridge.daws.installer.Installer` for the contract.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from bridge.daws.installer import Merge

__all__ = ["MARK", "NEXT", "PROGRAMS", "TITLE", "files", "folders", "merges"]

TITLE = "Ableton Live"
MARK = ""
PROGRAMS = ("Live", "Ableton Live 11 Suite.exe", "Ableton Live 12 Suite.exe")
NEXT = (
    "Quit Live and start it again: it looks for scripts only then.",
    "Open Settings (Preferences) > Link, Tempo & MIDI.",
    "Choose Bandmate as Control Surface in a free row; leave Input and Output at None.",
    'Name a clip "? chords hopeful" (Ctrl+R or Cmd+R, then Enter): chords land below it.',
    "For faders that move after accept, choose AbletonOSC in another row as well.",
    "Nothing there? Settings > Library shows the User Library: install again with --folder.",
)
"""What the musician does next, a line each."""

_FOLDER = "Remote Scripts/Bandmate"
_SCRIPT = Path(__file__).parent / "remote_script" / "Bandmate"
_STARTED = "start.py"


def folders(system: str, env: Mapping[str, str], home: Path) -> tuple[Path, ...]:
    """Return where the User Library may be, the likeliest first.

    Parameters
    ----------
    system : str
        As `platform.system` calls it: ``"Darwin"``, ``"Windows"``; elsewhere there is no Live.
    env : mapping of str to str
        The environment; on Windows Documents may be in OneDrive.
    home : Path
        The home folder.

    Returns
    -------
    tuple of Path
        Where it was moved, only Live knows: the musician names the folder.
    """
    inside = Path("Ableton", "User Library")
    if system == "Darwin":
        return (home / "Music" / inside,)
    if system != "Windows":
        return ()
    clouds = [env[name] for name in ("OneDrive", "OneDriveConsumer") if env.get(name)]
    documents = [home / "Documents", *(Path(cloud) / "Documents" for cloud in clouds)]
    return tuple(dict.fromkeys(folder / inside for folder in documents))


def files(command: str) -> Mapping[str, bytes]:
    """Return the Remote Script, by relative path.

    Parameters
    ----------
    command : str
        bandmate with its whole path, to be said where no daemon answers.

    Returns
    -------
    mapping of str to bytes
        Bytes by path, with ``/`` between the parts.
    """
    found = {
        f"{_FOLDER}/{path.name}": path.read_bytes()
        for path in sorted(_SCRIPT.glob("*.py"))
        if path.name != _STARTED
    }
    return {**found, f"{_FOLDER}/{_STARTED}": _started(command).encode()}


def merges(command: str) -> Mapping[str, Merge]:  # noqa: ARG001
    """Return nothing: Live's settings are no text."""
    return {}


def _started(command: str) -> str:
    """Write `start.py` anew: its doc and its port stay, the command is that of this machine."""
    lines = (_SCRIPT / _STARTED).read_text(encoding="utf-8").splitlines()
    named = f'"{command}"' if " " in command else command
    said = f"COMMAND = {f'{named} serve'!a}"
    return "\n".join(said if line.startswith("COMMAND") else line for line in lines) + "\n"
