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

__all__ = ["invent"]

_BOLD = 0.5  # surprise above which chords are substituted
_BOLD_CHANGES = 3  # at most, at a surprise of 1


def invent(
    choice: Choice,
    plan: Plan,
    library: Library,
    form: tuple[int, Ending],
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
    form : tuple of (int, str)
        Bars wanted, and how they should end.
    rng : numpy.random.Generator
        The dice for what is substituted.

    Returns
    -------
    Idea
        As many bars as are wanted.
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
    bars, lasting = fit(bars, count)
    bold = max(0.0, (plan.wish.surprise - _BOLD) / (1.0 - _BOLD))
    swaps = choice.changes + int(rng.binomial(_BOLD_CHANGES, bold))
    bars, changes = substitute(bars, key, swaps, rng)
    known = f", known as {progression.name}" if progression.name else ""
    return Idea(
        end(bars, ending, key.mode, key.family),
        key,
        progression.style,
        progression.name or progression.style,
        f"as in {progression.style}{known}",
        progression.moods,
        choice.place,
        choice.distance,
        lasting,
        changes,
        fit=0.9**choice.changes,
    )
