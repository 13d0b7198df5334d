"""Where bandmate keeps things on this machine; the platform's own folders, by platformdirs.

``BANDMATE_HOME`` puts all of them below one folder (for tests, and for trying things out).
"""

from __future__ import annotations

import os
import shutil
import sys
import sysconfig
from pathlib import Path

__all__ = [
    "cache_folder",
    "command",
    "installed",
    "journal",
    "music_folder",
    "own_shelf",
    "prints",
    "shelf",
    "token",
]


def _below_home(kind: str) -> Path | None:
    home = os.environ.get("BANDMATE_HOME")
    return Path(home) / kind if home else None


def journal() -> Path:
    """Return the file of what is remembered between starts."""
    import platformdirs

    state = _below_home("state") or platformdirs.user_state_path("bandmate", appauthor=False)
    return state / "journal.sqlite"


def installed() -> Path:
    """Return the folder of what was installed where, beside the journal."""
    return journal().parent / "installed"


def command() -> Path | None:
    """Return this bandmate's program with its whole path, None where there is only its code.

    Programs with a window may have another ``PATH`` than a terminal.
    """
    ending = ".exe" if os.name == "nt" else ""
    called, python = Path(sys.argv[0]).absolute(), Path(sys.executable)
    there = [
        *([called] if called.stem == "bandmate" else []),  # a link to it outlives an upgrade
        python.with_name(f"bandmate{ending}"),  # not resolved: a link leads out of the environment
        Path(sysconfig.get_path("scripts"), f"bandmate{ending}"),
    ]
    found = next((path for path in there if path.is_file()), None) or shutil.which("bandmate")
    return Path(found) if found else None


def token() -> Path:
    """Return the file of the token that is asked for over HTTP."""
    return journal().with_name("token")


def cache_folder() -> Path:
    """Return the folder of what may be thrown away."""
    import platformdirs

    return _below_home("cache") or platformdirs.user_cache_path("bandmate", appauthor=False)


def music_folder() -> Path:
    """Return the folder for suggestions that belong to no file of the musician's."""
    import platformdirs

    return _below_home("music") or platformdirs.user_music_path() / "bandmate"


def prints() -> Path:
    """Return the folder of the prints of noise that the musician keeps by name."""
    return music_folder() / "prints"


def own_shelf() -> Path:
    """Return the folder of presets that the musician made: ``<stage>/<name>.toml`` below it."""
    import platformdirs

    config = platformdirs.user_config_path("bandmate", appauthor=False)
    return _below_home("presets") or config / "presets"


def shelf() -> Path:
    """Return the folder of data that comes with bandmate: in a wheel, or in a checkout."""
    packed = Path(__file__).parent / "shelf"
    return packed if packed.is_dir() else Path(__file__).parent.parent / "presets"
