"""``bandmate live pitch``: a detuned note in through JACK, and the note of the scale out."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import numpy as np
import pytest
from numpy.typing import NDArray

from bridge import cli
from bridge.ports.jack_audio import JackAudio
from tests.bridge.jack import Jackd, wait_for

JACK_PERIOD = 1024
RATE_HZ = 48_000
SECONDS = 30.0

Block = NDArray[np.float32]


class Mouth:
    """Sings one note."""

    latency = 0

    def __init__(self, hz: float) -> None:
        phase = 2.0 * np.pi * hz * np.arange(RATE_HZ * int(SECONDS)) / RATE_HZ
        tone = sum(np.sin(harmonic * phase) / harmonic for harmonic in range(1, 9))
        self.tone = np.asarray(0.2 * tone, dtype=np.float32)
        self.at = 0

    def push_into(self, block: Block, out: Block) -> None:
        out[:] = self.tone[self.at : self.at + block.size]
        self.at = (self.at + block.size) % (self.tone.size - block.size)


class Ear:
    """Remembers what it hears."""

    latency = 0

    def __init__(self) -> None:
        self.heard: list[Block] = []

    def push_into(self, block: Block, out: Block) -> None:
        self.heard.append(block.copy())
        out[:] = 0.0

    def newest(self, frames: int) -> Block:
        return np.concatenate(self.heard)[-frames:]


@contextmanager
def live(*words: str) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "bridge", "live", *words]
    pipe = subprocess.PIPE
    running = subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True)
    try:
        yield running
    finally:
        running.kill()
        running.communicate()


def first_line(running: subprocess.Popen[str]) -> str:
    assert running.stdout
    return running.stdout.readline()


def semitones(sound: Block) -> float:
    """Measure a steady pitch, MIDI number, by the highest of its first harmonics."""
    size = 1 << 20
    spectrum = np.abs(np.fft.rfft(sound * np.hanning(sound.size), size))
    low = int(100.0 * size / RATE_HZ)
    top = low + int(np.argmax(spectrum[low : int(330.0 * size / RATE_HZ)]))
    return float(69.0 + 12.0 * np.log2(top * RATE_HZ / size / 440.0))


@pytest.mark.jack
def test_a_note_that_is_off_comes_out_on_the_scale(jack_server: Jackd) -> None:
    """What is said, what JACK is told, what is heard; under 60 ms with three periods of 512."""
    mouth, ear = Mouth(440.0 * 2.0 ** ((57.4 - 69.0) / 12.0)), Ear()
    with (
        JackAudio("mouth").through(mouth),
        JackAudio("ear").through(ear),
        live("pitch", "--key", "A minor", "--voice", "tenor") as running,
    ):
        said = first_line(running)
        assert "A minor" in said
        for ports in (("mouth:out", "bandmate pitch:in"), ("bandmate pitch:out", "ear:in")):
            subprocess.run(["jack_connect", "-s", jack_server.name, *ports], check=True)
        began = len(ear.heard)
        wait_for(lambda: len(ear.heard) > began + 3 * RATE_HZ // JACK_PERIOD, 15.0)
        heard = ear.newest(2 * RATE_HZ).reshape(4, -1)
        told = subprocess.run(
            ["jack_lsp", "-s", jack_server.name, "-l", "bandmate pitch:out"],
            capture_output=True, text=True, check=True,
        ).stdout  # fmt: skip
        running.send_signal(signal.SIGTERM)
        out, complaints = running.communicate(timeout=10.0)
    assert (running.returncode, complaints) == (0, "")
    pitches = [semitones(each) for each in heard]  # a busy machine may tear one of them
    assert np.median(pitches) == pytest.approx(57.0, abs=0.05)
    (own_ms,) = map(float, re.findall(r"([\d.]+) ms behind", said))
    (frames,) = {int(each) for each in re.findall(r"capture latency = \[ (\d+)", told)}
    assert frames / RATE_HZ * 1_000.0 == pytest.approx(own_ms, abs=0.06)
    assert own_ms + 3 * 512 / RATE_HZ * 1_000.0 < 60.0
    assert re.fullmatch(r"\d+ blocks, \d+ of them late; \d+ xruns\n", out)


@pytest.mark.jack
@pytest.mark.parametrize("unwelcome", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_in_order(jack_server: Jackd, unwelcome: signal.Signals) -> None:
    with live("pitch") as running:
        assert "all twelve notes" in first_line(running)
        running.send_signal(unwelcome)
        out, complaints = running.communicate(timeout=10.0)
    assert (running.returncode, complaints) == (0, "")
    assert "blocks" in out
    assert not [name for name in jack_server.ports() if "bandmate" in name]


@pytest.mark.jack
def test_it_ends_by_itself_after_some_seconds(jack_server: Jackd) -> None:
    with live("pitch", "--seconds", "0.2") as running:
        assert running.wait(10.0) == 0


@pytest.mark.jack
def test_it_ends_with_a_word_when_the_server_does(jack_server: Jackd) -> None:
    own = Jackd(f"{jack_server.name}-2", JACK_PERIOD)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JACK_DEFAULT_SERVER", own.name)
        with live("pitch") as running:
            first_line(running)
            own.end()
            _, complaints = running.communicate(timeout=10.0)
    assert running.returncode == 2
    assert complaints == "bandmate: The JACK server ended.\n"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("chords",), "There are: pitch."),
        (("pich",), "Did you mean 'pitch'?"),
        (("pitch", "--key", "H sharp"), "key is 'H sharp'"),
        (("pitch", "--key", "A blus"), "Did you mean 'A blues'?"),
        (("pitch", "--key", "blues"), "Did you mean 'C blues'?"),
        (("pitch", "--strength", "130"), "0 to 100 %"),
        (("pitch", "--speed", "-1"), "0 to 1000 ms"),
        (("pitch", "--voice", "tenr"), "tenor"),
    ],
)
def test_a_mistake_is_told_in_one_line(
    words: Sequence[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["live", *words]) == 2
    complaint = capsys.readouterr().err
    assert said in complaint
    assert complaint.count("\n") == 1
