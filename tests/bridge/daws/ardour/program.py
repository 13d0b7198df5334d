"""A real Ardour without a screen, on this machine only; all that it writes lies in one folder."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from bridge.daws.ardour import install, ui_scripts
from bridge.daws.lua import string
from bridge.osc.thin import Said, pack, unpack

HERE = Path(__file__).parent
CONSOLE_SLOT = 32
"""The last slot holds a console, which runs Lua for the tests; it is never installed."""
READY_SECONDS = 90.0

_WITH_US = ("setpriv", "--pdeathsig", "KILL")
"""A program begun so ends when the tests are killed."""
_SCREEN = ("-screen", "0", "1280x800x24", "-nolisten", "tcp")
_OF_A_SCREEN = frozenset({"DISPLAY", "WAYLAND_DISPLAY", "XDG_CONFIG_HOME"})
_DUMMY = (
    'backend="None (Dummy)" driver="" device="Silence" input-device="" output-device="" '
    'sample-rate="48000" buffer-size="1024" n-periods="0" input-latency="0" output-latency="0" '
    'lm-input="" lm-output="" active="1" use-buffered-io="0" midi-option="1 in, 1 out, Silence" '
    'lru="1"'
)
_CONFIG = f"""<?xml version="1.0" encoding="UTF-8"?>
<Ardour>
  <Config>
    <Option name="hide-dummy-backend" value="0"/>
    <Option name="try-autostart-engine" value="1"/>
  </Config>
  <Extra><AudioMIDISetup><EngineStates><State {_DUMMY}/></EngineStates></AudioMIDISetup></Extra>
