"""The thin client against a daemon that is only a wire and a script of replies."""

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Self

import pytest

from bridge import ask
from bridge.asking import listening
from bridge.osc.calls import Call, Fault, decode
from bridge.osc.guard import MAX_STREAM_PACKET
from bridge.osc.replies import Message, datagrams, suggestion
from bridge.ports.peer import Peer
from bridge.ports.wire import Wire, listen

EVENT = {
    "n": 1,
    "title": "Louder",
    "why": "It was quiet.",
    "confidence": 0.9,
    "file": "/music/mix.master-1.wav",
    "files": {"report": "/music/mix.master-1.html"},
    "measured": {"integrated": {"before": -20.1, "after": -14.0, "unit": "LUFS"}},
    "chords": [{"start": 0.0, "length": 4.0, "symbol": "Am7", "roman": "i7", "why": "home"}],
    "notes": [
        {"track": "piano", "pitch": 60.5, "start": 0.5, "length": 0.25, "velocity": 90}
        for _ in range(100)
    ],
    "moves": [
        {
            "target": "mix",
            "parameter": "eq.freq_hz",
            "value": 2500.5,
            "unit": "Hz",
            "mode": "set",
            "group": "eq1",
            "why": "harsh",
        }
    ],
}
SECOND = {**EVENT, "n": 2, "measured": {}, "notes": [], "moves": [], "chords": []}

Reply = Callable[[Call], list[Message]]


class Daemon:
    """A daemon in a thread that answers by a script and remembers what it heard."""

    def __init__(self, reply: Reply) -> None:
        self.calls: list[Call | Fault] = []
        self.heard = threading.Event()
        self.port = 0
        self._reply = reply
        self._ready = threading.Event()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_until_complete, args=(self._run(),))

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._ready.wait(5)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(5)
        self._loop.close()

    async def _run(self) -> None:
        self._stop = asyncio.Event()
        wire = await listen(lambda packet, peer: self._receive(wire, packet, peer), 0)
        self.port = wire.port
        self._ready.set()
        await self._stop.wait()
        await wire.close()

    def _receive(self, wire: Wire, packet: bytes, peer: Peer) -> None:
        for call in decode(packet, ["master", "chords"], MAX_STREAM_PACKET):
            self.calls.append(call)
            self.heard.set()
            for packet_out in datagrams(self._answer(call)):
                wire.send(packet_out, peer)

    def _answer(self, call: Call | Fault) -> list[Message]:
        if isinstance(call, Fault):
            return [Message("error", (call.id, call.code, call.text))]
        if call.word == "cancel":
            return [Message("cancelled", (call.id,))]
        return self._reply(call)


def two_suggestions(call: Call) -> list[Message]:
    return [
        Message("queued", (call.id, 0)),
        Message("progress", (call.id, 0.5, "measuring")),
        *suggestion(call.id, SECOND),
        *suggestion(call.id, EVENT),
        Message("done", (call.id, 2, 1.9)),
    ]


def error(code: str) -> Reply:
    return lambda call: [Message("error", (call.id, code, "That went wrong."))]


def silence(call: Call) -> list[Message]:
    return [Message("queued", (call.id, 3))]


@pytest.fixture
def daemon() -> Iterator[Daemon]:
    with Daemon(two_suggestions) as running:
        yield running


def asked(daemon: Daemon) -> Call:
    call = daemon.calls[0]
    assert isinstance(call, Call)
    return call


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def script(*words: str) -> list[str]:
    # as from a terminal: what runs in the background of a shell is born deaf to SIGINT
    hear = "import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler);"
    code = hear + "from bridge import ask; sys.exit(ask.main(sys.argv[1:]))"
    return [sys.executable, "-c", code, *words]


