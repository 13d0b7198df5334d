from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.theory.intonation.following import follow_score
from assistant.theory.intonation.notes import take_notes
from assistant.theory.intonation.slurs import Split, pieces, taken_apart
from assistant.theory.intonation.take import TakeNote
from tests.assistant.theory.intonation.sung_lines import sung, written_line
from tests.assistant.theory.intonation.takes_made import REST, Made, Sung, made

LINE = written_line()
NOTE = TakeNote(
    1.0, 2.0, 64.5, scoop_cents=-80.0, scoop_seconds=0.1, fall_cents=-50.0, fall_seconds=0.2
)
SPLIT = Split(0, (4, 5), (1.5,), (64.0, 66.0))


def test_a_note_is_split_where_the_sound_moves() -> None:
    first, second = pieces(NOTE, SPLIT, lambda start, end: 63.8 if end <= 1.5 else 65.5)
    assert (first.start, first.end, first.centre) == (1.0, 1.5, 63.8)
    assert (second.start, second.end, second.centre) == (1.5, 2.0, 65.5)
    assert (first.scoop_cents, first.fall_cents) == (-80.0, 0.0)
    assert (second.scoop_cents, second.fall_cents) == (0.0, -50.0)


@pytest.mark.parametrize("second", [64.0, 64.7, 62.0, None])
def test_a_note_stays_whole_where_the_sound_does_not_move_so(second: float | None) -> None:
    assert pieces(NOTE, SPLIT, lambda start, end: 64.0 if end <= 1.5 else second) == (NOTE,)


def test_what_is_certain_is_split_however_it_sounds() -> None:
    certain = replace(SPLIT, certain=True)
    assert len(pieces(NOTE, certain, lambda start, end: 64.0)) == 2
    assert pieces(NOTE, certain, lambda start, end: 64.0 if end <= 1.5 else None) == (NOTE,)


def legato(*pitches: float, again_db: float = 0.0) -> Made:
    """Sing four notes without a break, after one that stands apart and before another."""
    inner = [Sung(pitch, 0.5) for pitch in pitches]
    inner[-1] = replace(inner[-1], gap=0.2)
    take = (Sung(55.0, 0.5, gap=0.2), *inner, Sung(57.0, 0.5, gap=0.2))
    return made(*take, unrest=3.0, again_db=again_db)


@pytest.mark.parametrize("step", [0.2, 0.5, -0.3, 0.7])
@pytest.mark.parametrize("again_db", [0.0, 4.0])
def test_a_small_step_of_a_score_that_the_take_runs_with_is_found(
    step: float, again_db: float
) -> None:
    take = legato(60.0, 60.0 + step, again_db=again_db)
    beats = (0.5, 0.2, 0.5, 0.5, 0.2, 0.5)
    line = written_line((55, 0, 60, 61, 0, 57), beats, beat=1.0, first=REST)
    line = tuple(note for note in line if note.pitch)
    notes = take_notes(take.coarse, take.onsets, take.fine)
    followed = follow_score(notes, line)
    found = taken_apart(notes, followed.splits, take.fine)
    assert [note.centre for note in found] == pytest.approx([55, 60, 60 + step, 57], abs=0.08)
    assert found[2].start == pytest.approx(take.starts[2], abs=0.02)


def test_a_note_held_a_little_into_one_that_is_not_sung_is_whole() -> None:
    take = sung((*LINE[:6], *LINE[7:]))
    take[5] = replace(take[5], end=LINE[6].start + 0.08)
    (split,) = follow_score(take, LINE).splits
    assert not split.certain


@pytest.mark.parametrize("off", [-1.5, 0.0])
def test_by_the_clock_the_note_that_begins_is_taken_apart_and_not_the_one_before(
    off: float,
) -> None:
    take = sung(LINE)
    take[2] = replace(take[2], start=take[2].start, end=take[3].end, centre=LINE[3].pitch + off)
    del take[3]
    (split,) = follow_score(take, LINE).splits
    assert (split.note, split.written, split.certain) == (2, (2, 3), True)
    assert split.at == pytest.approx((LINE[3].start,), abs=0.02)
