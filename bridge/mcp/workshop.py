"""Where what an assistant asks is carried out: by worker processes, as in the daemon.

Orders are checked against the same roots. They are not written into the journal: no DAW asked, so
there is nothing to accept or to undo.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import closing
from pathlib import Path
from types import TracebackType
from typing import Self, TypeAlias

from assistant.errors import SettingError
from bridge import order, places
from bridge.jobs import Event, Limits, Pool
from bridge.mcp.summary import Answer
from bridge.permits import permitted
from bridge.roots import Roots
from bridge.store.journal import Journal

__all__ = ["Tell", "Workshop"]

Tell: TypeAlias = Callable[[float, str], Awaitable[None]]
"""Hears how far a job is: 0 to 1, and what is being done."""


MAX_METERS = 2
"""Processes that measure at once; who comes then waits."""


class Workshop:
    """Workers, and the folders they may use; to be entered, and left when all is done.

    Parameters
    ----------
    roots : tuple of Path
        Folders that may be used besides those that were allowed; the home folder where empty.
    stages : tuple of str
        Folders of further stages.
    limits : Limits
        Of the workers.

    Attributes
    ----------
    meters : asyncio.Semaphore
        To be held by who has files measured.
    """

    def __init__(
        self,
        roots: tuple[Path, ...] = (),
        stages: tuple[str, ...] = (),
        limits: Limits = Limits(),  # noqa: B008  frozen
    ) -> None:
        self._folders = roots or (Path.home(),)
        self._pool = Pool(limits, stages)
        self._open = False
        self.meters = asyncio.Semaphore(MAX_METERS)

    async def __aenter__(self) -> Self:
        """Be ready; workers are started when the first is needed: many sessions ask nothing."""
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        """Leave no worker behind."""
        await self.close()

    async def close(self) -> None:
        """End the workers, and what they are at."""
        await self._pool.close()

    def roots(self) -> Roots:
        """Return the folders that may be used, those allowed a moment ago among them."""
        with closing(Journal(places.journal())) as journal:
            return Roots((*self._folders, *journal.allowed()))

    async def ask(self, stage: str, asked: Mapping[str, object], tell: Tell) -> Answer:
        """Have an order carried out; where this is cancelled, so is the job, and its worker ends.

        Parameters
        ----------
        stage : str
            Name of a stage.
        asked : mapping of str to object
            ``path``, settings and reserved words; None says nothing.
        tell : callable
            Hears the progress.

        Returns
        -------
        dict
            The JSON of ``bandmate <stage> --json``.

        Raises
        ------
        MusicianError
            Where it cannot be asked so.
        """
        words = {name: value for name, value in asked.items() if value is not None}
        path = _path(words.pop("path", ""))
        if isinstance(several := words.get("preset"), list):
            words["preset"] = ",".join(map(str, several))
        placed = permitted(order.place(stage, path, words), self.roots())
        self._begin()
        events: asyncio.Queue[Event] = asyncio.Queue()
        job = self._pool.submit(placed, events.put_nowait)
        began = time.monotonic()
        try:
            suggestions, error = await _listen(events, tell)
        finally:
            self._pool.cancel(job)
        if error and not suggestions:
            return error
        seconds = round(time.monotonic() - began, 3)
        said = {"stage": stage, "input": path, "seconds": seconds, "suggestions": suggestions}
        return said | error

    def _begin(self) -> None:
        if not self._open:
            self._open = True
            self._pool.open()


def _path(said: object) -> str:
    if not isinstance(said, str):
        raise SettingError(f"path is {str(said)[:80]}; it takes the whole path of a file.")
    return said


async def _listen(events: asyncio.Queue[Event], tell: Tell) -> tuple[list[Event], Answer]:
    """Gather what a job suggests until it ends, and the error that it ends with, if any."""
    suggestions: list[Event] = []
    while True:
        event = await events.get()
        if "suggestion" in event:
            suggestions.append(event["suggestion"])
        elif "progress" in event:
            await tell(*event["progress"])
        elif "done" in event:
            return suggestions, {}
        elif {"error", "cancelled"} & set(event):
            code, text = event.get("error", ["cancelled", "The job was cancelled."])
            return suggestions, {"error": {"code": code, "text": text}}
