"""What goes into Ardour's configuration folder, and what to click next; values only.

A copied script does nothing in Ardour: its actions, and the timer that lands answers, stand in the
file ``ui_scripts``, which Ardour reads when it starts and writes when it ends. What stands there
only loads our files, so that these are the source. See `bridge.daws.installer.Installer`.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from assistant import engine
from bridge.daws import lua
from bridge.daws.ardour import ui_scripts
from bridge.daws.installer import Merge

__all__ = ["MARK", "NEXT", "PROGRAMS", "TITLE", "files", "folders", "merges"]

TITLE = "Ardour"
MARK = "config"
PROGRAMS = ("ardour", "ArdourGUI")
NEXT = (
    "Start Ardour and open a session.",
    'The actions are in Edit > Lua Scripts, as "bandmate: Suggest chords" and so on.',
    "Window > Keyboard Shortcuts gives them keys (LuaAction, script-...).",
    "To let bandmate move the faders: Edit > Preferences > Control Surfaces > Open Sound Control.",
)

NAME = "bandmate: "
"""How the names of all our actions begin; what is named so is ours to take out."""
VERSIONS = (9, 8, 7)

_FOLDER = "bandmate"
_ACTIONS = {
    "chords": "Suggest chords",
    "melody": "Suggest a melody",
    "pitch": "Correct pitch of the selection",
    "denoise": "Remove noise",
    "mix": "Suggest a mix",
    "master": "Master for ...",
    "unmix": "Undo bandmate's mix moves",
}
_NEEDS = {"unmix": "mix"}
"""Stages that actions need which are none of that name."""
_TIMER = "1" + "0" * 47
"""The signal that comes ten times a second: bit 47 in Ardour 7 and 8 (``LuaSignal.LuaTimerDS``)."""


def folders(system: str, env: Mapping[str, str], home: Path) -> tuple[Path, ...]:
    """Return where Ardour's configuration folder may be, that of the newest version first.

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
        Every version has a folder of its own.
    """
    if system == "Windows":
        local = Path(env.get("LOCALAPPDATA") or home / "AppData" / "Local")
        return tuple(local / f"Ardour{version}" for version in VERSIONS)
    if system == "Darwin":
        return tuple(home / "Library/Preferences" / f"Ardour{version}" for version in VERSIONS)
    config = Path(env.get("XDG_CONFIG_HOME") or home / ".config")
    return tuple(config / f"ardour{version}" for version in VERSIONS)


def files(command: str) -> Mapping[str, bytes]:
    """Return the script's files, by their path in the configuration folder.

    Parameters
    ----------
    command : str
        bandmate with its whole path; it is written into the script, because programs with a
        window may have another ``PATH`` than a terminal.

    Returns
    -------
    mapping of str to bytes
        They lie outside ``scripts``, where Ardour looks for whole scripts, and would find pieces.
    """
    here = Path(__file__).parent / "script"
    pieces = {path.name: path.read_bytes() for path in sorted(here.iterdir()) if path.is_file()}
    place = f"return {lua.string(command)}\n".encode()
    whole = {**lua.files(), **pieces, "command.lua": place}
    return {f"{_FOLDER}/{name}": content for name, content in whole.items()}


def merges(command: str) -> Mapping[str, Merge]:  # noqa: ARG001 - the contract; the path is in a file
    """Return the file of Ardour's in which its actions stand."""
    otherwise = "Save the session, quit Ardour, and say `bandmate install ardour` again."
    return {"ui_scripts": Merge(_merge, _unmerge, otherwise=otherwise)}


def offered() -> dict[str, str]:
    """Return the titles of the actions whose stages this bandmate has."""
    stages = {stage.name for stage in engine.stages()}
    return {word: title for word, title in _ACTIONS.items() if _NEEDS.get(word, word) in stages}


def _merge(text: str) -> str:
    text = _unmerge(text)
    for word, title in offered().items():
        text = ui_scripts.with_slot(text, 0, NAME + title, _action(word))
    return ui_scripts.with_hook(text, NAME + "answers", _TIMER, _HOOK)


def _unmerge(text: str) -> str:
    return ui_scripts.without(text, NAME) if text.strip() else text


# Ardour removes an action or a hook that raises, for good: nothing here can.

_LOAD = 'loadfile (ARDOUR.user_config_directory (-1) .. "/bandmate/bandmate.lua")'


def _action(word: str) -> str:
    return f"""\
return function ()
  local chunk, why = {_LOAD}
  local done, trouble = pcall (chunk or function () error (why, 0) end, {lua.string(word)})
  if not done then
    print (trouble)
    local kind, button = LuaDialog.MessageType.Error, LuaDialog.ButtonType.Close
    LuaDialog.Message ("bandmate", tostring (trouble), kind, button):run ()
  end
end"""


_HOOK = f"""\
local tick
return function ()
  if not tick then
    local done, made = pcall ({_LOAD} or error, "hook")
    tick = done and made or nil
  end
  if tick then pcall (tick) end
end"""
