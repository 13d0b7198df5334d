"""Chords and melodies asked for by the clip of a song: what goes along, and what lands."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bridge.midi.reading import score_from_bytes
from tests.bridge.daws.live.conftest import Room


def landed(room: Room, track: int = 0, slot: int = 1) -> list[tuple[int, float]]:
    notes = room.song.tracks[track].clip_slots[slot].clip.notes
    return [(note.pitch, note.start_time) for note in notes]


def said(*notes: tuple[str, int, float], chords: tuple[float, float]) -> list[tuple[Any, ...]]:
    """Say one suggestion: its notes last a beat each, its chord from one beat to another."""
    begin, end = chords
    return [
        ("suggestion", 1, "One", "Because.", "", 0.9),
        ("chord", 1, begin, end - begin, "C", "I", "why"),
        ("notes", 1, len(notes)),
        *(("note", 1, part, float(key), start, 1.0, 80) for part, key, start in notes),
    ]


OWN = [("melody", 60, 0.0), ("melody", 64, 3.0)]  # the notes of the clip that asks, in 3/4


def sent(room: Room) -> list[tuple[float, float]]:
    score = score_from_bytes(Path(room.asked()[2]).read_bytes())
    return [(note.pitch, note.start) for track in score.tracks for note in track.notes]


def test_a_tune_that_goes_on_lands_without_the_song_before_it(room: Room) -> None:
    room.name(room.song.keys.clip, "? melody")
    new = [("melody", 67, 6.0), ("chords", 48, 6.0), ("melody", 69, 8.0)]
    room.done(*said(*OWN, *new, chords=(6.0, 9.0)))
    assert landed(room) == [(67, 0.0), (48, 0.0), (69, 2.0)]
    assert room.song.tracks[0].clip_slots[1].clip.end_marker == 3.0


def test_chords_for_a_melody_land_without_it(room: Room) -> None:
    room.name(room.song.keys.clip, "? chords")
    room.done(*said(*OWN, ("chords", 48, 0.0), ("chords", 52, 3.0), chords=(0.0, 6.0)))
    assert landed(room) == [(48, 0.0), (52, 3.0)]


def test_chords_that_hold_nothing_new_are_told(room: Room) -> None:
    room.name(room.song.keys.clip, "? chords")
    room.done(*said(*OWN, chords=(0.0, 6.0)))
    assert room.shown[-1] == "bandmate: There is nothing new in 'One'."
    assert room.names() == ["verse", None, None, None]


def test_what_was_heard_in_a_recording_does_not_land(room: Room) -> None:
    room.look_at(room.song.vox)
    room.name(room.song.vox.clip, "? melody")
    room.done(*said(*OWN, ("melody", 67, 6.0), chords=(6.0, 9.0)))
    assert [track.name for track in room.song.tracks] == ["Keys", "Vox", "bandmate"]
    assert landed(room, track=2, slot=0) == [(67, 0.0)]


def test_a_clip_of_the_arrangement_is_told_from_its_bar_line_on(room: Room) -> None:
    clip = room.song.arranged(room.song.keys, start_time=10.0)  # bars begin at 9 and 12
    room.name(clip, "? chords")
    assert sent(room) == [(60, 1.0), (64, 4.0)]
    room.done(*said(("melody", 60, 1.0), ("chords", 48, 0.0), chords=(0.0, 6.0)))
    assert landed(room, slot=0) == [(48, 0.0)]


def test_its_own_notes_are_known_again_where_they_were_told_later(room: Room) -> None:
    clip = room.song.arranged(room.song.keys, start_time=10.0)
    room.name(clip, "? melody")
    own = [("melody", 60, 1.0), ("melody", 64, 4.0)]
    room.done(*said(*own, ("melody", 67, 9.0), chords=(9.0, 12.0)))
    assert landed(room, slot=0) == [(67, 0.0)]


def test_a_clip_that_is_launched_begins_on_a_bar_line(room: Room) -> None:
    clip = room.song.keys.clip
    clip.start_time, clip.start_marker = 10.0, 1.0  # of a session clip: when it was launched
    room.name(clip, "? chords")
    assert sent(room) == [(64, 2.0)]


@pytest.mark.parametrize(
    ("warped", "start_time", "part"),
    [
        (False, 9.0, "12.500000-20.250000"),  # on a bar line
        (False, 10.0, "13.750000-20.250000"),  # the next comes 2 beats later: 1.25 s at 96
        (True, 10.0, "7.250000-10.125000"),  # half a second a beat in the file
    ],
)
def test_a_recording_in_the_arrangement_is_told_from_its_first_bar_line_on(
    room: Room,
    warped: bool,
    start_time: float,
    part: str,
) -> None:
    room.song.vox.clip.warping = warped
    clip = room.song.arranged(room.song.vox, start_time)
    room.name(clip, "? chords")
    asked = room.asked()
    assert asked[asked.index("cut") + 1] == part


def test_a_take_is_corrected_whole_wherever_it_begins(room: Room) -> None:
    clip = room.song.arranged(room.song.vox, start_time=10.0)
    room.name(clip, "? pitch")
    asked = room.asked()
    assert asked[asked.index("cut") + 1] == "12.500000-20.250000"


def test_a_recording_without_a_bar_line_in_it_is_told_whole(room: Room) -> None:
    room.song.vox.clip.end_marker = 13.5
    clip = room.song.arranged(room.song.vox, start_time=10.0)
    room.name(clip, "? chords")
    asked = room.asked()
    assert asked[asked.index("cut") + 1] == "12.500000-13.500000"


@pytest.mark.parametrize(("warped", "tempo"), [(False, "96"), (True, "120")])
def test_the_tempo_of_a_stretched_recording_is_that_of_its_file(
    room: Room,
    warped: bool,
    tempo: str,
) -> None:
    room.song.vox.clip.warping = warped  # half a second a beat in the file
    room.look_at(room.song.vox)
    room.name(room.song.vox.clip, "? chords")
    asked = room.asked()
    assert asked[asked.index("tempo") + 1] == tempo


@pytest.mark.parametrize("name", ["? chords", "? denoise"])
def test_a_warped_clip_of_which_live_tells_too_little_is_refused(room: Room, name: str) -> None:
    room.song.vox.clip.warping = True
    del room.song.vox.clip.sample_rate  # before Live 11.1
    room.look_at(room.song.vox)
    room.name(room.song.vox.clip, name)
    assert "Live before 11.1" in room.shown[-1]
    assert room.line.said == []
