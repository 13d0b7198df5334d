"""Where requests are answered: one method a word of the table, each small.

The desk knows neither sockets nor processes: it is given clients to answer, a pool to work, a
journal to remember, a MIDI desk to play and a DAW desk to turn faders. A job is known by
(client, id), and what is said of it is written into the journal first.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from assistant import engine
from assistant.errors import MusicianError, UnknownName
from bridge import order, presets
from bridge.daw_desk import DawDesk
from bridge.jobs import Event, Job, Pool
from bridge.order import Order
from bridge.osc.calls import Call, Fault
from bridge.osc.replies import Message, suggestion
from bridge.osc.table import PROTOCOL
from bridge.permits import permitted
from bridge.roots import Roots
from bridge.store.journal import Entry, Journal
from bridge.verdicts import Applied, Verdicts

if TYPE_CHECKING:
    from bridge.midi_desk import MidiDesk

__all__ = ["Client", "Desk"]

log = logging.getLogger("bandmate.desk")

T = TypeVar("T")

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


class Desk:
    """Answers calls.

    Parameters
    ----------
    pool : Pool
        The workers.
    journal : Journal
        What is remembered.
    roots : tuple of Path
        Folders that may be used besides those the journal allows; the home folder where empty.
    midi : awaitable of MidiDesk
        Plays and captures notes, once its ports are open.
    daws : DawDesk
        The DAWs that are linked.
    version : str
        Of bandmate.
    """

    def __init__(
        self,
        pool: Pool,
        journal: Journal,
        roots: tuple[Path, ...],
        midi: Awaitable[MidiDesk],
        daws: DawDesk,
        version: str,
    ) -> None:
        self._pool = pool
        self._journal = journal
        self._roots = roots or (Path.home(),)
        self._midi = midi
        self._daws = daws
        self._verdicts = Verdicts(journal, daws)
        self._version = version
        self._began = time.monotonic()
        self._live: dict[tuple[str, str], _Live] = {}
        self._errands: set[asyncio.Task[None]] = set()

    def hear(self, client: Client, call: Call | Fault) -> None:
        """Answer one call; no call goes unanswered and no error escapes.

        Parameters
        ----------
        client : Client
            Who asks.
        call : Call or Fault
            What was understood, or why it was not.
        """
        if isinstance(call, Fault):
            client.say([Message("error", (call.id, call.code, call.text))])
            return
        answer: Callable[[Client, Call], None] = getattr(self, f"_{call.word}")
        with _sorry(client, call.id):
            answer(client, call)

    # Jobs

    def _ask(self, client: Client, call: Call) -> None:
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

    def _checked(self, placed: Order) -> Order:
        """See that an order reads and writes within the roots only."""
        return permitted(placed, Roots((*self._roots, *self._journal.allowed())))

    def _told(self, live: _Live, event: Event) -> None:
        """Write down and pass on what a job tells."""
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
            self._daws.show(live.client.key, 1.0, f"{live.said} suggestions", last=True)
        elif "error" in event:
            code, text = event["error"]
            self._journal.end(live.key, "error", code=code, text=text)
            last = Message("error", (live.id, code, text))
        else:
            self._journal.end(live.key, "cancelled")
            last = Message("cancelled", (live.id,))
        live.client.say([last])

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

    def _again(self, client: Client, call: Call) -> None:
        _, event = self._find(client, call)
        client.say(suggestion(call.id, event))

    def _cancel(self, client: Client, call: Call) -> None:
        entry = self._entry(client, call)
        live = self._live.get((entry.client, entry.id))
        if live is None or live.job is None:
            raise UnknownName("running job", call.id, [one for _, one in self._live])
        if live.client is not client:
            client.say([Message("cancelled", (call.id,))])
        self._pool.cancel(live.job)

    def _entry(self, client: Client, call: Call) -> Entry:
        """Look up the job of a call, whoever asked for it."""
        entry = self._journal.find(client.key, call.id, anyone=True)
        if entry is None:
            raise UnknownName("job", call.id, ())
        return entry

    def _find(self, client: Client, call: Call) -> tuple[Entry, Event]:
        """Look up the suggestion of a call."""
        entry = self._entry(client, call)
        events = {event["n"]: event for event in self._journal.suggestions(entry.key)}
        if call.n not in events:
            raise UnknownName(f"suggestion of {call.id!r}", str(call.n), map(str, events))
        return entry, events[call.n]

    # Verdicts

    def _accept(self, client: Client, call: Call) -> None:
        entry, event = self._find(client, call)
        work = self._verdicts.accept(client.key, entry, event, call.moves)
        self._later(client, call, work, lambda applied: [_accepted(call, applied)])

    def _taken(self, client: Client, call: Call) -> None:
        entry, event = self._find(client, call)
        client.say([_accepted(call, self._verdicts.taken(entry, event, call.moves))])

    def _reject(self, client: Client, call: Call) -> None:
        entry, _ = self._find(client, call)
        self._journal.decide(entry.key, call.n, "rejected")
        client.say([Message("rejected", (call.id, call.n))])

    def _undo(self, client: Client, call: Call) -> None:
        entry, event = self._find(client, call)
        said = [Message("undone", (call.id, call.n))]
        self._later(client, call, self._verdicts.undo(entry, event), lambda _: said)

    # DAWs

    def _daw(self, client: Client, call: Call) -> None:
        self._later(
            client,
            call,
            self._daws.link(client.key, call.name, call.port),
            lambda title: [Message("linked", (call.id, call.name, title))],
        )

    def _context(self, client: Client, call: Call) -> None:
        def told(facts: list[tuple[str, str | int | float]]) -> list[Message]:
            rows = [Message("context", (call.id, *fact)) for fact in facts]
            return [*rows, Message("done", (call.id, len(rows), 0.0))]

        self._later(client, call, self._daws.context(client.key), told)

    # Sound

    def _play(self, client: Client, call: Call) -> None:
        _, event = self._find(client, call)
        path = event["files"].get("notes", event["file"])
        said = [Message("playing", (call.id, call.n))]
        self._away(client, call, lambda midi: midi.play(path, call.bar), lambda _: said)

    def _stop(self, client: Client, call: Call) -> None:
        said = [Message("stopped", (call.id,))]
        self._away(client, call, lambda midi: midi.stop(), lambda _: said)

    def _capture(self, client: Client, call: Call) -> None:
        if call.action == "start":
            said = [Message("captured", (call.id, 0))]
            self._away(client, call, lambda midi: midi.start_capture(), lambda _: said)
        else:
            self._away(
                client,
                call,
                lambda midi: midi.stop_capture(),
                lambda made: _captured(call.id, made),
            )

    def _away(
        self,
        client: Client,
        call: Call,
        work: Callable[[MidiDesk], T],
        answer: Callable[[T], list[Message]],
    ) -> None:
        """Let the MIDI desk do what may block, in a thread, and answer when it is done."""

        async def done() -> T:
            return await asyncio.to_thread(work, await self._midi)

        self._later(client, call, done(), answer)

    def _later(
        self,
        client: Client,
        call: Call,
        work: Coroutine[Any, Any, T],
        answer: Callable[[T], list[Message]],
    ) -> None:
        """Answer when something is done that takes a while; others are answered meanwhile."""

        async def wait() -> None:
            with _sorry(client, call.id):
                client.say(answer(await work))

        task = asyncio.get_running_loop().create_task(wait())
        self._errands.add(task)
        task.add_done_callback(self._errands.discard)

    # What there is

    def _hello(self, client: Client, call: Call) -> None:
        client.introduce(call.client, call.reply_port)
        client.say([Message("welcome", (call.id, PROTOCOL, self._version))])

    def _stages(self, client: Client, call: Call) -> None:
        found = engine.stages()
        for stage in found:
            client.say([Message("stage", (call.id, stage.name, stage.diet, stage.about))])
        client.say([Message("done", (call.id, len(found), 0.0))])

    def _presets(self, client: Client, call: Call) -> None:
        stage = engine.stage(call.stage).name
        found = [presets.load(stage, name) for name in presets.names(stage)]
        for preset in found:
            client.say([Message("preset", (call.id, stage, preset.name, preset.title))])
        client.say([Message("done", (call.id, len(found), 0.0))])

    def _status(self, client: Client, call: Call) -> None:
        running, queued = self._pool.running, self._pool.queued
        state = "working" if running else "idle"
        up = time.monotonic() - self._began
        client.say([Message("status", (call.id, state, running, queued, up, self._version))])


@contextmanager
def _sorry(client: Client, id_: str) -> Iterator[None]:
    """Answer with an error where the code inside raises one."""
    try:
        yield
    except MusicianError as error:
        client.say([Message("error", (id_, error.code, str(error)))])
    except Exception as error:
        log.exception("our bug")
        text = f"{type(error).__name__}: {error}. This is a bug of bandmate's."
        client.say([Message("error", (id_, "bug", text))])


def _accepted(call: Call, applied: Applied) -> Message:
    count, remark = applied
    return Message("accepted", (call.id, call.n, count, *([remark] if remark else [])))


def _captured(id_: str, made: tuple[int, Path | None]) -> list[Message]:
    count, path = made
    files = [Message("file", (id_, 1, "notes", str(path)))] if path else []
    return [*files, Message("captured", (id_, count))]
