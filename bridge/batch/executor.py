"""Worker processes behind the shape of `concurrent.futures.Executor`.

A cluster can stand behind the same shape: only functions that have a name, and words, cross to
where they run. Unlike a `ProcessPoolExecutor`, one worker that dies takes only its own call with
it, and the workers end with the process that started them, even one that was killed.
"""

from __future__ import annotations

import json
import os
import queue
import subprocess
import threading
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Executor, Future
from contextlib import suppress
from dataclasses import dataclass
from typing import IO, Any, ParamSpec, TypeVar, cast

from assistant.errors import Crashed, TooLong, WorkError
from bridge.interpreter import running
from bridge.threads import ONE_THREAD

__all__ = ["LocalExecutor"]

P = ParamSpec("P")
T = TypeVar("T")

_HEAVY_MB = 1024.0  # a worker that grew larger is replaced by a fresh one


@dataclass(frozen=True)
class _Call:
    """A function by its name, what it is given, and where its answer goes."""

    future: Future[Any]
    name: tuple[str, str]
    args: Sequence[object]

    def line(self) -> str:
        return json.dumps({"call": self.name, "args": self.args}) + "\n"


class LocalExecutor(Executor):
    """Runs functions in worker processes of this machine, one library thread each.

    Parameters
    ----------
    jobs : int
        How many calls run at once.
    memory_mb : int
        What one worker may allocate.
    seconds : float
        What one call may take.
    stages : sequence of str
        Folders of further stages.
    """

    def __init__(
        self, jobs: int, *, memory_mb: int, seconds: float, stages: Iterable[str] = ()
    ) -> None:
        self._told = {"memory_mb": memory_mb, "stages": list(stages), "log": "ERROR"}
        self._seconds = seconds
        self._calls: queue.SimpleQueue[_Call | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._workers: set[_Worker] = set()
        self._closing = self._killed = False
        self._threads = [threading.Thread(target=self._serve, daemon=True) for _ in range(jobs)]
        for thread in self._threads:
            thread.start()

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Have a function called in a worker.

        Parameters
        ----------
        fn : callable
            A function of a module, found there by its name.
        *args : object
            What it is given; these, and what it returns, are words that JSON can carry.

        Returns
        -------
        Future
            Raises `Crashed` where the worker died, `TooLong` where it took too long, and
            `WorkError` where the function raised.
        """
        if kwargs:
            raise TypeError("only positional arguments cross to a worker")
        future: Future[T] = Future()
        with self._lock:
            if self._closing:
                raise RuntimeError("cannot schedule new futures after shutdown")
            self._calls.put(_Call(future, (fn.__module__, fn.__name__), args))
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Take no more calls; see `concurrent.futures.Executor.shutdown`."""
        with self._lock:
            self._closing = True
            if cancel_futures:
                with suppress(queue.Empty):
                    while True:
                        call = self._calls.get_nowait()
                        if call is not None:
                            call.future.cancel()
            for _ in self._threads:
                self._calls.put(None)
        if wait:
            for thread in self._threads:
                thread.join()

    def kill_workers(self) -> None:
        """End all calls at once, whatever they do; the workers are gone when this returns."""
        self.shutdown(wait=False, cancel_futures=True)
        with self._lock:
            self._killed = True
            for worker in self._workers:
                worker.kill()
        self.shutdown(wait=True)

    def _serve(self) -> None:
        """Answer calls with one worker after the other, until there are no more."""
        worker: _Worker | None = None
        while (call := self._calls.get()) is not None:
            if not call.future.set_running_or_notify_cancel():
                continue
            try:
                worker = worker or self._hire()
                call.future.set_result(worker.answer(call.line(), self._seconds))
            except Exception as error:  # noqa: BLE001  it is raised where the answer is read
                call.future.set_exception(error)
            if worker is not None and not worker.fit:
                self._retire(worker)
                worker = None
        if worker is not None:
            self._retire(worker)

    def _hire(self) -> _Worker:
        with self._lock:
            if self._killed:
                raise Crashed("The workers were ended.")
            worker = _Worker(self._told)
            self._workers.add(worker)
            return worker

    def _retire(self, worker: _Worker) -> None:
        worker.end()
        with self._lock:
            self._workers.discard(worker)


class _Worker:
    """A fresh interpreter that runs `bridge.worker`; it ends when its standard input does."""

    def __init__(self, told: dict[str, object]) -> None:
        self._process = subprocess.Popen(  # noqa: S603
            running("bridge.worker", json.dumps(told)),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, **ONE_THREAD},
            encoding="utf-8",
            # Ctrl-C is for the process that leads the batch; it ends the workers itself.
            start_new_session=True,
            creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
        )
        self._in = cast("IO[str]", self._process.stdin)
        self._out = cast("IO[str]", self._process.stdout)
        self.fit = True
        self._late = False

    def answer(self, line: str, seconds: float) -> Any:
        """Have one call answered; raises as `LocalExecutor.submit` says."""
        alarm = threading.Timer(seconds, self._be_late)
        alarm.daemon = True
        alarm.start()
        try:
            return self._heard(line)
        finally:
            alarm.cancel()

    def _heard(self, line: str) -> Any:
        returned: Any = None
        with suppress(OSError):  # a dead worker is heard of below
            self._in.write(line)
            self._in.flush()
        for said in self._out:
            event = json.loads(said)
            if "returned" in event:
                returned = event["returned"]
            elif "done" in event or "error" in event:
                self.fit = event["rss_mb"] < _HEAVY_MB
                if "error" in event:
                    raise WorkError(event["error"][1])
                return returned
        self.fit = False
        if self._late:
            raise TooLong("This took over the time limit of one file, and was stopped.")
        raise Crashed(f"The worker process died (exit code {self._process.wait()}).")

    def _be_late(self) -> None:
        self._late = True
        self.kill()

    def kill(self) -> None:
        """End it at once."""
        self._process.kill()

    def end(self) -> None:
        """Let it end, and wait until it has."""
        for pipe in (self._in, self._out):
            with suppress(OSError):
                pipe.close()
        self._process.wait()
