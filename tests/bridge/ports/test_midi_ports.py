"""`bridge.ports.midi`: the ports, on JACK's dummy driver where jackd is installed."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from itertools import pairwise
from statistics import median, stdev
from typing import Any

import mido
import pytest

from assistant.errors import NoMidi
from assistant.material import Note, Score, Track
from bridge.midi.capture import Capture
from bridge.midi.player import Ending, Player
from bridge.ports import midi
from bridge.ports.midi import MidiPorts, MidiSystem, find
from bridge.ports.midi_system import described
from tests.bridge.jack import Jackd, wait_for

PERIOD_S = 256 / 48_000
WANTED = {"in": "", "out": ""}
VIRTUAL = {"api": "JACK", "virtual": True, "inputs": [], "outputs": []}
WINDOWS = {"api": "Windows", "virtual": False, "inputs": ["Keys"], "outputs": ["Synth", "Keys"]}


class Daw:
    """Another client of the MIDI system, connected to both of bandmate's ports."""

    def __init__(self) -> None:
        import rtmidi

        self.heard: list[tuple[float, mido.Message]] = []
        self._in = rtmidi.MidiIn(rtapi=rtmidi.API_UNIX_JACK, name="daw")
        self._in.ignore_types(timing=False)
        self._in.open_port(port_number(self._in, "bandmate out"))
        self._in.set_callback(self._hear)
        self._out = rtmidi.MidiOut(rtapi=rtmidi.API_UNIX_JACK, name="daw")
        self._out.open_port(port_number(self._out, "bandmate in"))

    def _hear(self, event: tuple[list[int], float], _: object) -> None:
        self.heard.append((time.perf_counter(), mido.Message.from_bytes(event[0])))

    def send(self, kind: str, **values: int) -> None:
        self._out.send_message(mido.Message(kind, **values).bytes())

    def roll(self, count: int, step_s: float) -> list[float]:
        """Send pulses, and return when."""
        pulses = []
        for _ in range(count):
            pulses.append(time.perf_counter())
            self.send("clock")
            time.sleep(step_s)
        return pulses

    def times(self, kind: str) -> list[float]:
        return [when for when, message in self.heard if message.type == kind]

    def messages(self, kind: str) -> list[mido.Message]:
        return [message for _, message in self.heard if message.type == kind]

    def close(self) -> None:
        self._in.delete()
        self._out.delete()


def port_number(port: Any, name: str) -> int:
    (number,) = [n for n, seen in enumerate(port.get_ports()) if name in seen]
    return number


def send_many(ports: MidiPorts, count: int) -> None:
    for _ in range(count):
        ports.send(mido.Message("clock"))


