from __future__ import annotations

from dataclasses import dataclass

import pytest

from assistant.contract import ChordMark
from assistant.theory.harmony.customs import with_customs
from assistant.theory.harmony.key import Key
from assistant.theory.harmony.roman import read_numeral


@dataclass(frozen=True)
class Known:
    times: float
    cases: int = 400


STEPS = {
    ("I:maj", "V:maj", "maj"): Known(0.314),
    ("V:maj", "bVI:maj", "maj"): Known(0.001),
    ("V:maj", "I:min", "min"): Known(0.84),
    ("I:maj", "IV:maj", "maj"): Known(0.5, 12),
}


class Habits:
    def followers(self, label: str, /) -> dict[str, Known]:
        return {}

    def step(self, before: str, after: str, mode: str, /) -> Known | None:
        return None if before == after else STEPS.get((before, after, mode))


def said(*numerals: str, key: Key = Key(0)) -> list[str]:  # noqa: B008 - frozen
    marks = [
        ChordMark(4.0 * place, 4.0, "X", numeral, "tonic") for place, numeral in enumerate(numerals)
    ]
    read = [read_numeral(numeral) for numeral in numerals]
    return [mark.why for mark in with_customs(marks, read, key, Habits(), "pop songs")]


def test_each_step_is_compared_with_the_songs() -> None:
    assert said("I", "V", "bVI") == [
        "tonic",
        "tonic; I goes here 31 % of the time in major, in pop songs",
        "tonic; V hardly ever goes here in major, in pop songs",
    ]


@pytest.mark.parametrize("dominant", ["V", "V7", "V7b9", "V9", "V7sus4"])
def test_colour_does_not_count_but_the_mode_does(dominant: str) -> None:
    wanted = "tonic; V goes here 84 % of the time in minor, in pop songs"
    assert said(dominant, "i7", key=Key(3, "minor"))[1] == wanted
    assert said(dominant, "i7")[1] == "tonic"


def test_few_cases_say_nothing() -> None:
    assert said("I", "IV") == ["tonic", "tonic"]


def test_the_same_chord_in_another_dress_is_no_step() -> None:
    assert said("I", "Iadd9") == ["tonic", "tonic"]
