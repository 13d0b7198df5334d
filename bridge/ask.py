"""``bandmate ask``: a thin client of the running daemon, for scripts inside a DAW.

The standard library alone, and little of it, so that the question is sent at once. The words and
the JSON are those of ``bandmate <stage>``; options that are not ours go to the daemon as they are.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from bridge.osc.gather import Suggestions, add
from bridge.ports.connection import Connection

__all__ = ["main"]

PORT = 9510
FIRST_ANSWER_SECONDS = 10.0
CANCEL_SECONDS = 1.0
MAX_SECONDS = 7 * 24 * 3600.0
_WIDTH = 78

_YES_NO = frozenset({"1", "true", "yes", "on", "0", "false", "no", "off"})
_NOT_THE_MUSICIAN = frozenset({"bug", "cancelled", "crash", "memory", "time", "work"})

USAGE = """\
usage: bandmate ask <stage> [FILE] [--<setting> VALUE]... [--preset NAME] [--seed N] [--count N]
                    [--out DIR] [--report] [--json] [--quiet] [--port 9510] [--timeout SECONDS]

Asks the running daemon (bandmate serve). `bandmate <stage> --help` tells the settings of a stage.
"""


class Failure(Exception):
    """What went wrong, with the ``code`` of ``/bandmate/error``, and what was said before it."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code
        self.answer: dict[str, Any] | None = None


class Question(NamedTuple):
    """What the words of the command line ask; the last four are for the client itself."""

    stage: str
    path: str
    settings: tuple[tuple[str, str], ...]
    json: bool
    quiet: bool
    port: int
    timeout: float


def main(argv: Sequence[str]) -> int:
    """Ask the daemon.

    Parameters
    ----------
    argv : sequence of str
        What follows ``bandmate ask``.

    Returns
    -------
    int
        0 done, 2 the user's mistake, 1 not the user's mistake, 130 interrupted.
    """
    if not argv or {"-h", "--help"} & set(argv):
        sys.stdout.write(USAGE)
        return 0 if argv else 2
    try:
        question = _read(argv)
        answer = _ask(question)
    except Failure as failure:
        if failure.answer is not None and "--json" not in argv:
            sys.stdout.writelines(_drawn(failure.answer["stage"], failure.answer["suggestions"]))
        return _fail(failure.code, str(failure), failure.answer, in_json="--json" in argv)
    except ConnectionError as error:
        return _fail("daemon", str(error), in_json="--json" in argv)
    except KeyboardInterrupt:
        sys.stderr.write("stopped\n")
        return 130
    if question.json:
        _write_json(answer)
    else:
        sys.stdout.writelines(_drawn(question.stage, answer["suggestions"]))
    return 0


def _read(argv: Sequence[str]) -> Question:
    """Read the words of the command line."""
    words = list(argv)
    names: list[str] = []
    settings: list[tuple[str, str]] = []
    own = {"port": str(PORT), "timeout": str(MAX_SECONDS), "json": "", "quiet": ""}
    while words:
        word = words.pop(0)
        if not word.startswith("--"):
            names.append(word)
            continue
        name, equals, value = word[2:].partition("=")
        if not equals:
            alone = not words or words[0].startswith("--") or _is_switch(name, words[0])
            value = "yes" if alone else words.pop(0)
        if name in own:
            own[name] = value
        else:
            settings.append((name, value))
    if not 1 <= len(names) <= 2:
        raise Failure("words", f"{len(names)} names were given; ask takes a stage and one file.")
    stage, path = names[0], "".join(names[1:])
    port = int(_number("port", own["port"], 65_535))
    timeout = _number("timeout", own["timeout"], MAX_SECONDS)
    quiet = bool(own["quiet"] or own["json"]) or not sys.stderr.isatty()
    return Question(stage, path, tuple(settings), bool(own["json"]), quiet, port, timeout)


def _is_switch(name: str, following: str) -> bool:
    """Tell whether an option stands alone before a word that might be its value."""
    return name in {"json", "quiet"} or (name == "report" and following.lower() not in _YES_NO)


def _number(name: str, value: str, high: float) -> float:
    try:
        number = float(value)
    except ValueError:
        number = -1.0
    if not 0 < number <= high:
        raise Failure("setting", f"--{name} is {value!r}; it takes a number up to {high:g}.")
    return number


