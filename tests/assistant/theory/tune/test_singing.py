"""What a voice can do."""

from __future__ import annotations

import numpy as np
import pytest

from assistant.theory.tune.singing import Checked, breath_seconds, can_be_sung


def check(pitches: list[int], breath: float = 4.0, given: int = 0) -> Checked:
    row = np.array([pitches], dtype=np.int16)
    there = np.ones(row.shape, dtype=bool)
    before = np.arange(len(pitches))[None, :] < given
    return can_be_sung(row, there, before, np.array([breath]))


def test_a_plain_tune_can_be_sung() -> None:
    assert check([60, 62, 64, 65, 67, 65, 64, 60]).good.all()


@pytest.mark.parametrize(
    ("pitches", "reason"),
    [
        ([60, 74, 72, 60, 62, 64, 65], "leaps"),  # more than an octave
        ([60, 69, 74, 72, 71, 69, 67], "leaps"),  # on in the same direction
        ([60, 66, 60, 66, 67, 65, 64], "leaps"),  # tritones
        ([60, 67, 72, 79, 72, 67, 60], "compass"),
        ([60, 60, 60, 60, 60, 60, 60, 64, 67], "moving"),
        ([60, 60, 62, 62, 62, 62], "moving"),
    ],
)
def test_what_cannot_be_sung(pitches: list[int], reason: str) -> None:
    checked = check(pitches)
    assert not getattr(checked, reason).any()
    assert not checked.good.any()


def test_a_long_breath_is_too_long() -> None:
    assert not check([60, 62, 64, 65, 67, 65, 64], breath=11.0).breath.any()


def test_notes_that_were_there_are_not_judged() -> None:
    assert not check([40, 60, 40, 60, 62, 64, 65, 67, 65, 64]).good.any()
    assert check([40, 60, 40, 60, 62, 64, 65, 67, 65, 64], given=4).good.all()


def test_breath_is_the_longest_stretch_without_a_rest() -> None:
    starts = np.array([[0, 4, 8, 16, 20, 99]], dtype=np.int16)
    lengths = np.array([[4, 4, 4, 4, 12, 0]], dtype=np.int16)
    found = breath_seconds(starts, lengths, np.array([5]), 0.25)
    assert found.tolist() == [4.0]
