"""The first way to mix: what was found, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from assistant.mixing.fault import Fault
from assistant.mixing.plan import Plan
from assistant.mixing.role_names import Role
from assistant.mixing.track import Track
from assistant.mixing.way import Way
from assistant.moves import Move

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
    moves = tuple(move for one in plan.told for move in _with_ear(one))
    return Way(
        _title(plan), _why(plan, tracks), moves, plan.told, _confidence(plan), is_mending=True
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
    return f"{told.capitalize()}, {counted(plan.matters, 'matter', 'matters')} of taste"


def _why(plan: Plan, tracks: Sequence[Track]) -> str:
    sentences = [
        f"{counted(len(tracks), 'track', 'tracks').capitalize()} heard.",
        _listed(plan.faults) or "No fault was found.",
        f"Of taste: {_listed(plan.tastes)}" if plan.tastes else "",
        _unsure(tracks),
    ]
    return " ".join(one for one in sentences if one)


def _listed(found: Sequence[Fault]) -> str:
    """Tell the first few in their own words, and name the others."""
    said = [one.why for one in found[:TOLD]]
    named = [f"{one.kind_words} ({one.targets[0]})" for one in found[TOLD:]]
    if named:
        said.append(f"And {', '.join(named)}.")
    return " ".join(said)


def _with_ear(one: Fault) -> Iterator[Move]:
    """Say with each move what to listen for."""
    for move in one.moves:
        yield replace(move, why=f"{move.why} Listen for: {one.listen_for}.")


def _unsure(tracks: Sequence[Track]) -> str:
    """Say which roles are guesses, for much that is told depends on them."""
    guessed = [one for one in tracks if one.sounds and one.guess.confidence < UNSURE]
    if not guessed:
        return ""
    first = guessed[0]
    other = Role.GUITAR if first.role is Role.BASS else Role.BASS
    return f"{_guesses(guessed)}; if it is not so, say it with roles: {first.name}={other.words}."


def _guesses(guessed: Sequence[Track]) -> str:
    if len(guessed) == 1:
        return f"What {guessed[0].name} plays is a guess ({guessed[0].role.words})"
    said = [f"{one.name} ({one.role.words})" for one in guessed]
    more = len(said) - TOLD
    said = [*said[:TOLD], f"{more} more"] if more > 0 else said
    return f"What {', '.join(said[:-1])} and {said[-1]} play is a guess"


def _confidence(plan: Plan) -> float:
    whole = sum(one.severity for one in plan.told)
    if not whole:
        return 0.8 if not plan.told else min(one.confidence for one in plan.told)
    return sum(one.weight for one in plan.told) / whole
