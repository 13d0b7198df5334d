from __future__ import annotations

import pytest

from assistant.errors import MaterialError
from assistant.material import Note, Score, Tempo, Track
from assistant.theory.intonation.written import Written, part_called, written_parts


def test_beats_become_seconds_by_the_tempo_map() -> None:
    notes = (Note(60, 0.0, 1.0), Note(62, 2.0, 2.0))
    score = Score((Track("tune", notes),), tempos=(Tempo(0.0, 120.0), Tempo(2.0, 60.0)))
    (part,) = written_parts(score)
    assert part.notes == (Written(60, 0.0, 0.5), Written(62, 1.0, 3.0))
    assert not part.top


def test_of_chords_the_highest_note_is_taken() -> None:
    notes = tuple(Note(pitch, beat, 1.0) for beat in range(3) for pitch in (48, 52, 67 + beat))
    (part,) = written_parts(Score((Track("keys", notes),)))
    assert [note.pitch for note in part.notes] == [67, 68, 69]
    assert part.top


def test_what_is_struck_under_a_long_note_is_not_the_tune() -> None:
    notes = (Note(72, 0.0, 4.0), Note(48, 1.0, 1.0), Note(52, 2.0, 1.0), Note(71, 4.0, 1.0))
    (part,) = written_parts(Score((Track("piano", notes),)))
    assert [note.pitch for note in part.notes] == [72, 71]


def test_notes_end_where_the_next_begins() -> None:
    (part,) = written_parts(Score((Track("tune", (Note(60, 0.0, 3.0), Note(64, 2.0, 2.0))),)))
    assert part.notes == (Written(60, 0.0, 1.0), Written(64, 1.0, 2.0))


def test_drums_and_empty_tracks_are_passed_over_and_the_melody_comes_first() -> None:
    notes = (Note(60, 0.0, 1.0),)
    tracks = (
        Track("Bass", notes),
        Track("kit", notes, drums=True),
        Track("empty", ()),
        Track("Lead vocal", notes),
    )
    assert [part.name for part in written_parts(Score(tracks))] == ["Lead vocal", "Bass"]
    assert written_parts(Score(())) == ()


def test_a_track_is_found_by_its_name() -> None:
    parts = written_parts(Score((Track("Alto ", (Note(60, 0.0, 1.0),)),)))
    assert part_called(parts, "alto") is parts[0]
    with pytest.raises(MaterialError, match=r"no track 'altos'. Did you mean 'Alto'"):
        part_called(parts, "altos")
