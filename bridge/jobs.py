"""Worker processes: run an order, report on it, cancel it, survive its crash, hold it to limits.

Workers are fresh interpreters (never forks). As many jobs run at once as there are `slots`; one
worker more stands ready, so that after a cancel or a crash the next job does not wait for a start.
One worker has rehearsed everything and is preferred for audio; the others stay small. A worker
that grew heavy and idle is replaced by a fresh one.
"""

from __future__ import annotations

import asyncio
import itertools
import logging
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any, TypeAlias

from assistant import engine
from assistant.errors import BandmateError, Busy, Crashed, TooLarge, TooLong
from assistant.material import Audio, Session
from bridge.order import Order
from bridge.worker_process import Event, WorkerProcess

__all__ = ["Event", "Job", "Limits", "Pool"]

log = logging.getLogger("bandmate.jobs")

Tell: TypeAlias = Callable[[Event], None]

_FAILED_STARTS = 3
_PAUSE_SECONDS = 5.0
_HEAD_START_SECONDS = 2.0


@dataclass(frozen=True)
class Limits:
    """What jobs and workers may take.

    Parameters
    ----------
    slots : int
        Jobs that run at once.
    queue : int
        Jobs that may wait; one more is refused as `Busy`.
    seconds : float
        Time limit of a job.
    memory_mb : int
        Private memory of a worker.
    idle_mb, idle_seconds : float
        A worker above that size is replaced after that time without a job.
    """

    slots: int = 2
    queue: int = 32
    seconds: float = 3600.0
    memory_mb: int = 4096
    idle_mb: float = 220.0
    idle_seconds: float = 60.0


@dataclass(eq=False)
class Job:
    """An order on its way: `tell` hears its events, the last of which ends it.

    The last one is ``{"done": seconds}``, ``{"error": [code, text]}`` or ``{"cancelled": True}``.
    """

    order: Order
    tell: Tell
    ended: bool = False

    def end(self, event: Event) -> None:
        """Tell the last event, once."""
        if not self.ended:
            self.ended = True
            self.tell(event)


@dataclass(eq=False)
class _Worker:
    """A worker and the job it is at."""

    process: WorkerProcess
    job: Job | None = None
    alarm: asyncio.TimerHandle | None = None

    @property
    def free(self) -> bool:
        return self.process.ready and self.job is None

    def rest(self) -> None:
        """Be done with the job."""
        self.job = None
        if self.alarm is not None:
            self.alarm.cancel()
            self.alarm = None


