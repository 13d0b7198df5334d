"""`bridge.ports.jack_audio`: sound through a JACK client, on JACK's dummy driver."""

from __future__ import annotations

import gc
import subprocess

import numpy as np
import pytest
from numpy.typing import NDArray

from assistant.errors import MusicianError
from bridge.ports import jack_audio, jack_client
from bridge.ports.jack_audio import JackAudio
from tests.bridge.jack import Jackd, wait_for

JACK_PERIOD = 1024

Block = NDArray[np.float32]


class Half:
    """Half as loud, and so many samples later as far as JACK is told."""

    latency = 480

    def __init__(self) -> None:
        self.frames: list[int] = []

    def push_into(self, block: Block, out: Block) -> None:
        self.frames.append(block.size)
        np.multiply(block, np.float32(0.5), out=out)


def test_no_library_is_a_mistake_that_says_how_to_mend_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing() -> None:
        raise OSError

    monkeypatch.setattr(jack_client, "library", missing)
    with pytest.raises(MusicianError, match="Install JACK"):
        JackAudio("bandmate test")


@pytest.mark.jack
def test_no_server_is_a_mistake_that_says_how_to_mend_it(
    jack_server: Jackd, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JACK_DEFAULT_SERVER", "bandmate-nobody")
    with pytest.raises(MusicianError, match="No JACK server answers"):
        JackAudio("bandmate test")


@pytest.mark.jack
def test_blocks_go_through_and_the_collector_stands_still(jack_server: Jackd) -> None:
    client, effect = JackAudio("bandmate test"), Half()
    assert (client.rate, client.period) == (48_000, JACK_PERIOD)
    with client.through(effect):
        assert not gc.isenabled()
        wait_for(lambda: client.ledger.blocks > 10)
    assert gc.isenabled()
    assert set(effect.frames) == {JACK_PERIOD}


@pytest.mark.jack
def test_the_ports_are_there_while_it_runs_and_say_their_latency(jack_server: Jackd) -> None:
    client = JackAudio("bandmate test")
    with client.through(Half(), connected=True):
        wait_for(lambda: client.ledger.blocks > 10)
        assert {"bandmate test:in", "bandmate test:out"} <= set(jack_server.ports())
        cables = jack_server.cables()
        assert cables.count("bandmate test:out") == 2  # both loudspeakers
        told = subprocess.run(
            ["jack_lsp", "-s", jack_server.name, "-l", "bandmate test:out"],
            capture_output=True, text=True, check=True,
        ).stdout  # fmt: skip
        assert f"port capture latency = [ {JACK_PERIOD + 480} {JACK_PERIOD + 480} ]" in told
    assert not [name for name in jack_server.ports() if "bandmate test" in name]


@pytest.mark.jack
def test_waiting_ends_when_it_is_told_to_stop(jack_server: Jackd) -> None:
    client = JackAudio("bandmate test")
    with client.through(Half()):
        client.stop()
        client.wait()


def test_the_texts_name_a_way_out() -> None:
    assert "apt install" in jack_audio._NO_LIBRARY
    assert "jackd" in jack_audio._NO_SERVER
