"""Jobs as their askers know them: begun, told of, said again, cancelled.

A job is known by (client, id), and what is said of it is written into the journal first.
"""

from __future__ import annotations

import logging
import sqlite3
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from assistant.errors import FileError, MusicianError, UnknownName
from bridge import order
from bridge.daw_desk import DawDesk
from bridge.jobs import Event, Job, Pool
from bridge.order import Order
from bridge.osc.calls import Call
from bridge.osc.replies import Message, suggestion
from bridge.permits import permitted
from bridge.roots import Roots
from bridge.store.journal import Entry, Journal

__all__ = ["Client", "JobDesk", "sorry"]

log = logging.getLogger("bandmate.desk")

PROGRESS_SECONDS = 0.04
"""Progress in one thing is said at most this often: a DAW draws no faster."""


class Client(Protocol):
    """Someone who asks: who it is, and how to answer it."""

    key: str

    def say(self, messages: Iterable[Message]) -> None:
        """Send messages, in order."""
        ...

    def introduce(self, name: str, reply_port: int) -> None:
        """Take the name and the reply port of a hello; ``""`` and 0 leave things as they are."""
        ...


@dataclass(eq=False)
class _Live:
    """A job that has not ended, and who hears of it."""

    client: Client
    owner: tuple[str, str]
    key: int
    job: Job | None = None
    said: int = 0
    heard: Event | None = None
    at: float = 0.0

    @property
    def id(self) -> str:
        return self.owner[1]


@contextmanager
def sorry(client: Client, id_: str) -> Iterator[None]:
    """Answer with an error where the code inside raises one.

    Parameters
    ----------
    client : Client
        Who is answered.
    id_ : str
        Of its request.
    """
    try:
        yield
    except MusicianError as error:
        client.say([Message("error", (id_, error.code, str(error)))])
    except sqlite3.Error as error:
        log.exception("the journal cannot be written")
        text = (
            f"bandmate's journal cannot be written: {error}. Make room on its disk, and ask again."
        )
        client.say([Message("error", (id_, FileError.code, text))])
    except Exception as error:
        log.exception("our bug")
        text = f"{type(error).__name__}: {error}. This is a bug of bandmate's."
        client.say([Message("error", (id_, "bug", text))])


