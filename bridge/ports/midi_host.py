"""The program that holds the MIDI ports; `bridge.ports.midi` starts it and talks to it.

The libraries of MIDI systems are no guests for a daemon: they print what they like on stdout and
stderr, and when a JACK server hangs or ends, libjack and RtMidi wait for it for ever, without
letting go of the interpreter. Here nothing else waits, the standard streams lead nowhere, and a
call that takes too long ends the process (by a signal whose default action needs no interpreter).

On stdin, a line each: MIDI messages in hexadecimal. On stdout: first what was found, as JSON; then
each message that arrives, as seconds and hexadecimal. At the end of stdin, even where the daemon
was killed, what still sounds is silenced and the ports are closed.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

CLIENT = "bandmate"
IN_NAME, OUT_NAME = "bandmate in", "bandmate out"

_CALL_LIMIT_S = 3.0
_LAST_WORDS_S = 0.1  # a few periods: others hear a port only as long as it is there
_ALSA_SEQUENCER = Path("/dev/snd/seq")
_APIS = {  # in the order in which they are tried
    "CoreMIDI": "API_MACOSX_CORE",
    "ALSA": "API_LINUX_ALSA",
    "JACK": "API_UNIX_JACK",
    "Windows": "API_WINDOWS_MM",
}


def main() -> None:
    """Open the ports that the arguments ask for (JSON), and carry messages until stdin ends."""
    wanted = json.loads(sys.argv[1])
    say = _private_stdout()
    for unwelcome in (signal.SIGINT, signal.SIGTERM):  # the daemon has notes to end first
        signal.signal(unwelcome, signal.SIG_IGN)
    os.environ["JACK_NO_START_SERVER"] = "1"
    with _limited():
        try:
            ports = _find(wanted)
        except ImportError as error:  # built for a system library that is not there
            say(json.dumps({"broken": str(error)}))
            return
        report: dict[str, Any] = ports.report() if ports else {"api": ""}
        if ports and wanted["open"]:
            report["busy"] = ports.open()
    say(json.dumps(report))
    if not ports:
        return
    if wanted["open"]:
        ports.listen(say)
        _carry(ports)
    with _limited():
        ports.close()  # a JACK client that goes without a word holds up the whole graph


def _carry(ports: _Ports) -> None:
    """Send what stdin says until it ends, and the end of every note that has none by then."""
    sounding = _Sounding()
    for line in sys.stdin:
        message = bytes.fromhex(line)
        with _limited():
            ports.send(message)
        sounding.heard(message)
    with _limited():
        for message in sounding.ends():
            ports.send(message)
        time.sleep(_LAST_WORDS_S)


def _private_stdout() -> Callable[[str], None]:
    """Keep stdout for ourselves, and leave the C libraries nothing to print on."""
    wire = os.dup(1)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (1, 2):
        os.dup2(nowhere, stream)

    def say(line: str) -> None:
        os.write(wire, f"{line}\n".encode())  # whole, though two threads write: it is short

    return say


@contextmanager
def _limited() -> Iterator[None]:
    """Let the process end where what is inside takes too long; Windows has no such call."""
    if not hasattr(signal, "setitimer"):
        yield
        return
    signal.setitimer(signal.ITIMER_REAL, _CALL_LIMIT_S)
    yield
    signal.setitimer(signal.ITIMER_REAL, 0.0)


def _find(wanted: dict[str, Any]) -> _Ports | None:
    """Return ports of the first MIDI system that answers, of all or of the wanted name."""
    import rtmidi

    compiled = rtmidi.get_compiled_api()
    for api, constant in _APIS.items():
        number = getattr(rtmidi, constant)
        if number not in compiled or wanted["api"] not in {"", api}:
            continue
        if api == "ALSA" and not _ALSA_SEQUENCER.exists():
            continue
        try:
            return _Ports(api, number, wanted)
        except OSError:
            continue
    return None


class _Sounding:
    """What was sent and not taken back: keys that are down, and bends."""

    def __init__(self) -> None:
        self._keys: Counter[tuple[int, int]] = Counter()
        self._bent: set[int] = set()

    def heard(self, message: bytes) -> None:
        """Take a message that was sent."""
        kind, channel = message[0] & 0xF0, message[0] & 0x0F
        if kind == 0x90 and message[2]:
            self._keys[channel, message[1]] += 1
        elif kind in {0x80, 0x90}:
            self._keys[channel, message[1]] = max(0, self._keys[channel, message[1]] - 1)
        elif kind == 0xE0:
            (self._bent.discard if message[1:] == b"\x00\x40" else self._bent.add)(channel)

    def ends(self) -> Iterator[bytes]:
        """Say the end of every note, all notes off on their channels, and bends undone."""
        down = sorted(self._keys.elements())
        for channel, key in down:
            yield bytes((0x80 | channel, key, 0))
        for channel in sorted({channel for channel, _ in down}):
            yield bytes((0xB0 | channel, 123, 0))
        for channel in sorted(self._bent):
            yield bytes((0xE0 | channel, 0, 64))


class _Ports:
    """An input and an output of one MIDI system."""

    def __init__(self, api: str, number: int, wanted: dict[str, Any]) -> None:
        import rtmidi

        self._api = api
        self._in = rtmidi.MidiIn(rtapi=number, name=CLIENT)
        self._out = rtmidi.MidiOut(rtapi=number, name=CLIENT)
        self._in_name = self._choose(self._in, wanted["in"], IN_NAME)
        self._out_name = self._choose(self._out, wanted["out"], OUT_NAME)

    def report(self) -> dict[str, Any]:
        """Say what there is."""
        return {
            "api": self._api,
            "virtual": self._api != "Windows",
            "inputs": self._in.get_ports(),
            "outputs": self._out.get_ports(),
            "in": self._in_name,
            "out": self._out_name,
        }

    def open(self) -> list[str]:
        """Open both ports, as far as they are there, and say which cannot be opened."""
        opened = {
            "in": self._open(self._in, self._in_name, IN_NAME),
            "out": self._open(self._out, self._out_name, OUT_NAME),
        }
        return [kind for kind, done in opened.items() if not done]

    def listen(self, say: Callable[[str], None]) -> None:
        """Say each message that arrives, but for system exclusive and active sensing."""
        self._in.ignore_types(sysex=True, timing=False, active_sense=True)
        self._in.set_callback(
            lambda event, _: say(f"{time.perf_counter():.6f} {bytes(event[0]).hex()}")
        )

    def send(self, message: bytes) -> None:
        """Send a message, where there is an output."""
        if self._out.is_port_open():
            self._out.send_message(message)

    def close(self) -> None:
        """Close both ports; what was sent before still goes out."""
        self._out.delete()
        self._in.delete()

    def _choose(self, port: Any, wanted: str, ours: str) -> str:
        """Return the name of the port to open: a virtual one of ours, or one that is there."""
        if self._api != "Windows" and not wanted:
            return ours
        part = (wanted or ours).lower()
        return next((name for name in port.get_ports() if part in name.lower()), "")

    def _open(self, port: Any, name: str, ours: str) -> bool:
        """Open a port by its name; False where it is there and cannot be opened."""
        try:
            if name == ours and self._api != "Windows":
                port.open_virtual_port(ours)
            elif name:
                port.open_port(port.get_ports().index(name), ours)
        except OSError:
            return False
        return True


if __name__ == "__main__":
    main()
