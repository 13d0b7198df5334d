from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from assistant.material import Note, Track
from assistant.theory.ear.melody_finding import Columns, MelodyLine, find_melody, role_of

TUNE = (76, 74, 72, 74, 76, 76, 76, 74, 74, 74, 76, 79, 79, 76, 74, 72)


def columns(tracks: list[Track]) -> Columns:
    rows = sorted((note.start, note.pitch, note.length, place)
                  for place, track in enumerate(tracks) for note in track.notes)  # fmt: skip
    starts, pitches, lengths, places = (np.array(column) for column in zip(*rows, strict=True))
    return Columns(starts, lengths, pitches.astype(np.int64), places.astype(np.int64))


def found(*tracks: Track) -> MelodyLine | None:
    return find_melody(columns(list(tracks)), tracks)


def tune(name: str = "", offset: float = 0.0, up: int = 0) -> Track:
    notes = tuple(Note(float(pitch + up), place * 0.5 + offset, 0.5)
                  for place, pitch in enumerate(TUNE))  # fmt: skip
    return Track(name, notes)


def chords(name: str = "") -> Track:
    return Track(name, tuple(Note(float(pitch), 4.0 * bar, 4.0)
                             for bar in range(2) for pitch in (48, 55, 60, 64)))  # fmt: skip


def arpeggio(name: str = "") -> Track:
    return Track(name, tuple(Note(float((48, 52, 55, 60)[step % 4]), step * 0.5, 0.5)
                             for step in range(16)))  # fmt: skip


def bass(name: str = "", program: int = 33) -> Track:
    return Track(name, tuple(Note(36.0 + step % 3, float(step), 1.0) for step in range(8)), program)


@pytest.mark.parametrize("others", [[chords()], [chords(), bass()], [arpeggio("arp"), bass()]])
def test_the_line_over_chords_is_the_melody(others: list[Track]) -> None:
    line = found(*others, tune("Track 3"))
    assert line is not None
    assert line.track == "Track 3"
    assert line.places.size == len(TUNE)
    assert line.confidence > 0.8


def test_a_name_goes_before_register() -> None:
    line = found(tune("flute"), tune("lead vocal", up=-14))
    assert line is not None
    assert line.track == "lead vocal"


@pytest.mark.parametrize("track", [chords(), chords("piano"), arpeggio(), arpeggio("arp"),
                                   bass("sub bass", 80), bass()])  # fmt: skip
def test_what_is_no_melody(track: Track) -> None:
    assert found(track) is None


def test_the_right_hand_of_a_piano() -> None:
    low = tuple(replace(note, pitch=note.pitch - 5.0) for note in chords().notes)
    hands = Track("Piano", (*low, *tune(offset=0.25).notes))
    line = found(hands)
    assert line is not None
    rows = columns([hands])
    assert rows.pitches[line.places].tolist() == list(TUNE)
    assert line.confidence < 0.75


@pytest.mark.parametrize(
    ("name", "program", "role"),
    [("Lead Vox", 0, "melody"), ("Melodie", 0, "melody"), ("E-Bass", 0, "bass"), ("", 38, "bass"),
     ("Pad 2", 0, "chords"), ("Gtr clean", 27, "chords"), ("Track 7", 0, ""), ("bass", 0, "bass"),
     ("x" * 10_000, 0, "")],
)  # fmt: skip
def test_what_a_track_is_called(name: str, program: int, role: str) -> None:
    assert role_of(Track(name, (), program)) == role
