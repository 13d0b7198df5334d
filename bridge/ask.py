"""``bandmate ask``: a thin client of the running daemon, for scripts inside a DAW.

The standard library alone, and little of it, so that the question is sent at once. The words and
the JSON are those of ``bandmate <stage>``; options that are not ours go to the daemon as they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

from bridge.asking.drawing import Line, drawn
from bridge.asking.failure import Failure
from bridge.asking.listening import Answer, ask
from bridge.asking.paper import Paper
from bridge.asking.question import Words, split, understood
from bridge.asking.terminal import complain, show

__all__ = ["main"]

_NOT_THE_MUSICIAN = frozenset({"bug", "cancelled", "crash", "memory", "time", "work"})

USAGE = """\
usage: bandmate ask <stage> [FILE] [--<setting> VALUE]... [--preset NAME] [--seed N] [--count N]
                    [--cut FROM-TO] [--right FILE] [--out DIR] [--report] [--dawproject]
       bandmate ask accept|taken JOB N [MOVE]...
       bandmate ask again|reject|undo JOB N
       bandmate ask play JOB N [BAR]
       bandmate ask cancel JOB
       bandmate ask stop|stages|status|context
       bandmate ask presets STAGE
       bandmate ask capture start|stop
       bandmate ask daw NAME [PORT]
       bandmate ask unlink NAME

       [--json] [--quiet] [--answer FILE] [--start] [--port 9510] [--timeout SECONDS]

Asks the running daemon (bandmate serve); with --start one is started where there is none. JOB is
the "job" that --answer writes: the JSON goes into that new file, and meanwhile how far it is into
FILE.progress; a file FILE.cancel cancels the job. `bandmate <stage> --help` tells the settings of a
stage.
"""


class _Watcher:
    """Passes the progress on to the terminal and to the file."""

    def __init__(self, line: Line, paper: Paper) -> None:
        self._line, self._paper = line, paper

    def progress(self, fraction: float, doing: str) -> None:
        self._line.progress(fraction, doing)
        self._paper.progress(fraction, doing)

    def flush(self) -> None:
        self._paper.flush()

    def cancelled(self) -> bool:
        return self._paper.cancelled()


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
        show([USAGE])
        return 0 if argv else 2
    words, paper = split(argv), Paper("")
    try:
        _end_as_by_ctrl_c()
        paper = _paper(words)
        answer = _asked(words, paper)
        paper.answer(answer)
        _print(answer, words)
    except Failure as failure:
        _tell(failure, paper, words)
        return 1 if failure.code in _NOT_THE_MUSICIAN else 2
    except KeyboardInterrupt:
        _write(Failure("cancelled", "The job was cancelled."), paper)
        complain("stopped\n")
        return 130
    except Exception as error:
        text = f"{type(error).__name__}: {error}. This is a bug of bandmate's."
        _tell(Failure("bug", text.replace("\n", " ")), paper, words)
        raise
    return 0


def _end_as_by_ctrl_c() -> None:
    """Let a script that ends this process cancel the job by it, and find that in the answer."""
    import signal

    with suppress(ValueError):  # not in the main thread, so not a process of its own
        if signal.getsignal(signal.SIGTERM) == signal.SIG_DFL:
            signal.signal(signal.SIGTERM, signal.default_int_handler)


def _paper(words: Words) -> Paper:
    paper = Paper(words.answer)
    paper.check()
    return paper


def _asked(words: Words, paper: Paper) -> Answer:
    question = understood(words)
    line = Line(quiet=question.quiet)
    try:
        return ask(question, _Watcher(line, paper))
    finally:
        if question.is_stage:
            line.clear()


def _tell(failure: Failure, paper: Paper, words: Words) -> None:
    """Say what went wrong: in the file first, for a script waits for it; nothing more goes wrong.

    An object is printed where one was asked for, and a line on stderr always.
    """
    _write(failure, paper)
    with suppress(Failure):
        if words.own["json"]:
            _show_json(_as_stages_print_it(_said(failure)))
        elif failure.answer is not None and not words.answer:
            show(drawn(failure.answer))
    complain(f"bandmate: {failure}\n")


def _write(failure: Failure, paper: Paper) -> None:
    try:
        paper.answer(_said(failure))
    except Failure as another:
        if str(another) != str(failure):
            complain(f"bandmate: {another}\n")


def _said(failure: Failure) -> Answer:
    known = failure.answer or ({"job": failure.job} if failure.job else {})
    return {**known, "error": {"code": failure.code, "text": str(failure)}}


def _print(answer: Answer, words: Words) -> None:
    if words.own["json"]:
        _show_json(_as_stages_print_it(answer))
    elif not words.answer:
        show(drawn(answer))


def _as_stages_print_it(said: Answer) -> Answer:
    """Leave the job out: ``bandmate <stage> --json`` has none, and the JSON is the same."""
    return said if "word" in said else {name: said[name] for name in said if name != "job"}


def _show_json(said: Answer) -> None:
    import json

    show([json.dumps(said) + "\n"])
