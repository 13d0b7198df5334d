"""From steps to notes, and plain chords under a melody."""

from __future__ import annotations

import numpy as np
import pytest

from assistant.material import Meter
from assistant.theory.harmony.key import read_key
from assistant.theory.harmony.progression import read_bars
from assistant.theory.tune.frame import bar_lines
from assistant.theory.tune.passage import Passage
from assistant.theory.tune.score import melody_notes, stretches
from tests.assistant.theory.tune.tunes import framed

LINES = bar_lines((Meter(0.0, 4, 4),), 0, 2)


def notes(swing: float, free: tuple[bool, bool] = (True, True)) -> list[tuple[float, float]]:
    row = ([0, 2, 3, 8, 16], [2, 1, 1, 4, 8], [60, 62, 64, 65, 67])
    made = melody_notes(row, framed(bars=2), Passage("new", 0, free, LINES), swing,
                        np.random.default_rng(0))  # fmt: skip
    return [(note.start, note.length) for note in made]


def test_slots_become_beats() -> None:
    assert notes(0.5) == [(0.0, 0.5), (0.5, 0.25), (0.75, 0.25), (2.0, 1.0), (4.0, 2.0)]


def test_swing_moves_the_second_eighth() -> None:
    starts = [start for start, _ in notes(0.66)]
    assert starts == pytest.approx([0.0, 0.66, 0.83, 2.0, 4.0])


def test_only_bars_that_are_free_are_written() -> None:
    assert [start for start, _ in notes(0.5, (False, True))] == [4.0]


def test_strong_and_high_notes_are_louder() -> None:
    row = ([0, 2, 4, 6], [2, 2, 2, 2], [60, 60, 60, 60])
    passage = Passage("new", 0, (True, True), LINES)
    rng = np.random.default_rng(0)
    loud = np.mean(
        [
            [note.velocity for note in melody_notes(row, framed(bars=2), passage, 0.5, rng)]
            for _ in range(50)
        ],
        axis=0,
    )
    assert loud[0] > loud[2] + 2 > loud[1] + 4


def test_chords_are_laid_on_the_grid_by_half_bars() -> None:
    key = read_key("C major")
    found = stretches(read_bars("I | V vi"), LINES, key)
    assert [(one.start, one.end, one.chord.symbol) for one in found] == [
        (0, 16, "C"),
        (16, 24, "G"),
        (24, 32, "Am"),
    ]
