from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from assistant import engine
from assistant.errors import Busy
from bridge.jobs import Event, Job, Limits, Pool
from bridge.order import Order
from bridge.worker_process import WorkerProcess

DUMMIES = str(Path(__file__).parent.parent / "dummies")
engine.add_stages(DUMMIES)


class Listener:
    """Hears a job; `last` waits for its last event."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self._ended = asyncio.Event()

    def tell(self, event: Event) -> None:
        self.events.append(event)
        if {"done", "error", "cancelled"} & set(event):
            self._ended.set()

    def heard(self, name: str) -> bool:
        return any(name in event for event in self.events)

    async def last(self) -> Event:
        await asyncio.wait_for(self._ended.wait(), 30)
        return self.events[-1]

    async def until(self, name: str) -> None:
        async with asyncio.timeout(30):
            while not self.heard(name):
                await asyncio.sleep(0.002)


@asynccontextmanager
async def pool(**limits: Any) -> AsyncIterator[Pool]:
    opened = Pool(Limits(**limits), [DUMMIES])
    opened.open()
    try:
        yield opened
    finally:
        await opened.close()


def ask(workers: Pool, do: str, **settings: object) -> tuple[Job, Listener]:
    listener = Listener()
    count = int(str(settings.pop("count", 1)))
    order = Order("dummy", settings={"do": do, **settings}, count=count)
    return workers.submit(order, listener.tell), listener


def run(test: Callable[[], Coroutine[None, None, None]]) -> None:
    asyncio.run(asyncio.wait_for(test(), 120))


def test_a_job_is_queued_begun_and_done() -> None:
    async def test() -> None:
        async with pool() as workers:
            _, heard = ask(workers, "answer", count=2)
            assert "done" in await heard.last()
            names = [next(iter(event)) for event in heard.events]
            assert names[0] == "queued"
            assert names.count("suggestion") == 2
            fractions = [event["progress"][0] for event in heard.events if "progress" in event]
            assert fractions == sorted(fractions)
            assert workers.running == workers.queued == 0

    run(test)


def test_jobs_wait_in_order_and_hear_their_position() -> None:
    async def test() -> None:
        async with pool(slots=1) as workers:
            first, heard = ask(workers, "nap", seconds=30)
            assert heard.events[0] == {"queued": 0}  # its worker may be late
            _, second = ask(workers, "answer")
            _, third = ask(workers, "answer")
            assert second.events[0] == {"queued": 1}
            assert third.events[0] == {"queued": 2}
            workers.cancel(first)
            assert "done" in await second.last()
            assert "done" in await third.last()
            positions = [event["queued"] for event in third.events if "queued" in event]
            assert positions == sorted(positions, reverse=True)

    run(test)


def test_a_full_queue_is_busy() -> None:
    async def test() -> None:
        async with pool(slots=1, queue=1) as workers:
            _, running = ask(workers, "nap", seconds=30)
            await running.until("begun")
            ask(workers, "answer")
            with pytest.raises(Busy, match="1 jobs are waiting"):
                ask(workers, "answer")

    run(test)


@pytest.mark.alone
@pytest.mark.parametrize("do", ["nap", "native"])
def test_cancel_takes_effect_within_100_ms(do: str) -> None:
    async def test() -> None:
        async with pool() as workers:
            job, heard = ask(workers, do, seconds=60)
            await heard.until("progress")
            await asyncio.sleep(0.1)
            began = time.monotonic()
            assert workers.cancel(job)
            assert await heard.last() == {"cancelled": True}
            assert time.monotonic() - began < 0.1
            assert not workers.cancel(job)

    run(test)


@pytest.mark.alone
def test_after_a_cancel_the_next_job_does_not_wait_for_a_start() -> None:
    async def test() -> None:
        async with pool(slots=1) as workers:
            _, warm = ask(workers, "answer")
            await warm.last()
            async with asyncio.timeout(60):
                while sum(worker.free for worker in workers._workers) < 2:
                    await asyncio.sleep(0.01)  # the spare is still rehearsing
            job, heard = ask(workers, "native", seconds=60)
            await heard.until("progress")
            workers.cancel(job)
            began = time.monotonic()
            _, following = ask(workers, "answer")
            assert "done" in await following.last()
            assert time.monotonic() - began < 0.25

    run(test)


def test_a_waiting_job_is_cancelled_too() -> None:
    async def test() -> None:
        async with pool(slots=1) as workers:
            first, heard_first = ask(workers, "nap", seconds=60)
            await heard_first.until("begun")
            waiting, heard = ask(workers, "answer")
            assert workers.cancel(waiting)
            assert await heard.last() == {"cancelled": True}
            assert not heard.heard("begun")
            workers.cancel(first)

    run(test)


def test_a_crash_is_answered_and_the_worker_replaced() -> None:
    async def test() -> None:
        async with pool(slots=1) as workers:
            for _ in range(3):
                _, heard = ask(workers, "crash")
                assert (await heard.last())["error"][0] == "crash"
            _, after = ask(workers, "answer")
            assert "done" in await after.last()

    run(test)


def test_a_killed_worker_is_answered_and_replaced() -> None:
    async def test() -> None:
        async with pool() as workers:
            _, heard = ask(workers, "nap", seconds=60)
            await heard.until("progress")
            victim = next(worker for worker in workers._workers if worker.job)
            os.kill(victim.process.pid, signal.SIGKILL)
            assert (await heard.last())["error"][0] == "crash"
            _, after = ask(workers, "answer")
            assert "done" in await after.last()

    run(test)


def test_our_bug_is_answered_as_one_and_the_worker_lives() -> None:
    async def test() -> None:
        async with pool(slots=1) as workers:
            _, heard = ask(workers, "bug")
            code, text = (await heard.last())["error"]
            assert code == "bug"
            assert "nobody thought of this" in text
            _, refused = ask(workers, "refuse")
            assert (await refused.last())["error"] == ["material", "This cannot be worked on."]

    run(test)


def test_a_job_over_its_time_is_stopped() -> None:
    async def test() -> None:
        async with pool(seconds=0.3) as workers:
            _, heard = ask(workers, "native", seconds=60)
            code, text = (await heard.last())["error"]
            assert code == "time"
            assert "0.3 s" in text
            _, after = ask(workers, "answer")
            assert "done" in await after.last()

    run(test)


def test_a_job_over_its_memory_is_stopped() -> None:
    async def test() -> None:
        async with pool(memory_mb=1500) as workers:
            _, heard = ask(workers, "eat", size=4000)
            assert (await heard.last())["error"][0] == "memory"
            _, after = ask(workers, "eat", size=50)
            assert "done" in await after.last()

    run(test)


def test_a_heavy_idle_worker_is_replaced() -> None:
    async def test() -> None:
        async with pool(slots=1, idle_mb=1.0, idle_seconds=0.2) as workers:
            _, heard = ask(workers, "answer")
            await heard.last()
            before = {worker.process.pid for worker in workers._workers}
            async with asyncio.timeout(60):
                while before & {worker.process.pid for worker in workers._workers}:
                    await asyncio.sleep(0.05)
            _, after = ask(workers, "answer")
            assert "done" in await after.last()

    run(test)


def test_no_worker_outlives_the_pool() -> None:
    async def test() -> list[int]:
        async with pool() as workers:
            _, heard = ask(workers, "native", seconds=60)
            await heard.until("progress")
            async with asyncio.timeout(60):
                while len(workers._workers) < 3:
                    await asyncio.sleep(0.01)
            return [worker.process.pid for worker in workers._workers]

    pids = asyncio.run(test())
    assert len(pids) == 3
    for pid in pids:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


def test_the_pool_is_closed_when_all_its_workers_are_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    """One that was just killed for a cancel, too: its pipe ends before the system tells of it."""
    started: list[WorkerProcess] = []
    start, waitpid = WorkerProcess.start, os.waitpid

    async def noted(told: dict[str, object], *, full: bool) -> WorkerProcess:
        started.append(await start(told, full=full))
        return started[-1]

    def late(pid: int, options: int) -> tuple[int, int]:
        ended = waitpid(pid, options)
        time.sleep(0.5 if pid == started[0].pid else 0.0)
        return ended

    monkeypatch.setattr(WorkerProcess, "start", noted)
    monkeypatch.setattr(os, "waitpid", late)

    async def test() -> None:
        async with pool(slots=1) as workers:
            job, heard = ask(workers, "nap", seconds=600)
            await heard.until("progress")
            workers.cancel(job)
            while any(worker.process is started[0] for worker in workers._workers):
                if started[0].returncode is not None:
                    break
                await asyncio.sleep(0)
        assert all(one.returncode is not None for one in started)

    run(test)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL")
def test_the_end_of_a_worker_is_left_for_the_loop_to_see(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who looks for it first, as `Popen.poll` does, makes the loop warn of an unknown child."""
    looked: list[int] = []

    async def kill() -> int | None:
        process = await asyncio.create_subprocess_exec("sleep", "60")
        monkeypatch.setattr(subprocess.Popen, "poll", lambda self: looked.append(self.pid))
        await WorkerProcess(process, full=False).kill()
        return process.returncode

    assert asyncio.run(kill()) == -signal.SIGKILL
    assert looked == []
