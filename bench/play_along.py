"""Playing along: how late the notes come behind the MIDI clock of a DAW, and how evenly.

``python -m bench.play_along [--write]``. A JACK server of its own with the dummy driver; another
client sends clock, and hears bandmate's notes come back through both ports and the player. A pulse
that JACK loses, as on a busy machine, makes all notes after it a pulse late: these are counted.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import mido
import numpy as np

from assistant.material import Note, Score, Track
from bench.report import publish, table
from bridge.midi.player import Player
from bridge.ports.midi import MidiPorts

BEATS = 32
TEMPOS_BPM = (90, 180)
PERIODS = (128, 256, 1024)
TRIPS = 128  # a key each
START_LIMIT_S = 15


def main() -> None:
    """Measure, and print the table."""
    if not shutil.which("jackd"):
        print("Play along: not measured, for jackd (Debian: jackd2) is not installed.")
        return
    rows = [row for period in PERIODS for row in _with_period(period)]
    heads = ("JACK period at 48 kHz", "what", "median", "95 %", "spread (SD)", "heard", "lost")
    publish("Play along", table(heads, rows))


def _with_period(period: int) -> Iterator[tuple[str, ...]]:
    name = f"{period} frames, {period / 48:.1f} ms"
    with _server(period):
        yield (name, "through both ports and back", *_told(*_round_trips()))
        for bpm in TEMPOS_BPM:
            yield (name, f"notes on the beat, behind the clock at {bpm}", *_told(*_lateness(bpm)))


@contextmanager
def _server(period: int) -> Iterator[None]:
    os.environ["JACK_NO_AUDIO_RESERVATION"] = os.environ["JACK_NO_START_SERVER"] = "1"
    name = os.environ["JACK_DEFAULT_SERVER"] = f"bandmate-bench-{os.getpid()}"
    driver = ("-d", "dummy", "-r", "48000", "-p", str(period))
    server = subprocess.Popen(
        ["jackd", "-n", name, "--no-realtime", *driver],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_for(name)
        yield
    finally:
        server.terminate()
        server.wait(10.0)


def _wait_for(server: str) -> None:
    """Return when a JACK server answers."""
    look = ["jack_lsp", "-s", server]
    for _ in range(START_LIMIT_S):
        time.sleep(1.0)
        if "system:" in subprocess.run(look, capture_output=True, text=True, check=False).stdout:
            return
    raise SystemExit("jackd does not answer")


class Daw:
    """Another client, with cables to both of bandmate's ports."""

    def __init__(self) -> None:
        import rtmidi

        self.notes: dict[int, float] = {}  # when each key was first heard
        self._in = rtmidi.MidiIn(rtapi=rtmidi.API_UNIX_JACK, name="daw")
        self._in.open_port(_number(self._in, "bandmate out"))
        self._in.set_callback(self._hear)
        self._out = rtmidi.MidiOut(rtapi=rtmidi.API_UNIX_JACK, name="daw")
        self._out.open_port(_number(self._out, "bandmate in"))
        time.sleep(0.5)  # what is sent before a cable is in is lost

    def send(self, kind: str, **values: int) -> None:
        """Send a message."""
        self._out.send_message(mido.Message(kind, **values).bytes())

    def close(self) -> None:
        """Pull the cables out."""
        self._in.delete()
        self._out.delete()

    def _hear(self, event: tuple[list[int], float], _: object) -> None:
        if event[0][0] & 0xF0 == 0x90:
            self.notes.setdefault(event[0][1], time.perf_counter())


def _number(port: Any, name: str) -> int:
    return next(number for number, seen in enumerate(port.get_ports()) if name in seen)


def _told(seconds: list[float], lost: str) -> tuple[str, ...]:
    if not seconds:
        return ("-", "-", "-", "0", lost)
    middle, high = np.percentile(seconds, (50, 95)) * 1000.0
    return (
        f"{middle:.1f} ms",
        f"{high:.1f} ms",
        f"{np.std(seconds) * 1000.0:.1f} ms",
        str(len(seconds)),
        lost,
    )


def _round_trips() -> tuple[list[float], str]:
    """Send messages that come straight back; say how long each takes, and how many do not come."""
    both = MidiPorts(lambda message, _: both.send(message), api="JACK")
    both.open()
    daw, sent = Daw(), []
    for n in range(TRIPS):
        sent.append(time.perf_counter())
        daw.send("note_on", note=n)
        time.sleep(0.0137)  # never in step with the period
    time.sleep(0.2)
    daw.close()
    both.close()
    back = [daw.notes[key] - went for key, went in enumerate(sent) if key in daw.notes]
    return back, f"{TRIPS - len(back)} of {TRIPS} notes"


def _lateness(bpm: float) -> tuple[list[float], str]:
    """Play a note a beat along with a DAW's clock; say how late each comes, and what was lost."""
    heard: list[float] = []

    def send(message: mido.Message) -> None:
        both.send(message)

    def hear(message: mido.Message, when: float) -> None:
        if message.type == "clock":
            heard.append(when)
        player.hear(message, when)

    player = Player(send)
    both = MidiPorts(hear, api="JACK")
    both.open()
    daw = Daw()
    daw.send("start")
    step, begin, pulses = 60.0 / bpm / 24, time.perf_counter() + 0.1, list[float]()
    score = Score((Track("lead", tuple(Note(n, n, 0.5) for n in range(BEATS))),))
    for n in range((4 + BEATS + 1) * 24):
        time.sleep(max(0.0, begin + n * step - time.perf_counter()))
        pulses.append(time.perf_counter())
        daw.send("clock")
        if n == 36:
            player.play(score)
    time.sleep(0.5)
    player.stop()
    both.close()
    daw.close()
    beats = pulses[4 * 24 :: 24]
    late = [daw.notes[key] - pulse for key, pulse in enumerate(beats) if key in daw.notes]
    return late, f"{len(pulses) - len(heard)} of {len(pulses)} pulses"


if __name__ == "__main__":
    main()
