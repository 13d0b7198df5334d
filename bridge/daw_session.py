"""One linked DAW: what is in its session, and moves that are done in it, read back, and undone.

A DAW may be gone, slow, or talk nonsense. What it said is folded by its adapter, nothing it says
ends the daemon, and what could not be done is told with the reason.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple, TypeAlias

from assistant.errors import DawError, MusicianError
from assistant.material import Score
from assistant.moves import PARAMETERS, Move
from bridge.daws.adapter import Adapter, Said, Song
from bridge.ports.daw_link import DawLink, Heard, open_link

__all__ = ["DawSession", "Outcome", "Standing"]

log = logging.getLogger("bandmate.daw")

SILENCE_SECONDS = 0.5
"""So long nothing new: what has not been answered will not be."""
REFRESH_SECONDS = 3.0
"""No more is waited for, whatever is said."""
GATHER_SECONDS = 0.01
"""What arrives within it is looked at together."""
PROGRESS_SECONDS = 0.2
LOOKS = 3
"""A fader that is not yet where it was put is looked at again so often."""
BETWEEN_LOOKS_SECONDS = 0.1

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


class _Step(NamedTuple):
    """A move that can be said: where it stood, what is to be there, and the words for it."""

    index: int
    move: Move
    before: float | None
    said: tuple[Said, ...]

    @property
    def where(self) -> tuple[str, str, str]:
        return _where(self.move)


class DawSession:
    """One DAW; open it before use.

    Parameters
    ----------
    name : str
        Of its adapter.
    adapter : Adapter
        Its words.
    """

    def __init__(self, name: str, adapter: Adapter) -> None:
        self.name = name
        self.adapter = adapter
        self.song = Song()
        self._link: DawLink | None = None
        self._lock = asyncio.Lock()
        self._news = asyncio.Event()
        self._shown_at = 0.0
        self._puzzled = False

    async def open(self, port: int) -> None:
        """Open the way to it, or turn it to another port.

        Parameters
        ----------
        port : int
            Where it listens; 0 is its usual port.

        Raises
        ------
        DawError
            Where the port that it answers to is taken.
        """
        port = port or self.adapter.LISTENS
        if self._link is None:
            ear = self.adapter.HEARS
            self._link = await open_link(self._hear, self.adapter.TITLE, port, ear)
        self._link.turn_to(port)

    def close(self) -> None:
        """Give its ports back."""
        if self._link is not None:
            self._link.close()

    async def look(self) -> Song:
        """Ask for all that is in the session.

        Returns
        -------
        Song
            What it told in time.

        Raises
        ------
        DawError
            Where it told nothing.
        """
        async with self._lock:
            return await self._looked()

    async def apply(
        self,
        moves: Sequence[tuple[int, Move]],
        known: Standing,
        write: Callable[[Standing], None],
    ) -> Outcome:
        """Do moves, and see that they are done.

        Parameters
        ----------
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
        async with self._lock:
            await self._looked()
            steps, troubles = self._planned(moves, known)
            write({step.index: step.before for step in steps})
            for step in steps:
                await self._say(step.said)
            return await self._seen(steps, troubles)

    async def insert(self, score: Score, write: Callable[[], None]) -> Outcome:
        """Put notes at the selected clip, or at the start; as `apply`, raises `DawError` too."""
        async with self._lock:
            song = await self._looked()
            at = song.clip.start_beats if song.clip else 0.0
            return await self._put(self.adapter.notes(song, score, at), at, "The notes", write)

    async def place(
        self, path: str, source: str, cut_seconds: float, write: Callable[[], None]
    ) -> Outcome:
        """Put a sound file where what it was made of is.

        Parameters
        ----------
        path : str
            The file.
        source : str
            The file that it was made of.
        cut_seconds : float
            Where in `source` it begins.
        write : callable
            Is called before anything is changed.

        Returns
        -------
        Outcome
            What was done.

        Raises
        ------
        DawError
            Where it cannot be placed; nothing was done then.
        """
        async with self._lock:
            song = await self._looked()
            at = _place(song, source, cut_seconds)
            return await self._put(self.adapter.audio(song, path, at), at, "The sound", write)

    def show(self, fraction: float, doing: str, *, last: bool = False) -> None:
        """Show how far a job is, as often as anybody can read it; the last is always shown."""
        now = time.monotonic()
        if self._link is None or (now - self._shown_at < PROGRESS_SECONDS and not last):
            return
        self._shown_at = now
        self._link.send(map(_heard, self.adapter.progress(fraction, doing)))

    # Talking

    def _hear(self, heard: Heard) -> None:
        try:
            song = self.adapter.hear(self.song, Said(heard.address, heard.values))
        except Exception:
            if not self._puzzled:  # once: a DAW may say the same ever again
                log.exception("our bug: the adapter of %s does not bear what was said", self.name)
            self._puzzled = True
            return
        if song is not self.song:
            self.song = song
            self._news.set()

    async def _say(self, said: Sequence[Said]) -> None:
        if self._link is not None:
            await self._link.say(map(_heard, said))

    async def _looked(self) -> Song:
        if await self._refresh():
            return self.song
        port = self._link.port if self._link else self.adapter.LISTENS
        raise DawError(
            f"{self.adapter.TITLE} does not answer on port {port}: is it running, and does it "
            "listen to OSC there? Where it has another port, link it again with that port. "
            "Nothing was changed."
        )

    async def _refresh(self) -> bool:
        """Ask until nothing is left to ask, or nothing more comes; tell whether it answered."""
        self.song, asked, twice = Song(), set[Said](), False
        end = time.monotonic() + REFRESH_SECONDS
        while (open_ := self.adapter.ask(self.song)) and time.monotonic() < end:
            self._news.clear()
            await self._say([one for one in open_ if one not in asked])
            asked.update(open_)
            patience = min(SILENCE_SECONDS / 2, end - time.monotonic())
            try:
                await asyncio.wait_for(self._news.wait(), max(0.0, patience))
                await asyncio.sleep(GATHER_SECONDS)
                twice = False
            except TimeoutError:
                if twice:
                    break
                twice = True  # a datagram may be lost
                asked.clear()
        return not open_ or self.song != Song()

    # Doing

    def _planned(
        self, moves: Sequence[tuple[int, Move]], known: Standing
    ) -> tuple[list[_Step], dict[int, str]]:
        """Find the words for moves, each beginning where those before it end."""
        steps: list[_Step] = []
        troubles: dict[int, str] = {}
        reached: dict[tuple[str, str, str], float] = {}
        for index, move in moves:
            try:
                before = known.get(index)
                if before is None:
                    before = reached.get(_where(move), self.adapter.standing(self.song, move))
                final = _set(move, before, self.adapter.TITLE)
                steps.append(_Step(index, final, before, self.adapter.move(self.song, final)))
                reached[_where(move)] = final.value
            except MusicianError as error:
                troubles[index] = str(error)
        return steps, troubles

    async def _seen(self, steps: Sequence[_Step], troubles: Mapping[int, str]) -> Outcome:
        """Look whether everything is where it was put; a DAW may take a moment."""
        wanted = {step.where: step.move.value for step in steps}
        wrong: dict[int, str] = {}
        unread: list[int] = []
        for look in range(LOOKS):
            await asyncio.sleep(BETWEEN_LOOKS_SECONDS if look else 0.0)
            if steps and not await self._refresh():
                gone = f"{self.adapter.TITLE} does not answer any more: look whether it was done."
                return Outcome((), {**troubles, **{step.index: gone for step in steps}})
            after = {step.index: self.adapter.standing(self.song, step.move) for step in steps}
            wrong = {
                step.index: why
                for step in steps
                if (why := _wrong(step, after[step.index], wanted[step.where]))
            }
            unread = [step.index for step in steps if after[step.index] is step.before is None]
            if not wrong:
                break
        done = tuple(sorted(step.index for step in steps if step.index not in wrong))
        return Outcome(done, {**troubles, **wrong}, self._notes(unread, wrong))

    def _notes(self, unread: Sequence[int], wrong: Mapping[int, str]) -> tuple[str, ...]:
        """Tell of what holds for none of the moves alone."""
        title = self.adapter.TITLE
        blind = f"{title} does not tell where move {_listed(unread)} stands: undo it there."
        says = f"{title} says: {self.song.trouble[:200]}"
        return (blind,) * bool(unread) + (says,) * bool(wrong and self.song.trouble)

    async def _put(
        self, said: Sequence[Said], at: float, what: str, write: Callable[[], None]
    ) -> Outcome:
        """Say what puts something into the session, and hear whether the DAW minds."""
        write()
        await self._say(said)
        title = self.adapter.TITLE
        if not await self._refresh():
            return Outcome((), {}, (f"{title} does not answer any more: look whether it is there.",))
        if self.song.trouble:
            return Outcome((), {}, (f"{title} says: {self.song.trouble[:200]}",))
        return Outcome((), {}, (f"{what} went to {title}, at beat {at + 1:g}. Undo it there.",))


