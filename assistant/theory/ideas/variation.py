"""The song's own chords, changed: as it was asked, or by a few substitutions."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from assistant.theory.harmony.change import Change, change
from assistant.theory.harmony.form import Ending, end
from assistant.theory.harmony.key import Key
from assistant.theory.harmony.progression import Bar
from assistant.theory.harmony.substitution import substitute
from assistant.theory.ideas.idea import Idea

__all__ = ["vary"]

_TRIES = 64
_MOST_SWAPS = 3


def vary(
    bars: tuple[Bar, ...],
    key: Key,
    wanted: tuple[Change, Ending],
    style: str,
    rng: np.random.Generator,
) -> Iterator[Idea]:
    """Offer variations of some chords.

    Parameters
    ----------
    bars : tuple of Bar
        The chords of the song, numerals in `key`.
    key : Key
        The key.
    wanted : tuple of (str, str)
        How to change them, ``"none"`` for any substitution; and how they should end, ``"auto"``
        for as they do.
    style : str
        Whose rhythm they have.
    rng : numpy.random.Generator
        The dice.

    Yields
    ------
    Idea
        As many bars; each sounds like none before it. None at all where nothing can be changed.
    """
    how, ending = wanted
    seen = {bars}
    for attempt in range(_TRIES):
        changed, done = change(bars, key, how, rng)
        if how == "none" and (ending == "auto" or attempt):
            changed, done = substitute(bars, key, 1 + attempt % _MOST_SWAPS, rng)
        if ending != "auto":
            ended = end(changed, ending, key.mode, key.family)
            done = (*done, "another ending") if ended != changed else done
            changed = ended
        if changed in seen:
            continue
        seen.add(changed)
        title = "your chords" if how == "none" else f"your chords, {how}"
        yield Idea(changed, key, style, title, title, changes=done)
