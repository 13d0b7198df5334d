"""What the musician decides of a suggestion: done in the linked DAW, written down, taken back."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from typing import Any, Literal, TypeAlias
from weakref import WeakValueDictionary

from assistant import engine
from assistant.errors import DawError, MusicianError, UnknownName
from assistant.moves import PARAMETERS, Move
from bridge import order
from bridge.daw_desk import DawDesk, how_to_link
from bridge.daw_moves import Outcome, apply
from bridge.daw_placing import insert, place
from bridge.daw_session import DawSession
from bridge.names import listed
from bridge.store.journal import Entry, Journal

__all__ = ["Verdicts"]

Event: TypeAlias = Mapping[str, Any]
"""A suggestion as the journal has it."""
Applied: TypeAlias = tuple[int, str]
"""How many moves were done, and a remark."""

_PLACED = 0
"""The number under which the journal keeps that notes or sound were put into the session."""
_NO_MOVES = "This suggestion has no moves: its files are ready as they are."
_NOT_OURS = (
    "bandmate changed nothing itself: what was done by hand, or by the DAW's own script, is taken "
    "back in the DAW."
)


class Verdicts:
    """Decisions on suggestions.

    Parameters
    ----------
    journal : Journal
        Where they are written down, before anything is changed.
    daws : DawDesk
        Where they are done.
    """

    def __init__(self, journal: Journal, daws: DawDesk) -> None:
        self._journal = journal
        self._daws = daws
        self._locks: WeakValueDictionary[tuple[int, int], asyncio.Lock] = WeakValueDictionary()

    async def accept(
        self, client: str, entry: Entry, event: Event, moves: tuple[int, ...]
    ) -> Applied:
        """Do in the DAW what was suggested: moves of tracks, else notes, else sound, else moves.

        Parameters
        ----------
        client : str
            Who accepts; it is done in the DAW that it linked, else in the one linked last.
        entry, event
            The job and the suggestion.
        moves : tuple of int
            Which moves, from 1; empty means all that the suggestion is.

        Returns
        -------
        tuple of (int, str)
            How many moves were done (or, without a DAW, are to be done by hand), and a remark.

        Raises
        ------
        UnknownName
            Where it has no such move.
        DawError
            Where the DAW does not answer, or takes no notes or sound; nothing was done then.
        """
        chosen = _chosen(event, moves)
        async with self._alone(entry, event):
            return await self._accept(self._daws.of(client), entry, event, moves, chosen)

    async def _accept(
        self,
        session: DawSession | None,
        entry: Entry,
        event: Event,
        moves: tuple[int, ...],
        chosen: tuple[int, ...],
    ) -> Applied:
        if session is None:
            self._journal.decide(entry.key, event["n"], "accepted", chosen)
            by_hand = f"No DAW is linked: do them by hand, or link one first. {how_to_link()}"
            return len(chosen), by_hand if chosen else _NO_MOVES
        kind, path = _kind(entry.stage, event, moves)
        if kind == "moves":
            done = await self._apply(session, entry, event, chosen)
            piled = self._piled(session.name, entry, event, done.done)
            return len(done.done), " ".join(filter(None, (piled, done.remark)))
        if kind == "nothing":
            self._journal.decide(entry.key, event["n"], "accepted")
            return 0, _NO_MOVES
        return 0, await self._put(session, entry, event, kind, path)

    def taken(self, entry: Entry, event: Event, moves: tuple[int, ...]) -> Applied:
        """Write down that the DAW's own script did it; how `accept` takes and returns."""
        chosen = _chosen(event, moves)
        self._journal.decide(entry.key, event["n"], "accepted", chosen)
        return len(chosen), ""

    async def undo(self, entry: Entry, event: Event) -> str:
        """Put everything back to where it stood before accept.

        Parameters
        ----------
        entry, event
            The job and the suggestion.

        Returns
        -------
        str
            What is left to take back in the DAW; ``""`` where all stands as before.

        Raises
        ------
        MusicianError
            Where it is not accepted.
        DawError
            Where not everything could be put back now: it stays accepted, and can be undone
            later. What was put back is not touched then.
        """
        n = event["n"]
        async with self._alone(entry, event):
            before = self._journal.standing(entry.key, n)
            if not before and self._journal.verdict(entry.key, n) != "accepted":
                raise MusicianError(f"Suggestion {n} of {entry.id!r} is not accepted.")
            left: list[str] = []
            for name in dict.fromkeys(daw for daw, _ in before):
                stood = {move: value for (daw, move), value in before.items() if daw == name}
                try:
                    await self._put_back(entry, event, name, stood)
                except DawError as error:
                    left.append(str(error))
            if left:
                raise DawError(" ".join(left))
            self._journal.decide(entry.key, n, "undone")
        lost = [(daw, move) for (daw, move), value in before.items() if value is None]
        return " ".join(self._by_hand(lost)) if before else _NOT_OURS

    async def _put_back(
        self, entry: Entry, event: Event, name: str, stood: Mapping[int, float | None]
    ) -> None:
        back = _moves_back(event, stood)
        if not back:
            return
        outcome = await apply(self._daws.named(name), back, {}, lambda _: None)
        self._journal.forget(entry.key, event["n"], name, outcome.done)
        if outcome.troubles:
            title = self._daws.title(name)
            raise DawError(
                f"Not everything was put back in {title}, undo it again: {outcome.remark}"
            )

    def _by_hand(self, lost: Iterable[tuple[str, int]]) -> Iterable[str]:
        """Say what the musician has to take back, in which DAW."""
        for name, move in lost:
            title = self._daws.title(name)
            if move == _PLACED:
                yield f"What was put into the session is taken out in {title} (Edit > Undo)."
            else:
                yield f"{title} did not tell where move {move} stood: undo it there."

    def _alone(self, entry: Entry, event: Event) -> asyncio.Lock:
        """Keep two from deciding on one suggestion at once: a change would be made twice."""
        return self._locks.setdefault((entry.key, event["n"]), asyncio.Lock())

    async def _apply(
        self, session: DawSession, entry: Entry, event: Event, chosen: Sequence[int]
    ) -> Outcome:
        n, name = event["n"], session.name
        before = self._journal.standing(entry.key, n)
        known = {move: value for (daw, move), value in before.items() if daw == name}
        moves = [(index, _move(event["moves"][index - 1])) for index in chosen]

        def write(standing: Mapping[int, float | None]) -> None:
            told = {(name, index): _kept(event, index, at) for index, at in standing.items()}
            self._journal.decide(entry.key, n, "accepted", chosen, told)

        return await apply(session, moves, known, write)

    def _piled(self, daw: str, entry: Entry, event: Event, done: Iterable[int]) -> str:
        """Say which suggestions of the same job, done before, turn what this one turns."""
        turned = {_knob(event, index) for index in done}
        for other in self._journal.suggestions(entry.key):
            n, stood = other["n"], self._journal.standing(entry.key, other["n"])
            theirs = {_knob(other, move) for name, move in stood if name == daw and move != _PLACED}
            both = sorted({target for target, *_ in turned & theirs})
            if both and n != event["n"]:
                return (
                    f"Suggestion {n} is accepted as well, and both turn {listed(both)}: one comes"
                    f" on top of the other. To have one alone, undo {event['n']}, then {n}, and"
                    " accept it."
                )
        return ""

    async def _put(
        self, session: DawSession, entry: Entry, event: Event, kind: str, path: str
    ) -> str:
        placed = {(session.name, _PLACED): None}
        if placed.keys() & self._journal.standing(entry.key, event["n"]).keys():
            title = session.adapter.TITLE
            return f"It was put into {title} already; to put it there once more, undo it first."

        def write() -> None:
            self._journal.decide(entry.key, event["n"], "accepted", (), placed)

        if kind == "notes":
            return await insert(session, path, write)
        cut = order.cut_seconds(str(entry.asked.get("cut") or ""))
        return await place(session, path, entry.path, cut.begins, write)


