"""Moves done in part."""

from __future__ import annotations

import pytest

from assistant.mixing.amount import scaled
from assistant.moves import Move


def part(parameter: str, value: float, amount: float) -> float:
    (made,) = scaled([Move("bass", parameter, value, "why", group="plate")], amount)
    return made.value


@pytest.mark.parametrize("parameter", ["gain_db", "pan", "eq.gain_db", "comp.makeup_db"])
def test_half_of_what_begins_at_nothing_is_half(parameter: str) -> None:
    assert part(parameter, 0.8, 0.5) == pytest.approx(0.4)


def test_half_the_width_and_half_the_ratio_begin_at_one() -> None:
    assert part("width", 0.0, 0.5) == pytest.approx(0.5)
    assert part("comp.ratio", 4.0, 0.5) == pytest.approx(2.5)


def test_half_of_a_send_is_six_decibels_less() -> None:
    assert part("send_db", -12.0, 0.5) == pytest.approx(-18.02, abs=0.01)
    assert part("send_db", -119.0, 0.5) == -120.0


def test_what_is_done_or_not_is_done() -> None:
    assert part("polarity", -1.0, 0.1) == -1.0
    assert part("hpf_hz", 80.0, 0.1) == 80.0


def test_all_of_it_changes_nothing_and_none_of_it_does_nothing() -> None:
    move = Move("bass", "gain_db", -3.0, "why", "change")
    assert list(scaled([move], 1.0)) == [move]
    assert not list(scaled([move], 0.0))
