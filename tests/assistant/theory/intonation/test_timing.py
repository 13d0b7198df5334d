from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.theory.intonation.take import TakeNote
from assistant.theory.intonation.timing import Grid, InTime, shifts_to, time_map

STRICT = InTime(strength=100.0, most_ms=200.0, free_ms=0.0)


def notes_at(*starts: float, length: float = 0.4) -> list[TakeNote]:
    return [TakeNote(start, start + length, 60.0) for start in starts]


def test_places_of_a_grid() -> None:
    assert Grid(120.0, 0.5).places(1.0)[:6] == pytest.approx([-0.5, -0.25, 0.0, 0.25, 0.5, 0.75])
    swung = Grid(120.0, 0.5, swing=2.0 / 3.0, first=0.1).places(1.0)
    inside = swung[(swung > 0.0) & (swung < 1.0)]
    assert inside == pytest.approx([0.1, 0.1 + 1.0 / 3.0, 0.6, 0.6 + 1.0 / 3.0])
    triplets = Grid(60.0, 1.0 / 3.0).places(1.0)
    assert triplets[(triplets >= 0.0) & (triplets < 0.99)] == pytest.approx([0.0, 1 / 3, 2 / 3])


def test_notes_go_to_the_nearest_place() -> None:
    shifts = shifts_to(notes_at(0.53, 0.96, 1.5), Grid(120.0, 1.0).places(2.0), STRICT)
    assert shifts == pytest.approx([-0.03, 0.04, 0.0])


def test_strength_limit_and_freedom() -> None:
    notes = notes_at(0.56, 1.01, 1.7)
    places = np.array([0.5, 1.0, 1.5, 3.0])
    shifts = shifts_to(notes, places, InTime(strength=50.0, most_ms=80.0, free_ms=15.0))
    assert shifts == pytest.approx([-0.03, 0.0, -0.08])


def test_a_note_between_two_places_goes_as_its_neighbours() -> None:
    shifts = shifts_to(notes_at(0.54, 0.79, 1.04), Grid(120.0, 1.0).places(2.0), STRICT)
    assert shifts == pytest.approx([-0.04, -0.04, -0.04])


def test_an_ornament_goes_with_its_note() -> None:
    notes = [TakeNote(0.44, 0.52, 62.0), TakeNote(0.54, 0.9, 60.0)]
    shifts = shifts_to(notes, Grid(120.0, 0.25).places(1.0), STRICT)
    assert shifts == pytest.approx([-0.04, -0.04])


def test_nothing_to_move_or_to_go_to() -> None:
    places = Grid(120.0).places(1.0)
    assert shifts_to([], places, STRICT).size == 0
    assert shifts_to(notes_at(0.3), np.zeros(0), STRICT) == pytest.approx([0.0])
    assert time_map([], np.zeros(0), 2.0) == pytest.approx(np.array([[0.0, 0.0], [2.0, 2.0]]))


def test_heads_move_whole_and_the_note_before_takes_up_the_change() -> None:
    found = time_map(notes_at(1.0, 1.4), np.array([0.0, 0.05]), 3.0)
    wanted = [(0, 0), (0.95, 0.95), (1.05, 1.05), (1.35, 1.4), (1.45, 1.5), (1.8, 1.85), (3, 3)]
    assert found == pytest.approx(np.array(wanted))


def test_a_rest_takes_up_the_change() -> None:
    found = time_map(notes_at(1.0, 2.0), np.array([0.04, -0.06]), 3.0)
    wanted = [(0, 0), (0.95, 0.99), (1.05, 1.09), (1.4, 1.44), (1.95, 1.89), (2.05, 1.99),
              (2.4, 2.34), (3, 3)]  # fmt: skip
    assert found == pytest.approx(np.array(wanted))


def test_a_shift_that_leaves_no_room_is_taken_back() -> None:
    found = time_map(notes_at(1.0, 1.2, length=0.2), np.array([0.1, -0.1]), 2.0)
    before, after = found.T
    pace = np.diff(after) / np.diff(before)
    assert pace.min() >= 0.5 - 1e-9
    assert pace.max() <= 2.0 + 1e-9


@given(
    st.lists(
        st.tuples(st.floats(0.03, 1.0), st.floats(0.3, 1.0), st.floats(-0.3, 0.3)), max_size=12
    )
)
def test_time_always_runs_forward(rows: list[tuple[float, float, float]]) -> None:
    start, notes = 0.0, []
    for apart, sounding, _ in rows:
        notes.append(TakeNote(start, start + sounding * apart, 60.0))
        start += apart
    found = time_map(notes, np.array([shift for *_, shift in rows]), start + 0.5)
    assert tuple(found[0]) == (0.0, 0.0)
    assert tuple(found[-1]) == (start + 0.5, start + 0.5)
    pace = np.diff(found[:, 1]) / np.diff(found[:, 0])
    assert pace.min() > 0.45
    assert pace.max() < 2.1
