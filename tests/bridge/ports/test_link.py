"""`bridge.ports.link`: Ableton Link, by a stand-in for aalink."""

from __future__ import annotations

import importlib.machinery
import importlib.util
import sys
import threading
import time
from pathlib import Path
from types import ModuleType
from typing import Any

import mido
import pytest

from assistant.errors import MaterialError, MusicianError
from assistant.material import Note, Score, Tempo, Track
from bridge import cli
from bridge.midi.player import Player
from bridge.midi.score import bytes_from_score
from bridge.midi.transport import SILENCE_S
from bridge.midi_desk import MidiDesk
from bridge.ports import link
from bridge.ports.link import LinkPort, check
from bridge.ports.midi_system import MidiSystem
from tests.bridge.jack import wait_for


class StandIn:
    """A session with one other program in it, at 150 beats a minute."""

    sessions: list[StandIn] = []  # noqa: RUF012 - looked into by tests
    fails = False
    others = 1

    def __init__(self, bpm: float) -> None:
        self.enabled = False
        self.quantum = 1.0
        self.start_stop_sync_enabled = False
        self.tempo, self.num_peers, self.playing = 150.0, self.others, False
        self.sessions.append(self)

    @property
    def beat(self) -> float:
        if self.fails:
            raise RuntimeError("the network is gone")
        return time.perf_counter() * 150.0 / 60.0


@pytest.fixture
def aalink(monkeypatch: pytest.MonkeyPatch) -> type[StandIn]:
    module: Any = ModuleType(link.MODULE)
    module.__spec__ = importlib.machinery.ModuleSpec(link.MODULE, None)
    module.Link = StandIn
    monkeypatch.setitem(sys.modules, link.MODULE, module)
    StandIn.sessions.clear()
    return StandIn


@pytest.fixture
def no_aalink(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, link.MODULE, None)
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)


def test_without_aalink_it_says_how_to_get_it_and_why_it_is_not_there(
    no_aalink: None, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(MusicianError, match=r"GPL.*pipx inject bandmate"):
        check()
    assert cli.main(["serve", "--link"]) == 2
    assert "aalink" in capsys.readouterr().err


def test_a_player_follows_link(aalink: type[StandIn]) -> None:
    sent: list[tuple[float, mido.Message]] = []
    player = Player(lambda message: sent.append((time.perf_counter(), message)))
    port = LinkPort(player.hear, lambda now: True)
    check()
    assert port.join() is True
    (session,) = aalink.sessions
    assert session.enabled
    assert session.start_stop_sync_enabled
    ended = threading.Event()
    notes = tuple(Note(60 + n, n / 2, 0.25) for n in range(4))
    score = Score((Track("lead", notes),), (Tempo(0, 60),))
    assert player.play(score, lambda _: ended.set()) is True
    wait_for(ended.is_set, 10.0)
    port.leave()
    assert not session.enabled
    places = [when * 2.5 % 4.0 for when, message in sent if message.type == "note_on"]
    assert len(places) == 4
    for n, place in enumerate(places):
        assert (place - n / 2 + 2.0) % 4.0 == pytest.approx(2.0, abs=0.25)
    assert not [message for _, message in sent if message.type == "clock"]


def test_a_library_that_fails_ends_nothing_else(
    aalink: type[StandIn], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(aalink, "fails", True)
    port = LinkPort(lambda message, when: None, lambda now: True)
    assert port.join(0.2) is False
    assert "not listened to any more" in caplog.text
    port.leave()


def test_who_is_alone_leaves_at_once(
    aalink: type[StandIn], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(aalink, "others", 0)
    heard: list[mido.Message] = []
    port = LinkPort(lambda message, when: heard.append(message), lambda now: True)
    assert port.join(0.1) is False
    assert heard == []
    assert [session.enabled for session in aalink.sessions] == [False]


def test_the_session_is_joined_for_a_piece_only(
    aalink: type[StandIn], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = tmp_path / "piece.mid"
    path.write_bytes(bytes_from_score(Score((Track("lead", (Note(60, 0, 500),)),))))
    desk = MidiDesk(with_link=True)
    monkeypatch.setattr(desk, "_find", lambda: MidiSystem("JACK", out_name="bandmate out"))
    monkeypatch.setattr(desk, "_player", Player(lambda message: None))
    desk.play(str(path))
    desk.play(str(path))  # in place of the first, which leaves the session to this one
    assert [session.enabled for session in aalink.sessions] == [True]
    assert desk._player.transport.located
    with pytest.raises(MaterialError, match="no bar 900"):
        desk.play(str(path), bar=900)
    desk.stop()
    assert [session.enabled for session in aalink.sessions] == [False]
    desk.close()


def test_midi_clock_comes_before_link() -> None:
    desk = MidiDesk(wanted=False, with_link=True)
    assert desk._heeds_link(0.0)
    desk._hear(mido.Message("clock"), 10.0)
    assert not desk._heeds_link(10.0 + SILENCE_S / 2)
    assert desk._heeds_link(10.0 + SILENCE_S * 1.1)


def test_a_daw_that_stopped_with_its_clock_is_not_overruled_by_link(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    desk = MidiDesk(wanted=False, with_link=True)
    monkeypatch.setattr(Player, "playing", True)
    desk._hear(mido.Message("clock"), 10.0)
    assert not desk._heeds_link(1000.0)
    monkeypatch.setattr(Player, "playing", False)
    assert desk._heeds_link(1000.0)
    desk._hear_link(mido.Message("clock"), 1001.0)
    monkeypatch.setattr(Player, "playing", True)
    assert desk._heeds_link(1002.0)
