"""A JACK server of our own, with its dummy driver."""

from __future__ import annotations

import signal
import subprocess
import time
from collections.abc import Callable

__all__ = ["Jackd", "wait_for"]


def wait_for(condition: Callable[[], bool], seconds: float = 5.0) -> None:
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(0.005)


class Jackd:
    """A JACK server of our own, with periods of so many frames at 48 kHz.

    Its name has fewer than 24 letters: with just as many, clients of JACK 1.9.21 write a byte
    beyond what they asked for, and abort.
    """

    def __init__(self, name: str, period: int = 256) -> None:
        assert len(name) < 24, name
        self.name, self.period = name, period
        self.start()

    def start(self) -> None:
        self.process = subprocess.Popen(
            [
                *("jackd", "-n", self.name, "--no-realtime"),
                *("-d", "dummy", "-r", "48000", "-p", str(self.period)),
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            wait_for(lambda: "system:playback_1" in self.ports(), 15.0)
        except AssertionError:
            self.end()
            raise

    def ports(self) -> list[str]:
        said = subprocess.run(
            ["jack_lsp", "-s", self.name], capture_output=True, text=True, check=False, timeout=20
        )
        return said.stdout.splitlines()

    def cables(self) -> list[str]:
        said = subprocess.run(
            ["jack_lsp", "-c", "-s", self.name],
            capture_output=True,
            text=True,
            check=False,
            timeout=20,
        )
        return [line.strip() for line in said.stdout.splitlines() if line.startswith(" ")]

    def end(self) -> None:
        self.process.send_signal(signal.SIGCONT)
        self.process.terminate()
        try:
            self.process.wait(5.0)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