class Pool:
    """The workers and the queue in front of them; lives in one asyncio loop.

    Parameters
    ----------
    limits : Limits
        See there.
    stages : sequence of str
        Folders of further stages.
    """

    def __init__(self, limits: Limits, stages: Sequence[str] = ()) -> None:
        self._limits = limits
        self._stages = list(stages)
        self._workers: list[_Worker] = []
        self._queue: deque[Job] = deque()
        self._tasks: set[asyncio.Task[None]] = set()
        self._wanted = 1
        self._hiring: list[bool] = []
        self._failed_starts = 0
        self._closing = False

    @property
    def running(self) -> int:
        """How many jobs are being worked on."""
        return sum(worker.job is not None for worker in self._workers)

    @property
    def queued(self) -> int:
        """How many jobs wait."""
        return len(self._queue)

    def check_room(self) -> None:
        """Raise `Busy` where one more job would not find a place in the queue."""
        if len(self._queue) >= self._limits.queue:
            raise Busy(f"{len(self._queue)} jobs are waiting already: ask again in a while.")

    def open(self) -> None:
        """Start the workers; jobs may be submitted at once and wait for them."""
        self._refill()
        self._spawn(self._look_after())

    async def close(self) -> None:
        """End all workers and wait until they are gone."""
        self._closing = True
        for job in self._queue:
            job.end({"cancelled": True})
        self._queue.clear()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await asyncio.gather(*(worker.process.kill() for worker in self._workers))

    def submit(self, order: Order, tell: Tell) -> Job:
        """Queue an order.

        Parameters
        ----------
        order : Order
            What to do.
        tell : callable
            Hears ``{"queued": position}`` (0 where no other has to end before it), then the job's
            events.

        Returns
        -------
        Job
            To cancel it by.

        Raises
        ------
        Busy
            Where the queue is full.
        """
        self.check_room()
        job = Job(order, tell)
        self._queue.append(job)
        self._dispatch()
        job.tell({"queued": self._place(self._queue.index(job)) if job in self._queue else 0})
        return job

    def cancel(self, job: Job) -> bool:
        """Cancel a job, waiting or running, wherever its worker is; false where it has ended."""
        if job.ended:
            return False
        if job in self._queue:
            self._queue.remove(job)
            job.end({"cancelled": True})
            self._tell_positions()
            return True
        for worker in self._workers:
            if worker.job is job:
                self._spawn(self._stop(worker, {"cancelled": True}))
        return True

    def _spawn(self, work: Any) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _hire(self, *, full: bool) -> None:
        """Start a worker, let it rehearse, and listen to it until it dies."""
        told = {
            "memory_mb": self._limits.memory_mb,
            "stages": self._stages,
            "log": logging.getLevelName(log.getEffectiveLevel()),
        }
        worker = _Worker(await WorkerProcess.start(told, full=full))
        self._hiring.remove(full)
        self._workers.append(worker)
        try:
            async for event in worker.process.listen():
                self._hear(worker, event)
        finally:
            await worker.process.kill()  # its pipe ends before the system tells of its end
        self._lost(worker)

    def _hear(self, worker: _Worker, event: Event) -> None:
        """Take one event of a worker."""
        process = worker.process
        if "ready" in event:
            process.born = process.ready = True
            self._dispatch()
            self._rehearse(worker)
            # The first worker, and the job that may wait for it, have the cores to themselves.
            asyncio.get_running_loop().call_later(_HEAD_START_SECONDS, self._complete)
        elif "done" in event or "error" in event:
            process.rss_mb, process.idle_since = event.pop("rss_mb"), time.monotonic()
            process.ready = True
            self._finished(worker, event)
        elif worker.job is not None:
            worker.job.tell(event)

    def _finished(self, worker: _Worker, last: Event) -> None:
        """End the job of a worker, or its rehearsal."""
        job = worker.job
        worker.rest()
        if job is not None:
            job.end(last)
        if last.get("error", [""])[0] == TooLarge.code:
            # What is left of its memory may be in pieces; a fresh one is safer.
            self._spawn(self._stop(worker, {}))
        self._dispatch()
        self._rehearse(worker)

    def _rehearse(self, worker: _Worker) -> None:
        """Let a worker rehearse, once, where nobody waits for it."""
        if worker.free and not worker.process.rehearsed:
            worker.process.rehearsed, worker.process.ready = True, False
            worker.process.say({"rehearse": "full" if worker.process.full else "light"})

    def _complete(self) -> None:
        """Start the workers beside the first one."""
        self._wanted = self._limits.slots + 1
        if not self._closing:
            self._refill()

    def _refill(self) -> None:
        """Start the workers that are missing; one of all rehearses everything."""
        while len(self._workers) + len(self._hiring) < self._wanted:
            full = not any((*self._hiring, *(worker.process.full for worker in self._workers)))
            self._hiring.append(full)
            self._spawn(self._hire(full=full))

    def _dispatch(self) -> None:
        """Give waiting jobs to free workers, as many as there are slots."""
        moved = False
        while self._queue and self.running < self._limits.slots:
            worker = self._choose(self._queue[0].order)
            if worker is None:
                break
            self._begin(worker, self._queue.popleft())
            moved = True
        if moved:
            self._tell_positions()
        if self._queue and any(worker.process.born for worker in self._workers):
            self._complete()

    def _choose(self, order: Order) -> _Worker | None:
        """Pick a free worker: for audio one that has rehearsed it, for words a small one."""
        audio = bool({Audio, Session} & set(engine.stage(order.stage).takes))
        free = [worker for worker in self._workers if worker.free]
        return min(free, key=lambda worker: worker.process.full != audio, default=None)

    def _begin(self, worker: _Worker, job: Job) -> None:
        worker.job = job
        worker.process.say({"order": asdict(job.order)})
        limit = self._limits.seconds
        late = TooLong(f"This took over {limit:g} s, the limit of a job, and was stopped.")
        loop = asyncio.get_running_loop()
        worker.alarm = loop.call_later(limit, lambda: self._spawn(self._fail(worker, late)))
        job.tell({"begun": True})

    def _tell_positions(self) -> None:
        for waiting, job in enumerate(self._queue):
            job.tell({"queued": self._place(waiting)})

    def _place(self, waiting: int) -> int:
        """Tell how many jobs end before one with so many before it begins: workers may be late."""
        return max(0, waiting + 1 - (self._limits.slots - self.running))

    async def _fail(self, worker: _Worker, error: BandmateError) -> None:
        await self._stop(worker, {"error": [error.code, str(error)]})

    async def _stop(self, worker: _Worker, last: Event) -> None:
        """Kill a worker; once it is gone its job hears the last event."""
        job = worker.job
        worker.rest()
        worker.process.ready = False
        await worker.process.kill()
        if job is not None:
            job.end(last)
        self._dispatch()

    def _lost(self, worker: _Worker) -> None:
        """Answer for the job of a worker that is gone, and start another."""
        self._workers.remove(worker)
        job = worker.job
        worker.rest()
        if job is not None:
            text = "The worker process of this job died; it was replaced. Ask again."
            job.end({"error": [Crashed.code, text]})
        self._spawn(self._recover(worker.process))

    async def _recover(self, lost: WorkerProcess) -> None:
        """Start another worker, after a pause where they die before they are born."""
        self._failed_starts = 0 if lost.born else self._failed_starts + 1
        if self._failed_starts >= _FAILED_STARTS:
            self._give_up()
            await asyncio.sleep(_PAUSE_SECONDS)
        self._refill()

    def _give_up(self) -> None:
        log.error("workers die before they are ready; trying again in a while")
        for job in self._queue:
            job.end({"error": [Crashed.code, "No worker process starts; see the daemon's log."]})
        self._queue.clear()

    async def _look_after(self) -> None:
        """Replace workers that are heavy and idle."""
        for _ in itertools.repeat(None):
            await asyncio.sleep(min(_PAUSE_SECONDS, self._limits.idle_seconds / 2))
            now = time.monotonic()
            for worker in self._workers:
                rested = now - worker.process.idle_since > self._limits.idle_seconds
                if worker.free and rested and worker.process.rss_mb > self._limits.idle_mb:
                    log.info("replacing a worker of %.0f MB", worker.process.rss_mb)
                    self._spawn(self._stop(worker, {}))
                    break
