from __future__ import annotations

import numpy as np
import pytest

from assistant.theory.harmony.progression import read_bars
from assistant.theory.ideas.habit import Habit, habit_of, rhythm_of


@pytest.mark.parametrize(
    ("bars", "rhythm"),
    [("I | V", (2, 2)), ("I | I vi | vi | IV", (3, 3, 2)), ("I V | V", (1, 3))],
)
def test_the_rhythm_of_bars_is_told_in_halves(bars: str, rhythm: tuple[int, ...]) -> None:
    assert rhythm_of(read_bars(bars)) == rhythm


@pytest.mark.parametrize(
    ("bars", "longest", "off", "tied"),
    [("I | V | vi | IV", 2, 0.0, 0.0), ("I | I | I | V", 6, 0.0, 0.0),
     ("I V | vi IV", 2, 2 / 3, 0.0), ("I V | V | I", 3, 0.5, 0.5), ("I", 2, 0.0, 0.0)],
)  # fmt: skip
def test_the_habit_of_a_song_is_measured(bars: str, longest: int, off: float, tied: float) -> None:
    habit = habit_of(read_bars(bars))
    assert (habit.longest, habit.off, habit.tied) == (longest, off, tied)


@pytest.mark.parametrize(
    ("habit", "halves", "breached"),
    [(Habit(2), "0011", False), (Habit(2), "0001", True), (Habit(2), "0122", True),
     (Habit(2, off=0.5), "0122", False), (Habit(4, off=1.0), "0111", True),
     (Habit(4, off=1.0, tied=1.0), "0111", False), (Habit(4, fewest=3), "0011", True),
     (Habit(4, fewest=2), "0011", False)],
)  # fmt: skip
def test_what_a_song_never_does_breaches_its_habit(
    habit: Habit, halves: str, *, breached: bool
) -> None:
    assert habit.breached(np.array([[int(sign) for sign in halves]])).tolist() == [breached]


def test_a_pace_that_is_asked_for_has_room() -> None:
    slow, quick = Habit(2).paced(0.5), Habit(2).paced(2.0)
    assert (slow.longest, slow.off) == (4, 0.0)
    assert (quick.longest, quick.off) == (2, 1.0)
