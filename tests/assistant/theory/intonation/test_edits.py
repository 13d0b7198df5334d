from __future__ import annotations

from dataclasses import replace
from math import log2

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.errors import SettingError
from assistant.theory.intonation.edits import Edit, apply_edits, edits_text, read_edits
from assistant.theory.intonation.manner import Manner
from assistant.theory.intonation.notes import take_notes
from assistant.theory.intonation.take import TakeNote, Target
from tests.assistant.theory.intonation.takes_made import made, melody

NOTES = (TakeNote(0.5, 1.0, 60.2), TakeNote(1.0, 1.5, 62.1), TakeNote(2.0, 2.5, 63.8))
TARGETS = (
    Target(60.0, 0.9, moves=True, why="C4 in C major"),
    Target(62.0, 0.4, moves=False, why="unsure"),
    Target(64.0, 0.9, moves=True, why="E4 in C major"),
)
MANNER = Manner()


def test_edits_are_read() -> None:
    text = "7=A4, 9=leave; 12=A#4+20, 12.strength=50,12.vibrato=0, 3.start=1.20, 3.end = 1.95"
    text += ", 4=Bb-1-5"
    edits = [replace(edit, value=round(edit.value, 6)) for edit in read_edits(text)]
    assert edits == [
        Edit(7, "pitch", 69.0),
        Edit(9, "leave"),
        Edit(12, "pitch", 70.2),
        Edit(12, "strength", 50.0),
        Edit(12, "vibrato", 0.0),
        Edit(3, "start", 1.2),
        Edit(3, "end", 1.95),
        Edit(4, "pitch", 9.95),
    ]
    assert read_edits("5=69.25, 6=move, 6.speed=120, 6.flex_cents=3") == (
        Edit(5, "pitch", 69.25),
        Edit(6, "move"),
        Edit(6, "speed_ms", 120.0),
        Edit(6, "flex_cents", 3.0),
    )
    assert read_edits(" ") == read_edits(",;") == ()


@pytest.mark.parametrize(("said", "semitones"), [("A4", 0.0), ("69", 0.0), ("A4+20", 0.2)])
def test_pitches_are_by_the_concert_pitch_of_the_song(said: str, semitones: float) -> None:
    (edit,) = read_edits(f"2={said}", 415.0)
    assert edit.value == pytest.approx(69.0 + 12.0 * log2(415.0 / 440.0) + semitones)
    _, targets, _ = apply_edits((edit,), NOTES, TARGETS, MANNER)
    assert targets[1].why == ("said: A4+20" if semitones else "said: A4")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("7", "says nothing of a note"),
        ("A4=7", "says nothing of a note"),
        ("0=A4", "counted from 1"),
        ("7=H4", "takes a pitch"),
        ("7=A44", "takes a pitch"),
        ("7=G9+60", "takes a pitch"),
        ("7=nan", "takes a pitch"),
        ("7.strenght=50", "Did you mean 'strength'"),
        ("7.strength=150", "0 to 100"),
        ("7.strength=nan", "0 to 100"),
        ("7.speed=500", "; speed may be 0 to 400."),
        ("7.end=-1", "; end, in seconds, may be 0 or later."),
        ("7.vibrato=much", "no number"),
        ("7.end=inf", "0 or later"),
        ("7=A4, 7=B4", "keep one of them"),
        ("7=A4, 7=leave", "keep one of them"),
    ],
)
def test_what_cannot_be_understood_is_refused_with_what_would_be_right(
    text: str, told: str
) -> None:
    with pytest.raises(SettingError, match=r"^edits") as refused:
        read_edits(text)
    assert told in str(refused.value)


@given(st.text(alphabet="0123456789=.,;ABabcdefgstrln+-# ", max_size=30))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        edits = read_edits(text)
    except SettingError as refused:
        assert str(refused)
    else:
        assert all(edit.number > 0 for edit in edits)


def test_only_the_notes_that_are_spoken_of_change() -> None:
    edits = read_edits("2=D#4-10, 2.strength=40, 3=leave")
    notes, targets, manners = apply_edits(edits, NOTES, TARGETS, MANNER)
    assert notes == NOTES
    assert targets[0] is TARGETS[0]
    assert targets[1].pitch == pytest.approx(62.9)
    assert (targets[1].moves, targets[1].confidence) == (True, 1.0)
    assert targets[1].why == "said: D#4-10"
    assert targets[2] == replace(TARGETS[2], moves=False, why="said: leave")
    assert manners == (MANNER, replace(MANNER, strength=40.0, flex_cents=0.0), MANNER)
    _, moved, _ = apply_edits(read_edits("2=move"), NOTES, TARGETS, MANNER)
    assert moved[1].moves
    assert moved[1].pitch == 62.0


def test_boundaries_move_up_to_the_neighbours() -> None:
    notes, _, _ = apply_edits(read_edits("2.end=1.9, 1.start=0.2"), NOTES, TARGETS, MANNER)
    assert (notes[0].start, notes[0].end) == (0.2, 1.0)
    assert (notes[1].start, notes[1].end) == (1.0, 1.9)
    both, _, _ = apply_edits(read_edits("1.end=1.1, 2.start=1.1"), NOTES, TARGETS, MANNER)
    assert both[0].end == both[1].start == 1.1


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("4=A4", "the take has notes 1 to 3"),
        ("2.end=2.1", "note 2 end at 2.10 s and note 3 start at 2.00 s"),
        ("2.start=0.9", "note 1 end at 1.00 s and note 2 start at 0.90 s"),
        ("2.start=1.6", "end at least 0.03 s after"),
    ],
)
def test_edits_that_do_not_fit_the_take_are_refused(text: str, told: str) -> None:
    with pytest.raises(SettingError) as refused:
        apply_edits(read_edits(text), NOTES, TARGETS, MANNER)
    assert told in str(refused.value)
    with pytest.raises(SettingError, match="no notes"):
        apply_edits(read_edits("1=A4"), (), (), MANNER)


def test_a_note_with_other_bounds_is_measured_again() -> None:
    take = made(*melody((60.0, 62.0)))
    notes = take_notes(take.coarse, take.onsets, take.fine)
    aims = (TARGETS[0], TARGETS[2])
    edits = read_edits("1.end=0.7")
    found, _, _ = apply_edits(edits, notes, aims, MANNER, take.fine)
    assert found[0].end == 0.7
    assert found[0].fall_seconds == 0.0
    assert found[1] == notes[1]
    with pytest.raises(SettingError, match="the take ends at"):
        apply_edits(read_edits("2.end=99"), notes, aims, MANNER, take.fine)


pitches = st.floats(0.0, 127.0).map(lambda pitch: round(pitch, 4))


@given(st.lists(st.tuples(pitches, st.booleans()), max_size=8))
def test_targets_survive_being_written_down(drawn: list[tuple[float, bool]]) -> None:
    targets = tuple(Target(pitch, 0.7, moves, "chosen") for pitch, moves in drawn)
    notes = tuple(TakeNote(i, i + 0.5, 60.0) for i in range(len(targets)))
    blank = tuple(Target(1.0, 0.1, moves=True, why="") for _ in targets)
    _, again, _ = apply_edits(read_edits(edits_text(targets)), notes, blank, MANNER)
    assert [each.moves for each in again] == [each.moves for each in targets]
    for one, other in zip(again, targets, strict=True):
        assert not other.moves or one.pitch == pytest.approx(other.pitch, abs=1e-4)
