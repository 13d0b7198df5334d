"""What the learned models do for chord ideas, as small protocols: music knows no models."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from assistant.theory.harmony.customs import Customs
from assistant.theory.ideas.following import Draws

__all__ = ["Path", "Recollection", "StyleModel"]


class Recollection(Protocol):
    """What followed here before in the song."""

    @property
    def after(self) -> Sequence[str]:
        """The last chords, as many as have stood together before."""

    @property
    def followers(self) -> Mapping[str, int]:
        """How often each chord followed them."""


class StyleModel(Customs, Protocol):
    """A model of one style: see `assistant.models.next_chord.NextChord`."""

    @property
    def vocabulary(self) -> Sequence[str]:
        """The chords it knows."""

    def listen(self, labels: Sequence[str], beats: Sequence[float] | None, mode: str, /) -> Any:
        """Hear a song until now."""

    def sample(
        self,
        song: Any,
        count: int,
        length: int,
        rng: np.random.Generator,
        /,
        *,
        allowed: NDArray[np.bool_] | None,
    ) -> Draws:
        """Let a song go on in many ways, with the chords of the vocabulary that are allowed."""


class Path(Protocol):
    """A harmonisation: see `assistant.models.paths.Path`."""

    @property
    def chords(self) -> Sequence[str]:
        """A label for each half of a bar."""

    @property
    def likelihood(self) -> float:
        """Logarithm of its probability, nats."""
