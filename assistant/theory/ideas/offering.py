"""Many, then few: an order in which each next idea is good, and unlike those before it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

__all__ = ["after_others", "offer", "ranks"]

T = TypeVar("T")

_LIKENESS_COST = 3.0  # of an idea that is the same as one before it, in units of the ratings


def ranks(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Turn values into places among each other.

    Parameters
    ----------
    values : ndarray of shape (ideas,)
        Anything that compares; equals keep their order.

    Returns
    -------
    ndarray of shape (ideas,)
        0.0 for the smallest to 1.0 for the largest.
    """
    places = np.argsort(np.argsort(values, kind="stable"), kind="stable")
    return places / max(1, len(values) - 1)


def offer(ratings: NDArray[np.float64], slots: NDArray[np.int64]) -> Iterator[int]:
    """Walk through ideas, weighing how good one is against how like it is to those before.

    The greedy rule is that of maximal marginal relevance (Carbonell and Goldstein, 1998).

    Parameters
    ----------
    ratings : ndarray of shape (ideas,)
        Higher is better.
    slots : ndarray of shape (ideas, slots)
        What an idea holds at each place, as numbers; two ideas are as like as the share of places
        at which they hold the same.

    Yields
    ------
    int
        Each idea once. The order does not depend on how many are taken.
    """
    left = np.asarray(ratings, dtype=np.float64).copy()
    likeness = np.zeros(len(left))
    for _ in range(len(left)):
        best = int(np.argmax(left - _LIKENESS_COST * likeness))
        yield best
        left[best] = -np.inf
        np.maximum(likeness, (slots == slots[best]).mean(axis=1), out=likeness)


def after_others(ideas: Iterator[T], known: Callable[[T], bool], others: int = 2) -> Iterator[T]:
    """Let what the musician has already come after some other ideas.

    Parameters
    ----------
    ideas : iterator
        Best first.
    known : callable
        Tells whether an idea is there already.
    others : int
        How many others come before it.

    Yields
    ------
    T
        Each idea once; what is known as it stood among those that follow, or last.
    """
    held: list[T] = []
    for idea in ideas:
        if others > 0 and known(idea):
            held.append(idea)
            continue
        yield idea
        others -= 1
        if others == 0:
            yield from held
            held = []
    yield from held