def _ask(question: Question) -> dict[str, Any]:
    """Ask, listen to the end, and put the answer together."""
    job = f"ask-{os.getpid()}-{time.time_ns():x}"
    suggestions: Suggestions = {}
    began = time.monotonic()
    path = _absolute(question.path) if question.path else ""
    words = [word for name, value in question.settings for word in (name, _placed(name, value))]
    with Connection(question.port) as daemon:
        daemon.say(f"/bandmate/{question.stage}", job, path, *words)
        try:
            seconds = _listen(daemon, question, suggestions)
        except Failure as failure:
            if suggestions:  # one of several presets failed
                failure.answer = _answer(question, suggestions, time.monotonic() - began)
            raise
        except TimeoutError:
            _cancel(daemon, job)
            raise Failure("time", "The daemon took too long; the job was cancelled.") from None
        except KeyboardInterrupt:
            _cancel(daemon, job)
            raise
    return _answer(question, suggestions, seconds)


def _answer(question: Question, suggestions: Suggestions, seconds: float) -> dict[str, Any]:
    return {
        "stage": question.stage,
        "input": question.path,
        "seconds": round(seconds, 3),
        "suggestions": [suggestions[n] for n in sorted(suggestions)],
    }


def _placed(name: str, value: str) -> str:
    """Make the value of a setting absolute where it plainly is a path of this folder."""
    plainly = (os.sep in value or "." in value) and os.path.exists(value)  # noqa: PTH110 - slow
    return _absolute(value) if name == "out" or plainly else value


def _absolute(path: str) -> str:
    return os.path.abspath(path)  # noqa: PTH100 - to load pathlib takes as long as to ask


def _listen(daemon: Connection, question: Question, suggestions: Suggestions) -> float:
    """Gather what the daemon says until it is done, and how long it took."""
    seconds = 0.0
    try:
        for word, said in _heard(daemon, question.timeout):
            if word == "progress" and not question.quiet:
                _draw_progress(f"{said[1]:4.0%} {said[2]}")
            elif word == "done":
                seconds = float(said[2])
            else:
                add(suggestions, word, said)
    finally:
        if not question.quiet:
            _draw_progress("")
    return seconds


def _heard(daemon: Connection, timeout: float) -> Iterator[tuple[str, list[Any]]]:
    """Yield what the daemon says of the job, ``done`` last."""
    end = time.monotonic() + timeout
    patience = min(FIRST_ANSWER_SECONDS, timeout)
    while True:
        for address, said in daemon.hear(patience):
            word = address.rpartition("/")[2]
            if word == "error":
                raise Failure(str(said[1]), str(said[2]))
            if word == "cancelled":
                raise Failure("cancelled", "The job was cancelled.")
            yield word, said
            if word == "done":
                return
        patience = end - time.monotonic()


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


def _fail(code: str, text: str, answer: dict[str, Any] | None = None, *, in_json: bool) -> int:
    """Say what went wrong: one line on stderr, and one object on stdout where it was asked for."""
    if in_json:
        _write_json({**(answer or {}), "error": {"code": code, "text": text}})
    sys.stderr.write(f"bandmate: {text}\n")
    return 1 if code in _NOT_THE_MUSICIAN else 2


def _write_json(said: dict[str, Any]) -> None:
    import json

    sys.stdout.write(json.dumps(said) + "\n")


def _draw_progress(text: str) -> None:
    sys.stderr.write(f"\r{text[:_WIDTH]:{_WIDTH}}\r")
    sys.stderr.flush()


def _drawn(stage: str, suggestions: Sequence[dict[str, Any]]) -> Iterator[str]:
    """Show suggestions to a person, line by line."""
    if not suggestions:
        yield f"{stage} has nothing to suggest here.\n"
    for one in suggestions:
        yield f"\n{one['n']}. {one['title']}\n   {one['why']}\n"
        for chord in one["chords"]:
            place = f"beat {chord['start']:>5g}  {chord['symbol']:<9}{chord['roman']:<9}"
            yield f"   {place}{chord['why']}\n"
        for name, quantity in one["measured"].items():
            before, after = _figure(quantity["before"]), _figure(quantity["after"])
            yield f"   {name.replace('_', ' '):<16}{before:>9} -> {after:>9} {quantity['unit']}\n"
        for role, path in {"main": one["file"], **one["files"]}.items():
            yield f"   {role}: {path}\n" if path else ""


def _figure(value: float | None) -> str:
    return "-" if value is None else f"{value:.2f}"
