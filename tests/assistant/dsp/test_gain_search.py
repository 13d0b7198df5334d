from __future__ import annotations

from collections.abc import Callable, Generator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.dsp.gain_search import CLOSE_LU, gain_reaching
from assistant.steps import result


def at_once(reach: Callable[[float], float]) -> Callable[[float], Generator[float, None, float]]:
    """Make work of a function: half done, then done."""

    def work(gain: float) -> Generator[float, None, float]:
        yield 0.5
        return reach(gain)

    return work


@given(st.floats(0.05, 1.0), st.floats(-40.0, 0.0), st.floats(-20.0, 20.0))
def test_the_search_finds_where_a_bent_line_reaches_the_target(
    slope: float, bend: float, target: float
) -> None:
    def bent(gain: float) -> float:
        return min(gain, bend + slope * (gain - bend))

    most = 60.0
    place = result(gain_reaching(at_once(bent), target, target, most))
    if bent(most) < target - CLOSE_LU:
        assert place is None
    else:
        assert place is not None
        assert bent(place) == pytest.approx(target, abs=0.02)


def test_the_search_stops_at_a_jump() -> None:
    def jumping(gain: float) -> float:
        return gain if gain < 3.0 else gain + 5.0

    place = result(gain_reaching(at_once(jumping), 6.0, 0.0, 20.0))
    assert place == pytest.approx(3.0, abs=0.01)
