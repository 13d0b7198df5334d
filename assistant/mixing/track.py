"""A track of a mix as all that judge it see it: its stem, what was heard of it, what it plays."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from assistant.material import Audio, Stem
from assistant.mixing.heard import Heard
from assistant.mixing.peaks import Peaks, peaks_of
from assistant.mixing.roles import Role, RoleGuess

__all__ = ["Track"]


@dataclass(frozen=True, eq=False)
class Track:
    """One stem, and what is known of it.

    Parameters
    ----------
    stem : Stem
        As it came.
    heard : Heard
        What was heard of it.
    guess : RoleGuess
        What it plays; what the musician said is guessed at confidence 1.0.
    sum_of : tuple of str
        Names of the tracks that it is the sum of: a bus whose parts are in the session too.
    """

    stem: Stem
    heard: Heard
    guess: RoleGuess
    sum_of: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """As the musician calls it."""
        return self.stem.name

    @property
    def audio(self) -> Audio:
        """Its sound."""
        return self.stem.audio

    @property
    def role(self) -> Role:
        """What it plays, most likely."""
        return self.guess.role

    @cached_property
    def peaks(self) -> Peaks:
        """Its peaks where it plays: read when they are first asked for, and kept (1 MB)."""
        return peaks_of(self.audio, self.heard)

    @property
    def sounds(self) -> bool:
        """Whether there is anything to hear, and it is not a sum of other tracks."""
        return not self.heard.silent and not self.sum_of
