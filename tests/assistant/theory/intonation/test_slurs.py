from __future__ import annotations

import pytest

from assistant.theory.intonation.slurs import Split, pieces
from assistant.theory.intonation.take import TakeNote

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
