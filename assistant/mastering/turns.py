"""How the progress of a request is shared out to the masters that it makes."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from typing import TypeVar

from assistant.contract import Progress, telling

__all__ = ["Turns"]

_Made = TypeVar("_Made")


@dataclass
class Turns:
    """What is left of the progress, for the masters that are still to be made.

    Parameters
    ----------
    left : int
        How many may be made yet.
    wanted : int
        How many are wanted of them.
    begun : float
        What of the whole is done.
    """

    left: int
    wanted: int
    begun: float

    def take(
        self, work: Generator[float, None, _Made], title: str
    ) -> Generator[Progress, None, _Made]:
        """Make the next one, in its share of what is left.

        Parameters
        ----------
        work : generator
            Makes it, or comes to None, which is not counted as one.
        title : str
            Of it.

        Yields
        ------
        Progress
            Of the whole.

        Returns
        -------
        object
            What the work returns.
        """
        share = (1.0 - self.begun) / max(1, min(self.left, self.wanted))
        made = yield from telling(work, f"mastering: {title}", self.begun, share)
        self.begun, self.left = self.begun + share, self.left - 1
        self.wanted -= made is not None
        return made
