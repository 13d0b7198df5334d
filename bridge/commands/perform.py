"""``bandmate <stage>``: one stage in this process, drawn for a person or said as JSON."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from assistant import engine
from assistant.contract import Stage
from assistant.errors import FileError, MusicianError, did_you_mean
from assistant.moves import Move
from bridge import order, work
from bridge.commands import stage_words
from bridge.commands.parser import Parser
from bridge.work import Event

if TYPE_CHECKING:
    from rich.table import Table

__all__ = ["main"]

_MINUS = "\u2212"


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
        0, or 2 where one of several presets could not be done; other mistakes are raised.
    """
    stage = engine.stage(name)
    told = _parser(stage).read(tuple(stage_words.spelled_out(words, stage)))
    path = told.file or ""
    if path and not os.path.lexists(path):
        raise FileError(f"There is no {path!r}.{_neighbours(path)}")
    placed = order.place(name, path, stage_words.asked(told, stage))
    began = time.monotonic()
    suggestions: list[Event] = []
    failed: MusicianError | None = None
    try:
        for event in _listen(work.carry_out(placed), quiet=told.quiet or told.json):
            suggestions += [event["suggestion"]] if "suggestion" in event else []
    except MusicianError as error:
        if not suggestions:
            raise
        failed = error  # one of several presets; the others were written
    seconds = round(time.monotonic() - began, 3)
    if told.json:
        said = {"stage": name, "input": path, "seconds": seconds, "suggestions": suggestions}
        wrong = {"error": {"code": failed.code, "text": str(failed)}} if failed else {}
        print(json.dumps(said | wrong, allow_nan=False))
    else:
        _draw(name, suggestions)
    if failed:
        print(f"bandmate: {failed}", file=sys.stderr)
    return 2 if failed else 0


def _neighbours(path: str) -> str:
    """Say which file of that folder was probably meant."""
    folder = Path(path).parent
    names = [entry.name for entry in folder.iterdir()] if folder.is_dir() else []
    close = did_you_mean(Path(path).name, names)
    return close if close.startswith(" Did") else ""


def _parser(stage: Stage) -> Parser:
    """Make the parser of a stage from what it declares."""
    parser = Parser(stage.name, stage.about)
    parser.add_argument("file", nargs="?", help=f"takes {stage.diet}")
    stage_words.add_stage(parser, stage, shows=stage.shows)
    return parser


def _listen(events: Iterator[Event], *, quiet: bool) -> Iterator[Event]:
    """Pass events on and draw progress on stderr where it is a terminal."""
    if quiet or not sys.stderr.isatty():
        yield from events
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn

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
    from rich.console import Console
    from rich.markup import escape

    console = Console(highlight=False, soft_wrap=True)
    if not suggestions:
        console.print(f"{stage} has nothing to suggest here.")
    for suggestion in suggestions:
        console.print(f"\n[bold]{suggestion['n']}. {escape(suggestion['title'])}[/bold]")
        console.print(f"   {suggestion['why']}", markup=False)
        for chord in suggestion["chords"]:
            place = f"   beat {chord['start']:>5g}  {chord['symbol']:<9}{chord['roman']:<9}"
            console.print(f"{place}{chord['why']}", markup=False)
        if suggestion["moves"]:
            console.print("\n".join(_moves(suggestion["moves"])), markup=False)
        if suggestion["measured"]:
            console.print(_measured(suggestion["measured"]))
        named = {"main": suggestion["file"], **suggestion["files"]}
        for role, path in named.items():
            if path:
                console.print(f"   {role}: {path}", markup=False)


def _moves(moves: Sequence[Event]) -> Iterator[str]:
    """Show moves as a hand dials them in: one line a plug-in."""
    from assistant.mixing.dialling import dialled

    said = [Move(**{name: value for name, value in one.items() if name != "unit"}) for one in moves]
    lines = dialled(said)
    devices = [line.device + (f" ({line.what_for})" if line.what_for else "") for line in lines]
    track_wide = max(len(line.target) for line in lines)
    device_wide = max(map(len, devices))
    yield "     to do"
    for line, device in zip(lines, devices, strict=True):
        setting = line.setting.replace(_MINUS, "-")  # as the figures and sentences beside it
        yield f"     {line.target:<{track_wide}}  {device:<{device_wide}}  {setting}"


def _measured(measured: Event) -> Table:
    from rich.table import Table

    table = Table(box=None, padding=(0, 2), show_edge=False)
    for head in ("   measured", "before", "after", ""):
        table.add_column(head, justify="left" if head.strip() in {"measured", ""} else "right")

    def figure(value: float | None) -> str:
        return "-" if value is None else f"{value:z.2f}"

    for name, one in measured.items():
        before, after = figure(one["before"]), figure(one["after"])
        table.add_row(f"   {name.replace('_', ' ')}", before, after, one["unit"])
    return table
