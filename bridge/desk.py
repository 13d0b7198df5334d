"""Where requests are answered: one method a word of the table, each small.

The desk knows neither sockets nor processes: it is given clients to answer, a pool to work, a
journal to remember, a MIDI desk to play and a DAW desk to turn faders. Jobs are told of by the job
desk, and what is decided of a suggestion is done by verdicts.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Coroutine
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from assistant import engine
from bridge import presets
from bridge.daw_desk import DawDesk
from bridge.job_desk import Client, JobDesk, sorry
from bridge.jobs import Pool
from bridge.osc.calls import Call, Fault
from bridge.osc.replies import Message
from bridge.osc.table import PROTOCOL
from bridge.store.journal import Journal
from bridge.verdicts import Applied, Verdicts

if TYPE_CHECKING:
    from bridge.midi_desk import MidiDesk

__all__ = ["Desk"]

T = TypeVar("T")


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
        self._midi = midi
        self._daws = daws
        self._jobs = JobDesk(pool, journal, roots, daws)
        self._verdicts = Verdicts(journal, daws)
        self._version = version
        self._began = time.monotonic()
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
        with sorry(client, call.id):
            answer(client, call)

    # Jobs

    def _ask(self, client: Client, call: Call) -> None:
        self._jobs.ask(client, call)

    def _again(self, client: Client, call: Call) -> None:
        self._jobs.again(client, call)

    def _cancel(self, client: Client, call: Call) -> None:
        self._jobs.cancel(client, call)

    # Verdicts

    def _accept(self, client: Client, call: Call) -> None:
        entry, event = self._jobs.find(client, call)
        work = self._verdicts.accept(client.key, entry, event, call.moves)
        self._later(client, call, work, lambda applied: [_accepted(call, applied)])

    def _taken(self, client: Client, call: Call) -> None:
        entry, event = self._jobs.find(client, call)
        client.say([_accepted(call, self._verdicts.taken(entry, event, call.moves))])

    def _reject(self, client: Client, call: Call) -> None:
        entry, _ = self._jobs.find(client, call)
        self._journal.decide(entry.key, call.n, "rejected")
        client.say([Message("rejected", (call.id, call.n))])

    def _undo(self, client: Client, call: Call) -> None:
        entry, event = self._jobs.find(client, call)

        def told(remark: str) -> list[Message]:
            return [Message("undone", (call.id, call.n, *([remark] if remark else [])))]

        self._later(client, call, self._verdicts.undo(entry, event), told)

    # DAWs

    def _daw(self, client: Client, call: Call) -> None:
        self._later(
            client,
            call,
            self._daws.link(client.key, call.name, call.port),
            lambda title: [Message("linked", (call.id, call.name, title))],
        )

    def _unlink(self, client: Client, call: Call) -> None:
        said = [Message("unlinked", (call.id, call.name))]
        self._later(client, call, self._daws.unlink(call.name), lambda _: said)

    def _context(self, client: Client, call: Call) -> None:
        def told(facts: list[tuple[str, str | int | float]]) -> list[Message]:
            rows = [Message("context", (call.id, *fact)) for fact in facts]
            return [*rows, Message("done", (call.id, len(rows), 0.0))]

        self._later(client, call, self._daws.context(client.key), told)

    # Sound

    def _play(self, client: Client, call: Call) -> None:
        _, event = self._jobs.find(client, call)
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
            with sorry(client, call.id):
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


def _accepted(call: Call, applied: Applied) -> Message:
    count, remark = applied
    return Message("accepted", (call.id, call.n, count, *([remark] if remark else [])))


def _captured(id_: str, made: tuple[int, Path | None]) -> list[Message]:
    count, path = made
    files = [Message("file", (id_, 1, "notes", str(path)))] if path else []
    return [*files, Message("captured", (id_, count))]
