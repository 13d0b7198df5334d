from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.models.labels import Labels
from assistant.models.paths import Chain, apart, distinct, expected, varied

LABELS = Labels(("I:maj", "I:maj7", "V:7"))


def chain(places: int = 4, seed: int = 5) -> tuple[Chain, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    odds, moves = rng.normal(size=(places, 3)), rng.normal(size=(3, 3))
    return Chain(odds, moves), odds, moves


def all_paths(odds: np.ndarray, moves: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Walk through every path: the long way to what the chain does by sums."""
    paths = np.array(list(product(range(odds.shape[1]), repeat=len(odds))))
    scores = odds[np.arange(len(odds)), paths].sum(axis=1)
    scores += moves[paths[:, :-1], paths[:, 1:]].sum(axis=1)
    return paths, np.exp(scores) / np.exp(scores).sum()


def test_the_chain_agrees_with_every_path_counted() -> None:
    links, odds, moves = chain()
    paths, chances = all_paths(odds, moves)
    found = [links.likelihood(path) for path in paths]
    np.testing.assert_allclose(np.exp(found), chances, rtol=1e-9)
    wanted = np.array(
        [[chances[paths[:, place] == chord].sum() for chord in range(3)] for place in range(4)]
    )
    np.testing.assert_allclose(links.posterior(), wanted, rtol=1e-9)


def test_paths_are_drawn_by_their_probability() -> None:
    links, odds, moves = chain(3)
    paths, chances = all_paths(odds, moves)
    drawn = links.sample(20_000, np.random.default_rng(1))
    shares = [(drawn == path).all(axis=1).mean() for path in paths]
    np.testing.assert_allclose(shares, chances, atol=0.012)


def test_what_is_ruled_out_is_never_drawn() -> None:
    _, odds, moves = chain()
    odds[1] = [-np.inf, 0.0, -np.inf]
    odds[3, 0] = -np.inf
    drawn = Chain(odds, moves).sample(500, np.random.default_rng(2))
    assert set(drawn[:, 1]) == {1}
    assert set(drawn[:, 3]) == {1, 2}


def test_one_place_is_a_chain_too() -> None:
    links, odds, _ = chain(1)
    np.testing.assert_allclose(links.posterior(), np.exp(odds) / np.exp(odds).sum())


def test_expected_accuracy_counts_chord_triad_and_root() -> None:
    told = expected(np.array([[0.5, 0.2, 0.3]]), LABELS)
    np.testing.assert_allclose(told, [[0.5 + 0.7 + 0.7, 0.2 + 0.7 + 0.7, 0.3 * 3]])


def test_distinct_counts_chords() -> None:
    assert distinct(np.array([[1, 1, 1], [0, 2, 0], [2, 1, 0]])).tolist() == [1, 2, 3]


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 12), st.integers(0, 2**32 - 1), st.integers(1, 9))
def test_missing_chords_come_in_and_none_is_lost(places: int, seed: int, wanted: int) -> None:
    gains = np.random.default_rng(seed).random((places, 6))
    path = gains[:, :3].argmax(axis=1)
    more = varied(path, gains, wanted)
    assert set(path) <= set(more)
    assert len(set(more)) == max(len(set(path)), min(wanted, places, 6))
    assert np.count_nonzero(more != path) == len(set(more)) - len(set(path))


def test_a_missing_chord_comes_in_where_it_costs_least() -> None:
    gains = np.array([[3.0, 1.0, 0.0], [3.0, 2.9, 0.0], [3.0, 1.0, -np.inf]])
    path = np.zeros(3, np.int64)
    assert varied(path, gains, 2).tolist() == [0, 1, 0]
    assert varied(path, gains, 3).tolist() == [2, 1, 0]
    assert path.tolist() == [0, 0, 0]


def test_a_locked_place_keeps_its_chord() -> None:
    gains = np.full((4, 3), -np.inf)
    gains[:, 0] = 1.0
    assert varied(np.zeros(4, np.int64), gains, 3).tolist() == [0, 0, 0, 0]


def test_picked_paths_differ_and_good_ones_are_first() -> None:
    same, near, far, twin, farthest = np.zeros((5, 8), np.int64)
    near[7], far[:4], twin[:4], farthest[:] = 1, 1, 1, 2
    paths, order = np.array([same, near, far, twin, farthest]), np.array([9.0, 8.0, 7.0, 7.0, 1.0])
    picked = apart(paths, order, same, 2)
    assert [path.tolist() for path in picked] == [far.tolist(), farthest.tolist()]
    everything = apart(paths, order, same, 9)
    assert [path.tolist() for path in everything] == [
        near.tolist(), far.tolist(), farthest.tolist()
    ]  # fmt: skip


@pytest.mark.parametrize("count", [0, 1])
def test_no_more_are_picked_than_asked(count: int) -> None:
    paths = np.eye(4, dtype=np.int64)
    assert len(apart(paths, np.arange(4.0), np.zeros(4, np.int64), count)) == count