def test_json_is_what_was_said(daemon: Daemon, capsys: pytest.CaptureFixture[str]) -> None:
    assert ask.main(["master", "mix.wav", "--json", "--osc-port", str(daemon.port)]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    assert json.loads(out) == {
        "stage": "master",
        "input": "mix.wav",
        "seconds": 1.9,
        "suggestions": [EVENT, SECOND],
    }
    assert out.count("\n") == 1


def test_what_was_said_before_one_of_several_presets_failed_is_not_lost(
    capsys: pytest.CaptureFixture[str],
) -> None:
    def reply(call: Call) -> list[Message]:
        return [*suggestion(call.id, SECOND), *error("target")(call)]

    with Daemon(reply) as daemon:
        words = ["master", "mix.wav", "--preset", "spotify,mine", "--port", str(daemon.port)]
        assert ask.main([*words, "--json"]) == 2
        out, err = capsys.readouterr()
        said = json.loads(out)
        assert out.count("\n") == 1
        assert said["suggestions"] == [SECOND]
        assert said["error"] == {"code": "target", "text": "That went wrong."}
        assert ask.main(words) == 2
        out, again = capsys.readouterr()
        assert "2. Louder" in out
        assert again == err == "bandmate: That went wrong.\n"
        assert asked(daemon).settings["preset"] == "spotify,mine"


def test_the_question_arrives_whole(
    daemon: Daemon, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "ref.wav").touch()
    (tmp_path / "jazz").mkdir()
    words = "mix.wav --loudness -9 --reference ref.wav --style jazz --report --preset=spotify"
    assert ask.main(["master", *words.split(), "--out", "made", "--port", str(daemon.port)]) == 0
    call = asked(daemon)
    assert (call.word, call.stage) == ("ask", "master")
    assert call.path == str(tmp_path / "mix.wav")
    assert call.settings == {
        "loudness": "-9",
        "reference": str(tmp_path / "ref.wav"),
        "style": "jazz",
        "report": "yes",
        "preset": "spotify",
        "out": str(tmp_path / "made"),
    }


@pytest.mark.parametrize("said", ["yes", "no", "1", "OFF"])
def test_a_report_takes_yes_or_no_and_leaves_other_words_alone(daemon: Daemon, said: str) -> None:
    port = ("--port", str(daemon.port))
    assert ask.main(["master", "--report", "mix", "--count", "1", *port]) == 0
    assert asked(daemon).settings == {"report": "yes", "count": "1"}
    assert asked(daemon).path.endswith("mix")
    daemon.calls.clear()
    assert ask.main(["master", "--report", said, "mix", *port]) == 0
    assert asked(daemon).settings == {"report": said}


def test_no_file_is_an_empty_path(daemon: Daemon) -> None:
    assert ask.main(["chords", "--prompt", "sad waltz", "--port", str(daemon.port)]) == 0
    call = asked(daemon)
    assert (call.path, call.settings) == ("", {"prompt": "sad waltz"})


def test_every_question_has_an_id_of_its_own(daemon: Daemon) -> None:
    for _ in range(3):
        ask.main(["chords", "--port", str(daemon.port)])
    assert len({call.id for call in daemon.calls}) == 3


def test_people_get_lines(daemon: Daemon, capsys: pytest.CaptureFixture[str]) -> None:
    assert ask.main(["master", "mix.wav", "--port", str(daemon.port)]) == 0
    lines = [line.strip() for line in capsys.readouterr().out.splitlines()]
    assert "1. Louder" in lines
    assert "2. Louder" in lines
    assert "It was quiet." in lines
    assert "beat     0  Am7      i7       home" in lines
    assert "integrated         -20.10 ->    -14.00 LUFS" in lines
    assert "main: /music/mix.master-1.wav" in lines
    assert "report: /music/mix.master-1.html" in lines


def test_nothing_to_suggest_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    with Daemon(lambda call: [Message("done", (call.id, 0, 0.1))]) as daemon:
        assert ask.main(["chords", "--port", str(daemon.port)]) == 0
    assert capsys.readouterr().out == "chords has nothing to suggest here.\n"


@pytest.mark.parametrize(
    ("options", "drawn"), [([], True), (["--quiet"], False), (["--json"], False)]
)
def test_progress_is_drawn_on_a_terminal(
    daemon: Daemon,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    options: list[str],
    drawn: bool,
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    assert ask.main(["master", "a.wav", "--port", str(daemon.port), *options]) == 0
    assert ("50% measuring" in capsys.readouterr().err) is drawn


@pytest.mark.parametrize(
    ("code", "status"),
    [("setting", 2), ("busy", 2), ("error", 2), ("bug", 1), ("crash", 1), ("time", 1)],
)
def test_errors_have_their_status(
    code: str, status: int, capsys: pytest.CaptureFixture[str]
) -> None:
    with Daemon(error(code)) as daemon:
        assert ask.main(["master", "a.wav", "--port", str(daemon.port)]) == status
        assert capsys.readouterr() == ("", "bandmate: That went wrong.\n")
        assert ask.main(["master", "a.wav", "--json", "--port", str(daemon.port)]) == status
    out, err = capsys.readouterr()
    assert json.loads(out) == {"error": {"code": code, "text": "That went wrong."}}
    assert err == "bandmate: That went wrong.\n"


def test_an_unknown_stage_is_told_the_nearest(
    daemon: Daemon, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ask.main(["maser", "--port", str(daemon.port)]) == 2
    assert "Did you mean 'master'?" in capsys.readouterr().err


def test_no_daemon_is_told_how_to_start_one(capsys: pytest.CaptureFixture[str]) -> None:
    port = free_port()
    assert ask.main(["master", "a.wav", "--json", "--port", str(port)]) == 2
    out, err = capsys.readouterr()
    text = f"No daemon listens on port {port}; start one with: bandmate serve"
    assert err == f"bandmate: {text}\n"
    assert json.loads(out) == {"error": {"code": "daemon", "text": text}}


def test_another_program_on_the_port_is_no_daemon(capsys: pytest.CaptureFixture[str]) -> None:
    def greet(server: socket.socket) -> None:
        client, _ = server.accept()
        with client:
            client.sendall(b"220 mail.example.org ESMTP\r\n")
            client.recv(1000)

    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=greet, args=(server,))
        thread.start()
        assert ask.main(["master", "--port", str(server.getsockname()[1])]) == 2
        thread.join(5)
    assert "is no daemon of bandmate's" in capsys.readouterr().err


def test_a_daemon_that_goes_is_noticed(capsys: pytest.CaptureFixture[str]) -> None:
    def leave(server: socket.socket) -> None:
        client, _ = server.accept()
        client.recv(1000)
        client.close()

    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=leave, args=(server,))
        thread.start()
        assert ask.main(["master", "--port", str(server.getsockname()[1])]) == 2
        thread.join(5)
    assert capsys.readouterr().err == "bandmate: The daemon closed the connection.\n"


def test_waiting_ends_and_the_job_is_cancelled(capsys: pytest.CaptureFixture[str]) -> None:
    with Daemon(silence) as daemon:
        words = ["master", "a.wav", "--timeout", "0.2", "--port", str(daemon.port)]
        assert ask.main(words) == 1
        cancel = daemon.calls[1]
        assert isinstance(cancel, Call)
        assert (cancel.word, cancel.id) == ("cancel", asked(daemon).id)
    assert "took too long; the job was cancelled" in capsys.readouterr().err


def test_a_daemon_that_never_answers_is_not_waited_for(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listening, "FIRST_ANSWER_SECONDS", 0.2)
    monkeypatch.setattr(listening, "CANCEL_SECONDS", 0.1)
    with socket.create_server(("127.0.0.1", 0)) as server:
        assert ask.main(["master", "--port", str(server.getsockname()[1])]) == 1
    assert "took too long" in capsys.readouterr().err


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGINT for one process")
def test_control_c_cancels() -> None:
    with Daemon(silence) as daemon:
        words = script("master", "a.wav", "--port", str(daemon.port))
        with subprocess.Popen(words, stderr=subprocess.PIPE, text=True) as client:
            assert daemon.heard.wait(5)
            time.sleep(0.1)
            client.send_signal(signal.SIGINT)
            _, err = client.communicate(timeout=5)
        assert client.returncode == 130
        assert err == "stopped\n"
        cancel = daemon.calls[1]
        assert isinstance(cancel, Call)
        assert (cancel.word, cancel.id) == ("cancel", asked(daemon).id)


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (["--json"], "0 names were given; ask takes a stage and one file."),
        (["master", "a.wav", "b.wav"], "3 names were given"),
        (["master", "--port", "abc"], "--port is 'abc'; it takes a number up to 65535."),
        (["master", "--port", "70000"], "--port is '70000'"),
        (["master", "--timeout", "0"], "--timeout is '0'"),
    ],
)
def test_its_own_mistakes(words: list[str], text: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert ask.main(words) == 2
    assert text in capsys.readouterr().err


def test_help_is_given(capsys: pytest.CaptureFixture[str]) -> None:
    assert ask.main(["--help"]) == 0
    assert ask.main([]) == 2
    out = capsys.readouterr().out
    assert out == ask.USAGE * 2


@pytest.mark.alone
def test_the_question_is_out_in_a_tenth_of_a_second() -> None:
    best = 1.0
    with socket.create_server(("127.0.0.1", 0)) as server:
        words = script("master", "mix.wav", "--port", str(server.getsockname()[1]))
        for _ in range(5):
            began = time.perf_counter()
            with subprocess.Popen(words, stderr=subprocess.DEVNULL) as process:
                client, _ = server.accept()
                with client:
                    client.recv(4096)
                    best = min(best, time.perf_counter() - began)
            assert process.returncode == 2
    assert best < 0.1


def test_nothing_heavy_is_loaded() -> None:
    code = (
        "import sys; from bridge import ask; ask.main(['a', '--port', '1']); "
        "print(*sorted(name.partition('.')[0] for name in sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True, timeout=20
    )
    ours = {"assistant", "numpy", "pythonosc", "asyncio", "argparse", "json", "pathlib"}
    assert not ours & set(done.stdout.split()) - already_loaded()


def already_loaded() -> set[str]:
    """List what the interpreter of this environment loads before any program."""
    code = "import sys; print(*sorted(name.partition('.')[0] for name in sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True, timeout=20
    )
    return set(done.stdout.split())
