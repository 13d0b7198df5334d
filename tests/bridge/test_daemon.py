"""The daemon as a DAW sees it: every address, and what happens when things go wrong."""

from __future__ import annotations

import os
import random
import signal
import socket
import struct
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile

from bridge.osc.table import IN, OUT
from bridge.osc.thin import Said, pack, unpack
from tests.bridge.daw import Daemon, Daw, daemon, daw


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Daemon, Path]]:
    root = tmp_path_factory.mktemp("root")
    before = os.environ.get("BANDMATE_HOME")
    own = tmp_path_factory.mktemp("daemon")
    os.environ["BANDMATE_HOME"] = str(own)
    _put_presets(own / "presets" / "dummy")
    try:
        with daemon(root=root) as running:
            yield running, root
    finally:
        os.environ.pop("BANDMATE_HOME")
        if before is not None:
            os.environ["BANDMATE_HOME"] = before


def _put_presets(folder: Path) -> None:
    folder.mkdir(parents=True)
    for name, do in (("turns", "moves"), ("tunes", "notes"), ("fails", "refuse")):
        text = f'title = "{name.title()}"\nsource = "tests"\nchecked = 2026-01-02\n'
        (folder / f"{name}.toml").write_text(f'{text}[settings]\ndo = "{do}"\n')


@pytest.fixture
def here(shared: tuple[Daemon, Path]) -> Iterator[Daw]:
    with daw(shared[0].port) as opened:
        yield opened


@pytest.fixture
def root(shared: tuple[Daemon, Path]) -> Path:
    return shared[1]


def words(heard: list[tuple[str, list[Said]]]) -> list[str]:
    return [word for word, _ in heard]


def test_hello_is_welcomed(here: Daw) -> None:
    word, said = here.one("hello", "h", 0, "my daw")
    assert (word, said[:2]) == ("welcome", ["h", 1])


def test_hello_may_name_another_port(shared: tuple[Daemon, Path], here: Daw) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as ear:
        ear.bind(("127.0.0.1", 0))
        ear.settimeout(5)
        here.say("hello", "h", ear.getsockname()[1])
        (message,) = unpack(ear.recv(9000))
        assert message[0] == "/bandmate/welcome"


def test_status_tells_how_it_is(here: Daw) -> None:
    word, said = here.one("status", "s")
    assert word == "status"
    assert said[:4] == ["s", "idle", 0, 0]


def test_several_presets_are_one_job_whose_suggestions_are_kept(here: Daw) -> None:
    heard = here.ask("dummy", "several", "", "preset", "turns,tunes", "size", 2)
    said = [said[1:3] for word, said in heard if word == "suggestion"]
    assert said == [[1, "Turns: less bass"], [2, "Tunes: notes"]]
    assert heard[-1][1][:2] == ["several", 2]
    reached = [float(str(said[1])) for word, said in heard if word == "progress"]
    assert reached == sorted(reached)
    assert here.one("again", "several", 2)[1][1:3] == [2, "Tunes: notes"]
    here.hear(lambda word, said: word == "note" and said[1] == 2)
    word, accepted = here.one("accept", "several", 1)
    assert (word, accepted[:3]) == ("accepted", ["several", 1, 3])
    assert "bandmate ask daw" in str(accepted[3])
    assert [word for word, _ in here.ask("dummy", "several", "")].count("suggestion") == 2


def test_a_preset_that_fails_among_others_is_said_last(here: Daw) -> None:
    heard = here.ask("dummy", "half-done", "", "preset", "fails,turns")
    assert [said[2] for word, said in heard if word == "suggestion"] == ["Turns: less bass"]
    assert heard[-1] == (
        "error",
        ["half-done", "material", "Fails: This cannot be worked on."],
    )


def test_an_unknown_preset_among_several_is_refused_at_once(here: Daw) -> None:
    ((word, said),) = here.ask("dummy", "no-such", "", "preset", "turns,tunnes")
    assert (word, said[1]) == ("error", "unknown")
    assert "Did you mean 'tunes'" in str(said[2])


def test_stages_and_presets_are_listed(here: Daw) -> None:
    heard = here.ask("stages", "st")
    names = [said[1] for word, said in heard if word == "stage"]
    assert {"chords", "dummy", "master"} <= set(names)
    assert heard[-1][1][1] == len(names)
    heard = here.ask("presets", "pr", "master")
    assert "spotify" in [said[2] for word, said in heard if word == "preset"]


