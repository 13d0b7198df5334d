from __future__ import annotations

from dataclasses import asdict

import pytest

from assistant.theory.intonation.manner import HARD, RANGES, Manner


@pytest.mark.parametrize("manner", [Manner(), HARD])
def test_every_word_has_a_range_and_lies_in_it(manner: Manner) -> None:
    words = asdict(manner)
    assert words.keys() == RANGES.keys()
    assert all(low <= words[name] <= high for name, (low, high) in RANGES.items())


def test_the_effect_keeps_nothing() -> None:
    assert HARD.strength == 100.0
    assert {HARD.vibrato, HARD.drift, HARD.scoops, HARD.speed_ms, HARD.flex_cents} == {0.0}
