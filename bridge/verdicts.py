"""What the musician decides of a suggestion: done in the linked DAW, written down, taken back."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any, Literal, TypeAlias

from assistant.errors import DawError, FileError, MusicianError, UnknownName
from assistant.material import Score
from assistant.moves import PARAMETERS, Move
from bridge import order
from bridge.daw_desk import DawDesk, how_to_link
from bridge.daw_moves import Outcome, apply
from bridge.daw_placing import insert, place
from bridge.daw_session import DawSession
from bridge.store.journal import Entry, Journal

__all__ = ["Verdicts"]

Event: TypeAlias = Mapping[str, Any]
"""A suggestion as the journal has it."""
Applied: TypeAlias = tuple[int, str]
"""How many moves were done, and a remark."""

_PLACED = 0
"""The number under which the journal keeps that notes or sound were put into the session."""
_NO_MOVES = "This suggestion has no moves: its files are ready as they are."


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
        session = self._daws.of(client)
        if session is None:
            self._journal.decide(entry.key, event["n"], "accepted", chosen)
            by_hand = f"No DAW is linked: do them by hand, or link one first. {how_to_link()}"
            return len(chosen), by_hand if chosen else _NO_MOVES
        kind, path = _kind(event, moves)
        if kind == "moves":
            done = await self._apply(session, entry, event, chosen)
            return len(done.done), done.remark
        if kind == "nothing":
            self._journal.decide(entry.key, event["n"], "accepted")
            return 0, _NO_MOVES
        return 0, await self._put(session, entry, event, kind, path)

    def taken(self, entry: Entry, event: Event, moves: tuple[int, ...]) -> Applied:
        """Write down that the DAW's own script did it; how `accept` takes and returns."""
        chosen = _chosen(event, moves)
        self._journal.decide(entry.key, event["n"], "accepted", chosen)
        return len(chosen), ""

    async def undo(self, entry: Entry, event: Event) -> None:
        """Put everything back to where it stood before accept.

        Parameters
        ----------
        entry, event
            The job and the suggestion.

        Raises
        ------
        MusicianError
            Where it is not accepted.
        DawError
            Where not everything could be put back, with the rest; where the DAW only does not
            answer it stays accepted, and can be undone later.
        """
        n = event["n"]
        if self._journal.verdict(entry.key, n) != "accepted":
            raise MusicianError(f"Suggestion {n} of {entry.id!r} is not accepted.")
        before = self._journal.standing(entry.key, n)
        by_hand: list[str] = []
        for name in dict.fromkeys(daw for daw, _ in before):
            session = self._daws.named(name)
            stood = {move: value for (daw, move), value in before.items() if daw == name}
            back = _moves_back(event, stood)
            outcome = await apply(session, back, {}, lambda _: None) if back else Outcome((), {})
            if outcome.troubles:
                raise DawError(f"Not everything was put back, undo it again: {outcome.remark}")
            lost = [move for move, value in stood.items() if value is None]
            by_hand += [_by_hand(session, move) for move in lost]
        self._journal.decide(entry.key, n, "undone")
        if by_hand:
            raise DawError(f"{' '.join(by_hand)} All else is undone.")

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

    async def _put(
        self, session: DawSession, entry: Entry, event: Event, kind: str, path: str
    ) -> str:
        def write() -> None:
            placed = {(session.name, _PLACED): None}
            self._journal.decide(entry.key, event["n"], "accepted", (), placed)

        if kind == "notes":
            return await insert(session, await asyncio.to_thread(_score, path), write)
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
    event: Event, moves: tuple[int, ...]
) -> tuple[Literal["moves", "notes", "sound", "nothing"], str]:
    """Tell what a suggestion is to a session, and the file of it.

    A sound that was made holds what the moves of the sum tell: it is one or the other.
    """
    if moves or any(move["target"] != "mix" for move in event["moves"]):
        return "moves", ""
    for path in (event["files"].get("notes", ""), event["file"]):
        if path.lower().endswith((".mid", ".midi")):
            return "notes", path
    if event["file"].lower().endswith((".wav", ".flac")):
        return "sound", event["file"]
    return ("moves" if event["moves"] else "nothing"), ""


def _move(said: Mapping[str, Any]) -> Move:
    return Move(**{one.name: said[one.name] for one in fields(Move)})


def _kept(event: Event, index: int, value: float | None) -> float | None:
    """Return where a parameter stood, as far as it can be said again: a fader may be at -inf."""
    if value is None or math.isnan(value):
        return None
    known = PARAMETERS[event["moves"][index - 1]["parameter"]]
    return min(known.high, max(known.low, value))


def _moves_back(event: Event, stood: dict[int, float | None]) -> list[tuple[int, Move]]:
    """Make the moves that put things back, the last one first."""
    return [
        (index, _move({**event["moves"][index - 1], "mode": "set", "value": value}))
        for index, value in reversed(stood.items())
        if index != _PLACED and value is not None
    ]


def _by_hand(session: DawSession, move: int) -> str:
    title = session.adapter.TITLE
    if move == _PLACED:
        return f"What was put into the session is taken out in {title} (Edit > Undo)."
    return f"{title} did not tell where move {move} stood: undo it there."


def _score(path: str) -> Score:
    from bridge.midi.score import score_from_bytes

    try:
        return score_from_bytes(Path(path).read_bytes())
    except OSError as error:
        raise FileError(f"{path!r} cannot be read: {error.strerror}.") from None