def test_a_suggestion_is_said_whole(here: Daw) -> None:
    heard = here.ask("dummy", "whole", "", "do", "moves", "count", "2")
    assert words(heard)[0] == "queued"
    assert words(heard)[-1] == "done"
    assert heard[-1][1][1] == 2
    moves = [said for word, said in heard if word == "move" and said[1] == 1]
    assert [said[3:5] for said in moves] == [
        ["bass", "eq.freq_hz"],
        ["bass", "eq.gain_db"],
        ["drums", "gain_db"],
    ]
    assert ("group", ["whole", 1, "eq1", 1, 2]) in heard


def test_many_notes_all_arrive(here: Daw) -> None:
    heard = here.ask("dummy", "notes", "", "do", "notes", "size", "5000", "count", "1")
    (total,) = [said[2] for word, said in heard if word == "notes"]
    notes = [said for word, said in heard if word == "note"]
    assert total == len(notes) == 5000
    assert [note[4] for note in notes] == [n * 0.5 for n in range(5000)]


def test_again_says_one_suggestion_whole(here: Daw) -> None:
    first = here.ask("dummy", "ag", "", "do", "notes", "size", "40", "count", "2")
    here.say("again", "ag", 2)
    again = here.hear(lambda word, said: word == "note" and said[4] == 19.5)
    of_two = [(word, said) for word, said in first if word != "done" and said[1] == 2]
    assert again == of_two
    assert here.one("again", "ag", 3)[1][1] == "unknown"
    assert here.one("again", "nobody", 1)[1][1] == "unknown"


@pytest.mark.alone
def test_a_repeated_id_is_answered_not_run_twice(here: Daw) -> None:
    first = here.ask("dummy", "twice", "", "do", "nap", "seconds", "0.2", "count", "1")
    began = time.monotonic()
    second = here.ask("dummy", "twice", "", "do", "nap", "seconds", "0.2", "count", "1")
    assert time.monotonic() - began < 0.15
    said_twice = {"suggestion", "measured", "done"}
    assert [one for one in first if one[0] in said_twice] == second


def test_a_job_whose_worker_died_begins_anew_under_its_id(here: Daw) -> None:
    (*_, last) = here.ask("dummy", "boom", "", "do", "crash")
    assert last[1][1] == "crash"
    (*_, last) = here.ask("dummy", "boom", "", "count", "1")
    assert last[0] == "done"


def test_the_same_id_of_two_clients_is_two_jobs(shared: tuple[Daemon, Path], here: Daw) -> None:
    with daw(shared[0].port) as other:
        mine = here.ask("dummy", "same", "", "size", "1", "count", "1")
        theirs = other.ask("dummy", "same", "", "size", "2", "count", "1")
    assert [said[4] for word, said in mine if word == "measured"] == [1.0]
    assert [said[4] for word, said in theirs if word == "measured"] == [2.0]


@pytest.mark.alone
def test_cancel_is_answered_within_100_ms(here: Daw) -> None:
    here.say("dummy", "c", "", "do", "native", "seconds", "60")
    here.hear(lambda word, said: word == "progress" and said[1] == pytest.approx(0.1))
    began = time.monotonic()
    here.say("cancel", "c")
    heard = here.hear(lambda word, said: word == "cancelled")
    assert time.monotonic() - began < 0.1
    assert words(heard) == ["cancelled"]
    assert here.one("cancel", "c")[1][1] == "unknown"


def test_verdicts_are_kept(here: Daw) -> None:
    here.ask("dummy", "v", "", "do", "moves", "count", "1")
    assert here.one("undo", "v", 1)[0] == "error"
    assert here.one("accept", "v", 1)[1][:3] == ["v", 1, 3]
    assert here.one("accept", "v", 1, 1, 2)[1][:3] == ["v", 1, 2]
    assert here.one("accept", "v", 1, 4)[1][1] == "unknown"
    assert here.one("taken", "v", 1) == ("accepted", ["v", 1, 3])
    assert here.one("taken", "v", 1, 2) == ("accepted", ["v", 1, 1])
    assert here.one("taken", "v", 1, 4)[1][1] == "unknown"
    word, said = here.one("undo", "v", 1)
    assert (word, said[:2]) == ("undone", ["v", 1])
    assert str(said[2]).startswith("bandmate changed nothing itself")
    assert here.one("undo", "v", 1)[0] == "error"
    assert here.one("reject", "v", 1) == ("rejected", ["v", 1])
    assert here.one("accept", "v", 2)[1][1] == "unknown"


