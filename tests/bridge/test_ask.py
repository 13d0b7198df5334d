"""The thin client against a daemon that is only a wire and a script of replies."""

import asyncio
import json
import os
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Self

import pytest

from assistant import engine
from assistant.settings import RESERVED
from bridge import ask
from bridge.asking import listening, paper, question, starting
from bridge.osc.calls import Call, Fault, decode
from bridge.osc.guard import MAX_STREAM_PACKET
from bridge.osc.replies import Message, datagrams, suggestion
from bridge.osc.table import IN, OUT
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
        if (call.word, call.id) == ("status", "end"):
            return [Message("status", ("end", "idle", 0, 0, 1.0, "0"))]
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
    err = capsys.readouterr().err
    assert err.count("\n") == 1
    assert "The daemon went away before it had answered" in err
    assert "start it with: bandmate serve" in err


def test_a_daemon_that_is_killed_in_the_middle_is_said_in_words(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def reset(server: socket.socket) -> None:
        client, _ = server.accept()
        client.recv(1000)
        for packet in datagrams([*suggestion("x", SECOND)]):
            client.sendall(len(packet).to_bytes(4, "big") + packet)
        time.sleep(0.2)
        client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        client.close()

    place = tmp_path / "1.json"
    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=reset, args=(server,))
        thread.start()
        words = ["master", "--port", str(server.getsockname()[1]), "--answer", str(place)]
        assert ask.main(words) == 2
        thread.join(5)
    said = json.loads(place.read_text())
    assert said["error"]["code"] == "daemon"
    assert "went away before it had answered" in said["error"]["text"]
    assert "Errno" not in said["error"]["text"] + capsys.readouterr().err
    assert said["job"]
    assert said["suggestions"] == [SECOND]


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


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGTERM for one process")
def test_a_script_that_ends_it_cancels_and_finds_an_answer(tmp_path: Path) -> None:
    place = tmp_path / "1.json"
    with Daemon(silence) as daemon:
        words = script("master", "--port", str(daemon.port), "--answer", str(place))
        with subprocess.Popen(words, stderr=subprocess.PIPE) as client:
            assert daemon.heard.wait(5)
            client.terminate()
            assert client.communicate(timeout=5)[1] == b"stopped\n"
        assert client.returncode == 130
        assert [getattr(call, "word", "") for call in daemon.calls] == ["ask", "cancel"]
    assert json.loads(place.read_text())["error"]["code"] == "cancelled"


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (["--json"], "0 names were given; ask takes a stage and one file."),
        (["master", "a.wav", "b.wav"], "3 names were given"),
        (
            ["make the vocal louder in my mix"],
            "ask takes a stage and one file, not a sentence; `bandmate ask stages` lists",
        ),
        (["louder", "the", "vocal", "please"], "`bandmate ask stages` lists the stages."),
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


# Words of the table


def test_every_word_of_the_table_can_be_asked() -> None:
    assert set(IN) - {"hello"} == question.ABOUT_A_JOB | question.OF_THEIR_OWN
    assert set(listening._ENDS) == set(IN) - {"hello"}
    assert set(listening._ENDS.values()) <= set(OUT)


def test_its_own_options_are_no_settings_of_any_stage() -> None:
    own = set(question.split([]).own)
    for name in engine.stage_names():
        assert own & {knob.name for knob in engine.stage(name).knobs} <= {"start"}
    assert question._SWITCHES <= RESERVED


@pytest.mark.parametrize(
    "words", [["--start", "12.5"], ["--start=12.5"], ["--start", "12.5", "--start"]]
)
def test_start_with_a_number_is_where_a_stage_begins(words: list[str]) -> None:
    sorted_ = question.split(["pitch", "take.wav", *words])
    assert sorted_.settings == (("start", "12.5"),)
    assert sorted_.names == ("pitch", "take.wav")
    assert bool(sorted_.own["start"]) is (words[-1] == "--start")


@pytest.mark.parametrize("words", [["--start", "take.wav"], ["take.wav", "--start"]])
def test_start_alone_starts_a_daemon(words: list[str]) -> None:
    sorted_ = question.split(["pitch", *words])
    assert (sorted_.names, sorted_.settings) == (("pitch", "take.wav"), ())
    assert sorted_.own["start"] == "yes"


