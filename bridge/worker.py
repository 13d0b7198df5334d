"""What runs in a worker process: one order after another, words in and words out.

``python -m bridge.worker '{"memory_mb": 4096, "stages": []}'`` reads one JSON object a line::

    {"order": {...}}        -> {"progress": ...}* {"suggestion": ...}* {"done": seconds, ...}
    {"rehearse": "full"}    -> {"done": seconds, ...}     see `bridge.rehearsal`; or "light"
    {"call": [module, function], "args": [...]} -> {"returned": ...} {"done": seconds, ...}

An order that fails ends in ``{"error": [code, text], ...}``. ``rss_mb`` beside ``done`` and
``error`` says how heavy the process has grown. It ends when its standard input does, so that no
worker outlives its daemon, even one that was killed.
"""

from __future__ import annotations

import contextlib
import ctypes
import importlib
import json
import logging
import os
import queue
import sys
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any, TextIO

from assistant import engine
from assistant.errors import BandmateError, TooLarge

__all__ = ["main"]

log = logging.getLogger("bandmate.worker")

_HEAVY_SECONDS = 0.5  # work after which freed memory is given back

Say = Callable[[dict[str, Any]], None]


def main(argv: list[str]) -> None:
    """Serve the pipe until it closes.

    Parameters
    ----------
    argv : list of str
        One JSON object: ``memory_mb`` limits what the process may allocate, ``stages`` are
        folders of further stages, ``log`` is the level.
    """
    told = json.loads(argv[0])
    logging.basicConfig(level=told["log"], format="%(name)s %(levelname)s %(message)s")
    say = _speaker()
    for folder in told["stages"]:
        engine.add_stages(folder)
    import bridge.work  # noqa: F401  loaded before the process says that it is ready

    _limit_memory(told["memory_mb"])
    say({"ready": os.getpid()})
    inbox: queue.SimpleQueue[dict[str, Any]] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(sys.stdin, inbox), daemon=True).start()
    while True:
        _answer(inbox.get(), say)


def _speaker() -> Say:
    """Keep standard output for our words alone; what libraries print goes to standard error."""
    pipe = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)

    def say(event: dict[str, Any]) -> None:
        pipe.write(json.dumps(event) + "\n")
        pipe.flush()

    return say


def _listen(stdin: TextIO, inbox: queue.SimpleQueue[dict[str, Any]]) -> None:
    for line in stdin:
        inbox.put(json.loads(line))
    os._exit(0)


def _limit_memory(megabytes: int) -> None:
    """Limit private memory where the system can; files mapped as scratch do not count."""
    try:
        import resource
    except ImportError:  # Windows
        return
    size = megabytes << 20
    resource.setrlimit(resource.RLIMIT_DATA, (size, size))


def _answer(message: dict[str, Any], say: Say) -> None:
    began = time.monotonic()
    try:
        for event in _work(message):
            say(event)
    except BandmateError as error:
        end: dict[str, Any] = {"error": [error.code, str(error)]}
    except MemoryError:
        end = {"error": [TooLarge.code, "This needs more memory than one job is given."]}
    except Exception as error:
        log.exception("our bug")
        end = {"error": ["bug", f"{type(error).__name__}: {error}. This is a bug of bandmate's."]}
    else:
        end = {"done": time.monotonic() - began}
    if time.monotonic() - began > _HEAVY_SECONDS:
        _hand_back()
    say({**end, "rss_mb": resident_mb()})


def _work(message: dict[str, Any]) -> Iterator[dict[str, Any]]:
    from bridge import order, rehearsal, work

    if "order" in message:
        yield from work.carry_out(order.Order(**message["order"]))
    elif "call" in message:
        module, name = message["call"]
        yield {"returned": getattr(importlib.import_module(module), name)(*message["args"])}
    else:
        rehearsal.rehearse(full=message["rehearse"] == "full")


def _hand_back() -> None:
    """Give freed memory back to the system, which glibc would keep for later."""
    with contextlib.suppress(OSError, AttributeError, TypeError):
        ctypes.CDLL(None).malloc_trim(0)


def resident_mb() -> float:
    """Return the resident memory of this process in MB, 0.0 where the system does not say."""
    try:
        with open("/proc/self/statm", encoding="ascii") as statm:  # noqa: PTH123  a hot path
            return int(statm.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20
    except OSError:
        return 0.0


if __name__ == "__main__":
    main(sys.argv[1:])
