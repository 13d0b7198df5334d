"""Which of the harmonisations of a melody come first."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from math import log2

from assistant.theory.harmony.form import Ending
from assistant.theory.harmony.key import Key
from assistant.theory.ideas.choice import chords_a_bar
from assistant.theory.ideas.following import ends_well
from assistant.theory.ideas.learned import Path

__all__ = ["first_as_asked"]


def first_as_asked(
    paths: Sequence[Path], ending: Ending, key: Key, density: float | None
) -> Sequence[Path]:
    """Put those first that end as is wanted, and among them those of about the pace that is wanted.

    Parameters
    ----------
    paths : sequence of Path
        Best first; they keep that order where nothing is wanted.
    ending : {"auto", "loop", "close"}
        How they should end.
    key : Key
        The key.
    density : float or None
        How often chords should change: see `chords_a_bar`.

    Returns
    -------
    sequence of Path
        All of them.
    """

    def far(path: Path) -> float:
        if density is None:
            return 0.0
        changes = len(list(groupby(path.chords)))
        return abs(log2(2.0 * changes / len(path.chords) / chords_a_bar(density)))

    def welcome(path: Path) -> float:
        return 0.0 if ending == "auto" else judge(path.chords[0], path.chords[-1])

    judge = ends_well(ending, key)
    return sorted(paths, key=lambda path: (-welcome(path), far(path)))
