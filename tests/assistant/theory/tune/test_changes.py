"""What a change made of a melody."""

from __future__ import annotations

import pytest

from assistant.material import Note
from assistant.theory.harmony.key import read_key
from assistant.theory.tune.changes import change_said
from assistant.theory.tune.manner import CHANGES

C = read_key("C")
BEFORE = tuple(Note(60.0 + 4 * (place % 3), 0.5 * place, 0.5) for place in range(8))
AFTER = tuple(Note(57.0 + place, 1.0 * place, 1.0) for place in range(4))


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("simpler", "simpler: 4 notes for 8, 1 note values for 1, 100 % by step for 0"),
        ("calmer", "calmer: notes last 1.0 beats for 0.5, within 3 semitones for 8"),
        ("busier", "busier: 4 notes for 8, 0 % off the beat for 50"),
        ("lower", "lower: 5.0 semitones lower on average, fitted to the chords"),
        ("darker", "fitted to the chords, Bb borrowed from minor"),
        ("none", ""),
    ],
)
def test_figures_are_told(change: str, told: str) -> None:
    line = (*AFTER[:1], Note(58.0, 1.0, 1.0), *AFTER[2:])
    assert told in change_said(change, BEFORE, line, C)


def test_every_change_has_its_words() -> None:
    for change in CHANGES[1:]:
        assert change_said(change, BEFORE, AFTER, C).startswith(f"{change}: ")
        assert change_said(change, (), AFTER, C) == ""
