"""One linked DAW: what is said to it, and what it tells of its session.

A DAW may be gone, slow, or talk nonsense. What it said is folded by its adapter, and nothing it
says ends the daemon.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Sequence

from assistant.errors import DawError
from bridge.daws.adapter import Adapter, Said, Song
from bridge.ports.daw_link import DawLink, Heard, open_link

__all__ = ["DawSession"]

log = logging.getLogger("bandmate.daw")

SILENCE_SECONDS = 0.5
"""So long nothing new: what has not been answered will not be."""
REFRESH_SECONDS = 3.0
"""No more is waited for, whatever is said."""
GATHER_SECONDS = 0.01
"""What arrives within it is looked at together."""
SETTLE_SECONDS = 0.03
"""A DAW that tells all at once has told all after such a silence,"""
SETTLED_SECONDS = 0.3
"""or after so long, where it never falls silent."""
PROGRESS_SECONDS = 0.2


class DawSession:
    """One DAW; open it before use.

    Parameters
    ----------
    name : str
        Of its adapter.
    adapter : Adapter
        Its words.
    others : callable
        Names the other DAWs that are linked; who is told that this one is gone may mean one.

    Attributes
    ----------
    song : Song
        What it told since it was asked last.
    lock : asyncio.Lock
        Held by whoever does one thing after another with it.
    """

    def __init__(
        self, name: str, adapter: Adapter, others: Callable[[], Sequence[str]] = tuple
    ) -> None:
        self.name = name
        self._others = others
        self.adapter = adapter
        self.song = Song()
        self._link: DawLink | None = None
        self.lock = asyncio.Lock()
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
        async with self.lock:
            return await self.looked()

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

    async def say(self, said: Sequence[Said]) -> None:
        """Say words to it, at a pace that it can read; hold the lock."""
        if self._link is not None:
            await self._link.say(map(_heard, said))

    async def looked(self) -> Song:
        """Do what `look` does; hold the lock."""
        if await self.refresh():
            return self.song
        port = self._link.port if self._link else self.adapter.LISTENS
        raise DawError(
            f"{self.adapter.TITLE} does not answer on port {port}: is it running, and does it "
            "listen to OSC there? Where it has another port, link it again with that port. "
            f"Nothing was changed. It stays linked until: bandmate ask unlink {self.name}."
            + "".join(f" Linked too is {name}: bandmate ask daw {name}." for name in self._others())
        )

    async def refresh(self) -> bool:
        """Ask until nothing is left to ask, or nothing more comes; tell whether it answered."""
        self.song, asked, twice = Song(), set[Said](), False
        end = time.monotonic() + REFRESH_SECONDS
        while (open_ := self.adapter.ask(self.song)) and time.monotonic() < end:
            self._news.clear()
            await self.say([one for one in open_ if one not in asked])
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
        if asked:
            await self._settle()
        return not open_ or self.song != Song()

    async def _settle(self) -> None:
        """Hear what else comes unasked: what is known may be complete before all of it is told."""
        end = time.monotonic() + SETTLED_SECONDS
        while time.monotonic() < end:
            self._news.clear()
            try:
                await asyncio.wait_for(self._news.wait(), SETTLE_SECONDS)
            except TimeoutError:
                return


def _heard(said: Said) -> Heard:
    return Heard(*said)
