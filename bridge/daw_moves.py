"""Moves done in a linked DAW, seen to be done, and told where they are not."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple, TypeAlias

from assistant.errors import DawError, MusicianError
from assistant.moves import PARAMETERS, Move
from bridge.daw_session import DawSession
from bridge.daws.adapter import Said
from bridge.daws.by_hand import by_hand

__all__ = ["Outcome", "Standing", "apply"]

LOOKS = 3
"""A fader that is not yet where it was put is looked at again so often."""
BETWEEN_LOOKS_SECONDS = 0.1

CLOSED_DB = -60.0
"""Faders end below it, each at another number."""

_TOLERANCES = {
    "dB": (0.1, 0.0),
    "dBTP": (0.1, 0.0),
    "Hz": (0.1, 0.01),
    "ms": (0.05, 0.01),
    ":1": (0.05, 0.01),
    "": (0.02, 0.01),
}
"""How far a DAW may round what it is told, by unit: so much, and such a part of it."""

Standing: TypeAlias = Mapping[int, float | None]
"""By the number of the move: where its parameter stood before; None where the DAW did not tell."""


class Outcome(NamedTuple):
    """What came of moves: the numbers of those done, and by number why others are not."""

    done: tuple[int, ...]
    troubles: Mapping[int, str]
    notes: tuple[str, ...] = ()

    @property
    def remark(self) -> str:
        """All of it in one line; ``""`` where there is nothing to remark."""
        reasons: dict[str, list[int]] = {}
        for index, why in self.troubles.items():
            reasons.setdefault(why, []).append(index)
        told = [f"Move {_listed(indices)}: {why}" for why, indices in reasons.items()]
        return " ".join([*told, *self.notes]).replace("\n", " ")


@dataclass(frozen=True, slots=True)
class _Step:
    """A move that can be said: where it stood, what is to be there, and the words for it."""

    index: int
    move: Move
    before: float | None
    said: tuple[Said, ...]

    @property
    def where(self) -> tuple[str, str, str]:
        return _where(self.move)


async def apply(
    session: DawSession,
    moves: Sequence[tuple[int, Move]],
    known: Standing,
    write: Callable[[Standing], None],
) -> Outcome:
    """Do moves, and see that they are done.

    Parameters
    ----------
    session : DawSession
        Where.
    moves : sequence of (int, Move)
        With their numbers, in the order they are done.
    known : mapping of int to float or None
        Where those stood that were done before: done again they begin from there, so that a
        change is not made twice.
    write : callable
        Is given where everything stood, before anything is changed.

    Returns
    -------
    Outcome
        What was done.

    Raises
    ------
    DawError
        Where the DAW does not answer; nothing was done then.
    """
    async with session.lock:
        await session.looked()
        steps, troubles = _planned(session, moves, known)
        write({step.index: step.before for step in steps})
        for step in steps:
            await session.say(step.said)
        outcome = await _seen(session, steps, troubles)
    left = by_hand(move for index, move in moves if index in troubles)
    return outcome._replace(notes=(*outcome.notes, left)) if left else outcome


def _planned(
    session: DawSession, moves: Sequence[tuple[int, Move]], known: Standing
) -> tuple[list[_Step], dict[int, str]]:
    """Find the words for moves, each beginning where those before it end."""
    steps: list[_Step] = []
    troubles: dict[int, str] = {}
    reached: dict[tuple[str, str, str], float] = {}
    for index, move in moves:
        try:
            before = known.get(index)
            if before is None:
                before = reached.get(_where(move), session.adapter.standing(session.song, move))
            final = _set(session, move, before)
            steps.append(_Step(index, final, before, session.adapter.move(session.song, final)))
            reached[_where(move)] = final.value
        except MusicianError as error:
            troubles[index] = str(error)
    return steps, troubles


def _set(session: DawSession, move: Move, before: float | None) -> Move:
    """Make a change one to a value: said twice, it is still made once."""
    if move.mode == "set":
        return move
    if before is None:
        session.adapter.move(session.song, move)  # says best why it cannot
        title = session.adapter.TITLE
        raise DawError(f"{title} does not tell where {move.parameter} of {move.target} stands.")
    # Polarity is flipped, or not: there is nothing to add up.
    value = before * move.value if move.parameter == "polarity" else before + move.value
    return replace(move, mode="set", value=value)


async def _seen(
    session: DawSession, steps: Sequence[_Step], troubles: Mapping[int, str]
) -> Outcome:
    """Look whether everything is where it was put; a DAW may take a moment."""
    wanted = {step.where: step.move.value for step in steps}
    wrong: dict[int, str] = {}
    unread: list[int] = []
    for look in range(LOOKS):
        await asyncio.sleep(BETWEEN_LOOKS_SECONDS if look else 0.0)
        if steps and not await session.refresh():
            gone = f"{session.adapter.TITLE} does not answer any more: look whether it was done."
            return Outcome((), {**troubles, **{step.index: gone for step in steps}})
        after = {step.index: session.adapter.standing(session.song, step.move) for step in steps}
        wrong = {
            step.index: why
            for step in steps
            if (why := _wrong(step, after[step.index], wanted[step.where]))
        }
        unread = [step.index for step in steps if after[step.index] is step.before is None]
        if not wrong:
            break
    done = tuple(sorted(step.index for step in steps if step.index not in wrong))
    return Outcome(done, {**troubles, **wrong}, _notes(session, unread, wrong))


def _notes(session: DawSession, unread: Sequence[int], wrong: Mapping[int, str]) -> tuple[str, ...]:
    """Tell of what holds for none of the moves alone."""
    title = session.adapter.TITLE
    blind = f"{title} does not tell where move {_listed(unread)} stands: undo it there."
    says = f"{title} says: {session.song.trouble[:200]}"
    return (blind,) * bool(unread) + (says,) * bool(wrong and session.song.trouble)


def _where(move: Move) -> tuple[str, str, str]:
    return move.target, move.parameter, move.group


def _wrong(step: _Step, after: float | None, wanted: float) -> str:
    """Tell what is wrong with where a parameter stands; ``""`` where it is right, or never told."""
    name = f"{step.move.parameter} of {step.move.target}"
    if after is None:
        return "" if step.before is None else f"{name} cannot be read back."
    unit = PARAMETERS[step.move.parameter].unit
    least, share = _TOLERANCES[unit]
    closed = unit == "dB" and max(after, wanted) <= CLOSED_DB
    if closed or abs(after - wanted) <= max(least, share * abs(wanted)):
        return ""
    return f"{name} stands at {after:.4g}, not at {wanted:.4g} {unit}".rstrip() + "."


def _listed(indices: Sequence[int]) -> str:
    return ", ".join(map(str, sorted(indices)))
