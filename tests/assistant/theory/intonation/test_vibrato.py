from __future__ import annotations

import numpy as np
import pytest

from assistant.theory.intonation.vibrato import find_vibrato

HOP = 0.005


@pytest.mark.parametrize("hz", [4.2, 5.5, 6.8, 8.0])
@pytest.mark.parametrize("seconds", [0.5, 1.2, 6.0])
def test_rate_depth_and_line(hz: float, seconds: float) -> None:
    time = np.arange(0.0, seconds, HOP)
    cents = 12.0 + 20.0 * time / seconds + 30.0 * np.sin(2.0 * np.pi * hz * time + 0.7)
    seen = find_vibrato(cents, np.ones(time.size), HOP)
    assert seen.hz == pytest.approx(hz, abs=0.3)
    assert seen.depth == pytest.approx(30.0, rel=0.1)
    assert seen.line(np.array([0.5 * time.size]))[0] == pytest.approx(22.0, abs=4.0)


@pytest.mark.parametrize("cents", [0.0, 3.0])
def test_what_is_too_shallow_or_too_short_is_none(cents: float) -> None:
    time = np.arange(0.0, 1.0, HOP)
    assert find_vibrato(cents * np.sin(36.0 * time), np.ones(time.size), HOP).hz == 0.0
    assert find_vibrato(40.0 * np.sin(36.0 * time[:30]), np.ones(30), HOP).hz == 0.0


def test_a_slope_alone_is_none() -> None:
    seen = find_vibrato(np.linspace(-50.0, 50.0, 150), np.ones(150), HOP)
    assert (seen.hz, seen.depth) == (0.0, 0.0)
    assert seen.slope == pytest.approx(100.0 / 149.0, rel=0.05)
