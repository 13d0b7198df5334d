"""What follows what in the songs that a model of the next chord was learned from: counts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from assistant.models.layers import Weights
from assistant.models.vocabulary import Vocabulary

__all__ = ["Follower", "Step", "Steps"]


@dataclass(frozen=True)
class Follower:
    """How usual it is that one chord follows another in the songs that were learned from.

    Parameters
    ----------
    times : float
        Share of the changes from the first chord, 0..1.
    songs : float
        Share of the songs that change from the first chord at all, 0..1.
    """

    times: float
    songs: float


@dataclass(frozen=True)
class Step:
    """How usual a step is in songs of one mode, chords told apart by root and third alone.

    Parameters
    ----------
    times : float
        Share of the changes from the first chord, 0..1.
    cases : int
        How many changes from it were counted.
    """

    times: float
    cases: int


class Steps:
    """Counts of the changes from chord to chord.

    Parameters
    ----------
    counts : mapping of str to ndarray
        ``times``, ``songs``, ``within`` and ``steps``, as ``training.next_chord`` writes them.
    words : Vocabulary
        The chords.
    """

    def __init__(self, counts: Weights, words: Vocabulary) -> None:
        self._counts, self._words = counts, words
        self._followers: dict[str, dict[str, Follower]] = {}

    def followers(self, label: str) -> Mapping[str, Follower]:
        """Tell what follows a chord: see `assistant.models.next_chord.NextChord.followers`."""
        if label not in self._followers:
            self._followers[label] = self._count(self._words.number(label))
        return self._followers[label]

    def step(self, before: str, after: str, mode: str) -> Step | None:
        """Tell how usual a step is: see `assistant.models.next_chord.NextChord.step`."""
        if not {before, after} <= set(self._words.labels) or "steps" not in self._counts:
            return None
        first, last = (self._words.thirds[self._words.number(label)] for label in (before, after))
        if first == last:
            return None
        row = self._counts["steps"][int(mode == "min"), first]
        cases = int(row.sum())
        return Step(float(row[last]) / max(1, cases), cases)

    def _count(self, number: int) -> dict[str, Follower]:
        times, songs = self._counts["times"], self._counts["songs"]
        changes, within = int(times[number].sum()), int(self._counts["within"][number])
        order = np.argsort(-times[number].astype(np.int64), kind="stable")
        return {
            self._words.labels[other]: Follower(
                float(times[number, other]) / changes, float(songs[number, other]) / within
            )
            for other in order.tolist()
            if times[number, other]
        }
