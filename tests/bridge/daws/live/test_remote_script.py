"""The Remote Script as Live loads it: its Python, its timer, its words, its socket."""

from __future__ import annotations

import ast
import importlib
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import bridge.daws.live
from bridge.daws.live.remote_script.Bandmate import osc, wish
from bridge.daws.live.remote_script.Bandmate.daemon import Line
from bridge.daws.live.remote_script.Bandmate.note_file import Note, save, smf
from bridge.midi.reading import score_from_bytes
from bridge.osc.calls import decode
from bridge.osc.replies import Message, datagrams
from tests.bridge.daws.live.standin import Instance, Song, Timer, inside_live

SCRIPT = Path(bridge.daws.live.__file__).parent / "remote_script" / "Bandmate"
FILES = sorted(SCRIPT.glob("*.py"))
STANDARD = {
    "__future__", "collections", "math", "os", "re", "socket", "struct", "time", "traceback",
    "typing",
}  # fmt: skip
TOO_NEW = {
    "removeprefix", "removesuffix", "cached_property", "Protocol", "Literal", "TypedDict", "Final",
    "pairwise", "prod", "isqrt", "hypot", "dist", "comb", "batched", "to_thread", "randbytes",
    "bit_count",
}  # fmt: skip


# Python 3.7


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_it_is_python_of_live_11(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"), feature_version=(3, 7))
    nodes = list(ast.walk(tree))
    names = {node.attr for node in nodes if isinstance(node, ast.Attribute)}
    names |= {
        alias.name for node in nodes if isinstance(node, ast.ImportFrom) for alias in node.names
    }
    assert not names & TOO_NEW
    # What 3.7 cannot evaluate, such as list[int], may stand in annotations alone.
    lazy = any(isinstance(n, ast.ImportFrom) and n.module == "__future__" for n in tree.body)
    assert lazy or not any(isinstance(node, ast.AnnAssign | ast.FunctionDef) for node in nodes)
    assert not any(keyword.arg == "strict" for keyword in _keywords(nodes, "zip"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_it_needs_nothing_but_the_standard_library_and_live(path: Path) -> None:
    found = {
        (node.module or "").split(".")[0]
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and node.level == 0
    } | {
        alias.name
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Import)
        for alias in node.names
    }
    own = {"Live", "ableton"} if path.name == "surface.py" else set()
    assert found <= STANDARD | own


def _keywords(nodes: list[ast.AST], name: str) -> Iterator[ast.keyword]:
    for node in nodes:
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name:
            yield from node.keywords


# Names


@pytest.mark.parametrize(
    ("name", "stage", "settings"),
    [
        ("? chords hopeful", "chords", {"prompt": "hopeful"}),
        ("?pitch", "pitch", {}),
        (" ? melody 8 bars ", "melody", {"bars": "8"}),
        ("? melody 8-bar rainy low=C3", "melody", {"bars": "8", "prompt": "rainy", "low": "C3"}),
        ("? Master Spotify", "master", {"preset": "spotify"}),
        ("? master Apple Music, Spotify", "master", {"preset": "apple-music,spotify"}),
        ("? pitch strength=80 key=Am", "pitch", {"strength": "80", "key": "Am"}),
    ],
)
def test_names_that_ask(name: str, stage: str, settings: dict[str, str]) -> None:
    assert wish.read(name) == (stage, settings)


@pytest.mark.parametrize(
    "name", ["", "?", "??", "? 4", "verse", "what? chords", "\u2026 40 % chords"]
)
def test_names_that_ask_nothing(name: str) -> None:
    assert wish.read(name) is None


@given(st.text(max_size=400))
def test_no_name_breaks_it(name: str) -> None:
    read = wish.read("? " + name)
    assert read is None or read.stage.isascii()


# OSC


def test_the_daemon_understands_what_it_says() -> None:
    packet = osc.encode(
        "/bandmate/pitch", "live-1", "/home/me/Gitte \u00e6.wav", "cut", "1-2", "report", True
    )
    (call,) = list(decode(packet, ("pitch",), 8192))
    assert (call.stage, call.id, call.path) == ("pitch", "live-1", "/home/me/Gitte \u00e6.wav")  # type: ignore[union-attr]
    assert dict(call.settings) == {"cut": "1-2", "report": True}  # type: ignore[union-attr]


def test_it_understands_the_daemon() -> None:
    messages = [
        Message("progress", ("a", 0.25, "listening")),
        Message("notes", ("a", 1, 60)),
        *(Message("note", ("a", 1, "keys", 60.5, n * 1.0, 1.0, 80)) for n in range(60)),
    ]
    heard = [message for packet in datagrams(messages) for message in osc.decode(packet)]
    assert heard[0] == ("/bandmate/progress", ["a", 0.25, "listening"])
    assert heard[-1] == ("/bandmate/note", ["a", 1, "keys", 60.5, 59.0, 1.0, 80])
    assert len(heard) == 62


@given(
    st.binary(max_size=200)
    | st.binary(max_size=60).map(lambda tail: b"#bundle\0" + bytes(8) + tail)
)
def test_whatever_comes_is_osc_or_refused(packet: bytes) -> None:
    try:
        messages = osc.decode(packet)
    except ValueError:  # UnicodeDecodeError is one
        return
    assert all(address.startswith("/") for address, _ in messages)


@given(st.lists(st.text(max_size=9) | st.integers(-(2**31), 2**31 - 1) | st.booleans(), max_size=9))
def test_what_it_says_it_understands(values: list[Any]) -> None:
    spoken = [v.replace("\0", " ") if isinstance(v, str) else v for v in values]
    encodable = [v.encode("utf-8", "replace").decode() if isinstance(v, str) else v for v in spoken]
    assert osc.decode(osc.encode("/x", *values)) == [("/x", encodable)]


# Notes as files


DRAWN = st.tuples(st.integers(0, 127), st.integers(0, 64), st.integers(1, 8), st.integers(1, 127))


@given(st.lists(DRAWN, max_size=20, unique_by=lambda note: (note[0], note[1] // 8)))
def test_a_file_of_notes_is_read_as_it_was_meant(drawn: list[tuple[int, int, int, int]]) -> None:
    notes = [Note(p, s * 1.0, min(n, 8 - s % 8) * 1.0, v) for p, s, n, v in drawn]
    score = score_from_bytes(smf(notes, 96.0, (7, 8)))
    read = {(n.pitch, n.start, n.length, n.velocity) for t in score.tracks for n in t.notes}
    assert read == {tuple(note) for note in notes}
    assert score.meters[0].signature == "7/8"


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    paths = [save(str(tmp_path / "new"), "Keys: A/B?", data) for data in (b"1", b"2")]
    assert [Path(path).name for path in paths] == ["Keys_ A_B_-1.mid", "Keys_ A_B_-2.mid"]
    assert Path(paths[0]).read_bytes() == b"1"


# The socket, and Live's timer


class Daemon:
    """A real socket that stands for the daemon."""

    def __init__(self) -> None:
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.socket.settimeout(10.0)
        self.port: int = self.socket.getsockname()[1]

    def hear(self) -> tuple[str, list[Any], Any]:
        packet, peer = self.socket.recvfrom(8192)
        ((address, values),) = osc.decode(packet)
        return address, values, peer

    def say(self, peer: Any, *messages: Message) -> None:
        for packet in datagrams(messages):
            self.socket.sendto(packet, peer)


@pytest.fixture
def daemon() -> Iterator[Daemon]:
    made = Daemon()
    yield made
    made.socket.close()


@pytest.fixture
def surface(daemon: Daemon, tmp_path: Path, monkeypatch: Any) -> Iterator[tuple[Any, Instance]]:
    """The control surface as Live makes it."""
    package = "bridge.daws.live.remote_script.Bandmate"
    with inside_live():
        module = importlib.import_module(f"{package}.surface")
        monkeypatch.setattr(module, "FOLDER", str(tmp_path))
        monkeypatch.setattr(module.start, "PORT", daemon.port)
        instance = Instance(Song())
        made = importlib.import_module(package).create_instance(instance)
        yield made, instance
        made.disconnect()


def turn_until(true: Any) -> None:
    """Turn Live's timer until something holds."""
    end = time.monotonic() + 20.0
    while not true():
        assert time.monotonic() < end
        Timer.made[-1].turn()
        time.sleep(0.001)


def test_from_a_name_to_chords_over_a_real_socket(
    daemon: Daemon, surface: tuple[Any, Instance]
) -> None:
    _, instance = surface
    song = instance.song()
    Timer.made[-1].turn()
    song.keys.clip.name = "? chords hopeful"
    Timer.made[-1].turn()
    assert daemon.hear()[0] == "/bandmate/hello"
    address, (ident, path, *_), peer = daemon.hear()
    assert (address, Path(path).suffix) == ("/bandmate/chords", ".mid")
    daemon.socket.sendto(b"\xffgarbage", peer)
    daemon.say(peer, Message("queued", (ident, 0)), Message("progress", (ident, 0.5, "listening")))
    turn_until(lambda: song.keys.clip.name == "\u2026 40 % chords")
    daemon.say(
        peer,
        Message("suggestion", (ident, 1, "I-V", "Open.", "/home/me/keys.mid", 0.9)),
        Message("notes", (ident, 1, 400)),
        *(Message("note", (ident, 1, "keys", 60.0, n * 1.0, 1.0, 80)) for n in range(400)),
        Message("done", (ident, 1, 0.1)),
    )
    slot = song.tracks[0].clip_slots[1]
    turn_until(lambda: slot.has_clip and song.keys.clip.name == "verse")
    assert (slot.clip.name, len(slot.clip.notes)) == ("I-V", 400)
    assert instance.logged == []


def test_only_the_daemon_is_listened_to(daemon: Daemon) -> None:
    line = Line(daemon.port)
    line.say("status", "a")
    _, _, peer = daemon.hear()
    stranger = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    stranger.sendto(osc.encode("/bandmate/error", "a", "bug", "stranger"), peer)
    daemon.say(peer, Message("error", ("a", "bug", "daemon")))
    heard: list[Any] = []
    while not heard:
        heard = line.poll()
    assert heard == [("error", ["a", "bug", "daemon"])]
    stranger.close()
    line.close()


def test_where_nobody_listens_the_line_says_so() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as held:
        held.bind(("127.0.0.1", 0))
        port = held.getsockname()[1]
    line = Line(port)
    end = time.monotonic() + 10.0
    while not line.refused and time.monotonic() < end:
        line.say("status", "a")
        assert line.poll() == []
    assert line.refused
    line.close()


def test_an_exception_never_stops_the_timer(
    surface: tuple[Any, Instance], monkeypatch: Any
) -> None:
    _, instance = surface
    song = instance.song()
    monkeypatch.delattr(song, "view")
    for _ in range(3):
        Timer.made[-1].turn()
    assert Timer.made[-1].runs
    assert len(instance.logged) == 1
    assert "AttributeError" in instance.logged[0]
    assert "our mistake" in instance.shown[-1]


def test_without_a_timer_the_display_keeps_it_going(
    surface: tuple[Any, Instance], monkeypatch: Any
) -> None:
    made, instance = surface
    Timer.made[-1].stop()
    made._bandmate_at -= 10.0
    instance.song().keys.clip.name = "? pitch"
    made.update_display()
    assert "pitch takes sound" in instance.shown[-1]


def test_it_stops_when_live_says_so(surface: tuple[Any, Instance]) -> None:
    made, _ = surface
    made.disconnect()
    assert not Timer.made[-1].runs
    assert made.disconnected
