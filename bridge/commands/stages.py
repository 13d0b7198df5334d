"""``bandmate stages``: what bandmate can do, and the settings of each stage."""

from __future__ import annotations

import json
from collections.abc import Sequence

from rich.table import Table

from assistant import engine
from assistant.contract import Knob, Stage
from bridge.commands.drawing import console
from bridge.commands.parser import Parser

__all__ = ["main"]


def main(words: Sequence[str]) -> int:
    """List the stages and their settings."""
    parser = Parser("stages", main.__doc__)
    parser.add_argument("--json", action="store_true", help="one object on stdout")
    told = parser.read(words)
    found = engine.stages()
    if told.json:
        print(json.dumps({"stages": {stage.name: _plain(stage) for stage in found}}))
    else:
        page = console()
        for stage in found:
            page.print(f"[bold]{stage.name}[/bold]  {stage.about}\n  takes {stage.diet}")
            page.print(_table(stage))
    return 0


def _plain(stage: Stage) -> dict[str, object]:
    settings = {knob.name: _plain_knob(knob) for knob in stage.knobs}
    return {
        "about": stage.about,
        "takes": stage.diet,
        "draws": stage.draws,
        "settings": settings,
    }


def _plain_knob(knob: Knob) -> dict[str, object]:
    return {
        "kind": knob.kind,
        "default": None if knob.kind == "material" else knob.default,
        "unit": knob.unit,
        "takes": knob.span,
        "about": knob.about,
    }


def _table(stage: Stage) -> Table:
    table = Table(box=None, show_header=False, padding=(0, 2))
    for knob in stage.knobs:
        table.add_row(f"--{knob.name}", knob.about, f"[dim]{knob.span}[/dim]")
    return table
