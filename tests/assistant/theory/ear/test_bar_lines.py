from __future__ import annotations

import numpy as np
import pytest

from assistant.theory.ear.bar_lines import OF_A_TUNE, find_bars, standard


@pytest.mark.parametrize(("count", "first"), [(4, 0), (4, 3), (3, 1), (5, 0), (7, 2)])
def test_strong_beats_are_bar_lines(count: int, first: int) -> None:
    strength = np.random.default_rng(1).normal(0.0, 0.3, 12 * count)
    strength[first::count] += 3.0
    bars = find_bars(standard(strength))
    assert (bars.count, bars.first) == (count, first)
    assert bars.confidence > 0.6


def test_a_said_metre_is_kept() -> None:
    strength = np.zeros(24)
    strength[1::4] = 1.0
    bars = find_bars(standard(strength), 3)
    assert bars.count == 3
    assert bars.confidence == 1.0
    assert find_bars(np.zeros(1), 6).count == 6


def test_where_a_bar_line_is_likelier() -> None:
    assert find_bars(np.zeros(16), start=-2, lead=1.0).first == 2
    assert find_bars(np.zeros(3)).confidence == 0.0


def test_a_tune_alone_has_no_rare_metre() -> None:
    strength = np.zeros(35)
    strength[::7] = 1.0
    assert find_bars(standard(strength)).count == 7
    assert find_bars(standard(strength), usual=OF_A_TUNE).count in {3, 4}