</Ardour>
"""
_OSC_ON = (
    '<Protocol name="Open Sound Control (OSC)" active="1" debugmode="0" address-only="0" '
    'remote-port="0" banksize="0" striptypes="159" feedback="0" gainmode="0" send-page-size="0" '
    'plug-page-size="0"/>'
)


def missing() -> tuple[str, ...]:
    """Return the programs that are not installed."""
    return tuple(
        name for name in ("ardour", "ardour7-lua", "setpriv", "Xvfb") if not shutil.which(name)
    )


class Ardour:
    """One Ardour: its home, its session, its screen.

    Parameters
    ----------
    root : Path
        An empty folder for all of it.
    env : mapping of str to str
        Added to its environment.
    """

    def __init__(self, root: Path, env: Mapping[str, str]) -> None:
        self.root, self.session = root, root / "song"
        self.config = root / "home" / ".config" / "ardour7"
        usual = {name: value for name, value in os.environ.items() if name not in _OF_A_SCREEN}
        own = {"HOME": str(root / "home"), "XDG_RUNTIME_DIR": str(root / "home")}
        quiet = {"DBUS_SESSION_BUS_ADDRESS": "disabled:", "NO_AT_BRIDGE": "1", "LC_ALL": "C.UTF-8"}
        self._env = {**usual, **own, **quiet, **env}
        self._socket = _socket()
        self.port = 0
        self._screen: subprocess.Popen[bytes] | None = None
        self._program: subprocess.Popen[bytes] | None = None

    # Before it starts

    def make_home(self) -> None:
        """Make what the first start would: the dummy audio backend, and no wizard."""
        (self.config / "scripts").mkdir(parents=True)
        (self.config / ".a7").write_text("yes")
        (self.config / "config").write_text(_CONFIG)

    def make_session(self) -> None:
        """Make a session of an audio track "Vocal", a stereo one "Guitar", a MIDI one "Keys"."""
        words = ["ardour7-lua", str(HERE / "make_session.lua"), str(self.session), "song"]
        made = subprocess.run(
            words, env=self._env, capture_output=True, text=True, timeout=READY_SECONDS, check=False
        )
        saved = self.session / "song.ardour"
        assert saved.exists(), made.stdout + made.stderr
        osc = r'<Protocol name="Open Sound Control \(OSC\)"[^>]*?/?>(?:</Protocol>)?'
        saved.write_text(re.sub(osc, _OSC_ON, saved.read_text(), count=1))

    def install(self, command: Path) -> None:
        """Put bandmate's files where `bandmate install ardour` puts them, and the console."""
        for name, content in install.files(str(command)).items():
            path = self.config / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        (self.config / "console").mkdir()
        shutil.copy(HERE / "console.lua", self.config / "console")
        path = self.config / "ui_scripts"
        text = path.read_text() if path.exists() else ""
        for merge in install.merges(str(command)).values():
            text = merge.merge(text)
        console = string(str(self.config / "console" / "console.lua"))
        body = f"return function () loadfile ({console}) () end"
        path.write_text(ui_scripts.with_slot(text, CONSOLE_SLOT, "console", body))

    # While it runs

    def start(self) -> float:
        """Start it; returns the seconds until a Lua action has answered."""
        began = time.monotonic()
        self._open_screen()
        (self.config / "osc_url").write_text("")  # Ardour fills it, and removes it when it quits
        with (self.root / "ardour.log").open("ab") as log:
            self._program = subprocess.Popen(
                [*_WITH_US, "ardour", "--no-splash", str(self.session)],
                env=self._env,
                cwd=self.root,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.until(self._answers, READY_SECONDS)
        self.lua("return Session:name ()", READY_SECONDS)
        return time.monotonic() - began

    def _open_screen(self) -> None:
        if self._screen is not None:
            return
        ours, its = os.pipe()
        self._screen = subprocess.Popen(  # it picks a free display itself, and tells it
            [*_WITH_US, "Xvfb", "-displayfd", str(its), *_SCREEN],
            pass_fds=[its],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        os.close(its)
        with os.fdopen(ours) as told:
            self._env["DISPLAY"] = ":" + told.readline().strip()

    def _answers(self) -> bool:
        path = self.config / "osc_url"
        url = re.search(r":(\d+)/", path.read_text() if path.exists() else "")
        if url is None:
            return False
        self.port = int(url[1])
        return bool(self.ask("/strip/list", seconds=0.1))

    def say(self, address: str, *values: str | int) -> None:
        """Send an OSC message."""
        self._socket.sendto(pack(address, *values), ("127.0.0.1", self.port))

    def ask(self, address: str, *values: str | int, seconds: float = 1.0) -> list[Said]:
        """Send an OSC message and return the values of the first answer; empty where none comes."""
        self._socket.close()
        self._socket = _socket()
        self._socket.settimeout(seconds)
        self.say("/set_surface/port", 0)  # or one early question makes it answer port 8000 for ever
        self.say(address, *values)
        try:
            return next(unpack(self._socket.recv(65_536)))[1]
        except (TimeoutError, ConnectionError):
            time.sleep(0.02)
            return []

    def action(self, name: str) -> None:
        """Run an installed action, by its title, as its menu would."""
        slots = ui_scripts.slots((self.config / "ui_scripts").read_text())
        (slot,) = [slot for slot, title in slots.items() if title == name]
        self.say("/access_action", f"LuaAction/script-{slot}")

    def lua(self, text: str, seconds: float = 30.0) -> str:
        """Run Lua inside Ardour's window; what it returns comes back as text."""
        box = self.config / "console"
        (box / "in.tmp").write_text(text)
        (box / "in.tmp").rename(box / "in.lua")
        self.say("/access_action", f"LuaAction/script-{CONSOLE_SLOT}")
        self.until((box / "out").exists, seconds)
        told = (box / "out").read_text()
        (box / "out").unlink()
        assert told.startswith("OK "), told
        return told[3:]

    def until(self, happened: Callable[[], object], seconds: float = 30.0) -> None:
        """Wait until something has happened, and see that Ardour lives."""
        end = time.monotonic() + seconds
        while not happened():
            assert self._program is not None
            assert self._program.poll() is None, f"Ardour ended: {self._program.returncode}"
            assert time.monotonic() < end, f"nothing happened within {seconds} s"
            time.sleep(0.005)

    def undo(self) -> None:
        """Undo one step, as the musician does."""
        self.lua("Editor:undo (1)")

    def redo(self) -> None:
        """Redo one step."""
        self.lua("Editor:redo (1)")

    def picture(self, path: Path) -> None:
        """Write what is on its screen, by ImageMagick."""
        words = ["import", "-window", "root", "-dither", "None", "-colors", "64", f"PNG8:{path}"]
        subprocess.run(words, env=self._env, check=True)

    def stop(self) -> None:
        """End it; it asks nothing, and what was not saved is gone."""
        if self._program is not None:
            _end(self._program)
        self._program = None

    def close(self) -> None:
        """End it and its screen."""
        self.stop()
        if self._screen is not None:
            _end(self._screen)
        self._screen = None
        self._socket.close()


@contextmanager
def ardour(root: Path, command: Path, **env: str) -> Iterator[Ardour]:
    """Make a home and a session, install bandmate, and start; all is ended at the end.

    `command` stands for bandmate.
    """
    made = Ardour(root, env)
    try:
        made.make_home()
        made.make_session()
        made.install(command)
        made.start()
        yield made
    finally:
        made.close()


def _socket() -> socket.socket:
    made = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    made.bind(("127.0.0.1", 0))
    return made


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
