"""Asking the daemon, and listening to the end."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from typing import Any, Protocol, TypeAlias

from bridge.asking.failure import Failure
from bridge.asking.question import ABOUT_A_JOB, Question
from bridge.osc.gather import Suggestions, add
from bridge.ports.connection import Connection

__all__ = ["Answer", "Watcher", "ask"]

FIRST_ANSWER_SECONDS = 10.0
DAW_SECONDS = 120.0
"""The DAW is waited for by the daemon, which says so where it does not answer."""
CANCEL_SECONDS = 1.0
_TICK_SECONDS = 0.1

Answer: TypeAlias = dict[str, Any]
"""What ``--json`` prints."""

_ENDS = {
    "accept": "accepted",
    "again": "status",
    "cancel": "cancelled",
    "capture": "captured",
    "context": "done",
    "daw": "linked",
    "play": "playing",
    "presets": "done",
    "reject": "rejected",
    "stages": "done",
    "status": "status",
    "stop": "stopped",
    "taken": "accepted",
    "undo": "undone",
    "unlink": "unlinked",
}
"""The last that is said to each word."""
_LISTS = frozenset({"presets", "stages"})
_OF_THE_DAW = frozenset({"accept", "context", "daw", "undo", "unlink"})


class Watcher(Protocol):
    """Hears how far things are."""

    def progress(self, fraction: float, doing: str) -> None:
        """Hear how far things are."""
        ...

    def flush(self) -> None:
        """Is called now and then."""
        ...

    def cancelled(self) -> bool:
        """Tell whether nobody wants the answer any more; is asked now and then."""
        ...


def ask(question: Question, watcher: Watcher) -> Answer:
    """Ask, listen to the end, and put the answer together.

    Parameters
    ----------
    question : Question
        What is asked.
    watcher : Watcher
        Hears of the progress.

    Returns
    -------
    dict
        What JSON can carry.

    Raises
    ------
    Failure
        Where the daemon says an error, or nothing for too long; where there is none, or it goes.
    """
    about_a_job = question.word in ABOUT_A_JOB and question.names
    job = question.names[0] if about_a_job else f"ask-{os.getpid()}-{time.time_ns():x}"
    try:
        with _connected(question) as daemon:
            if question.is_stage:
                return _ask_stage(daemon, question, job, watcher)
            return _ask_word(daemon, question, job)
    except ConnectionError as error:
        raise Failure("daemon", str(error), job) from None
    except Failure as failure:
        failure.job = job
        raise


def _connected(question: Question) -> Connection:
    try:
        return Connection(question.port)
    except ConnectionError:
        if not question.start:
            raise
    from bridge.asking.starting import start

    return start(question.port)


# Stages


def _ask_stage(daemon: Connection, question: Question, job: str, watcher: Watcher) -> Answer:
    suggestions: Suggestions = {}
    began = time.monotonic()
    words = [word for setting in question.settings for word in setting]
    try:
        daemon.say(f"/bandmate/{question.word}", job, question.whole_path, *words)
        seconds = _listen(daemon, question, job, suggestions, watcher)
    except (ConnectionError, Failure) as error:
        failure = error if isinstance(error, Failure) else Failure("daemon", str(error))
        if suggestions:  # one of several presets failed, or the daemon went
            failure.answer = _answer(question, job, suggestions, time.monotonic() - began)
        raise failure from None
    except TimeoutError:
        _cancel(daemon, job)
        raise Failure("time", "The daemon took too long; the job was cancelled.") from None
    except KeyboardInterrupt:
        _cancel(daemon, job)
        raise
    return _answer(question, job, suggestions, seconds)


def _answer(question: Question, job: str, suggestions: Suggestions, seconds: float) -> Answer:
    return {
        "stage": question.word,
        "input": question.path,
        "job": job,
        "seconds": round(seconds, 3),
        "suggestions": [suggestions[n] for n in sorted(suggestions)],
    }


def _listen(
    daemon: Connection, question: Question, job: str, suggestions: Suggestions, watcher: Watcher
) -> float:
    """Gather what the daemon says until it is done, and how long it took."""
    seconds = 0.0
    patience = min(FIRST_ANSWER_SECONDS, question.timeout)
    for word, said in _heard(daemon, question.timeout, patience, "done"):
        watcher.flush()
        if watcher.cancelled():
            _cancel(daemon, job)
            raise Failure("cancelled", "The job was cancelled.")
        if word == "cancelled":
            raise Failure("cancelled", "The job was cancelled.")
        if word == "progress":
            watcher.progress(float(said[1]), str(said[2]))
        elif word == "done":
            seconds = float(said[2])
        else:
            add(suggestions, word, said)
    return seconds


def _heard(
    daemon: Connection, timeout: float, patience: float, last: str
) -> Iterator[tuple[str, list[Any]]]:
    """Yield what the daemon says up to the last word, and nothing now and then."""
    now = time.monotonic()
    end, silent_until = now + timeout, now + patience
    while True:
        try:
            heard = daemon.hear(min(_TICK_SECONDS, silent_until - time.monotonic()))
        except TimeoutError:
            if time.monotonic() >= silent_until:
                raise
            yield "", []
            continue
        silent_until = end
        for address, said in heard:
            word = address.rpartition("/")[2]
            if word == "error":
                raise Failure(str(said[1]), str(said[2]))
            yield word, said
            if word == last:
                return


def _cancel(daemon: Connection, job: str) -> None:
    """Cancel the job and wait a moment for the answer."""
    end = time.monotonic() + CANCEL_SECONDS
    try:
        daemon.say("/bandmate/cancel", job)
        while True:
            heard = daemon.hear(end - time.monotonic())
            if any(address in {"/bandmate/cancelled", "/bandmate/error"} for address, _ in heard):
                return
    except (ConnectionError, TimeoutError):
        return


# Words of the table


def _ask_word(daemon: Connection, question: Question, job: str) -> Answer:
    word = question.word
    names = question.names[1:] if word in ABOUT_A_JOB else question.names
    patience = DAW_SECONDS if word in _OF_THE_DAW else FIRST_ANSWER_SECONDS
    listened = (question.timeout, min(patience, question.timeout), _ENDS[word])
    try:
        daemon.say(f"/bandmate/{word}", *([job] if job else []), *names)
        if word == "again":  # nothing ends it, so something is asked that is answered after it
            daemon.say("/bandmate/status", "end")
        heard = [one for one in _heard(daemon, *listened) if one[0]]
    except TimeoutError:
        raise Failure("time", "The daemon took too long.") from None
    return {"word": word, "job": job, **_put_together(word, heard)}


def _put_together(word: str, heard: list[tuple[str, list[Any]]]) -> Answer:
    """Name what was said as the message table names it."""
    if word == "again":
        suggestions: Suggestions = {}
        for each, said in heard:
            add(suggestions, each, said)
        return {"suggestions": [suggestions[n] for n in sorted(suggestions)]}
    if word == "context":
        return {"context": {said[1]: said[2] for each, said in heard if each == "context"}}
    named = [_named(each, said) for each, said in heard]
    if word in _LISTS:
        return {word: named[:-1]}
    files = {"files": {one["role"]: one["path"] for one in named[:-1] if "role" in one}}
    return {**named[-1], **(files if word == "capture" else {})}


def _named(word: str, said: list[Any]) -> Answer:
    from bridge.osc.table import OUT

    arguments = (*OUT[word].required, *OUT[word].optional)
    return {one.name: value for one, value in zip(arguments[1:], said[1:], strict=False)}
