"""The song's own chords, changed: as it was asked, or by a few substitutions."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

import numpy as np

from assistant.theory.harmony.change import Change, Suits, any_suits, change
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
    suits: Suits = any_suits,
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
    suits : callable
        Tells what may stand where; an ending that is asked for may stand anywhere.

    Yields
    ------
    Idea
        As many bars; each sounds like none before it. None at all where nothing can be changed.
    """
    how, ending = wanted
    seen = {bars}
    already = ending != "auto" and end(bars, ending, key.mode, key.family) == bars
    ends = f", which {ending} already" if already else ""
    for attempt in range(_TRIES):
        changed, done = change(bars, key, how, rng, suits)
        if how == "none" and (ending == "auto" or attempt):
            changed, done = substitute(bars, key, 1 + attempt % _MOST_SWAPS, rng)
            if not all(map(suits, count(), bars, changed)):
                continue
        if ending != "auto":
            ended = end(changed, ending, key.mode, key.family)
            done = (*done, "another ending") if ended != changed else done
            changed = ended
        if changed in seen:
            continue
        seen.add(changed)
        title = "your chords" if how == "none" else f"your chords, {how}"
        yield Idea(changed, key, style, title, f"{title}{ends}", changes=done)
