"""DAWprojects through the doors that the command line uses."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.errors import FileError
from assistant.material import Audio, Score, Session
from assistant.steps import result
from bridge import order, work
from bridge.files import Source, read, reading
from bridge.scratch import Scratch
from bridge.sound.cut import Cut
from bridge.work import Event
from tests.bridge.dawproject.packing import audio, notes, packed, project, sound, wav
from tests.bridge.dawproject.test_mixing import NOISE

CHORDS = "".join(
    f'<Note time="{4 * bar}" duration="4" channel="0" key="{key}"/>'
    for bar, keys in enumerate([(57, 60, 64), (53, 57, 60), (48, 52, 55), (55, 59, 62)])
    for key in keys
)
SONG = notes(f'<Clip time="0" duration="16"><Notes>{CHORDS}</Notes></Clip>') + sound(
    f'<Clip time="4" duration="2" contentTimeUnit="seconds">{audio()}</Clip>'
)


@pytest.fixture
def song(tmp_path: Path) -> Path:
    return packed(tmp_path / "song.dawproject", project(SONG), {"take.wav": wav(NOISE)})


def taken(path: Path, *takes: type) -> Source:
    with Scratch() as scratch:
        return read(path, takes, scratch)


def suggestions(events: list[Event]) -> list[Event]:
    return [event["suggestion"] for event in events if "suggestion" in event]


def test_who_takes_notes_gets_the_score(song: Path) -> None:
    score = taken(song, type(None), Score, Audio).material
    assert isinstance(score, Score)
    assert [track.name for track in score.tracks] == ["Keys"]
    assert len(score.tracks[0].notes) == 12


def test_who_mixes_gets_the_stems_and_the_song_that_they_are_of(song: Path) -> None:
    source = taken(song, Session)
    assert isinstance(source.material, Session)
    assert [(stem.name, stem.start) for stem in source.material.stems] == [("Vocal", 96_000)]
    assert source.song is not None
    assert source.song.tempos[0].bpm == 120.0
    assert source.form.subtype == "FLOAT"


@pytest.mark.parametrize("takes", [(Audio,), (Audio, Session)])
def test_who_takes_one_sound_is_told_what_it_is(song: Path, takes: tuple[type, ...]) -> None:
    with pytest.raises(FileError, match=r"song\.dawproject' (holds the tracks|is a ZIP archive)"):
        taken(song, *takes)


def test_there_is_no_cut_of_a_song(song: Path) -> None:
    with (
        Scratch() as scratch,
        pytest.raises(FileError, match=r"song \(DAWproject\); only of a sound"),
    ):
        result(reading(song, (Score,), scratch, cut=Cut(1.0, 2.0)))


def test_a_broken_one_is_told_by_its_name(tmp_path: Path) -> None:
    with pytest.raises(FileError, match=r"a\.dawproject' declares a document type"):
        taken(packed(tmp_path / "a.dawproject", "<!DOCTYPE x><Project/>"), Score)
    scene = '<Scenes><Scene><ClipSlot><Clip time="0"><Notes><Note time="0" duration="1" key="1"/>'
    scene += "</Notes></Clip></ClipSlot></Scene></Scenes>"
    xml = project("").replace("<Scenes/>", scene)
    with pytest.raises(FileError, match=r"b\.dawproject' has notes in the clip launcher only"):
        taken(packed(tmp_path / "b.dawproject", xml), Score)


def test_chords_go_round_through_a_daw(song: Path) -> None:
    asked = order.place("chords", str(song), {"count": 1, "dawproject": "yes"})
    (first,) = suggestions(list(work.carry_out(asked)))
    path = Path(first["files"]["dawproject"])
    assert path == song.parent / "song.chords-1.dawproject"
    written = taken(path, Score).material
    assert isinstance(written, Score)
    played = [one for track in written.tracks for one in track.notes]
    assert sorted((one.pitch, one.start, one.length) for one in played) == sorted(
        (one["pitch"], one["start"], one["length"]) for one in first["notes"]
    )
    again = order.place("chords", str(path), {"count": 1})
    assert len(suggestions(list(work.carry_out(again)))) == 1


def test_nobody_gets_one_who_did_not_ask(song: Path) -> None:
    (first,) = suggestions(list(work.carry_out(order.place("chords", str(song), {"count": 1}))))
    assert "dawproject" not in first["files"]
    assert not list(song.parent.glob("*chords*.dawproject"))
