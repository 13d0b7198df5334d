from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bridge.daws.live.remote_script.Bandmate.desk import Desk
from tests.bridge.daws.live.standin import Clip, Slot, Song, live_module


class Line:
    """A line to a daemon that the test speaks for."""

    def __init__(self) -> None:
        self.refused = False
        self.said: list[tuple[Any, ...]] = []
        self.coming: list[tuple[str, list[Any]]] = []
        self.closed = False

    def say(self, word: str, *values: Any) -> None:
        self.said.append((word, *values))

    def poll(self) -> list[tuple[str, list[Any]]]:
        coming, self.coming = self.coming, []
        return coming

    def close(self) -> None:
        self.closed = True


class Room:
    """Live, the script in it, and the clock."""

    def __init__(self, folder: Path) -> None:
        self.song = Song()
        self.line = Line()
        self.shown: list[str] = []
        self.clock = 100.0
        self.desk = Desk(
            lambda: self.song,
            live_module(),
            self.line,  # type: ignore[arg-type]
            self.shown.append,
            lambda: self.clock,
            str(folder),
            "/opt/bandmate serve",
        )
        self.folder = folder

    def look_at(self, slot: Slot) -> None:
        self.song.view.detail_clip, self.song.view.highlighted_clip_slot = slot.clip, slot
        self.turn()

    def turn(self, times: int = 1, seconds: float = 0.05) -> None:
        for _ in range(times):
            self.clock += seconds
            self.desk.tick()

    def name(self, clip: Clip, name: str) -> None:
        """Let the musician type a name."""
        clip.name = name
        self.turn()

    def asked(self) -> tuple[Any, ...]:
        return [said for said in self.line.said if said[0] != "hello"][-1]

    def answers(self, *messages: tuple[Any, ...]) -> None:
        ident = self.asked()[1]
        self.line.coming += [(word, [ident, *rest]) for word, *rest in messages]
        self.turn()

    def done(self, *messages: tuple[Any, ...]) -> None:
        self.answers(*messages, ("done", 1, 0.4))
        self.turn(4)

    def names(self, track: int = 0) -> list[str | None]:
        slots = self.song.tracks[track].clip_slots
        return [slot.clip.name if slot.has_clip else None for slot in slots]


@pytest.fixture
def room(tmp_path: Path) -> Room:
    room = Room(tmp_path / "notes")
    room.turn()
    return room
