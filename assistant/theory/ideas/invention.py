"""New ideas from the shelf: a progression made to last, changed where that is wanted, and ended."""

from __future__ import annotations

import numpy as np

from assistant.theory.harmony.colour import dress
from assistant.theory.harmony.form import Ending, end, fit, paced
from assistant.theory.harmony.substitution import substitute
from assistant.theory.ideas.choice import Choice, chords_a_bar
from assistant.theory.ideas.idea import Idea
from assistant.theory.ideas.library import Library
from assistant.theory.ideas.plan import Plan

__all__ = ["LENGTH", "invent"]

LENGTH = 8
"""Bars of an idea where nobody says, and no form has its own."""

_BOLD = 0.5  # surprise above which chords are substituted
_BOLD_CHANGES = 3  # at most, at a surprise of 1


def invent(
    choice: Choice,
    plan: Plan,
    library: Library,
    form: tuple[int | None, Ending],
    rng: np.random.Generator,
) -> Idea:
    """Make an idea of a progression.

    Parameters
    ----------
    choice : Choice
        The progression.
    plan : Plan
        What is asked for.
    library : Library
        The shelf.
    form : tuple of (int or None, str)
        Bars wanted, None for 8 or as long as the form is; and how they should end.
    rng : numpy.random.Generator
        The dice for what is substituted.

    Returns
    -------
    Idea
        As many bars as are wanted; a form that is cut short loses its name.
    """
    count, ending = form
    progression = choice.progression
    key = plan.key_for(progression.family)
    bars = choice.bars
    wanted = plan.wish.style
    borrowed = wanted is not None and wanted != progression.style
    colour = plan.colour or (library.styles[wanted].colour if wanted and borrowed else None)
    if colour:
        bars = dress(bars, key, colour)
    if plan.wish.density is not None:
        bars = paced(bars, chords_a_bar(plan.wish.density))
    wanted_bars = count or _own_length(len(bars))
    name = progression.name if wanted_bars >= len(bars) else ""
    bars, lasting = fit(bars, wanted_bars)
    bold = max(0.0, (plan.wish.surprise - _BOLD) / (1.0 - _BOLD))
    swaps = choice.changes + int(rng.binomial(_BOLD_CHANGES, bold))
    bars, changes = substitute(bars, key, swaps, rng)
    known = f", known as {name}" if name else ""
    return Idea(
        end(bars, ending, key.mode, key.family),
        key,
        progression.style,
        name or progression.style,
        f"as in {progression.style}{known}",
        progression.moods,
        choice.place,
        choice.distance,
        lasting,
        changes,
        fit=0.9**choice.changes,
    )


def _own_length(bars: int) -> int:
    """Repeat short forms to eight bars, and leave the others as long as they are."""
    return LENGTH if LENGTH % bars == 0 else bars
