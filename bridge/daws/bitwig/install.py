"""What to click in Bitwig; nothing is copied: DrivenByMoss is its author's, and under the LGPL.

See `bridge.daws.installer.Installer` for the contract.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from bridge.daws.installer import Merge

__all__ = ["MARK", "NEXT", "PROGRAMS", "TITLE", "files", "folders", "merges"]

TITLE = "Bitwig Studio"
MARK = ""
PROGRAMS = ("bitwig-studio", "BitwigStudio", "Bitwig Studio", "Bitwig Studio.exe")
NEXT = (
    "Get DrivenByMoss from mossgrabers.de; put DrivenByMoss.bwextension into this folder.",
    "In Bitwig: Settings > Controllers > Add controller > Open Sound Control > OSC.",
    "Choose any MIDI input; Port to receive on 8000, Host 127.0.0.1, Port to send to 9000.",
    "Value resolution: High. Bank page size: as many tracks and scenes as you have, 16 at most.",
    "Switch the controller off and on: ports are read only then.",
    "Start bandmate with: bandmate serve --daw bitwig",
)


def folders(system: str, env: Mapping[str, str], home: Path) -> tuple[Path, ...]:
    """Return where Bitwig looks for extensions.

    Parameters
    ----------
    system : str
        ``Linux``, ``Darwin`` or ``Windows``.
    env : mapping of str to str
        The environment; on Windows Documents may be in OneDrive.
    home : Path
        The home folder.

    Returns
    -------
    tuple of Path
        The likeliest first.
    """
    inside = Path("Bitwig Studio", "Extensions")
    if system == "Linux":
        return (home / inside, home / "Documents" / inside)
    clouds = [env[name] for name in ("OneDrive", "OneDriveConsumer") if env.get(name)]
    documents = [home / "Documents", *(Path(cloud) / "Documents" for cloud in clouds)]
    return tuple(dict.fromkeys(folder / inside for folder in documents))


def files(command: str) -> Mapping[str, bytes]:  # noqa: ARG001
    """Return nothing: bandmate has no file of its own in Bitwig."""
    return {}


def merges(command: str) -> Mapping[str, Merge]:  # noqa: ARG001
    """Return nothing: Bitwig's settings are no text."""
    return {}
