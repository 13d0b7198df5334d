from __future__ import annotations

from itertools import islice

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from assistant.theory.ideas.offering import after_others, offer, ranks


def test_ranks_go_from_0_to_1() -> None:
    assert ranks(np.array([3.0, 1.0, 2.0])).tolist() == [1.0, 0.0, 0.5]
    assert ranks(np.array([7.0])).tolist() == [0.0]


def test_the_best_comes_first_and_its_twin_late() -> None:
    slots = np.array([[1, 2, 3, 4], [1, 2, 3, 4], [1, 2, 5, 6], [7, 8, 9, 9]])
    assert list(offer(np.array([2.0, 1.9, 1.0, 0.5]), slots)) == [0, 3, 2, 1]


def test_what_is_much_better_comes_first_all_the_same() -> None:
    slots = np.array([[1, 2], [1, 2], [3, 4]])
    assert list(offer(np.array([9.0, 8.0, 1.0]), slots)) == [0, 1, 2]


@given(
    st.lists(st.lists(st.integers(0, 3), min_size=4, max_size=4), max_size=12), st.integers(0, 99)
)
def test_each_comes_once_in_an_order_of_its_own(rows: list[list[int]], seed: int) -> None:
    slots = np.array(rows, dtype=np.int64).reshape(len(rows), 4)
    ratings = np.random.default_rng(seed).normal(size=len(rows))
    order = list(offer(ratings, slots))
    assert sorted(order) == list(range(len(rows)))
    assert list(islice(offer(ratings, slots), 3)) == order[:3]


def test_what_is_there_already_comes_after_two_others() -> None:
    assert list(after_others(iter("abcd"), lambda each: each == "a")) == ["b", "c", "a", "d"]
    assert list(after_others(iter("abcd"), lambda each: each == "d")) == ["a", "b", "c", "d"]
    assert list(after_others(iter("ab"), lambda each: each == "a")) == ["b", "a"]
    assert list(after_others(iter("aa"), lambda _: True)) == ["a", "a"]
