"""Tunes that are audibly different."""

from __future__ import annotations

import numpy as np
import pytest

from assistant.theory.tune.variety import Portrait, differing, distances, portraits

STARTS = np.array([[0, 4, 8, 12], [0, 4, 8, 12], [2, 6, 10, 14], [0, 4, 8, 12]], dtype=np.int16)
PITCHES = np.array(
    [[60, 62, 64, 65], [60, 62, 64, 65], [60, 62, 64, 65], [72, 71, 60, 77]], dtype=np.int16
)


def seen() -> Portrait:
    return portraits(STARTS, PITCHES, np.ones(STARTS.shape, dtype=bool), np.arange(16))


def test_distances_are_a_metric_in_kind() -> None:
    apart = distances(seen())
    assert apart == pytest.approx(apart.T)
    assert np.diag(apart) == pytest.approx(0.0, abs=1e-6)
    assert apart.min() >= -1e-6
    assert apart.max() <= 1.0
    assert apart[0, 1] == pytest.approx(0.0, abs=1e-6)
    assert 0.3 < apart[0, 2] < 0.6  # all onsets elsewhere
    assert apart[0, 3] > 0.4


def test_good_ones_come_first_and_twins_last() -> None:
    ratings = np.array([0.5, 0.95, 0.5, 0.5], dtype=np.float32)
    order = [place for place, _ in differing(ratings, distances(seen()))]
    assert order[0] == 1
    assert order[-1] == 0
    assert sorted(order) == [0, 1, 2, 3]


def test_the_order_does_not_depend_on_how_many_are_taken() -> None:
    ratings = np.array([0.1, 0.2, 0.3, 0.4], dtype=np.float32)
    apart = distances(seen())
    whole = list(differing(ratings, apart))
    taken = differing(ratings, apart)
    assert [next(taken) for _ in range(2)] == whole[:2]
    assert whole[0][1] == 1.0


def test_only_what_was_written_is_portrayed() -> None:
    """A fill of one bar in a long song is judged by that bar."""
    around = np.array([[0, 16, 20, 24, 28, 32]] * 2, dtype=np.int16)
    pitches = np.array([[60, 72, 72, 72, 72, 60], [60, 64, 67, 64, 67, 60]], dtype=np.int16)
    written = np.array([[False, True, True, True, True, False]] * 2)
    here, all_ = (
        distances(portraits(around, pitches, flags, slots))[0, 1]
        for flags, slots in ((written, np.arange(16, 32)), (written | True, np.arange(48)))
    )
    assert here > 0.5
    assert here > 1.5 * all_


def test_the_walk_ends_where_nothing_differs_enough() -> None:
    ratings = np.array([0.5, 0.95, 0.5, 0.5], dtype=np.float32)
    walked = list(differing(ratings, distances(seen()), 0.15))
    assert sorted(place for place, _ in walked) == [1, 2, 3]  # the first is a twin of the second
    assert all(away >= 0.15 for _, away in walked)