SAID: dict[str, list[Message]] = {
    "accept": [Message("accepted", ("job", 1, 2, "Move 3: no."))],
    "again": [*suggestion("job", EVENT)],
    "cancel": [Message("cancelled", ("job",))],
    "capture": [Message("file", ("x", 1, "notes", "/a.mid")), Message("captured", ("x", 3))],
    "context": [
        Message("context", ("x", "tempo", 120.5)),
        Message("context", ("x", "track.1", "Bass")),
        Message("done", ("x", 2, 0.0)),
    ],
    "daw": [Message("linked", ("x", "live", "Ableton Live"))],
    "play": [Message("playing", ("job", 1))],
    "presets": [
        Message("preset", ("x", "master", "spotify", "Spotify")),
        Message("done", ("x", 1, 0.0)),
    ],
    "reject": [Message("rejected", ("job", 1))],
    "stages": [
        Message("stage", ("x", "master", "audio", "Masters.")),
        Message("done", ("x", 1, 0.0)),
    ],
    "status": [Message("status", ("x", "idle", 0, 0, 1.5, "0.1"))],
    "stop": [Message("stopped", ("x",))],
    "taken": [Message("accepted", ("job", 1, 2))],
    "undo": [Message("undone", ("job", 1, "Undo it there."))],
    "unlink": [Message("unlinked", ("x", "live"))],
}


