from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.dsp.gain_search import CLOSE_LU, gain_reaching
from assistant.steps import result


@given(st.floats(0.05, 1.0), st.floats(-40.0, 0.0), st.floats(-20.0, 20.0))
def test_the_search_finds_where_a_bent_line_reaches_the_target(
    slope: float, bend: float, target: float
) -> None:
    def reach(gain: float) -> float:
        return min(gain, bend + slope * (gain - bend))

    most = 60.0
    place = result(gain_reaching(reach, target, target, most))
    if reach(most) < target - CLOSE_LU:
        assert place is None
    else:
        assert place is not None
        assert reach(place) == pytest.approx(target, abs=0.02)


def test_the_search_stops_at_a_jump() -> None:
    place = result(gain_reaching(lambda gain: gain if gain < 3.0 else gain + 5.0, 6.0, 0.0, 20.0))
    assert place == pytest.approx(3.0, abs=0.01)
