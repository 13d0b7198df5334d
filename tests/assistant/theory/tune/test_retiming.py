"""From the grid back to the time of the song."""

from __future__ import annotations

import pytest

from assistant.material import Meter, Note
from assistant.theory.tune.frame import bar_lines
from assistant.theory.tune.passage import Doing, Passage
from assistant.theory.tune.retiming import in_time, rows_of
from assistant.theory.tune.timing import timing_of

LINES = bar_lines((Meter(0.0, 4, 4),), 0, 4)
SWUNG = tuple(Note(60.0 + place, beat + part, 0.3) for place, (beat, part) in enumerate(
    (beat, part) for beat in range(4) for part in (0.0, 0.66)))  # fmt: skip


def within(tune: tuple[Note, ...], doing: Doing = "vary") -> Passage:
    free = (doing == "vary", doing != "vary", doing != "vary", doing != "vary")
    return Passage(doing, 0, free, LINES, tune, timing_of(tune, LINES))


def test_what_stays_keeps_its_time_to_the_tick() -> None:
    grid = [Note(70.0, 0.5 * place, 0.5) for place in range(8)]
    timed = in_time(grid, within(SWUNG))
    assert [(note.start, note.length) for note in timed] == [
        (note.start, note.length) for note in SWUNG
    ]


def test_where_a_note_is_left_out_the_one_before_is_held() -> None:
    grid = [Note(70.0, 0.0, 1.0), Note(70.0, 1.0, 0.5), Note(70.0, 1.5, 2.5)]
    timed = in_time(grid, within(SWUNG))
    assert [note.start for note in timed] == pytest.approx([0.0, 1.0, 1.66])
    assert [note.end for note in timed] == pytest.approx([1.0, 1.3, 4.0])


def test_new_notes_swing_as_the_song_does() -> None:
    (timed,) = in_time([Note(70.0, 4.5, 0.5)], within(SWUNG, "continue"))
    assert (timed.start, timed.end) == pytest.approx((4.66, 5.0))


def test_thirds_come_back() -> None:
    tune = tuple(Note(60.0, place / 3, 1 / 3) for place in range(12))
    passage = within(tune)
    grid = [Note(62.0, slot / 4, 0.25) for beat in range(4) for slot in (4 * beat, 4 * beat + 1,
                                                                       4 * beat + 3)]  # fmt: skip
    assert [note.start for note in in_time(grid, passage)] == pytest.approx(
        [place / 3 for place in range(12)]
    )


def test_without_a_song_nothing_moves() -> None:
    notes = (Note(60.0, 0.3, 0.4),)
    assert in_time(notes, Passage("new", 0, (True,) * 4, LINES)) == notes


def test_rows_say_what_is_new() -> None:
    kept, new = Note(60.0, 1.0, 1.0), Note(62.0, 0.0, 0.5)
    pitches, lengths, starts, written = rows_of((kept,), (new,))
    assert pitches.tolist() == [[62.0, 60.0]]
    assert lengths.tolist() == [[2.0, 4.0]]
    assert starts.tolist() == [[0.0, 4.0]]
    assert written.tolist() == [[True, False]]
