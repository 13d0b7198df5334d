"""How a song plays its beats."""

from __future__ import annotations

import pytest

from assistant.material import Meter, Note
from assistant.theory.tune.timing import STRAIGHT, Timing, timing_of

FOUR = (Meter(0.0, 4, 4),)


def notes(*parts: float, beats: int = 8) -> tuple[Note, ...]:
    return tuple(Note(60.0, beat + part, 0.2) for beat in range(beats) for part in parts)


def test_straight_songs_stay_straight() -> None:
    assert timing_of(notes(0.0, 0.25, 0.5, 0.75), FOUR) == STRAIGHT
    assert timing_of(notes(0.0, 0.75), FOUR) == STRAIGHT  # dotted, not swung
    assert timing_of((), FOUR) == STRAIGHT


@pytest.mark.parametrize("swing", [0.6, 2 / 3, 0.7])
def test_swing_is_heard_and_kept(swing: float) -> None:
    timing = timing_of(notes(0.0, swing), FOUR)
    assert timing.swing == pytest.approx(swing)
    assert timing.slot(3.0 + swing) == 14
    assert timing.beat(14) == pytest.approx(3.0 + swing)
    assert "swings" in timing.said
    assert timing_of(notes(0.0, swing), (Meter(0.0, 6, 8),)) == STRAIGHT


def test_thirds_are_no_swing() -> None:
    timing = timing_of(notes(0.0, 1 / 3, 2 / 3), FOUR)
    assert timing.swing == 0.5
    assert [timing.slot(2 + part) for part in (0.0, 1 / 3, 2 / 3)] == [8, 9, 11]
    assert [timing.beat(slot) for slot in (8, 9, 11)] == pytest.approx([2.0, 2 + 1 / 3, 2 + 2 / 3])
    assert timing.said


def test_slots_and_beats_are_two_sides() -> None:
    for timing in (STRAIGHT, Timing(0.62), Timing(0.5, (0.0, 1 / 3, 0.5, 2 / 3))):
        assert [timing.slot(timing.beat(slot)) for slot in range(32)] == list(range(32))
