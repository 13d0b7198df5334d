"""``bandmate batch <stage> FOLDER``: one request on every file of a folder, each done once."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from assistant import engine, stages
from assistant.contract import Stage
from assistant.errors import Cancelled, Crashed, FileError
from assistant.settings import Knob
from bridge import disk, opening
from bridge.batch import cores, report, request
from bridge.batch.executor import LocalExecutor
from bridge.batch.finding import Found, find
from bridge.batch.landing import renamed
from bridge.batch.ledger import HOME, Ledger, Row
from bridge.batch.running import Batch
from bridge.commands import stage_words
from bridge.commands.parser import Parser

__all__ = ["main"]

MEMORY_MB = 4096
MAX_LISTED = 10
STOPPED = 130
BUG, MISTAKE = 1, 2

_OURS = frozenset({"bug", Crashed.code})  # errors that no musician can mend
_JOBS = Knob("jobs", "number", 1, "files at once", low=1, high=256, whole=True)
_LIMIT = Knob("time-limit", "number", 3600.0, "seconds a file may take", low=1.0, high=1e6)
_RECURSIVE = Knob("recursive", "flag", default=False, about="the folders below, too")
_RESULTS = Knob("results", "flag", default=False, about="what bandmate made is worked on, too")

Heard = Callable[[Row], None]


@dataclass
class Ending:
    """How a batch ended: its files, those of them that were worked on, how long it took."""

    rows: Sequence[Row]
    worked: frozenset[int]
    stopped: bool
    seconds: float

    def state(self, row: Row) -> str:
        """Say ``done failed skipped waiting``; what an earlier run had done is skipped."""
        if row.state == "failed":
            return "failed"
        if row.state != "done":
            return "waiting"
        return "done" if row.key in self.worked else "skipped"

    def count(self) -> Counter[str]:
        """Count the files by state."""
        return Counter(self.state(row) for row in self.rows)

    def code(self) -> int:
        """Return the exit code."""
        wrong = {row.outcome.code for row in self.rows if row.state == "failed"}
        if self.stopped:
            return STOPPED
        return BUG if wrong & _OURS else MISTAKE if wrong else 0


def main(words: Sequence[str]) -> int:
    """Do one thing with every sound file, or score, of a folder; the same words go on after a stop.

    Returns 0 where all is done, 2 where files failed, 1 where one of them found a bug of ours.
    """
    if not words or words[0].startswith("-"):
        _general().read(words)
    stage = engine.stage(words[0])
    told = _read(words[1:], stage)
    folder = request.absolute(told.folder)
    if not opening.is_folder(folder):
        raise FileError(f"{disk.shown(told.folder)} is a file; name the folder that it is in.")
    placed = request.ordered(stage.name, folder, stage_words.asked(told, stage))
    out = request.out_folder(stage.name, folder, told.out)
    found = find(folder, stage, out, recursive=told.recursive, results=told.results)
    with closing(Ledger(out / HOME / "ledger.sqlite")) as ledger:
        key = ledger.request(request.identity(placed, folder, out))
        batch = Batch(placed, folder, out, ledger, key)
        ending = _run(batch, found, told)
        page = report.Page(f"{stage.name}: {folder.name}", request.shown(placed))
        pages = report.write(ending.rows, ledger, out, page)
    if told.json:
        print(json.dumps(_plain(ending, stage, told.folder, folder, out), allow_nan=False))
    else:
        _say(ending, found, out, pages)
    _say_failures(ending)
    return ending.code()


def _general() -> Parser:
    parser = Parser("batch", main.__doc__.partition("\n")[0] if main.__doc__ else None)
    names = ", ".join(engine.stage_names())
    parser.add_argument("stage", help=f"{names}; bandmate batch STAGE --help tells more")
    parser.add_argument("folder", help="the folder of files")
    return parser


def _read(words: Sequence[str], stage: Stage) -> argparse.Namespace:
    """Read the words behind the stage; those that are no setting of it come back as values."""
    switches = (_RECURSIVE.name, _RESULTS.name)
    told = _parser(stage).read(tuple(stage_words.spelled_out(words, stage, *switches)))
    told.jobs = int(str(_JOBS.parse(cores.jobs() if told.jobs is None else told.jobs)))
    told.time_limit = float(str(_LIMIT.parse(told.time_limit or _LIMIT.default)))
    told.recursive = bool(_RECURSIVE.parse(told.recursive or False))
    told.results = bool(_RESULTS.parse(told.results or False))
    return told


def _parser(stage: Stage) -> Parser:
    about = f"{stage.about} Results go to FOLDER/bandmate-{stage.name}, or to --out."
    parser = Parser(f"batch {stage.name}", about)
    parser.add_argument("folder", help="the folder of files")
    for knob in (_RECURSIVE, _RESULTS):
        stage_words.add_switch(parser, knob.name, f"{knob.about} [yes or no; no]")
    parser.add_argument("--jobs", metavar="N", help="files at once (as many as this machine holds)")
    limit = f"{_LIMIT.about} ({_LIMIT.default:g})"
    parser.add_argument("--time-limit", metavar="SECONDS", help=limit)
    stage_words.add_stage(parser, stage, shows=1)
    return parser


def _run(batch: Batch, found: Found, told: argparse.Namespace) -> Ending:
    """Do what there is to do."""
    began = time.monotonic()
    rows = batch.resume(found.files)
    stopped = False
    if rows:
        here = list(stages.__path__)  # a worker looks for stages where we do
        jobs = min(told.jobs, len(rows))
        executor = LocalExecutor(jobs, memory_mb=MEMORY_MB, seconds=told.time_limit, stages=here)
        try:
            with _drawn(len(rows), quiet=told.quiet or told.json) as heard:
                batch.run(rows, executor, 2 * jobs, heard)
        except KeyboardInterrupt:
            stopped = True
        finally:
            executor.kill_workers()
            batch.mend()
    batch.ledger.rest()
    worked = frozenset(row.key for row in rows)
    seconds = round(time.monotonic() - began, 3)
    return Ending(batch.ledger.rows(batch.request), worked, stopped, seconds)


@contextmanager
def _drawn(total: int, *, quiet: bool) -> Iterator[Heard]:
    """Draw progress on stderr where it is a terminal."""
    if quiet or not sys.stderr.isatty():
        yield lambda _: None
        return
    columns = (
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[failed]}"),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
    )
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True, speed_estimate_period=600) as bar:
        task = bar.add_task("", total=total, failed="")
        failed = 0

        def heard(row: Row) -> None:
            nonlocal failed
            failed += row.state == "failed"
            bar.update(task, advance=1, failed=f"[red]{failed} failed[/red]" if failed else "")

        yield heard


def _plain(ending: Ending, stage: Stage, said: str, folder: Path, out: Path) -> dict[str, Any]:
    """Put the ending into one object."""
    count = ending.count()
    whole: dict[str, Any] = {
        "stage": stage.name,
        "folder": said,
        "out": str(out),
        "files": [_plain_row(row, ending.state(row), folder, out) for row in ending.rows],
        **{state: count[state] for state in ("done", "failed", "skipped", "waiting")},
        "seconds": ending.seconds,
    }
    if ending.stopped:
        whole["error"] = {"code": Cancelled.code, "text": "stopped; the same words go on from here"}
    return whole


def _plain_row(row: Row, state: str, folder: Path, out: Path) -> dict[str, Any]:
    there = [renamed(one, lambda path: str(out / path)) for one in row.outcome.suggestions]
    wrong = {"error": {"code": row.outcome.code, "text": row.outcome.text}}
    return {
        "file": str(folder / row.path),
        "state": state,
        "seconds": row.outcome.seconds,
        "suggestions": there,
        **(wrong if row.outcome.code else {}),
    }


def _say(ending: Ending, found: Found, out: Path, pages: Sequence[Path]) -> None:
    """Tell a person where it stands and where things are."""
    count = ending.count()
    words = {"done": "done", "failed": "failed", "skipped": "done before", "waiting": "waiting"}
    told = ", ".join(f"{count[state]} {word}" for state, word in words.items() if count[state])
    console = Console(highlight=False, soft_wrap=True, markup=False)
    console.print(f"{told} ({ending.seconds:.1f} s)")
    if ending.stopped:
        console.print("Stopped; the same words go on from here.")
    if found.results:
        console.print(f"results of bandmate left out: {found.results} (--results yes)")
    if found.nowhere:
        console.print(f"links that lead nowhere left out: {found.nowhere}")
    for path in (out, *pages):
        console.print(f"   {path}")


def _say_failures(ending: Ending) -> None:
    failed = [row for row in ending.rows if row.state == "failed"]
    for row in failed[:MAX_LISTED]:
        print(f"bandmate: {row.path}: {row.outcome.text}", file=sys.stderr)
    if len(failed) > MAX_LISTED:
        print(f"bandmate: {len(failed) - MAX_LISTED} more failed; see the report", file=sys.stderr)
