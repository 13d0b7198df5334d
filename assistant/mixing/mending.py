"""The first way to mix: what was found, and nothing else."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.mixing.fault import Fault
from assistant.mixing.plan import Plan
from assistant.mixing.track import Track
from assistant.mixing.way import Way

__all__ = ["counted", "mending"]

TOLD = 3  # of faults, and of tastes, that the sentence names; the moves name them all
UNSURE = 0.5  # of a role: what is less sure is told


def mending(plan: Plan, tracks: Sequence[Track]) -> Way:
    """Put what was found into a way to mix.

    Parameters
    ----------
    plan : Plan
        What is told.
    tracks : sequence of Track
        Of which it was found.

    Returns
    -------
    Way
        As sure as what is told is on the whole, each for its weight.
    """
    return Way(
        _title(plan), _why(plan, tracks), plan.moves, plan.told, _confidence(plan), is_mending=True
    )


def counted(count: int, one: str, many: str) -> str:
    """Say how many there are: ``"no faults"``, ``"1 fault"``, ``"2 faults"``."""
    return f"{count or 'no'} {one if count == 1 else many}"


def _title(plan: Plan) -> str:
    if not plan.told:
        return "Nothing to mend"
    told = counted(len(plan.faults), "fault", "faults")
    if not plan.tastes:
        return told.capitalize()
    return f"{told.capitalize()}, {counted(len(plan.tastes), 'matter', 'matters')} of taste"


def _why(plan: Plan, tracks: Sequence[Track]) -> str:
    sentences = [
        f"{counted(len(tracks), 'track', 'tracks').capitalize()} heard.",
        _listed(plan.faults, "No fault was found.", ""),
        _listed(plan.tastes, "", "Of taste: "),
        _unsure(tracks),
    ]
    return " ".join(one for one in sentences if one)


def _listed(found: Sequence[Fault], none: str, before: str) -> str:
    if not found:
        return none
    more = len(found) - TOLD
    rest = f" And {more} more." if more > 0 else ""
    return before + " ".join(one.why for one in found[:TOLD]) + rest


def _unsure(tracks: Sequence[Track]) -> str:
    """Say which roles are guesses, for much that is told depends on them."""
    guessed = [one for one in tracks if one.sounds and one.guess.confidence < UNSURE]
    if not guessed:
        return ""
    first = guessed[0]
    which = ", ".join(one.name for one in guessed[:TOLD]) + (", ..." if len(guessed) > TOLD else "")
    return (
        f"What {which} {'plays' if len(guessed) == 1 else 'play'} is a guess; say it with roles:"
        f" {first.name}={first.role.words}."
    )


def _confidence(plan: Plan) -> float:
    whole = sum(one.severity for one in plan.told)
    if not whole:
        return 0.8 if not plan.told else min(one.confidence for one in plan.told)
    return sum(one.weight for one in plan.told) / whole
