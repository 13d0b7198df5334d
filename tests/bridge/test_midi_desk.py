from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import mido
import pytest

from assistant.errors import FileError
from assistant.material import Note, Score, Track
from bridge.midi.player import Player
from bridge.midi.score import bytes_from_score
from bridge.midi.smf import MAX_BYTES
from bridge.midi_desk import MidiDesk
from bridge.ports.midi_system import MidiSystem

PORTS = MidiSystem("JACK", out_name="bandmate out")


class Desk(MidiDesk):
    """A desk whose port is a list; it looks for it until it is let go on."""

    def __init__(self) -> None:
        super().__init__()
        self.sent: list[mido.Message] = []
        self._player = Player(self.sent.append)
        self.looking, self.go_on = threading.Event(), threading.Event()
        self.go_on.set()

    def _find(self) -> MidiSystem:
        self.looking.set()
        assert self.go_on.wait(20.0)
        return PORTS


@pytest.fixture
def desk() -> Iterator[Desk]:
    made = Desk()
    yield made
    made.close()


@pytest.fixture
def piece(tmp_path: Path) -> str:
    path = tmp_path / "piece.mid"
    path.write_bytes(bytes_from_score(Score((Track("lead", (Note(60, 0, 500),)),))))
    return str(path)


@pytest.mark.parametrize("silence", ["stop", "close"])
def test_a_stop_holds_for_what_is_about_to_play(desk: Desk, piece: str, silence: str) -> None:
    desk.go_on.clear()
    asked = threading.Thread(target=desk.play, args=(piece,))
    asked.start()
    assert desk.looking.wait(20.0)
    getattr(desk, silence)()
    desk.go_on.set()
    asked.join(20.0)
    assert not desk._player.playing
    assert desk.sent == []


def test_what_is_asked_after_a_stop_plays(desk: Desk, piece: str) -> None:
    desk.stop()
    desk.play(piece)
    assert desk._player.playing
    desk.stop()
    assert not desk._player.playing


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such files")
def test_what_never_ends_is_not_read(desk: Desk, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.mid"
    os.mkfifo(pipe)
    with pytest.raises(FileError, match="is a named pipe"):
        desk.play(str(pipe))
    huge = tmp_path / "huge.mid"
    with huge.open("wb") as file:
        file.truncate(MAX_BYTES * 1000)
    with pytest.raises(FileError, match="at most 16 MB are read"):
        desk.play(str(huge))
    with pytest.raises(FileError, match=r"There is no .*gone\.mid'"):
        desk.play(str(tmp_path / "gone.mid"))
