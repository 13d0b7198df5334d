"""The way from a player's thread to a port: waits for the moment, sends, and can fall silent."""

from __future__ import annotations

import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import mido

__all__ = ["Clock", "Stopped", "SystemClock", "Voice"]

_ALL_NOTES_OFF = 123
_COARSE_S = 0.016 if sys.platform == "win32" else 0.0  # how late Windows may wake a waiter


class Clock(Protocol):
    """What a player tells the time by."""

    def now(self) -> float:
        """Return seconds that never run backwards."""
        ...

    def wait(self, until: float, wake: threading.Event) -> None:
        """Return at `until`, or as soon as `wake` is set."""
        ...


class SystemClock:
    """The machine's monotonic clock; the one that MIDI ports stamp messages with."""

    def now(self) -> float:
        """Return seconds of the finest monotonic clock there is."""
        return time.perf_counter()

    def wait(self, until: float, wake: threading.Event) -> None:
        """Return at `until`, or as soon as `wake` is set."""
        wake.wait(max(0.0, until - self.now() - _COARSE_S))
        while not wake.is_set() and (left := until - self.now()) > 0.0:
            time.sleep(min(left, 0.001))


class Stopped(Exception):
    """The musician wants silence."""


class Voice:
    """What a player's thread waits by and plays through; knows what sounds.

    Parameters
    ----------
    send : callable
        Takes a message to the port.
    clock : Clock
        What to tell the time by.

    Attributes
    ----------
    wake : threading.Event
        Set it to end a `wait` early.
    """

    def __init__(self, send: Callable[[mido.Message], None], clock: Clock) -> None:
        self.clock = clock
        self.wake = threading.Event()
        self._send = send
        self._stopping = threading.Event()
        self._sounding: Counter[tuple[int, int]] = Counter()
        self._bent: set[int] = set()
        self._channels: set[int] = set()

    def stop(self) -> None:
        """Make the player's thread raise `Stopped` where it waits; for any other thread."""
        self._stopping.set()
        self.wake.set()

    def wait(self, until: float) -> None:
        """Wait until then, or until something happens."""
        self.clock.wait(until, self.wake)
        self.wake.clear()
        self._heed()

    def reach(self, until: float) -> None:
        """Wait until then, whatever happens."""
        while self.clock.now() < until:
            self.wait(until)
        self._heed()

    def send(self, message: mido.Message) -> None:
        """Send a message, and remember what it leaves sounding."""
        if message.type in {"note_on", "note_off"}:
            self._channels.add(message.channel)
            self._count(message)
        elif message.type == "pitchwheel":
            (self._bent.add if message.pitch else self._bent.discard)(message.channel)
        self._send(message)

    def silence(self) -> None:
        """End every note, twice over: by its own end, and by all notes off on its channel."""
        import mido

        for channel, note in sorted(self._sounding.elements()):
            self._send(mido.Message("note_off", channel=channel, note=note, velocity=0))
        for channel in sorted(self._channels):
            off = {"control": _ALL_NOTES_OFF, "value": 0}
            self._send(mido.Message("control_change", channel=channel, **off))
        for channel in sorted(self._bent):
            self._send(mido.Message("pitchwheel", channel=channel, pitch=0))
        self._sounding.clear()
        self._channels.clear()
        self._bent.clear()

    def _count(self, message: mido.Message) -> None:
        """Count how often each key is down: there are synthesizers that do."""
        sound = (message.channel, message.note)
        if message.type == "note_on":
            self._sounding[sound] += 1
        elif self._sounding[sound] > 1:
            self._sounding[sound] -= 1
        else:
            del self._sounding[sound]

    def _heed(self) -> None:
        if self._stopping.is_set():
            raise Stopped