def _chosen(event: Event, moves: tuple[int, ...]) -> tuple[int, ...]:
    """Tell which moves are meant."""
    known = range(1, len(event["moves"]) + 1)
    beyond = [move for move in moves if move not in known]
    if beyond:
        raise UnknownName(f"move of suggestion {event['n']}", str(beyond[0]), map(str, known))
    return tuple(dict.fromkeys(moves)) or tuple(known)


def _kind(
    stage: str, event: Event, moves: tuple[int, ...]
) -> tuple[Literal["moves", "notes", "sound", "nothing"], str]:
    """Tell what a suggestion is to a session, and the file of it.

    A sound that was made holds what the moves of the sum tell: it is one or the other. A preview of
    stems has no place beside them.
    """
    if moves or any(move["target"] != "mix" for move in event["moves"]):
        return "moves", ""
    if _sums(stage):
        return ("moves" if event["moves"] else "nothing"), ""
    for path in (event["files"].get("notes", ""), event["file"]):
        if path.lower().endswith((".mid", ".midi")):
            return "notes", path
    if event["file"].lower().endswith((".wav", ".flac")):
        return "sound", event["file"]
    return ("moves" if event["moves"] else "nothing"), ""


def _knob(event: Event, index: int) -> tuple[str, str, str]:
    """Tell what a move turns: target, parameter, group."""
    move = event["moves"][index - 1]
    return move["target"], move["parameter"], move["group"]


def _sums(stage: str) -> bool:
    """Tell whether what a stage makes is the sum of stems."""
    return stage in engine.stage_names() and engine.stage(stage).sums


def _move(said: Mapping[str, Any]) -> Move:
    return Move(**{one.name: said[one.name] for one in fields(Move)})


def _kept(event: Event, index: int, value: float | None) -> float | None:
    """Return where a parameter stood, as far as it can be said again: a fader may be at -inf."""
    if value is None or math.isnan(value):
        return None
    known = PARAMETERS[event["moves"][index - 1]["parameter"]]
    return min(known.high, max(known.low, value))


def _moves_back(event: Event, stood: Mapping[int, float | None]) -> list[tuple[int, Move]]:
    """Make the moves that put things back, the last one first."""
    return [
        (index, _move({**event["moves"][index - 1], "mode": "set", "value": value}))
        for index, value in reversed(list(stood.items()))
        if index != _PLACED and value is not None
    ]
