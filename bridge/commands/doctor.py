"""``bandmate doctor``: what is installed, which ports are free, and how to mend what is missing."""

from __future__ import annotations

import importlib.util
import json
import os
import socket
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from importlib import metadata
from pathlib import Path

from rich.console import Console
from rich.markup import escape

import assistant
from bridge import places
from bridge.commands import mcp
from bridge.commands.parser import Parser
from bridge.daws import installer
from bridge.installing import record, telling
from bridge.installing.checking import trouble
from bridge.installing.folders import folder_of
from bridge.installing.record import Record
from bridge.tools import codec, speech, synth
from bridge.version import VERSION

__all__ = ["Finding", "examine", "is_free", "main"]

_NEEDED = (
    *("librosa", "mido", "numba", "numpy", "onnxruntime", "platformdirs", "pyloudnorm"),
    *("python-osc", "python-rtmidi", "rich", "safetensors", "scipy", "soundfile", "soxr"),
    *("python-stretch", "swift-f0", "torch"),
)
_MARKS = {"good": "[green]ok[/green]  ", "note": "[yellow]note[/yellow]", "bad": "[red]bad[/red] "}


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at.

    `state` is ``good``, ``note`` (works without) or ``bad``; `mend` says what to do, ``""`` where
    there is nothing to do.
    """

    what: str
    state: str
    seen: str
    mend: str = ""


def main(words: Sequence[str]) -> int:
    """Say what is installed, which ports are free, and how to mend what is missing."""
    parser = Parser("doctor", main.__doc__)
    parser.add_argument("--json", action="store_true", help="one object on stdout")
    told = parser.read(words)
    found = examine()
    if told.json:
        print(json.dumps({"findings": [asdict(finding) for finding in found]}))
    else:
        console = Console(highlight=False, soft_wrap=True)
        for one in found:
            console.print(f"{_MARKS[one.state]} [bold]{one.what}[/bold]: {escape(one.seen)}")
            if one.mend:
                console.print(f"     -> {one.mend}", markup=False)
    return 2 if any(finding.state == "bad" for finding in found) else 0


def examine() -> list[Finding]:
    """Look at everything bandmate needs or can use.

    Returns
    -------
    list of Finding
        In the order a newcomer would mend them.
    """
    looks: tuple[Callable[[], Finding], ...] = (
        *(_python, _libraries, _port, _http_port, _midi, _journal, _music, _compiled),
        *(_ffmpeg, _soundfont, _speech, _assistants, _daws, _at_login),
    )
    return [look() for look in looks]


def _python() -> Finding:
    seen = f"{sys.version.split()[0]}, bandmate {VERSION}"
    if sys.version_info[:2] in {(3, 11), (3, 12)}:
        return Finding("Python", "good", seen)
    return Finding("Python", "bad", seen, "bandmate is made for Python 3.11 and 3.12")


def _libraries() -> Finding:
    missing = [name for name in _NEEDED if not _installed(name)]
    if missing:
        mend = "install bandmate again: pipx reinstall bandmate"
        return Finding("libraries", "bad", f"missing: {', '.join(missing)}", mend)
    return Finding("libraries", "good", f"all {len(_NEEDED)} are installed")


def _installed(name: str) -> bool:
    try:
        metadata.version(name)
    except metadata.PackageNotFoundError:
        return False
    return True


def _port() -> Finding:
    if is_free(9510, socket.SOCK_DGRAM) and is_free(9510, socket.SOCK_STREAM):
        return Finding("OSC port", "good", "9510 is free on 127.0.0.1, UDP and TCP")
    mend = "is bandmate running already? else: bandmate serve --osc-port 9520"
    return Finding("OSC port", "note", "9510 is taken", mend)


def _http_port() -> Finding:
    if is_free(9511, socket.SOCK_STREAM):
        return Finding("HTTP port", "good", "9511 is free on 127.0.0.1")
    mend = "is bandmate running already? else: bandmate serve --http-port 9521"
    return Finding("HTTP port", "note", "9511 is taken; OSCQuery is left out", mend)


def is_free(port: int, kind: socket.SocketKind) -> bool:
    """Say whether a port of 127.0.0.1 could be taken, of TCP (``SOCK_STREAM``) or UDP."""
    with socket.socket(socket.AF_INET, kind) as trial:
        if kind == socket.SOCK_STREAM and os.name != "nt":
            # As who listens does: connections of before do not hold a port.
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind(("127.0.0.1", port))
            if kind == socket.SOCK_STREAM:
                trial.listen(1)
        except OSError:
            return False
    return True


def _midi() -> Finding:
    from bridge.ports.midi import find

    system = find()
    seen = (
        f"{system.api or 'none'}: {system.out_name or 'no output'}, {system.in_name or 'no input'}"
    )
    return Finding("MIDI", "note" if system.advice else "good", seen, system.advice)


def _journal() -> Finding:
    path = places.journal()
    if os.access(_nearest(path.parent), os.W_OK):
        return Finding("journal", "good", str(path))
    return Finding("journal", "bad", f"{path} cannot be written", f"make {path.parent} yours")


def _music() -> Finding:
    folder = places.music_folder()
    if os.access(_nearest(folder), os.W_OK):
        return Finding("music folder", "good", str(folder))
    return Finding("music folder", "note", f"{folder} cannot be written", "name --out")


def _nearest(folder: Path) -> Path:
    """Return the folder, or the nearest one above it that is there."""
    return next((one for one in (folder, *folder.parents) if one.exists()), folder)


def _compiled() -> Finding:
    kept = [path for folder in assistant.__path__ for path in Path(folder).rglob("*.nbi")]
    if kept:
        return Finding("compiled code", "good", f"{len(kept)} kernels are kept")
    mend = "bandmate warm (the daemon does it too, in the background)"
    return Finding("compiled code", "note", "nothing is compiled yet", mend)


def _ffmpeg() -> Finding:
    tool = codec.find()
    if tool is None:
        seen = "not found; masters are not checked behind lossy codecs"
        return Finding("ffmpeg", "note", seen, "install ffmpeg")
    lacking = [name for name in codec.CODECS if not tool.encoder(name)]
    if lacking:
        seen = f"{tool.path}, {tool.version}, without an encoder for {', '.join(lacking)}"
        return Finding("ffmpeg", "note", seen, "install an ffmpeg that was built with more")
    return Finding("ffmpeg", "good", f"{tool.path}, {tool.version}, {', '.join(codec.CODECS)}")


def _soundfont() -> Finding:
    player = synth.find()
    if player is not None:
        return Finding("soundfont", "good", str(player.path))
    if importlib.util.find_spec("symusic") is None:
        mend = "pipx inject bandmate 'symusic<0.6', and a soundfont"
    else:
        mend = "install a soundfont, such as Debian's fluid-soundfont-gm"
    return Finding("soundfont", "note", "none; chords are rendered with built-in voices", mend)


def _speech() -> Finding:
    speaker = speech.find()
    if speaker is not None:
        return Finding("speech", "good", f"{speaker.path}, {speaker.version}")
    seen = "no espeak-ng; syllables and stress are told by spelling rules"
    return Finding("speech", "note", seen, "install espeak-ng")


def _assistants() -> Finding:
    if mcp.is_installed():
        return Finding("assistants", "good", f"mcp {metadata.version('mcp')}: bandmate mcp")
    return Finding("assistants", "note", "no SDK of MCP; no assistant can ask", mcp.INSTALL)


def _daws() -> Finding:
    written = [one for one in record.records() if one.name in installer.found()]
    stale = [(one, why) for one in written if (why := _stale(one))]
    if stale:
        seen = ", ".join(f"{one.name} in {one.folder}: {why}" for one, why in stale)
        mend = "bandmate install " + stale[0][0].name
        return Finding("scripts in DAWs", "note", seen, mend)
    if written:
        seen = ", ".join(f"{one.name} in {one.folder}" for one in written)
        return Finding("scripts in DAWs", "good", seen)
    here = [name for name in installer.found() if folder_of(installer.installer(name))]
    mend = f"bandmate install {here[0]}" if here else ""
    seen = f"none yet; found here: {', '.join(here) or 'no DAW'}"
    return Finding("scripts in DAWs", "note" if here else "good", seen, mend)


def _stale(one: Record) -> str:
    daw = installer.installer(one.name)
    return trouble(one, daw.files(str(places.command() or one.command)), daw)


def _at_login() -> Finding:
    written = [one for one in record.records() if one.name == telling.NAME]
    stale = [why for one in written if (why := trouble(one))]
    if stale:
        return Finding("at login", "note", stale[0], "bandmate install --at-login")
    if written:
        return Finding(
            "at login", "good", f"bandmate starts with the session ({written[0].folder})"
        )
    return Finding("at login", "good", "bandmate is started by hand, or by the DAW's script")
