"""Peaks that are held."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.dsp.peak_hold import HOLD_SECONDS, PeakHold


@pytest.mark.parametrize("rate", [8000, 44_100, 192_000])
def test_a_click_is_held_for_as_long_as_it_is_told_and_a_cell_more_at_most(rate: int) -> None:
    for at in (0, 1, 997):
        pair = np.zeros((2, rate // 10 + at))
        pair[1, at] = -0.5
        levels = PeakHold(rate).run(pair, 0)
        held = np.flatnonzero(levels)
        assert held[0] == at
        assert (levels[held] == 0.5).all()
        assert (np.diff(held) == 1).all()
        assert HOLD_SECONDS * rate <= held.size <= HOLD_SECONDS * rate * 18 / 16 + 18


@pytest.mark.parametrize("hertz", [41.0, 110.0, 997.0, 9000.0])
def test_a_steady_tone_has_a_steady_level_its_peak(hertz: float) -> None:
    rate = 44_100
    tone = 0.25 * np.sin(2.0 * np.pi * hertz * np.arange(rate) / rate)
    levels = PeakHold(rate).run(np.stack([tone, np.zeros(rate)]), 0)[rate // 20 :]
    assert 20.0 * np.log10(levels / 0.25) == pytest.approx(0.0, abs=0.03)


@given(st.lists(st.integers(0, 5000), max_size=6))
def test_it_does_not_matter_where_blocks_are_cut(cuts: list[int]) -> None:
    pair = np.random.default_rng(1).laplace(0.0, 0.1, (2, 5000))
    edges = [0, *sorted(cuts), 5000]
    hold = PeakHold(8000)
    parts = [hold.run(pair[:, a:b].copy(), a) for a, b in pairwise(edges)]
    np.testing.assert_array_equal(np.concatenate(parts), PeakHold(8000).run(pair, 0))
