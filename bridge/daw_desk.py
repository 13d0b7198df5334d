"""The DAWs that are linked, by name, and which of them a client means."""

from __future__ import annotations

import asyncio
import math
from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import fields

from assistant.errors import DawError, UnknownName
from bridge.daw_session import DawSession
from bridge.daws.adapter import Adapter, Clip, Song, adapter, found

__all__ = ["DawDesk", "Fact", "how_to_link"]

MAX_CHOICES = 256
"""Clients whose DAW is remembered; the one that linked longest ago is forgotten first."""
MAX_TRACKS = 512
MAX_CHARACTERS = 1000
_MAX_WHOLE = 2**31 - 1

Fact = tuple[str, str | int | float]
"""What is known of a session: a name, such as ``tempo``, and a value."""


class DawDesk:
    """The DAWs of a daemon.

    Parameters
    ----------
    find : callable
        Returns the adapter of a name.
    """

    def __init__(self, find: Callable[[str], Adapter] = adapter) -> None:
        self._find = find
        self._sessions: dict[str, DawSession] = {}
        self._choices: OrderedDict[str, str] = OrderedDict()
        self._lock = asyncio.Lock()

    async def link(self, client: str, name: str, port: int = 0) -> str:
        """Link a DAW, or link it again at another port.

        Parameters
        ----------
        client : str
            Who asks; moves that it accepts are done in this DAW.
        name : str
            Of an adapter.
        port : int
            Where the DAW listens; 0 is its usual port.

        Returns
        -------
        str
            What people call it.

        Raises
        ------
        UnknownName
            Where there is no such adapter.
        DawError
            Where the DAW does not answer (it stays linked, and is asked again when it is needed),
            or the port that it answers to is taken (then it is not linked).
        """
        words = self._find(name)
        async with self._lock:
            session = self._sessions.get(name) or self._session(name, words)
            await session.open(port)
            self._sessions.pop(name, None)
            self._sessions[name] = session
            self._choices.pop(client, None)
            self._choices[client] = name
            if len(self._choices) > MAX_CHOICES:
                self._choices.popitem(last=False)
        await session.look()
        return words.TITLE

    async def unlink(self, name: str) -> None:
        """Have nothing to do with a DAW any more; what it is at is done first.

        Parameters
        ----------
        name : str
            Of a linked DAW.

        Raises
        ------
        UnknownName
            Where it is not linked.
        """
        async with self._lock:
            if name not in self._sessions:
                raise UnknownName("linked DAW", name, self._sessions)
            session = self._sessions.pop(name)
            for client in [one for one, chosen in self._choices.items() if chosen == name]:
                del self._choices[client]
            async with session.lock:
                session.close()
                await asyncio.sleep(0)  # only then does the loop give the port back

    def of(self, client: str) -> DawSession | None:
        """Return the DAW that a client linked, else the one linked last; None where there is none.

        Parameters
        ----------
        client : str
            Who asks.
        """
        newest = next(reversed(self._sessions), "")
        return self._sessions.get(self._choices.get(client, newest))

    def title(self, name: str) -> str:
        """Return what people call a DAW, linked or not."""
        return self._find(name).TITLE

    def named(self, name: str) -> DawSession:
        """Return a linked DAW; raises `DawError` where it is not linked."""
        if name not in self._sessions:
            raise DawError(f"{name} is not linked. Link it: bandmate ask daw {name}")
        return self._sessions[name]

    async def context(self, client: str) -> list[Fact]:
        """Ask what is in the session.

        Parameters
        ----------
        client : str
            Who asks.

        Returns
        -------
        list of (str, str or int or float)
            What it told; names are each there once.

        Raises
        ------
        DawError
            Where no DAW is linked, or it does not answer.
        """
        session = self.of(client)
        if session is None:
            raise DawError(f"No DAW is linked. {how_to_link()}")
        return list(_facts(session.adapter.TITLE, await session.look()))

    def show(self, client: str, fraction: float, doing: str, *, last: bool = False) -> None:
        """Show in the DAW of a client how far its job is."""
        session = self.of(client)
        if session is not None:
            session.show(fraction, doing, last=last)

    def close(self) -> None:
        """Give all ports back."""
        for session in self._sessions.values():
            session.close()

    def _session(self, name: str, words: Adapter) -> DawSession:
        def others() -> tuple[str, ...]:
            return tuple(one for one in self._sessions if one != name)

        return DawSession(name, words, others)


def how_to_link() -> str:
    """Say how a DAW is linked."""
    return f"Link one with `bandmate ask daw NAME`; there are: {', '.join(found())}."


def _facts(title: str, song: Song) -> Iterator[Fact]:
    """List what is known; what a DAW told is cut to a length that can be said."""
    told: dict[str, object] = {"daw": title, "tempo": song.tempo_bpm, "key": song.key}
    if song.meter is not None:
        told["meter"] = f"{song.meter[0]}/{song.meter[1]}"
    selected = song.tracks.get(song.selected_track) if song.selected_track is not None else None
    told["selected_track"] = selected.name if selected else ""
    for track in list(song.tracks.values())[:MAX_TRACKS]:
        head = f"track.{track.index}"
        told |= {head: track.name, f"{head}.gain_db": track.gain_db, f"{head}.pan": track.pan}
        told[f"{head}.devices"] = ", ".join(track.devices)
    if song.clip is not None:
        told |= _of_clip(song.clip)
    for name, value in told.items():
        if isinstance(value, str) and value:
            yield name, value[:MAX_CHARACTERS]
        elif isinstance(value, int | float) and math.isfinite(value) and abs(value) <= _MAX_WHOLE:
            yield name, value


def _of_clip(clip: Clip) -> dict[str, object]:
    told = {f"clip.{one.name}": getattr(clip, one.name) for one in fields(clip)}
    return {**told, "clip.notes": len(clip.notes)}
