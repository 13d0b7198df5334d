"""Runs pieces of work that tell how far they are."""

from __future__ import annotations

from collections.abc import Generator
from typing import TypeVar

_Made = TypeVar("_Made")


def done(work: Generator[float, None, _Made]) -> _Made:
    """Do all of a piece of work, and return what it made."""
    while True:
        try:
            next(work)
        except StopIteration as end:
            made: _Made = end.value
            return made
