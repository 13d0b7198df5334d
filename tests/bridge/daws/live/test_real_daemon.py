"""The Remote Script in a stand-in for Live, with a real daemon behind it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from bridge.daws.live.remote_script.Bandmate.daemon import Line
from bridge.daws.live.remote_script.Bandmate.desk import Desk
from tests.bridge.daw import Daemon, daemon
from tests.bridge.daws.live.standin import Song, live_module

TUNE = (64, 62, 60, 62, 64, 64, 67, 62, 60, 65, 64, 62)
"""A note a beat, four bars of 3/4."""


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Daemon]:
    root = tmp_path_factory.mktemp("live")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BANDMATE_HOME", str(root / "state"))
        with daemon(root=root.parent) as made:
            yield made


def landed(running: Daemon, folder: Path, name: str) -> Any:
    """Name the clip of the tune, and return the clip that lands below it."""
    song, shown = Song(), list[str]()
    clip, slots = song.keys.clip, song.tracks[0].clip_slots
    clip.notes = [
        SimpleNamespace(pitch=key, start_time=float(beat), duration=1.0, velocity=90.0, mute=False)
        for beat, key in enumerate(TUNE)
    ]
    clip.end_marker = float(len(TUNE))
    desk = Desk(
        lambda: song, live_module(), Line(running.port), shown.append, time.monotonic,
        str(folder), "bandmate serve",
    )  # fmt: skip
    desk.tick()
    clip.name = name
    until = time.monotonic() + 100.0
    while not (slots[1].has_clip and clip.name == "verse") and time.monotonic() < until:
        desk.tick()
        time.sleep(0.02)
    desk.close()
    assert slots[1].has_clip, shown
    return slots[1].clip


def test_a_tune_that_goes_on_lands_alone(running: Daemon, tmp_path: Path) -> None:
    clip = landed(running, tmp_path, "? melody count=1")
    assert min(note.start_time for note in clip.notes) < 3.0
    assert [note.pitch for note in clip.notes[: len(TUNE)]] != list(TUNE)
    assert clip.end_marker == 24.0  # eight bars of its own


def test_chords_for_a_tune_land_without_it(running: Daemon, tmp_path: Path) -> None:
    clip = landed(running, tmp_path, "? chords count=1")
    own = {(key, float(beat), 1.0) for beat, key in enumerate(TUNE)}
    assert not {(note.pitch, note.start_time, note.duration) for note in clip.notes} >= own
    assert min(note.start_time for note in clip.notes) == 0.0
    assert clip.end_marker == 12.0
