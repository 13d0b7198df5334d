from __future__ import annotations

import math
import os
import sys
import time
from collections.abc import Iterator
from concurrent.futures import CancelledError, Future, as_completed
from pathlib import Path

import pytest

from assistant.errors import Crashed, TooLong, WorkError
from bridge.batch.executor import LocalExecutor


@pytest.fixture
def executor() -> Iterator[LocalExecutor]:
    made = LocalExecutor(2, memory_mb=4096, seconds=60.0)
    yield made
    made.kill_workers()


def alive(pid: int) -> bool:
    """Tell whether a process runs; one that is dead and not yet waited for does not."""
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except FileNotFoundError:
        return False


def test_it_has_the_shape_of_concurrent_futures(executor: LocalExecutor) -> None:
    with executor:
        futures = {executor.submit(math.gcd, 12 * n, 18 * n): 6 * n for n in (1, 2, 3)}
        assert {future.result(): futures[future] for future in as_completed(futures)} == {
            6: 6,
            12: 12,
            18: 18,
        }
        assert list(executor.map(math.isqrt, [4, 9, 16])) == [2, 3, 4]
    with pytest.raises(RuntimeError, match="shutdown"):
        executor.submit(math.isqrt, 4)


def test_workers_are_other_processes_with_one_library_thread(executor: LocalExecutor) -> None:
    pids = {executor.submit(os.getpid).result() for _ in range(4)}
    assert os.getpid() not in pids
    assert 1 <= len(pids) <= 2
    assert executor.submit(os.getenv, "OMP_NUM_THREADS").result() == "1"


def test_what_a_function_raises_is_a_work_error(executor: LocalExecutor) -> None:
    with pytest.raises(WorkError, match="math domain error"):
        executor.submit(math.sqrt, -1.0).result()
    assert executor.submit(math.sqrt, 4.0).result() == 2.0


def test_a_worker_that_dies_takes_only_its_own_call(executor: LocalExecutor) -> None:
    calls: list[Future[int]] = [executor.submit(math.isqrt, n * n) for n in range(8)]
    dying = executor.submit(os._exit, 3)
    calls += [executor.submit(math.isqrt, n * n) for n in range(8, 16)]
    with pytest.raises(Crashed, match="exit code 3"):
        dying.result()
    assert [call.result() for call in calls] == list(range(16))


def test_a_call_that_takes_too_long_is_ended() -> None:
    executor = LocalExecutor(1, memory_mb=4096, seconds=2.0)
    with executor:
        with pytest.raises(TooLong):
            executor.submit(time.sleep, 60).result()
        assert executor.submit(math.isqrt, 9).result() == 3


def test_words_alone_cross(executor: LocalExecutor) -> None:
    with pytest.raises(TypeError, match="positional"):
        executor.submit(int, "7", base=8)
    with pytest.raises(TypeError, match="JSON"):
        executor.submit(id, object()).result()
    assert executor.submit(math.isqrt, 9).result() == 3


def test_waiting_calls_can_be_cancelled() -> None:
    executor = LocalExecutor(1, memory_mb=4096, seconds=60.0)
    first = executor.submit(time.sleep, 0.5)
    rest = [executor.submit(math.isqrt, 4) for _ in range(3)]
    assert rest[0].cancel()
    while not first.running() and not first.done():
        time.sleep(0.01)
    executor.shutdown(cancel_futures=True)
    assert first.result() is None
    for one in rest:
        with pytest.raises(CancelledError):
            one.result()


@pytest.mark.skipif(sys.platform != "linux", reason="asks /proc")
def test_killed_workers_are_gone_whatever_they_do(executor: LocalExecutor) -> None:
    pids = {executor.submit(os.getpid).result() for _ in range(4)}
    naps = [executor.submit(time.sleep, 60) for _ in range(6)]
    executor.kill_workers()
    assert not any(alive(pid) for pid in pids)
    assert all(nap.done() for nap in naps)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no process groups like these")
def test_ctrl_c_does_not_reach_a_worker(executor: LocalExecutor) -> None:
    assert executor.submit(os.getpgrp).result() != os.getpgrp()
