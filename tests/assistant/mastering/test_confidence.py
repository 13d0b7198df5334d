from __future__ import annotations

import pytest

from assistant.mastering.confidence import confidence

CALM = {"tasted": False, "little_room": False}


def test_all_that_speaks_against_a_master_makes_it_less_sure() -> None:
    easy = confidence(0.0, 0.0, **CALM)
    assert easy <= 1.0
    assert confidence(3.0, 0.0, **CALM) < easy
    assert confidence(0.0, 3.0, **CALM) == confidence(0.0, -3.0, **CALM) < easy
    for name in CALM:
        assert confidence(0.0, 0.0, **{**CALM, name: True}) < easy


def test_it_never_falls_to_nothing() -> None:
    assert confidence(20.0, 9.0, tasted=True, little_room=True) == pytest.approx(0.2)
