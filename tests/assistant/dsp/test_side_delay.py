"""A delay between left and right is told from what they share in each band."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from assistant.dsp.moments import moments
from assistant.dsp.side_delay import SideDelay, side_delay
from assistant.material import Audio
from assistant.steps import result

RATE = 16_000
Row = NDArray[np.float64]


def noise(seed: int) -> Row:
    return np.asarray(0.1 * np.random.default_rng(seed).standard_normal(6 * RATE))


def told(left: Row, right: Row, rate: int = RATE) -> SideDelay:
    audio = Audio(np.stack([left, right]).astype(np.float32), rate)
    return side_delay(result(moments(audio)))


@pytest.mark.parametrize("late", [2, 7, 16, 32])
@pytest.mark.parametrize("other", [0.0, 0.4])
def test_a_delay_is_told_whichever_side_is_late(late: int, other: float) -> None:
    sides = noise(1) + other * noise(2), np.roll(noise(1), late) + other * noise(3)
    for left, right in (sides, sides[::-1]):
        found = told(left, 0.5 * right)
        assert found.fit > 0.8
        assert found.seconds == pytest.approx(late / RATE, rel=0.03)
        assert found.alike == pytest.approx(1.0 / (1.0 + other**2), abs=0.12)


@pytest.mark.parametrize("width", [0.0, 0.3, 1.0, 1.6])
def test_width_is_no_delay(width: float) -> None:
    middle, side = noise(1), width * noise(2)
    assert told(middle + side, middle - side).fit < 0.3


def test_a_silent_side_is_no_delay() -> None:
    assert told(noise(1), 0.0 * noise(1)).fit <= 0.0
    assert told(0.0 * noise(1), 0.0 * noise(1)).fit <= 0.0
