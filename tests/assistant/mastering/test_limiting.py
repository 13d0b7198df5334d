from __future__ import annotations

import numpy as np
import pytest

from assistant.dsp.limiter import GainCurve
from assistant.mastering.limiting import in_loudest_seconds

RATE, CELL = 44_100, 32


def knots(gains: list[float]) -> GainCurve:
    """Hold each gain for a second."""
    cells = len(gains) * RATE // CELL
    each = np.asarray(gains, np.float32)[np.arange(cells) * CELL // RATE]
    return GainCurve(each, CELL, len(gains) * RATE)


def test_only_the_loudest_tenth_of_the_seconds_counts() -> None:
    gains, heard = [1.0] * 20, np.full(200, 0.1)
    gains[3], gains[7], gains[8] = 0.5, 1.0, 0.25
    heard[30:40] = heard[70:80] = 1.0
    taken = in_loudest_seconds(knots(gains), heard, RATE)
    assert taken == pytest.approx(20.0 * np.log10(2.0) / 2.0, abs=0.05)


def test_a_sound_of_less_than_a_second_is_one_loudest_moment() -> None:
    gain = GainCurve(np.full(500, 0.5, np.float32), CELL, 500 * CELL)
    assert in_loudest_seconds(gain, np.ones(3), RATE) == pytest.approx(6.02, abs=0.01)


def test_what_takes_nothing_takes_nothing() -> None:
    assert in_loudest_seconds(knots([1.0] * 3), np.ones(30), RATE) == 0.0
