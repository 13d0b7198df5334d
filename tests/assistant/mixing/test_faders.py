"""What faders do to the sum."""

from __future__ import annotations

import pytest

from assistant.mixing.faders import level_change_db
from assistant.mixing.role_names import Role
from assistant.moves import Move
from tests.assistant.mixing.sessions import track


def gain(name: str, by_db: float) -> Move:
    return Move(name, "gain_db", by_db, "why", "change")


TWO = [track("kick", Role.KICK, -20.0), track("bass", Role.BASS, -20.0)]


def test_all_faders_together_move_the_sum_by_as_much() -> None:
    assert level_change_db(TWO, [gain("kick", -4.0), gain("bass", -4.0)]) == pytest.approx(-4.0)


def test_no_moves_change_nothing() -> None:
    assert level_change_db(TWO, []) == 0.0
    assert level_change_db([], []) == 0.0


def test_half_of_the_power_is_three_decibels() -> None:
    mute = Move("bass", "mute", 1.0, "why")
    assert level_change_db(TWO, [mute]) == pytest.approx(-3.01, abs=0.02)
    assert level_change_db(TWO, [mute, Move("kick", "mute", 1.0, "why")]) == 0.0
