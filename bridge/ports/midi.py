"""The MIDI ports: "bandmate in" and "bandmate out".

Where the system has virtual ports (CoreMIDI, ALSA, JACK), these are virtual, and a DAW sees them by
name. Windows has none: there the ports are named ones of the hardware or of loopMIDI. The ports
live in a process of their own (`bridge.ports.midi_host`, where it says why); this module starts it,
and carries messages to it and from it.
"""

from __future__ import annotations

import json
import logging
import queue
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, cast

from assistant.errors import NoMidi
from bridge.ports.midi_host import IN_NAME, OUT_NAME
from bridge.ports.midi_system import MidiSystem, described

if TYPE_CHECKING:
    import mido

__all__ = ["MidiPorts", "MidiSystem", "find"]

ANSWER_LIMIT_S = 5.0

_TRIES = 3
_ANYTHING = {"api": "JACK", "open": False, "in": "", "out": ""}
_HOST = Path(__file__).with_name("midi_host.py")

_log = logging.getLogger(__name__)


def find(in_name: str = "", out_name: str = "", *, api: str = "") -> MidiSystem:
    """Look which MIDI system there is, and open nothing.

    Blocks, usually for 0.1 s, at most for `ANSWER_LIMIT_S`.

    Parameters
    ----------
    in_name, out_name, api : str
        As for `MidiPorts`.

    Returns
    -------
    MidiSystem
        With the ports that `MidiPorts` would open.
    """
    wanted = {"api": api, "open": False, "in": in_name, "out": out_name}
    return described(_look(wanted), wanted)


class MidiPorts:
    """The input and the output.

    Parameters
    ----------
    hear : callable
        Called for each message that arrives, with the message and the second it came in, by
        `time.perf_counter`; on a thread of the ports.
    in_name, out_name : str
        Part of the name of a port to open instead of a virtual one.
    api : str
        MIDI system to insist on, as in `MidiSystem`.
    """

    def __init__(
        self,
        hear: Callable[[mido.Message, float], None],
        *,
        in_name: str = "",
        out_name: str = "",
        api: str = "",
    ) -> None:
        self._hear = hear
        self._wanted = {"api": api, "open": True, "in": in_name, "out": out_name}
        self._lock = threading.Lock()
        self._sending = threading.Lock()
        self._host: _Host | None = None
        self.system = MidiSystem("", advice="The MIDI ports were not opened yet.")

    def open(self) -> MidiSystem:
        """Open the ports; where they are open, make sure that they still are.

        Blocks, usually for 0.2 s, never over a minute. Call it off the event loop, at the start and
        before ports are used, since a JACK server may come and go.

        Returns
        -------
        MidiSystem
            With a port's name where it is open, and with advice where one is not.
        """
        with self._lock:
            if self._there():
                return self.system
            self._end()
            for _ in range(_TRIES):
                self._begin()
                if self._host is None or self._runs():
                    break
                self._end()
            return self.system

    def send(self, message: mido.Message) -> None:
        """Send a message; may be called from any thread.

        Parameters
        ----------
        message : Message
            Of at most three bytes.

        Raises
        ------
        NoMidi
            Where there is no output, or no longer.
        """
        host = self._host
        if host is None or not self.system.out_name:
            raise NoMidi(self.system.advice or "The MIDI ports are closed.")
        with self._sending:
            host.send(message)

    def close(self) -> None:
        """Close the ports, when all that was sent has gone out."""
        with self._lock:
            self._end()

    def _begin(self) -> None:
        """Start the host, and keep it where it has a port."""
        host = _Host(self._wanted, self._hear)
        self.system = described(host.report(), self._wanted)
        if self.system.in_name or self.system.out_name:
            self._host = host
        else:
            host.end()

    def _runs(self) -> bool:
        """Say whether the MIDI system goes on with our ports in it.

        On a busy machine a JACK server may miss that a client woke up: it then waits for it in each
        period, and nothing passes. Before any cable is in, to open the ports again costs nothing.
        """
        return self.system.api != "JACK" or bool(_look(_ANYTHING))

    def _there(self) -> bool:
        """Say whether the ports are open and still there.

        A client of a JACK server that ended goes on seeing what it last saw, so that a stranger
        has to look for them. A server too busy to answer it proves nothing: to open the ports
        anew would pull the musician's cables out.
        """
        if self._host is None or not self._host.runs():
            return False
        if self.system.api != "JACK":
            return True
        seen = _look(_ANYTHING)
        names = [*seen.get("inputs", ()), *seen.get("outputs", ())]
        return not seen or any(name.endswith((IN_NAME, OUT_NAME)) for name in names)

    def _end(self) -> None:
        host, self._host = self._host, None
        if host is not None:
            host.end()


class _Host:
    """The process that holds the ports."""

    def __init__(
        self, wanted: Mapping[str, Any], hear: Callable[[mido.Message, float], None]
    ) -> None:
        self._hear = hear
        self._report: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        self._process = subprocess.Popen(  # noqa: S603 - our own program
            _command(wanted),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
        threading.Thread(target=self._listen, name="bandmate MIDI in", daemon=True).start()

    def report(self) -> dict[str, Any]:
        """Wait for what was found; empty where the process ended or says nothing."""
        try:
            return _read(self._report.get(timeout=ANSWER_LIMIT_S))
        except queue.Empty:
            return {}

    def runs(self) -> bool:
        """Say whether the process runs."""
        return self._process.poll() is None

    def send(self, message: mido.Message) -> None:
        """Hand over a message."""
        self._write(message.bin().hex().encode() + b"\n")

    def end(self) -> None:
        """Close the ports and end the process."""
        with suppress(OSError):
            self._stdin.close()
        try:
            self._process.wait(ANSWER_LIMIT_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    @property
    def _stdin(self) -> IO[bytes]:
        return cast("IO[bytes]", self._process.stdin)

    def _write(self, line: bytes) -> None:
        try:
            self._stdin.write(line)
            self._stdin.flush()
        except (OSError, ValueError):  # the process ended, or the ports were closed
            raise NoMidi("The MIDI port is gone: the MIDI system has stopped.") from None

    def _listen(self) -> None:
        """Take what the process says until it ends."""
        with cast("IO[bytes]", self._process.stdout) as lines:
            self._report.put(lines.readline())
            for line in lines:
                self._pass_on(line)

    def _pass_on(self, line: bytes) -> None:
        import mido

        seconds, data = line.split()
        try:
            message = mido.Message.from_hex(data.decode())
        except ValueError:
            return  # half a message, from a cable that was pulled
        try:
            self._hear(message, float(seconds))
        except Exception:  # noqa: BLE001 - the ports outlive a fault of who listens
            _log.exception("What listens to MIDI failed.")


def _look(wanted: Mapping[str, Any]) -> dict[str, Any]:
    """Let a process of its own look at what there is; empty where no answer comes in time."""
    try:
        done = subprocess.run(  # noqa: S603 - our own program
            _command(wanted),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=ANSWER_LIMIT_S,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return {}
    return _read(done.stdout)


def _command(wanted: Mapping[str, Any]) -> list[str]:
    return [sys.executable, "-P", str(_HOST), json.dumps(wanted)]


def _read(line: bytes) -> dict[str, Any]:
    """Read what the process found; nothing where it came to no answer."""
    try:
        report: dict[str, Any] = json.loads(line)
    except ValueError:
        return {}
    return report
