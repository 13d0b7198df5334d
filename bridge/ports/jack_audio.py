"""A JACK client with a port in and a port out: sound goes through an effect, block by block.

The callback does nothing but that. The garbage collector stands still while it runs, and nothing
waits: there is no other thread, lock or queue in its way.
"""

from __future__ import annotations

import ctypes as c
import gc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Event
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from assistant.errors import MusicianError
from bridge.ports import jack_client as jack

__all__ = ["Effect", "JackAudio", "Ledger"]

Block = NDArray[np.float32]

_NO_LIBRARY = (
    "There is no libjack here. Install JACK (Debian: `sudo apt install jackd2`) or PipeWire's "
    "(`pipewire-jack`), then try again."
)
_NO_SERVER = (
    "No JACK server answers. Start one (`qjackctl`, or `jackd -d alsa -r 48000 -p 256`), or where "
    "PipeWire runs: `pw-jack bandmate live ...`."
)


class Effect(Protocol):
    """What the sound goes through."""

    @property
    def latency(self) -> int:
        """Samples."""

    def push_into(self, block: Block, out: Block) -> None:
        """Take a block of one channel, write one of the same length."""


@dataclass
class Ledger:
    """What happened while it ran.

    Parameters
    ----------
    blocks : int
        Blocks that went through.
    late : int
        Of them, those that took longer than a period.
    xruns : int
        What JACK counted, of all its clients.
    """

    blocks: int = 0
    late: int = 0
    xruns: int = 0


class JackAudio:
    """A client of the JACK server; nothing sounds until `through`.

    Parameters
    ----------
    name : str
        Of the client; JACK adds a number where it is taken.

    Raises
    ------
    MusicianError
        Where there is no JACK, with how to get one.
    """

    def __init__(self, name: str) -> None:
        try:
            self._jack = jack.library()
        except OSError:
            raise MusicianError(_NO_LIBRARY) from None
        status = c.c_int(0)
        self._client = self._jack.jack_client_open(
            name.encode(), jack.NO_START_SERVER, c.byref(status)
        )
        if not self._client:
            raise MusicianError(_NO_SERVER)
        self.name = self._jack.jack_get_client_name(self._client).decode()
        self.rate = int(self._jack.jack_get_sample_rate(self._client))
        self.period = int(self._jack.jack_get_buffer_size(self._client))
        self.ledger = Ledger()
        self.gone = False
        self._stop = Event()
        self._blocks: dict[tuple[int, int], Block] = {}

    @contextmanager
    def through(self, effect: Effect, *, connected: bool = False) -> Iterator[None]:
        """Let sound through an effect, and close the client afterwards.

        Parameters
        ----------
        effect : Effect
            At the client's rate.
        connected : bool
            Whether to connect to the first input and the outputs of the sound card.

        Raises
        ------
        MusicianError
            Where the server ends meanwhile.
        """
        callbacks = self._prepared(effect)
        gc.collect()
        gc.freeze()
        gc.disable()
        try:
            self._jack.jack_activate(self._client)
            if connected:
                self._connect()
            yield
        finally:
            gc.enable()
            gc.unfreeze()
            if not self.gone:  # libjack may wait for ever for a server that is not there
                self._jack.jack_client_close(self._client)
        del callbacks  # JACK called them until here
        if self.gone:
            raise MusicianError("The JACK server ended.")

    def wait(self, seconds: float | None = None) -> None:
        """Wait until `stop`, until the server ends, or so long at most."""
        self._stop.wait(seconds)

    def stop(self) -> None:
        """End `wait`; may be called from a signal handler."""
        self._stop.set()

    def _prepared(self, effect: Effect) -> tuple[object, ...]:
        """Make the ports, and tell JACK what to call."""
        self._in = self._port(b"in", jack.INPUT)
        self._out = self._port(b"out", jack.OUTPUT)
        process = jack.ProcessCallback(lambda frames, _: self._process(effect, frames))
        xrun = jack.XrunCallback(lambda _: self._count_xrun())
        shutdown = jack.ShutdownCallback(lambda _: self._end())
        latency = jack.LatencyCallback(lambda way, _: self._tell_latency(way, effect.latency))
        self._jack.jack_set_process_callback(self._client, process, None)
        self._jack.jack_set_xrun_callback(self._client, xrun, None)
        self._jack.jack_set_latency_callback(self._client, latency, None)
        self._jack.jack_on_shutdown(self._client, shutdown, None)
        return process, xrun, shutdown, latency

    def _port(self, name: bytes, kind: int) -> int:
        return int(self._jack.jack_port_register(self._client, name, jack.AUDIO, kind, 0))

    def _process(self, effect: Effect, frames: int) -> int:
        """Let one block through: JACK's callback."""
        effect.push_into(self._block(self._in, frames), self._block(self._out, frames))
        self.ledger.blocks += 1
        if self._jack.jack_frames_since_cycle_start(self._client) > frames:
            self.ledger.late += 1
        return 0

    def _block(self, port: int, frames: int) -> Block:
        """Return the block of a port as an array; JACK has few of them, and they come again."""
        address = self._jack.jack_port_get_buffer(port, frames)
        block = self._blocks.get((address, frames))
        if block is None:
            block = np.ctypeslib.as_array((c.c_float * frames).from_address(address))
            self._blocks[address, frames] = block
        return block

    def _tell_latency(self, way: int, latency: int) -> None:
        """Tell JACK how much later each port is than what it is fed from."""
        here, there = (self._in, self._out) if way == jack.CAPTURE else (self._out, self._in)
        around = jack.LatencyRange()
        self._jack.jack_port_get_latency_range(here, way, c.byref(around))
        around.least += latency
        around.most += latency
        self._jack.jack_port_set_latency_range(there, way, c.byref(around))

    def _count_xrun(self) -> int:
        self.ledger.xruns += 1
        return 0

    def _end(self) -> None:
        self.gone = True
        self._stop.set()

    def _connect(self) -> None:
        """Connect to the sound card: its first input, and its first two outputs."""
        own = [self._jack.jack_port_name(port) for port in (self._in, self._out)]
        for source in jack.names(self._client, jack.PHYSICAL + jack.OUTPUT)[:1]:
            self._jack.jack_connect(self._client, source.encode(), own[0])
        for target in jack.names(self._client, jack.PHYSICAL + jack.INPUT)[:2]:
            self._jack.jack_connect(self._client, own[1], target.encode())
