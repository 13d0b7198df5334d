"""``bandmate <stage>``: one stage in this process, drawn for a person or said as JSON."""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn
from rich.table import Table

from assistant import engine
from assistant.contract import RESERVED, Knob, Stage
from assistant.errors import FileError, did_you_mean
from bridge import order, work
from bridge.commands.parser import Parser
from bridge.work import Event

__all__ = ["main"]


def main(name: str, words: Sequence[str]) -> int:
    """Run a stage.

    Parameters
    ----------
    name : str
        The stage.
    words : sequence of str
        Options and the file.

    Returns
    -------
    int
        0; mistakes are raised.
    """
    stage = engine.stage(name)
    told = _parser(stage).read(tuple(_spelled_out(words, stage)))
    names = {knob.name for knob in stage.knobs} | RESERVED
    asked = {key: value for key, value in vars(told).items() if key in names and value is not None}
    path = told.file or ""
    if path and not os.path.lexists(path):
        raise FileError(f"There is no {path!r}.{_neighbours(path)}")
    placed = order.place(name, path, asked)
    began = time.monotonic()
    events = _listen(work.carry_out(placed), quiet=told.quiet or told.json)
    suggestions = [event["suggestion"] for event in events if "suggestion" in event]
    seconds = round(time.monotonic() - began, 3)
    if told.json:
        said = {"stage": name, "input": path, "seconds": seconds, "suggestions": suggestions}
        print(json.dumps(said, allow_nan=False))
    else:
        _draw(name, suggestions)
    return 0


def _neighbours(path: str) -> str:
    """Say which file of that folder was probably meant."""
    folder = Path(path).parent
    names = [entry.name for entry in folder.iterdir()] if folder.is_dir() else []
    close = did_you_mean(Path(path).name, names)
    return close if close.startswith(" Did") else ""


def _spelled_out(words: Sequence[str], stage: Stage) -> Iterator[str]:
    """Write ``--report take.wav`` as ``--report=yes take.wav``: a file does not answer a switch."""
    switches = {"--report"} | {
        f"--{name}"
        for knob in stage.knobs
        if knob.kind == "flag"
        for name in (knob.name, knob.name.replace("_", "-"))
    }
    for word, following in zip(words, (*words[1:], "--"), strict=False):
        named = bool(Path(following).suffix) or os.path.lexists(following)
        yield f"{word}=yes" if word in switches and named else word


def _parser(stage: Stage) -> Parser:
    """Make the parser of a stage from what it declares."""
    parser = Parser(stage.name, stage.about)
    parser.add_argument("file", nargs="?", help=f"takes {stage.diet}")
    for knob in stage.knobs:
        _add(parser, knob)
    parser.add_argument("--preset", metavar="NAME", help="settings from the shelf")
    parser.add_argument("--seed", metavar="N", help="same seed, same answer (0)")
    parser.add_argument("--count", metavar="N", help=f"how many suggestions ({stage.shows})")
    parser.add_argument("--out", metavar="DIR", help="folder for what is made")
    drawn = "a page that shows each suggestion [yes or no; no]"
    drawn = drawn if stage.draws else argparse.SUPPRESS  # where it is refused, not advertised
    parser.add_argument("--report", nargs="?", const="yes", metavar="yes|no", help=drawn)
    parser.add_argument("--json", action="store_true", help="one object on stdout")
    parser.add_argument("--quiet", action="store_true", help="no progress")
    return parser


def _add(parser: Parser, knob: Knob) -> None:
    usual = f"; {knob.usual}" if knob.usual else ""
    about = f"{knob.about} [{knob.span}{usual}]".replace("%", "%%")
    names = dict.fromkeys((f"--{knob.name.replace('_', '-')}", f"--{knob.name}"))
    if knob.kind == "flag":
        parser.add_argument(*names, nargs="?", const="yes", metavar="yes|no", help=about)
    else:
        parser.add_argument(*names, metavar=knob.kind.upper(), help=about)


def _listen(events: Iterator[Event], *, quiet: bool) -> Iterator[Event]:
    """Pass events on and draw progress on stderr where it is a terminal."""
    if quiet or not sys.stderr.isatty():
        yield from events
        return
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.percentage:3.0f}%"))
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=1.0)
        for event in events:
            if "progress" in event:
                fraction, doing = event["progress"]
                bar.update(task, completed=fraction, description=doing)
            yield event


def _draw(stage: str, suggestions: list[Event]) -> None:
    """Show suggestions to a person."""
    console = Console(highlight=False, soft_wrap=True)
    if not suggestions:
        console.print(f"{stage} has nothing to suggest here.")
    for suggestion in suggestions:
        console.print(f"\n[bold]{suggestion['n']}. {suggestion['title']}[/bold]", markup=True)
        console.print(f"   {suggestion['why']}", markup=False)
        for chord in suggestion["chords"]:
            place = f"   beat {chord['start']:>5g}  {chord['symbol']:<9}{chord['roman']:<9}"
            console.print(f"{place}{chord['why']}", markup=False)
        if suggestion["measured"]:
            console.print(_measured(suggestion["measured"]))
        named = {"main": suggestion["file"], **suggestion["files"]}
        for role, path in named.items():
            if path:
                console.print(f"   {role}: {path}", markup=False)


def _measured(measured: Event) -> Table:
    table = Table(box=None, padding=(0, 2), show_edge=False)
    for head in ("   measured", "before", "after", ""):
        table.add_column(head, justify="left" if head.strip() in {"measured", ""} else "right")

    def figure(value: float | None) -> str:
        return "-" if value is None else f"{value:.2f}"

    for name, one in measured.items():
        before, after = figure(one["before"]), figure(one["after"])
        table.add_row(f"   {name.replace('_', ' ')}", before, after, one["unit"])
    return table
