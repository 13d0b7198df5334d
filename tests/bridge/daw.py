"""A dummy DAW and a daemon to talk to: real processes, real datagrams, on this machine only."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bridge.osc.thin import Said, pack, unpack

DUMMIES = Path(__file__).parent.parent / "dummies"
ENDS = frozenset({"done", "error", "cancelled"})


@dataclass
class Daemon:
    """A running daemon."""

    process: subprocess.Popen[str]
    port: int
    seconds_to_ready: float

    def kill(self) -> None:
        """End it as a crash would."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(10)

    def stop(self) -> int:
        """End it as a user would; return its exit code."""
        self.process.terminate()
        return self.process.wait(20)


@contextmanager
def daemon(*options: str, port: int = 0, root: Path | None = None) -> Iterator[Daemon]:
    """Run a daemon with the dummy stage; its state lies in BANDMATE_HOME."""
    roots = ["--root", str(root)] if root else []
    fixed = ["--osc-port", str(port), "--http-port", "0"]
    fixed += ["--no-midi", "--stages", str(DUMMIES)]
    midi = ["--midi-in", ""] if "--midi" in options else []
    words = [word for word in (*fixed, *roots, *midi, *options) if word != "--midi"]
    if "--midi" in options:
        words.remove("--no-midi")
    began = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, "-m", "bridge", "serve", *words],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
    )
    assert process.stdout is not None
    try:
        line = process.stdout.readline()
        seconds = time.monotonic() - began
        yield Daemon(process, int(line.rpartition(":")[2]), seconds)
    finally:
        if process.poll() is None:
            process.terminate()
        process.wait(20)
        process.stdout.close()


class Daw:
    """Says and hears OSC over UDP."""

    def __init__(self, port: int) -> None:
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
        self._socket.bind(("127.0.0.1", 0))
        self._socket.connect(("127.0.0.1", port))
        self.heard: list[tuple[str, list[Said]]] = []

    def close(self) -> None:
        self._socket.close()

    def say(self, word: str, *arguments: str | int) -> None:
        self._socket.send(pack(f"/bandmate/{word}", *arguments))

    def say_raw(self, packet: bytes) -> None:
        self._socket.send(packet)

    def hear(
        self, until: Callable[[str, list[Said]], bool], seconds: float = 30.0
    ) -> list[tuple[str, list[Said]]]:
        """Return what was said up to the message that `until` tells, that one included."""
        heard = []
        deadline = time.monotonic() + seconds
        while True:
            self._socket.settimeout(max(0.001, deadline - time.monotonic()))
            for address, said in unpack(self._socket.recv(65_536)):
                word = address.removeprefix("/bandmate/")
                self.heard.append((word, said))
                heard.append((word, said))
                if until(word, said):
                    return heard

    def ask(self, word: str, job: str, *arguments: str | int) -> list[tuple[str, list[Said]]]:
        """Say something of a job and hear all up to its end."""
        self.say(word, job, *arguments)
        return self.hear(lambda heard, said: heard in ENDS and said[0] == job)

    def one(self, word: str, *arguments: str | int) -> tuple[str, list[Said]]:
        """Say something and hear the one answer."""
        self.say(word, *arguments)
        return self.hear(lambda *_: True)[0]


@contextmanager
def daw(port: int) -> Iterator[Daw]:
    """Open a dummy DAW."""
    opened = Daw(port)
    try:
        yield opened
    finally:
        opened.close()
