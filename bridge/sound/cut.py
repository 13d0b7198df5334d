"""Which part of a sound file is meant, in seconds."""

from __future__ import annotations

from typing import NamedTuple

from bridge.sound.flaws import Flaw

__all__ = ["WHOLE", "Cut"]

SLACK_SECONDS = 0.05
"""A selection may end so late: a DAW rounds to pixels, to beats, or to milliseconds."""


class Cut(NamedTuple):
    """A part of a sound.

    Parameters
    ----------
    begins : float
        The second of the file at which it begins.
    ends : float or None
        The second at which it ends; None is the end of the file.
    """

    begins: float = 0.0
    ends: float | None = None

    def frames(self, held: int, rate: int) -> tuple[int, int]:
        """Return its first frame and the one after its last.

        Parameters
        ----------
        held : int
            Frames of the file.
        rate : int
            In Hz.

        Raises
        ------
        Flaw
            Where it is not within the file.
        """
        first = round(self.begins * rate)
        last = held if self.ends is None else round(self.ends * rate)
        if not first < last <= held + SLACK_SECONDS * rate or first >= held:
            raise Flaw(f"is {held / rate:.6g} s long; the cut {self} is not within it.")
        return first, min(last, held)

    def __str__(self) -> str:
        """Write it as it is asked for: ``12.5-20.25``."""
        return f"{self.begins:.10g}-" + ("" if self.ends is None else f"{self.ends:.10g}")


WHOLE = Cut()
"""All of a file."""