@pytest.fixture
def no_midi(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no JACK server be found, and insist on JACK."""
    if sys.platform != "linux":
        pytest.skip("only Linux has JACK as one of several systems")
    monkeypatch.setenv("JACK_DEFAULT_SERVER", "bandmate-nobody")


@pytest.fixture
def heard() -> list[tuple[mido.Message, float]]:
    return []


@pytest.fixture
def ports(jack_server: Jackd, heard: list[tuple[mido.Message, float]]) -> Iterator[MidiPorts]:
    ports = MidiPorts(lambda message, when: heard.append((message, when)), api="JACK")
    assert ports.open().advice == ""
    yield ports
    ports.close()


@pytest.fixture
def daw(ports: MidiPorts) -> Iterator[Daw]:
    daw = Daw()
    yield daw
    daw.close()


# what there is, in words


def test_virtual_ports_want_nothing() -> None:
    report = {**VIRTUAL, "in": "bandmate in", "out": "bandmate out"}
    assert described(report, WANTED) == MidiSystem(
        "JACK", virtual=True, in_name="bandmate in", out_name="bandmate out"
    )


@pytest.mark.parametrize(
    ("report", "wanted", "advice"),
    [
        ({}, WANTED, "does not answer"),
        ({"broken": "libasound.so.2 is missing"}, WANTED, "cannot be loaded: libasound"),
        ({"api": ""}, WANTED, "sudo modprobe snd-seq" if sys.platform == "linux" else "MIDI"),
        ({**WINDOWS, "in": "", "out": ""}, WANTED, "Install loopMIDI"),
        ({**WINDOWS, "in": "Keys", "out": ""}, {"in": "keys", "out": ""}, "Install loopMIDI"),
        (
            {**WINDOWS, "in": "Keys", "out": ""},
            {"in": "keys", "out": "Synht"},
            r"There is no MIDI output 'Synht'\. Did you mean 'Synth'\?",
        ),
        (
            {**VIRTUAL, "in": "", "out": "bandmate out"},
            {"in": "Keys", "out": ""},
            r"There is no MIDI input 'Keys'\.$",
        ),
    ],
)
def test_what_is_missing_is_said_with_the_way_to_it(
    report: dict[str, Any], wanted: dict[str, str], advice: str
) -> None:
    assert re.search(advice, described(report, wanted).advice)


def test_a_port_that_another_program_holds_is_named() -> None:
    report = {**WINDOWS, "in": "Keys", "out": "Synth", "busy": ["out"]}
    system = described(report, {"in": "keys", "out": "synth"})
    assert (system.in_name, system.out_name) == ("Keys", "")
    assert system.advice == (
        "The MIDI output 'Synth' cannot be opened; another program may hold it."
    )


# no MIDI system at all


def test_no_midi_system_is_a_warning_and_makes_no_noise(
    no_midi: None, capfd: pytest.CaptureFixture[str]
) -> None:
    system = find(api="JACK")
    ports = MidiPorts(lambda message, when: None, api="JACK")
    assert ports.open() == system
    assert system.api == ""
    assert "no JACK server answers" in system.advice
    with pytest.raises(NoMidi, match="no JACK server answers"):
        ports.send(mido.Message("start"))
    ports.close()
    assert capfd.readouterr() == ("", "")


def test_ports_that_were_never_opened_say_so() -> None:
    ports = MidiPorts(lambda message, when: None)
    with pytest.raises(NoMidi, match="not opened yet"):
        ports.send(mido.Message("start"))
    ports.close()


def test_a_host_that_says_nothing_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(midi, "ANSWER_LIMIT_S", 0.2)
    deaf = [sys.executable, "-c", "import time; time.sleep(60)"]
    monkeypatch.setattr(midi, "_command", lambda wanted: deaf)
    began = time.monotonic()
    assert "does not answer" in find().advice
    assert "does not answer" in MidiPorts(lambda message, when: None).open().advice
    assert time.monotonic() - began < 3.0


def test_importing_the_ports_is_cheap() -> None:
    heavy = "{'mido', 'rtmidi', 'numpy', 'asyncio'}"
    code = f"import sys, bridge.ports.midi; print({heavy} & set(sys.modules))"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout == "set()\n"


# JACK


@pytest.mark.jack
def test_ports_appear_and_go(jack_server: Jackd) -> None:
    ports = MidiPorts(lambda message, when: None, api="JACK")
    system = ports.open()
    assert (system.api, system.virtual, system.advice) == ("JACK", True, "")
    assert (system.in_name, system.out_name) == ("bandmate in", "bandmate out")
    names = {name.partition(":")[2] for name in jack_server.ports()}
    assert {"bandmate in", "bandmate out"} <= names
    assert ports.open() is system
    ports.close()
    assert not any("bandmate" in name for name in jack_server.ports())
    with pytest.raises(NoMidi):
        ports.send(mido.Message("start"))


@pytest.mark.jack
def test_find_opens_nothing(jack_server: Jackd, ports: MidiPorts) -> None:
    before = jack_server.ports()
    system = find(api="JACK")
    assert [name.partition(":")[2] for name in system.inputs] == ["bandmate out"]
    assert [name.partition(":")[2] for name in system.outputs] == ["bandmate in"]
    assert jack_server.ports() == before


@pytest.mark.jack
def test_messages_go_out_and_come_in(
    ports: MidiPorts, daw: Daw, heard: list[tuple[mido.Message, float]]
) -> None:
    out = [
        mido.Message("note_on", note=60, velocity=99, channel=3),
        mido.Message("program_change", program=7),
        mido.Message("songpos", pos=16383),
        mido.Message("clock"),
    ]
    for message in out:
        ports.send(message)
    daw.send("note_on", note=61)
    daw.send("clock")
    daw.send("start")
    wait_for(lambda: len(daw.heard) == len(out) and len(heard) == 3)
    assert [message for _, message in daw.heard] == out
    assert [message.type for message, _ in heard] == ["note_on", "clock", "start"]
    for _, when in heard:
        assert 0.0 <= time.perf_counter() - when < 5.0


@pytest.mark.jack
def test_a_fault_of_the_listener_does_not_close_its_ears(
    jack_server: Jackd, caplog: pytest.LogCaptureFixture
) -> None:
    seen = []

    def listen(message: mido.Message, when: float) -> None:
        seen.append(message.type)
        raise RuntimeError("a fault of the listener")

    ports = MidiPorts(listen, api="JACK")
    ports.open()
    daw = Daw()
    daw.send("start")
    daw.send("stop")
    wait_for(lambda: seen == ["start", "stop"])
    daw.close()
    ports.close()
    assert "a fault of the listener" in caplog.text


@pytest.mark.jack
def test_a_port_is_opened_by_part_of_its_name(ports: MidiPorts) -> None:
    heard: list[mido.Message] = []
    loop = MidiPorts(
        lambda message, when: heard.append(message),
        in_name="Bandmate OUT",
        out_name="bandmate in",
        api="JACK",
    )
    assert loop.open().advice == ""
    ports.send(mido.Message("note_on", note=64))
    wait_for(lambda: len(heard) == 1)
    loop.close()
    assert heard == [mido.Message("note_on", note=64)]


@pytest.mark.jack
def test_a_score_is_played_in_time_and_its_clock_is_whole(ports: MidiPorts, daw: Daw) -> None:
    ended: list[Ending] = []
    player = Player(ports.send)
    notes = tuple(Note(60 + n, n / 2, 0.25) for n in range(4))
    player.play(Score((Track("lead", notes),)), ended.append)
    wait_for(lambda: bool(daw.times("stop")))
    assert ended == ["finished"]
    types = [message.type for _, message in daw.heard]
    assert types[:2] == ["songpos", "start"]
    pulses = daw.times("clock")
    assert len(pulses) == 1.75 * 24
    steps = [later - earlier for earlier, later in pairwise(pulses)]
    assert median(steps) == pytest.approx(0.5 / 24, abs=PERIOD_S)
    assert stdev(steps) < 2 * PERIOD_S
    assert [message.note for _, message in daw.heard if message.type == "note_on"] == [
        60,
        61,
        62,
        63,
    ]
    for n, when in enumerate(daw.times("note_on")):
        assert when - pulses[0] == pytest.approx(n / 4, abs=8 * PERIOD_S)


@pytest.mark.jack
def test_stop_silences_what_sounds(ports: MidiPorts, daw: Daw) -> None:
    player = Player(ports.send)
    player.play(Score((Track("lead", (Note(60, 0, 500), Note(67, 0, 500))),)))
    wait_for(lambda: len(daw.times("note_on")) == 2)
    assert player.stop() is True
    wait_for(lambda: bool(daw.times("stop")))
    off = [message.note for _, message in daw.heard if message.type == "note_off"]
    assert off == [60, 67]
    assert [message.control for _, m in daw.heard if (message := m).type == "control_change"] == [
        123
    ]


@pytest.mark.jack
def test_the_clock_of_a_daw_is_followed(
    ports: MidiPorts, daw: Daw, heard: list[tuple[mido.Message, float]]
) -> None:
    daw.send("start")
    for _ in range(12):
        daw.send("clock")
        time.sleep(0.5 / 24)
    player = Player(ports.send)
    wait_for(lambda: len(heard) == 13)
    for message, when in heard:
        player.hear(message, when)
    assert player.play(Score((Track("lead", (Note(60, 0, 0.5),)),))) is True
    player.stop()
    assert daw.times("clock") == []


@pytest.mark.jack
def test_a_score_goes_with_the_clock_of_a_daw(jack_server: Jackd) -> None:
    """Through real ports both ways: from bar 2, slower in between, stopped, and continued."""

    def send(message: mido.Message) -> None:
        both.send(message)

    player = Player(send)
    both = MidiPorts(player.hear, api="JACK")
    both.open()
    daw = Daw()
    while not player.transport.located:  # until the cables are in
        daw.send("start")
        time.sleep(0.02)
    pulses = daw.roll(12, 0.01)
    notes = tuple(Note(60 + n, n, 0.5) for n in range(8))
    assert player.play(Score((Track("lead", notes),)), bar=2) is True
    pulses += daw.roll(4 * 24, 0.01)  # the score begins on the next bar, at pulse 96
    pulses += daw.roll(36, 0.02)
    daw.send("stop")
    wait_for(lambda: bool(daw.messages("control_change")))  # the last word of a silence
    count = len(daw.heard)
    daw.roll(10, 0.01)  # its clock goes on, as it does in some DAWs
    assert len(daw.heard) == count
    daw.send("continue")
    pulses += daw.roll(60, 0.01)
    wait_for(lambda: not player.playing)
    both.close()
    daw.close()
    assert [message.note for message in daw.messages("note_on")] == [64, 65, 66, 67]
    for n, when in enumerate(daw.times("note_on")):
        place = 96 + 24 * n
        assert pulses[place] < when < pulses[min(place + 20, len(pulses) - 1)]


@pytest.mark.jack
def test_what_is_played_in_is_captured(jack_server: Jackd) -> None:
    capture = Capture()
    ports = MidiPorts(capture.hear, api="JACK")
    ports.open()
    daw = Daw()
    capture.start()
    daw.send("start")
    for n in range(48):
        daw.send("clock")
        if n in {0, 24}:
            daw.send("note_on", note=60 + n)
        if n in {12, 36}:
            daw.send("note_off", note=48 + n)
        time.sleep(0.01)
    time.sleep(0.05)
    (track,) = capture.stop(time.perf_counter()).tracks
    daw.close()
    ports.close()
    assert [note.pitch for note in track.notes] == [60, 84]
    assert [note.start for note in track.notes] == pytest.approx([0.0, 1.0], abs=0.1)
    assert [note.length for note in track.notes] == pytest.approx([0.5, 0.5], abs=0.1)


@pytest.mark.jack
def test_a_server_that_ends_is_noticed_and_its_successor_is_used(
    jack_server: Jackd, ports: MidiPorts, capfd: pytest.CaptureFixture[str]
) -> None:
    jack_server.end()
    try:
        began = time.monotonic()
        with pytest.raises(NoMidi, match="gone"):
            send_many(ports, 1_000_000)  # libjack takes some thousands, then waits for ever
        assert time.monotonic() - began < 10.0
        assert "no JACK server answers" in ports.open().advice
    finally:
        jack_server.start()
    assert ports.open().advice == ""
    assert any("bandmate in" in name for name in jack_server.ports())
    assert capfd.readouterr() == ("", "")


@pytest.mark.jack
def test_a_server_that_was_restarted_in_silence_is_noticed(
    jack_server: Jackd, ports: MidiPorts
) -> None:
    jack_server.end()
    jack_server.start()
    assert not any("bandmate" in name for name in jack_server.ports())
    assert ports.open().advice == ""
    assert any("bandmate in" in name for name in jack_server.ports())


@pytest.mark.jack
def test_the_ports_go_with_a_daemon_that_is_killed(jack_server: Jackd) -> None:
    code = (
        "import time; from bridge.ports.midi import MidiPorts;"
        "ports = MidiPorts(print, api='JACK'); print(ports.open().api, flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE) as daemon:
        assert daemon.stdout is not None
        assert daemon.stdout.readline() == b"JACK\n"
        assert any("bandmate in" in name for name in jack_server.ports())
        daemon.kill()
    wait_for(lambda: not any("bandmate" in name for name in jack_server.ports()))


@pytest.mark.jack
def test_what_a_killed_daemon_was_playing_is_silenced(jack_server: Jackd) -> None:
    code = (
        "import time; from bridge.ports.midi import MidiPorts; from mido import Message;"
        "ports = MidiPorts(print, api='JACK'); ports.open(); print('open', flush=True);"
        "[ports.send(Message('start')) for word in iter(input, 'play')];"
        "ports.send(Message('note_off', note=60, channel=3));"
        "[ports.send(Message('note_on', note=60, channel=c)) for c in (0, 0, 3)];"
        "ports.send(Message('note_on', note=64)); ports.send(Message('note_off', note=64));"
        "ports.send(Message('pitchwheel', channel=3, pitch=99)); time.sleep(60)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as daemon:
        assert daemon.stdout is not None
        assert daemon.stdin is not None
        assert daemon.stdout.readline() == b"open\n"
        daw = Daw()
        while not daw.heard:  # until the cable is in
            daemon.stdin.write(b"start\n")
            daemon.stdin.flush()
            time.sleep(0.02)
        daemon.stdin.write(b"play\n")
        daemon.stdin.flush()
        wait_for(lambda: bool(daw.messages("pitchwheel")))
        daemon.kill()
    wait_for(lambda: len(daw.messages("note_off")) == 5)
    off = [(message.channel, message.note) for message in daw.messages("note_off")]
    assert off == [(3, 60), (0, 64), (0, 60), (0, 60), (3, 60)]
    wait_for(lambda: len(daw.messages("control_change")) == 2)
    controls = [(m.channel, m.control) for m in daw.messages("control_change")]
    assert controls == [(0, 123), (3, 123)]
    assert [(m.channel, m.pitch) for m in daw.messages("pitchwheel")][1:] == [(3, 0)]
    daw.close()


@pytest.mark.jack
def test_a_look_holds_nobody_up(ports: MidiPorts) -> None:
    seconds = []
    for _ in range(4):
        began = time.monotonic()
        assert find(api="JACK").api == "JACK"
        seconds.append(time.monotonic() - began)
    assert min(seconds[1:]) < 3.0 * seconds[0]  # the server waits for a client that just went
    assert ports.open().advice == ""


@pytest.mark.jack
def test_ports_are_not_opened_anew_while_the_server_is_too_busy_to_say(
    jack_server: Jackd, ports: MidiPorts
) -> None:
    cable = [name for name in jack_server.ports() if "bandmate" in name]
    cable.sort(key=lambda name: name.endswith("in"))
    subprocess.run(["jack_connect", "-s", jack_server.name, *cable], check=True)
    jack_server.process.send_signal(signal.SIGSTOP)
    try:
        assert ports.open().advice == ""
    finally:
        jack_server.process.send_signal(signal.SIGCONT)
    wait_for(lambda: cable[1] in jack_server.cables(), 15.0)


@pytest.mark.jack
def test_a_server_that_hangs_is_given_up(jack_server: Jackd) -> None:
    jack_server.process.send_signal(signal.SIGSTOP)
    try:
        began = time.monotonic()
        assert "does not answer" in find(api="JACK").advice
        assert time.monotonic() - began < 8.0
    finally:
        jack_server.process.send_signal(signal.SIGCONT)
