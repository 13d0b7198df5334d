"""Which of many tunes are shown."""

from __future__ import annotations

import numpy as np
import pytest

from assistant.theory.tune.choosing import LEAST_APART, choose
from assistant.theory.tune.search import only
from tests.assistant.theory.tune.test_search import best_of


def test_what_is_shown_differs_and_the_walk_ends() -> None:
    best = best_of()
    bits = np.linspace(1.0, 4.0, len(best.costs), dtype=np.float32)
    shown = list(choose([best], [bits], (2.5, 0.4), 0.3))
    assert shown[0].apart == 1.0
    assert all(one.apart >= LEAST_APART for one in shown)
    rows = {tuple(best.tunes.pitches[one.row].tolist()) for one in shown}
    assert len(rows) == len(shown)
    assert shown[0].checked == (best.written, best.sung)


def test_two_searches_are_one_walk() -> None:
    best = best_of()
    halves = [only(best, np.arange(0, 100, 2)), only(best, np.arange(1, 100, 2))]
    bits = [np.full(50, 2.5, dtype=np.float32)] * 2
    shown = [one for one, _ in zip(choose(halves, bits, (2.5, 0.4), 0.3), range(12), strict=False)]
    assert {one.place for one in shown} == {0, 1}
    assert all(halves[one.place].costs.size > one.row for one in shown)


def test_nothing_found_is_nothing_shown() -> None:
    none = only(best_of(), np.arange(0))
    assert list(choose([none], [np.zeros(0, dtype=np.float32)], (2.5, 0.4), 0.3)) == []


@pytest.mark.parametrize("surprise", [0.0, 0.2, 0.6, 1.0])
def test_what_nothing_reaches_is_asked_of_none(surprise: float) -> None:
    """At the lowest surprise the most foreseeable are the best, however far from what is usual."""
    best = best_of()
    bits = np.linspace(2.4, 3.0, len(best.costs), dtype=np.float32)
    low, high = (
        np.mean([one.bits for one, _ in zip(choose([best], [bits], (2.5, 0.2), level), range(8),
                                            strict=False)])
        for level in (surprise, min(1.0, surprise + 0.3))
    )  # fmt: skip
    assert low <= high + 0.02
