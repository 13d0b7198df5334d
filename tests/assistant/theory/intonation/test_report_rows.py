"""`report_rows`: how a take is broken into rows."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.theory.intonation.report_rows import (
    ROW_SECONDS,
    Mark,
    Row,
    rows_of,
)
from assistant.theory.intonation.take import TakeNote, Target


def mark(number: int, start: float, end: float, sung: float = 69.4, moves: bool = True) -> Mark:
    target = Target(float(round(sung)), 0.8, moves, "it fits", other=70.0)
    return Mark(number, TakeNote(start, end, sung), target)


@given(st.lists(st.tuples(st.floats(0.0, 12.0), st.floats(0.05, 30.0)), min_size=1, max_size=25))
def test_every_note_has_its_row(rests: list[tuple[float, float]]) -> None:
    marks, end = [], 0.0
    for number, (rest, length) in enumerate(rests, 1):
        marks.append(mark(number, end + rest, end + rest + length))
        end += rest + length
    rows = rows_of(marks)
    assert all(0.0 < row.end - row.start < ROW_SECONDS + 0.5 for row in rows)
    assert all(one.end <= following.start + 1e-9 for one, following in pairwise(rows))
    for one in marks:
        shown = sum(
            max(0.0, min(row.end, one.note.end) - max(row.start, one.note.start))
            for row in rows
            if one in row.marks
        )
        assert shown == pytest.approx(one.note.seconds, abs=1e-6)


def test_silence_is_not_drawn() -> None:
    rows = rows_of((mark(1, 1.0, 2.0), mark(2, 3600.0, 3601.0)))
    assert [(row.start, row.end) for row in rows] == [
        pytest.approx((0.8, 2.2)),
        pytest.approx((3599.8, 3601.2)),
    ]


def test_what_is_far_off_or_left_alone_weighs_more() -> None:
    near, far = (Row(0.0, 3.0, (mark(1, 1.0, 2.0, sung),)) for sung in (69.1, 69.4))
    alone = Row(0.0, 3.0, (mark(1, 1.0, 2.0, 69.1, moves=False),))
    assert near.weight < far.weight
    assert near.weight < alone.weight
