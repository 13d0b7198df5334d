"""`drawing`: lines with few points that pass near all others, broken where there is nothing."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from assistant.reports.drawing import curve, thinned, write


@given(st.lists(st.floats(-50.0, 50.0), min_size=1, max_size=80), st.floats(0.01, 5.0))
def test_a_thinned_line_passes_near_every_point(y: list[float], tolerance: float) -> None:
    x = [0.66 * i for i in range(len(y))]
    kept = thinned(x, y, tolerance)
    assert kept[0] == 0
    assert kept[-1] == len(y) - 1
    assert all(one < following for one, following in pairwise(kept))
    line = np.interp(x, [x[i] for i in kept], [y[i] for i in kept])
    assert np.max(np.abs(line - y)) <= tolerance + 1e-6


def test_a_straight_line_needs_two_points() -> None:
    assert thinned(range(1000), [0.5 * i for i in range(1000)], 0.1) == [0, 999]


def test_a_curve_is_broken_where_there_is_nothing() -> None:
    y = np.array([1.0, 5.0, np.nan, 2.0, np.nan, 3.0, 9.0, 3.0])
    drawn = curve(np.arange(8.0), y, "after")
    assert drawn == '<path class="after" d="M0.0 1.0L1.0 5.0M5.0 3.0L6.0 9.0L7.0 3.0"/>'
    assert curve(np.arange(3.0), np.full(3, np.nan), "after") == ""


def test_what_is_written_stays_text() -> None:
    assert write(1.0, 2.0, "<a>") == '<text x="1.0" y="2.0" text-anchor="middle">&lt;a&gt;</text>'
