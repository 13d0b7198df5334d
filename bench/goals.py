"""One number that was to be reached, and whether it was."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Goal"]


@dataclass(frozen=True)
class Goal:
    """One number to reach: at least `wanted`, or at most, where `most` says so; NaN: unknown."""

    about: str
    wanted: float
    reached: float
    most: bool = False

    @property
    def holds(self) -> bool:
        """Whether it was reached."""
        return self.reached <= self.wanted if self.most else self.reached >= self.wanted

    @property
    def bound(self) -> str:
        """What is wanted, in words: ``"at least 90"``."""
        return f"{'at most' if self.most else 'at least'} {self.wanted:g}"