@pytest.mark.parametrize(
    ("words", "call", "said"),
    [
        (
            ["accept", "job", "1", "2", "3"],
            Call("accept", "job", n=1, moves=(2, 3)),
            {"n": 1, "applied": 2, "remark": "Move 3: no."},
        ),
        (["again", "job", "1"], Call("again", "job", n=1), {"suggestions": [EVENT]}),
        (["cancel", "job"], Call("cancel", "job"), {}),
        (
            ["capture", "stop"],
            Call("capture", "", action="stop"),
            {"notes": 3, "files": {"notes": "/a.mid"}},
        ),
        (["context"], Call("context", ""), {"context": {"tempo": 120.5, "track.1": "Bass"}}),
        (
            ["daw", "live", "11000"],
            Call("daw", "", name="live", port=11000),
            {"name": "live", "title": "Ableton Live"},
        ),
        (["play", "job", "1"], Call("play", "job", n=1), {"n": 1}),
        (
            ["presets", "master"],
            Call("presets", "", "master"),
            {"presets": [{"stage": "master", "preset": "spotify", "title": "Spotify"}]},
        ),
        (["reject", "job", "1"], Call("reject", "job", n=1), {"n": 1}),
        (
            ["stages"],
            Call("stages", ""),
            {"stages": [{"stage": "master", "takes": "audio", "about": "Masters."}]},
        ),
        (
            ["status"],
            Call("status", ""),
            {"state": "idle", "jobs": 0, "queued": 0, "seconds_up": 1.5, "version": "0.1"},
        ),
        (["stop"], Call("stop", ""), {}),
        (["taken", "job", "1"], Call("taken", "job", n=1), {"n": 1, "applied": 2}),
        (
            ["undo", "job", "1"],
            Call("undo", "job", n=1),
            {"n": 1, "remark": "Undo it there."},
        ),
        (["unlink", "live"], Call("unlink", "", name="live"), {"name": "live"}),
    ],
    ids=lambda case: case[0] if isinstance(case, list) else "",
)
def test_a_word_is_asked_and_answered_in_json(
    words: list[str], call: Call, said: dict[str, object], capsys: pytest.CaptureFixture[str]
) -> None:
    with Daemon(lambda heard: SAID[heard.word]) as daemon:
        port = ("--port", str(daemon.port))
        assert ask.main([*words, "--json", *port]) == 0
        heard = asked(daemon)
        assert replace(heard, id=call.id) == call
        assert call.id in {"", heard.id}
        out = json.loads(capsys.readouterr().out)
        assert out == {"word": words[0], "job": heard.id, **said}
        assert ask.main([*words, *port]) == 0
        assert capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (["acept", "job", "1", "2"], "Did you mean 'accept'?"),
        (["acept", "job"], "Did you mean 'accept'?"),
        (["stagse"], "Did you mean 'stages'?"),
        (["accept", "job"], "/bandmate/accept id n [move]..."),
        (["accept"], "Too few arguments: 1. It is written: /bandmate/accept id n [move]..."),
        (["presets"], "/bandmate/presets id stage"),
        (["status", "now"], "Too many arguments"),
        (["accept", "job", "one"], "n is 'one'; it takes a whole number from 1."),
        (["capture", "pause"], "it takes start or stop"),
        (["undo", "job", "1", "--loudness", "-9"], "undo takes no --loudness."),
    ],
)
def test_words_that_are_not_as_the_table_says(
    daemon: Daemon, words: list[str], text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ask.main([*words, "--port", str(daemon.port)]) == 2
    assert text in capsys.readouterr().err


# The answer in a file


def test_the_answer_is_written_whole_and_the_progress_is_gone(
    daemon: Daemon, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = tmp_path / "answer.json"
    words = ["master", "mix.wav", "--start", "--answer", str(place), "--port", str(daemon.port)]
    assert ask.main(words) == 0
    assert capsys.readouterr() == ("", "")
    assert json.loads(place.read_text()) == {
        "stage": "master",
        "input": "mix.wav",
        "job": asked(daemon).id,
        "seconds": 1.9,
        "suggestions": [EVENT, SECOND],
    }
    assert [path.name for path in tmp_path.iterdir()] == ["answer.json"]


def test_an_error_is_written_there_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with Daemon(error("material")) as daemon:
        place = tmp_path / "1.json"
        words = ["master", "a.wav", "--answer", str(place), "--port", str(daemon.port)]
        assert ask.main(words) == 2
        said = {"code": "material", "text": "That went wrong."}
        assert json.loads(place.read_text()) == {"job": asked(daemon).id, "error": said}
    for n, more in enumerate((["--port", "abc"], ["--port", str(free_port())], ["b", "c"])):
        place = tmp_path / f"wrong-{n}.json"
        assert ask.main(["master", "a.wav", *more, "--answer", str(place)]) == 2
        assert json.loads(place.read_text())["error"]["text"]
    assert capsys.readouterr().err.count("bandmate: ") == 4


def test_a_script_cancels_by_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    place, wish = tmp_path / "1.json", tmp_path / "1.json.cancel"

    def reply(call: Call) -> list[Message]:
        wish.touch()
        return silence(call)

    with Daemon(reply) as daemon:
        assert ask.main(["master", "--answer", str(place), "--port", str(daemon.port)]) == 1
        assert [getattr(call, "word", "") for call in daemon.calls] == ["ask", "cancel"]
    assert json.loads(place.read_text())["error"]["code"] == "cancelled"
    assert not wish.exists()
    assert "cancelled" in capsys.readouterr().err


def test_what_one_of_several_presets_made_is_written_with_the_error(tmp_path: Path) -> None:
    def reply(call: Call) -> list[Message]:
        return [*suggestion(call.id, SECOND), *error("target")(call)]

    place = tmp_path / "1.json"
    with Daemon(reply) as daemon:
        assert ask.main(["master", "--answer", str(place), "--port", str(daemon.port)]) == 2
        said = json.loads(place.read_text())
        assert said["job"] == asked(daemon).id
    assert said["suggestions"] == [SECOND]
    assert said["error"]["code"] == "target"


def test_a_file_that_is_there_is_never_written_over(
    daemon: Daemon, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    song = tmp_path / "song.wav"
    song.write_bytes(b"music")
    port = ("--port", str(daemon.port))
    assert ask.main(["master", "--answer", str(song), *port]) == 2
    assert ask.main(["master", "--answer", str(tmp_path / "no" / "a.json"), *port]) == 2
    err = capsys.readouterr().err
    assert "name another --answer" in err
    assert "There is no folder" in err
    assert song.read_bytes() == b"music"
    assert daemon.calls == []


def test_a_file_that_came_meanwhile_is_not_written_over(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = tmp_path / "1.json"

    def reply(call: Call) -> list[Message]:
        place.write_text("mine")
        return two_suggestions(call)

    with Daemon(reply) as daemon:
        assert ask.main(["master", "--answer", str(place), "--port", str(daemon.port)]) == 2
    assert place.read_text() == "mine"
    assert "cannot be written" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["1.json"]


@pytest.mark.skipif(os.name == "nt", reason="closes streams by the shell")
@pytest.mark.parametrize("closed", ["2>&-", ">&- 2>&-", "2>/dev/full", ">/dev/full 2>/dev/full"])
@pytest.mark.parametrize("right", [True, False])
def test_the_answer_is_written_whatever_became_of_the_terminal(
    tmp_path: Path, closed: str, right: bool
) -> None:
    place = tmp_path / "1.json"
    with Daemon(two_suggestions if right else error("material")) as daemon:
        words = script("master", "--json", "--answer", str(place), "--port", str(daemon.port))
        shell = ["sh", "-c", f'"$@" {closed}', "sh", *words]
        code = subprocess.run(shell, check=False, timeout=20).returncode
    said = json.loads(place.read_text())
    assert ("suggestions" in said, "error" in said) == (right, not right)
    assert code == (0 if right and not closed.startswith(">/dev/full") else 2)


@pytest.mark.skipif(os.name == "nt", reason="closes streams by the shell")
def test_a_reader_that_went_away_is_no_mistake(daemon: Daemon) -> None:
    words = script("master", "--json", "--port", str(daemon.port))
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as client:
        assert client.stdout is not None
        client.stdout.close()
        assert client.stderr is not None
        assert client.stderr.read() == b""
    assert client.returncode == 0


def test_titles_that_the_terminal_has_no_letters_for_are_printed() -> None:
    event = {**SECOND, "title": "Lauter \u2192 \u266d"}
    with Daemon(
        lambda call: [*suggestion(call.id, event), Message("done", (call.id, 1, 0.1))]
    ) as d:
        words = script("master", "--port", str(d.port))
        env = {**os.environ, "PYTHONIOENCODING": "ascii"}
        done = subprocess.run(words, capture_output=True, env=env, check=True, timeout=20)
    assert rb"2. Lauter \u2192 \u266d" in done.stdout


def test_a_bug_is_answered_before_it_is_raised(
    daemon: Daemon,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("two\nlines")

    monkeypatch.setattr(listening, "add", broken)
    place = tmp_path / "1.json"
    words = ["master", "--json", "--answer", str(place), "--port", str(daemon.port)]
    with pytest.raises(ZeroDivisionError):
        ask.main(words)
    said = json.loads(place.read_text())["error"]
    assert said["code"] == "bug"
    assert said["text"] == "ZeroDivisionError: two lines. This is a bug of bandmate's."
    assert json.loads(capsys.readouterr().out)["error"] == said
    assert [path.name for path in tmp_path.iterdir()] == ["1.json"]


def test_where_no_answer_can_be_written_nothing_is_asked(
    daemon: Daemon, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = tmp_path / ("x" * 250)
    assert ask.main(["master", "--answer", str(place), "--port", str(daemon.port)]) == 2
    assert "cannot be written: File name too long" in capsys.readouterr().err
    assert daemon.calls == []
    assert list(tmp_path.iterdir()) == []


def test_what_lies_beside_the_answer_is_left_alone(daemon: Daemon, tmp_path: Path) -> None:
    mine, place = tmp_path / "mine", tmp_path / "1.json"
    mine.write_text("music")
    (tmp_path / f"1.json.{os.getpid()}.part").symlink_to(mine)
    assert ask.main(["master", "--answer", str(place), "--port", str(daemon.port)]) == 0
    assert mine.read_text() == "music"
    assert json.loads(place.read_text())["suggestions"]


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps a folder that somebody stands in")
@pytest.mark.parametrize("words", [["master", "a.wav"], ["master", "--answer", "1.json"]])
def test_a_folder_that_is_gone_is_said(
    daemon: Daemon,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    words: list[str],
) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    assert ask.main([*words, "--port", str(daemon.port)]) == 2
    assert "lies in a folder that is not there any more" in capsys.readouterr().err
    assert daemon.calls == []


@pytest.mark.parametrize("option", ["answer", "port", "timeout"])
def test_an_option_without_its_value_is_told(
    option: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert ask.main(["stages", f"--{option}", "--json"]) == 2
    assert f"--{option} needs a value" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_progress_is_one_line_at_most_ten_times_a_second(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 100.0
    monkeypatch.setattr(time, "monotonic", lambda: now)
    sheet, place = paper.Paper(str(tmp_path / "1.json")), tmp_path / "1.json.progress"
    sheet.progress(0.0, "reading")
    assert place.read_text() == "0.00 reading\n"
    sheet.progress(0.424, "measuring")
    assert place.read_text() == "0.00 reading\n"
    now += 0.11
    sheet.flush()
    assert place.read_text() == "0.42 measuring\n"
    assert [path.name for path in tmp_path.iterdir()] == ["1.json.progress"]
    sheet.answer({"a": 1})
    assert [path.name for path in tmp_path.iterdir()] == ["1.json"]


def test_progress_that_cannot_be_written_leaves_nothing_behind(
    daemon: Daemon, tmp_path: Path
) -> None:
    (tmp_path / "1.json.progress").mkdir()
    place = str(tmp_path / "1.json")
    assert ask.main(["master", "--answer", place, "--port", str(daemon.port)]) == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["1.json", "1.json.progress"]


def test_a_disk_without_links_gets_the_answer_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(95, "Operation not supported")

    monkeypatch.setattr(os, "link", refuse)
    paper.Paper(str(tmp_path / "1.json")).answer({"a": 1})
    assert [path.name for path in tmp_path.iterdir()] == ["1.json"]


# Starting a daemon


@pytest.mark.skipif(os.name == "nt", reason="ends the daemon by a signal")
def test_two_that_ask_at_once_start_one_daemon_that_outlives_them(tmp_path: Path) -> None:
    port = str(free_port())
    env = {**os.environ, "BANDMATE_HOME": str(tmp_path)}
    words = ["status", "--start", "--port", port, "--answer"]
    asking = [
        subprocess.Popen(script(*words, str(tmp_path / f"{n}.json")), env=env) for n in range(2)
    ]
    assert [one.wait(60) for one in asking] == [0, 0]
    said = [json.loads((tmp_path / f"{n}.json").read_text()) for n in range(2)]
    assert [one["state"] for one in said] == ["idle", "idle"]
    log = tmp_path / "state" / "serve.log"
    end = time.monotonic() + 30  # the daemon that did not get the port needs a moment to leave
    while len(running := _daemons_on(port)) > 1 and time.monotonic() < end:
        time.sleep(0.05)
    for pid in running:
        os.kill(pid, signal.SIGTERM)
    assert len(running) == 1
    assert log.read_text().count(f"ready on 127.0.0.1:{port}") == 1


def _daemons_on(port: str) -> list[int]:
    return list(filter(None, map(_daemon_on(port), Path("/proc").glob("[0-9]*"))))


def _daemon_on(port: str) -> Callable[[Path], int]:
    def pid(process: Path) -> int:
        try:
            words = (process / "cmdline").read_bytes().split(b"\0")
            state = (process / "stat").read_text().rpartition(")")[2].split()[0]
        except OSError:
            return 0
        ours = words[-3:-1] == [b"--osc-port", port.encode()] and state != "Z"
        return int(process.name) if ours else 0

    return pid


def test_a_daemon_that_cannot_start_is_told_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("BANDMATE_HOME", str(tmp_path))
    monkeypatch.setattr(starting, "LATE_SECONDS", 0.1)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
        other.bind(("127.0.0.1", 0))
        port = str(other.getsockname()[1])
        assert ask.main(["status", "--start", "--json", "--port", port]) == 2
    out, err = capsys.readouterr()
    assert err.count("\n") == 1
    text = json.loads(out)["error"]["text"]
    assert f"Port {port} of 127.0.0.1 is taken" in text
    assert f"bandmate serve --osc-port {port}" in text
