from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.dsp.decibels import amplitude, decibels


@given(st.floats(-200.0, 200.0))
def test_a_level_comes_back_as_it_was(level_db: float) -> None:
    assert decibels(amplitude(level_db)) == pytest.approx(level_db, abs=1e-9)


def test_known_levels() -> None:
    assert amplitude(0.0) == 1.0
    assert amplitude(20.0) == pytest.approx(10.0)
    assert decibels(0.5) == pytest.approx(-6.0206, abs=1e-4)


def test_nothing_is_minus_infinity() -> None:
    assert decibels(0.0) == -math.inf
    assert amplitude(-math.inf) == 0.0
