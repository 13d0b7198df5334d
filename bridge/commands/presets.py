"""``bandmate presets``: what is on the shelf, with its sources."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict

from rich.markup import escape
from rich.table import Table

from assistant import engine
from bridge import presets
from bridge.commands.drawing import console
from bridge.commands.parser import Parser
from bridge.presets import Preset

__all__ = ["main"]


def main(words: Sequence[str]) -> int:
    """List the presets of a stage, or of all."""
    parser = Parser("presets", main.__doc__)
    parser.add_argument("stage", nargs="?", help="a stage")
    parser.add_argument("--json", action="store_true", help="one object on stdout")
    told = parser.read(words)
    chosen = (engine.stage(told.stage).name,) if told.stage else engine.stage_names()
    found = [presets.load(stage, name) for stage in chosen for name in presets.names(stage)]
    if told.json:
        plain = [{**asdict(preset), "checked": str(preset.checked)} for preset in found]
        print(json.dumps({"presets": plain}))
    else:
        console().print(_table(found))
    return 0


def _table(found: Sequence[Preset]) -> Table:
    table = Table(box=None, padding=(0, 2))
    for head in ("stage", "preset", "title", "settings", "source", "checked"):
        table.add_column(head, overflow="fold", no_wrap=head in {"stage", "preset"})
    for preset in found:
        settings = ", ".join(f"{name} {value}" for name, value in preset.settings.items())
        row = (preset.stage, preset.name, preset.title, settings, preset.source)
        table.add_row(*map(escape, row), str(preset.checked))
    return table