def test_accept_of_a_suggestion_without_moves_says_so(here: Daw) -> None:
    here.ask("dummy", "plain", "", "count", "1")
    word, said = here.one("accept", "plain", 1)
    assert (word, said[:3]) == ("accepted", ["plain", 1, 0])
    assert "no moves" in str(said[3])


def test_without_midi_sound_is_refused_by_name(here: Daw) -> None:
    here.ask("dummy", "p", "", "do", "notes", "size", "3", "count", "1")
    for words_ in (("play", "p", 1), ("capture", "p", "start")):
        _, said = here.one(*words_)
        assert said[1] == "midi"
    assert here.one("stop", "p") == ("stopped", ["p"])
    assert here.one("capture", "p", "stop")[1][1] == "words"


def test_a_suggestion_without_notes_cannot_be_played(here: Daw) -> None:
    here.ask("dummy", "mute", "", "count", "1")
    _, said = here.one("play", "mute", 1)
    assert "no notes" in str(said[2])


@pytest.mark.parametrize(
    ("call", "code", "hint"),
    [
        (("maser", "x", ""), "words", "Did you mean 'master'"),
        (("dummy", "x", "", "sise", "1"), "unknown", "Did you mean 'size'"),
        (("dummy", "x", "", "size", "-1"), "setting", "0 to 100000"),
        (("dummy", "x", "", "size"), "words", "no value"),
        (("dummy", "x", "", "count", "99"), "setting", "1 to 32"),
        (("dummy", "x", "", "report", "perhaps"), "setting", "yes or no"),
        (("chords", "x", "", "report", "yes"), "setting", "leave report out. These do: "),
        (("dummy", "x", "", "preset", "spotify"), "unknown", "spotify"),
        (("master", "x", "", "preset", "spotfy"), "unknown", "Did you mean 'spotify'"),
        (("master", "x", ""), "file", "audio"),
        (("dummy", "x", "song.wav"), "file", "whole path"),
        (("dummy", "x", "/etc/passwd"), "root", "bandmate allow"),
        (("dummy", "x", "", "out", "/etc"), "root", "bandmate allow"),
        (("dummy", "x", "", "guide", "/etc/passwd"), "root", "bandmate allow"),
        (("cancel",), "words", "/bandmate/cancel id"),
        (("again", "x", "two"), "words", "whole number"),
        (("capture", "x", "pause"), "words", "start"),
        (("presets", "x", "maser"), "unknown", "Did you mean 'master'"),
        (("dummy", "x", "", "do", "refuse"), "material", "cannot be worked on"),
        (("dummy", "x", "", "do", "bug"), "bug", "nobody thought of this"),
        (("dummy", "x", "", "do", "crash"), "crash", "replaced"),
    ],
)
def test_mistakes_are_answered(here: Daw, call: tuple[str, ...], code: str, hint: str) -> None:
    here.say(*call)
    (_, said) = here.hear(lambda word, _: word == "error")[-1]
    assert said[1] == code
    assert hint in str(said[2])


def test_every_address_is_answered(here: Daw) -> None:
    here.ask("dummy", "all", "", "do", "moves", "count", "1")
    calls: dict[str, tuple[str | int, ...]] = {
        **dict.fromkeys(IN, ("all",)),
        **dict.fromkeys(("again", "accept", "taken", "reject", "undo", "play"), ("all", 1)),
        "daw": ("all", "no such daw"),
        "capture": ("all", "stop"),
        "presets": ("all", "master"),
    }
    for word in IN:
        answer, said = here.one(word, *calls[word])
        assert answer in OUT
        assert said[0] == "all"
        time.sleep(0.01)
        here._socket.setblocking(False)
        try:
            while True:
                here._socket.recv(65_536)
        except BlockingIOError:
            pass