def _heard(said: Said) -> Heard:
    return Heard(*said)


def _where(move: Move) -> tuple[str, str, str]:
    return move.target, move.parameter, move.group


def _set(move: Move, before: float | None, title: str) -> Move:
    """Make a change one to a value: said twice, it is still made once."""
    if move.mode == "set":
        return move
    if before is None:
        raise DawError(f"{title} does not tell where {move.parameter} of {move.target} stands.")
    return replace(move, mode="set", value=before + move.value)


def _wrong(step: _Step, after: float | None, wanted: float) -> str:
    """Tell what is wrong with where a parameter stands; ``""`` where it is right, or never told."""
    name = f"{step.move.parameter} of {step.move.target}"
    if after is None:
        return "" if step.before is None else f"{name} cannot be read back."
    unit = PARAMETERS[step.move.parameter].unit
    least, share = _TOLERANCES[unit]
    if abs(after - wanted) <= max(least, share * abs(wanted)):
        return ""
    return f"{name} stands at {after:.4g}, not at {wanted:.4g} {unit}".rstrip() + "."


def _place(song: Song, source: str, cut_seconds: float) -> float:
    """Tell the beat where a sound begins that was made of `source`, from `cut_seconds` on."""
    clip = song.clip
    if clip is None:
        return 0.0
    if clip.path != source or song.tempo_bpm is None:
        return clip.start_beats
    later = (cut_seconds - clip.offset_seconds) * song.tempo_bpm / 60.0
    if clip.start_beats + later < -0.001:
        raise DawError(
            "The sound begins before the song does. Ask for the selected part alone: cut "
            f'"{clip.offset_seconds:g}-{clip.offset_seconds + clip.length_seconds:g}".'
        )
    return max(0.0, clip.start_beats + later)


def _listed(indices: Sequence[int]) -> str:
    return ", ".join(map(str, sorted(indices)))
