from __future__ import annotations

import math

import numpy as np
import pytest

from assistant.theory.intonation.anchors import Anchors
from tests.assistant.theory.intonation.sung_lines import sung, written_line

LINE = written_line()
COUNT = len(LINE)


def anchors(places: list[int] | None = None, **how: float) -> Anchors:
    return Anchors(sung(LINE, **how), LINE, np.array(places or range(COUNT)), 0.0)


def test_onsets_are_told_by_the_notes_around() -> None:
    found = anchors(tempo=1.25, late=2.0)
    assert found.tempo == pytest.approx(1.25)
    for place, note in enumerate(LINE):
        assert found.onset(place, note) == pytest.approx(2.0 + 1.25 * note.start)


def test_a_note_does_not_speak_for_itself() -> None:
    take = sung(LINE, off=[0.2] * 7 + [1.4] + [0.2] * (COUNT - 8))
    assert Anchors(take, LINE, np.arange(COUNT), 0.0).tuning(7) == pytest.approx(0.2)


def test_octaves_do_not_tune() -> None:
    take = sung(LINE, off=[0.2, 12.2] * (COUNT // 2))
    assert Anchors(take, LINE, np.arange(COUNT), 0.0).tuning(5) == pytest.approx(0.2)


def test_neighbours_are_the_written_notes_before_and_after() -> None:
    found = anchors()
    assert found.neighbours(5) == (4, 6)
    assert found.neighbours(0) == (-1, 1)
    assert found.neighbours(COUNT - 1) == (COUNT - 2, -1)


def test_after_a_jump_nothing_is_a_neighbour() -> None:
    places = [*range(8), *range(2, 10)]
    assert anchors(places).neighbours(8) == (7, -1)


def test_where_nothing_is_matched_nothing_is_known() -> None:
    found = anchors([-1] * COUNT)
    assert found.tempo == 1.0
    assert math.isnan(found.onset(3, LINE[3]))
    assert found.tuning(3) == 0.0