class JobDesk:
    """The jobs of a daemon.

    Parameters
    ----------
    pool : Pool
        The workers.
    journal : Journal
        What is remembered.
    roots : tuple of Path
        Folders that may be used besides those the journal allows; the home folder where empty.
    daws : DawDesk
        Shows in a DAW how far the jobs of its client are.
    """

    def __init__(
        self, pool: Pool, journal: Journal, roots: tuple[Path, ...], daws: DawDesk
    ) -> None:
        self._pool = pool
        self._journal = journal
        self._roots = roots or (Path.home(),)
        self._daws = daws
        self._live: dict[tuple[str, str], _Live] = {}

    def ask(self, client: Client, call: Call) -> None:
        """Begin a job, or say again all that was said of it."""
        known = self._journal.find(client.key, call.id)
        if known is not None and not known.cut_short:
            self._repeat(client, known)
            return
        placed = self._checked(order.place(call.stage, call.path, call.settings))
        self._pool.check_room()  # before the journal has it: a refused id may be asked again
        asked = dict(call.settings)
        key = self._journal.begin(client.key, call.id, call.stage, call.path, asked)
        live = _Live(client, (client.key, call.id), key)
        self._live[live.owner] = live
        live.job = self._pool.submit(placed, lambda event: self._told(live, event))

    def again(self, client: Client, call: Call) -> None:
        """Say one suggestion again."""
        _, event = self.find(client, call)
        client.say(suggestion(call.id, event))

    def cancel(self, client: Client, call: Call) -> None:
        """End a job that runs or waits."""
        entry = self._entry(client, call)
        live = self._live.get((entry.client, entry.id))
        if live is None or live.job is None:
            raise UnknownName("running job", call.id, [one for _, one in self._live])
        if live.client is not client:
            client.say([Message("cancelled", (call.id,))])
        self._pool.cancel(live.job)

    def find(self, client: Client, call: Call) -> tuple[Entry, Event]:
        """Look up the suggestion of a call.

        Parameters
        ----------
        client : Client
            Who asks.
        call : Call
            With the id of a job, whoever asked for it, and `n`.

        Returns
        -------
        tuple of (Entry, Event)
            The job, and the suggestion as the journal has it.

        Raises
        ------
        UnknownName
            Where there is no such thing.
        """
        entry = self._entry(client, call)
        events = {event["n"]: event for event in self._journal.suggestions(entry.key)}
        if call.n not in events:
            raise UnknownName(f"suggestion of {call.id!r}", str(call.n), map(str, events))
        return entry, events[call.n]

    def _checked(self, placed: Order) -> Order:
        """See that an order reads and writes within the roots only."""
        return permitted(placed, Roots((*self._roots, *self._journal.allowed())))

    def _told(self, live: _Live, event: Event) -> None:
        """Write down and pass on what a job tells; no error reaches the worker that tells it."""
        with sorry(live.client, live.id):
            self._tell(live, event)

    def _tell(self, live: _Live, event: Event) -> None:
        if "suggestion" in event:
            live.said += 1
            self._journal.suggested(live.key, event["suggestion"])
            live.client.say(suggestion(live.id, event["suggestion"]))
        elif "progress" in event:
            self._progressed(live, event)
        elif "queued" in event:
            live.heard = event
            live.client.say([Message("queued", (live.id, event["queued"]))])
        elif "begun" in event:
            self._journal.running(live.key)
        else:
            self._ended(live, event)

    def _progressed(self, live: _Live, event: Event) -> None:
        """Say progress as often as a DAW draws it, and whenever something else is being done."""
        before, live.heard = live.heard or {}, event
        news = before.get("progress", [0, ""])[1] != event["progress"][1]
        if news or time.monotonic() - live.at >= PROGRESS_SECONDS:
            live.at = time.monotonic()
            live.client.say([Message("progress", (live.id, *event["progress"]))])
            self._daws.show(live.client.key, *event["progress"])

    def _ended(self, live: _Live, event: Event) -> None:
        del self._live[live.owner]
        if "done" in event:
            self._journal.end(live.key, "done", seconds=event["done"])
            last = Message("done", (live.id, live.said, event["done"]))
            shown = f"{live.said} suggestion" + "s" * (live.said != 1)
        elif "error" in event:
            code, text = event["error"]
            self._journal.end(live.key, "error", code=code, text=text)
            last, shown = Message("error", (live.id, code, text)), text
        else:
            self._journal.end(live.key, "cancelled")
            last, shown = Message("cancelled", (live.id,)), "cancelled"
        live.client.say([last])
        self._daws.show(live.client.key, 1.0, shown, last=True)

    def _repeat(self, client: Client, known: Entry) -> None:
        """Say again all that was said of a job; what is still to come is said to this asker."""
        events = self._journal.suggestions(known.key)
        for event in events:
            client.say(suggestion(known.id, event))
        live = self._live.get((known.client, known.id))
        if live is not None:
            live.client = client
            if live.heard is not None:
                live.at = 0.0
                self._told(live, live.heard)
        elif known.state == "error":
            client.say([Message("error", (known.id, known.code, known.text))])
        elif known.state == "cancelled":
            client.say([Message("cancelled", (known.id,))])
        else:
            client.say([Message("done", (known.id, len(events), known.seconds))])

    def _entry(self, client: Client, call: Call) -> Entry:
        """Look up the job of a call, whoever asked for it."""
        entry = self._journal.find(client.key, call.id, anyone=True)
        if entry is None:
            raise UnknownName("job", call.id, ())
        return entry