def test_files_are_written_beside_the_input_and_never_over_it(here: Daw, root: Path) -> None:
    path = root / "take.wav"
    samples = np.random.default_rng(1).integers(-(2**15), 2**15, (4410, 2), dtype=np.int16)
    soundfile.write(path, samples, 44_100, subtype="PCM_16")
    kept = path.read_bytes()
    heard = here.ask("dummy", "file", str(path), "count", "2")
    made = [Path(str(said[4])) for word, said in heard if word == "suggestion"]
    assert made == [root / "take.dummy-1.wav", root / "take.dummy-2.wav"]
    assert path.read_bytes() == kept
    assert np.array_equal(soundfile.read(made[0], dtype="int16")[0], samples)
    here.ask("dummy", "file2", str(path), "count", "1")
    assert (root / "take.dummy-3.wav").exists()


def test_a_report_is_written_where_one_is_asked_for(here: Daw, root: Path) -> None:
    path = root / "sung.wav"
    soundfile.write(path, np.zeros((4410, 1)), 44_100)
    asked = ("dummy", "draw", str(path), "report", "yes", "count", "2")
    drawn = [said for word, said in here.ask(*asked) if word == "file"]
    pages = [root / f"sung.dummy-{n}.report.html" for n in (1, 2)]
    assert [said[2:] for said in drawn] == [["report", str(page)] for page in pages]
    assert pages[1].read_text() == "<!doctype html><p>answer 2</p>"
    assert "file" not in words(here.ask("dummy", "plain2", str(path), "report", "no"))


def test_a_tuning_is_a_file_like_any_other(here: Daw, root: Path) -> None:
    (root / "third.scl").write_text("a third\n1\n5/4\n")
    heard = here.ask("dummy", "tuned", "", "scl", str(root / "third.scl"), "count", "1")
    assert [said[2] for word, said in heard if word == "suggestion"] == ["answer 1 in a third"]
    assert here.ask("dummy", "away", "", "scl", "/etc/passwd")[-1][1][1] == "root"
    (root / "bad.scl").write_text("bad\n1\n0/1\n")
    (_, said) = here.ask("dummy", "bad", "", "scl", str(root / "bad.scl"))[-1]
    assert said[1] == "file"
    assert "a ratio is above 0" in str(said[2])


def test_a_link_out_of_the_roots_is_refused(here: Daw, root: Path) -> None:
    link = root / "out.wav"
    link.symlink_to("/etc/passwd")
    assert here.ask("dummy", "link", str(link))[-1][1][1] == "root"


def test_a_bundle_is_answered_at_once_whatever_its_timetag(here: Daw) -> None:
    element = pack("/bandmate/status", "late")
    tomorrow = struct.pack(">II", 0xFFFFFFF0, 0)
    here.say_raw(b"#bundle\0" + tomorrow + struct.pack(">i", len(element)) + element)
    assert here.hear(lambda *_: True, seconds=1.0)[0][0] == "status"


def test_tcp_answers_as_udp_does(shared: tuple[Daemon, Path]) -> None:
    with socket.create_connection(("127.0.0.1", shared[0].port), 5) as line:
        packet = pack("/bandmate/dummy", "t", "", "do", "notes", "size", "2000", "count", "1")
        line.sendall(struct.pack(">i", len(packet)) + packet)
        heard: list[tuple[str, list[Said]]] = []
        data = b""
        while not heard or heard[-1][0] != "/bandmate/done":
            data += line.recv(65_536)
            while len(data) >= 4 and len(data) >= 4 + (size := struct.unpack(">i", data[:4])[0]):
                heard += unpack(data[4 : 4 + size])
                data = data[4 + size :]
    assert sum(word == "/bandmate/note" for word, _ in heard) == 2000


def test_after_a_storm_of_bad_packets_it_still_answers(here: Daw) -> None:
    dice = random.Random(3)
    good = [
        pack("/bandmate/status", "s"),
        pack("/bandmate/dummy", "x", "", "size", "1"),
        pack("/bandmate/accept", "x", 1, 2, 3),
    ]
    for n in range(100_000):
        packet = bytearray(dice.choice(good))
        for _ in range(dice.randrange(1, 6)):
            packet[dice.randrange(len(packet))] = dice.randrange(256)
        if n % 3 == 0:
            packet = packet[: dice.randrange(len(packet) + 1)]
        if n % 5 == 0:
            packet = bytearray(dice.randbytes(dice.randrange(200)))
        here.say_raw(bytes(packet))
        if n % 50 == 0:
            here.say("status", "sentinel")
            here.hear(lambda word, said: word == "status" and said[0] == "sentinel")
    assert here.one("status", "after")[0] in OUT


