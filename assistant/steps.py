"""A piece of work as a share of a larger one."""

from __future__ import annotations

from collections.abc import Generator
from typing import TypeVar

__all__ = ["part", "result"]

_Made = TypeVar("_Made")


def part(
    work: Generator[float, None, _Made], begun: float, share: float
) -> Generator[float, None, _Made]:
    """Do a piece of work, and say how far all of it is.

    Parameters
    ----------
    work : generator
        Yields the share of it that is done, rising to 1.0.
    begun, share : float
        What of the whole was done before it, and what of the whole it is.

    Yields
    ------
    float
        Share of the whole that is done.

    Returns
    -------
    object
        What the work returns.
    """
    while True:
        try:
            yield begun + share * next(work)
        except StopIteration as done:
            made: _Made = done.value
            return made


def result(work: Generator[float, None, _Made]) -> _Made:
    """Do a piece of work without saying how far it is, for who is in no hurry to know.

    Parameters
    ----------
    work : generator
        Yields the share of it that is done.

    Returns
    -------
    object
        What the work returns.
    """
    while True:
        try:
            next(work)
        except StopIteration as done:
            made: _Made = done.value
            return made