def test_a_second_instance_says_so_and_exits_2(shared: tuple[Daemon, Path]) -> None:
    second = subprocess.run(
        [sys.executable, "-m", "bridge", "serve", "--osc-port", str(shared[0].port), "--no-midi"],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert second.returncode == 2
    assert second.stdout == ""
    assert "taken" in second.stderr
    assert second.stderr.count("\n") == 1


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_stops_cleanly(number: signal.Signals) -> None:
    with daemon() as running, daw(running.port) as here:
        here.say("dummy", "x", "", "do", "native", "seconds", "60")
        here.hear(lambda word, _: word == "progress")
        running.process.send_signal(number)
        assert running.process.wait(10) == 0


def test_what_was_said_survives_kill_9(tmp_path: Path) -> None:
    with daemon(root=tmp_path) as first, daw(first.port) as here:
        port = first.port
        here.say("hello", "h", 0, "studio")
        here.hear(lambda word, _: word == "welcome")
        here.say("dummy", "k", "", "do", "half", "seconds", "60", "count", "2")
        here.hear(lambda word, _: word == "measured")
        here.say("accept", "k", 1)
        here.hear(lambda word, _: word == "accepted")
        first.kill()
    with daemon(port=port, root=tmp_path) as second, daw(second.port) as here:
        here.say("again", "k", 1)
        heard = here.hear(lambda word, _: word == "measured")
        assert heard[0][1][2] == "answer 1"
        here.say("undo", "k", 1)
        assert here.hear(lambda word, _: word in {"undone", "error"})[-1][0] == "undone"
        here.say("hello", "h", 0, "studio")
        here.hear(lambda word, _: word == "welcome")
        heard = here.ask("dummy", "k", "", "do", "answer", "count", "2")
        assert heard[-1] == ("done", ["k", 2, heard[-1][1][2]])


def test_a_killed_daemon_leaves_no_worker(tmp_path: Path) -> None:
    with daemon() as running, daw(running.port) as here:
        here.say("dummy", "x", "", "do", "nap", "seconds", "60")
        here.hear(lambda word, _: word == "progress")
        deadline = time.monotonic() + 20
        while len(children := _children(running.process.pid)) < 3:
            assert time.monotonic() < deadline
            time.sleep(0.02)
        running.kill()
        deadline = time.monotonic() + 5
        while any(Path(f"/proc/{pid}").exists() for pid in children):
            assert time.monotonic() < deadline
            time.sleep(0.02)


def _children(pid: int) -> list[str]:
    told = subprocess.run(
        ["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True, check=False
    )
    return told.stdout.split()


def test_a_full_queue_says_busy() -> None:
    with daemon("--slots", "1", "--queue", "1") as running, daw(running.port) as here:
        here.say("dummy", "a", "", "do", "nap", "seconds", "60")
        here.hear(lambda word, _: word == "progress")
        here.say("dummy", "b", "")
        here.hear(lambda word, said: word == "queued" and said[0] == "b")
        assert here.ask("dummy", "c", "")[-1][1][1] == "busy"
        here.say("cancel", "a")
        here.hear(lambda word, said: word == "done" and said[0] == "b")
        assert here.ask("dummy", "c", "")[-1][0] == "done"


def test_an_allowed_folder_is_allowed_at_once(shared: tuple[Daemon, Path], tmp_path: Path) -> None:
    soundfile.write(tmp_path / "a.wav", np.zeros((100, 1)), 44_100)
    with daemon(root=tmp_path / "elsewhere") as running, daw(running.port) as here:
        assert here.ask("dummy", "1", str(tmp_path / "a.wav"))[-1][1][1] == "root"
        subprocess.run(
            [sys.executable, "-m", "bridge", "allow", str(tmp_path)], check=True, timeout=30
        )
        assert here.ask("dummy", "2", str(tmp_path / "a.wav"))[-1][0] == "done"
