"""``bandmate meter``: loudness and true peak of files, and what they say of it themselves."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, TypeAlias

from rich.markup import escape
from rich.table import Table

from assistant.errors import MaterialError
from assistant.material import Audio
from bridge import files, places
from bridge.commands.drawing import console
from bridge.commands.parser import Parser
from bridge.scratch import Scratch
from bridge.sound.bext import BextLoudness

__all__ = ["main"]

Row: TypeAlias = dict[str, Any]


def main(words: Sequence[str]) -> int:
    """Measure the loudness (BS.1770-5, EBU mode) and the true peak of files."""
    parser = Parser("meter", main.__doc__)
    parser.add_argument("file", nargs="+", help="audio files")
    parser.add_argument("--json", action="store_true", help="one object on stdout")
    told = parser.read(words)
    rows: list[Row] = []
    said: dict[str, Row] = {}
    for path in told.file:
        measured, bext = _measured(Path(path))
        rows.append({"file": path, **measured})
        if bext.said:
            said[path] = {name: value for name, value in asdict(bext).items() if value is not None}
    if told.json:
        for row in rows:
            row.update({"bext": said[row["file"]]} if row["file"] in said else {})
        print(json.dumps({"files": rows}, allow_nan=False))
        return 0
    page = console()
    page.print(_table(rows))
    for path, figures in said.items():
        line = ", ".join(
            f"{name.replace('_', ' ')} {value:z.2f}" for name, value in figures.items()
        )
        page.print(f"{Path(path).name} says of itself (bext): {line}", markup=False)
    return 0


def _measured(path: Path) -> tuple[Row, BextLoudness]:
    """Measure one file; what has no value (such as the loudness of silence) is None."""
    from assistant.dsp.loudness import measure

    with Scratch(places.cache_folder()) as scratch:
        source = files.read(path, (Audio,), scratch)
        audio = source.material
        if not isinstance(audio, Audio):
            raise MaterialError(f"{path} holds no audio.")
        measured = asdict(measure(audio))
    row = {name: value if math.isfinite(value) else None for name, value in measured.items()}
    bext = source.tags.bext
    return row, bext.loudness if bext else BextLoudness()


def _table(rows: Sequence[Row]) -> Table:
    table = Table(box=None, padding=(0, 2))
    table.add_column("file", overflow="fold")
    for head in ("I LUFS", "S max", "M max", "LRA LU", "dBTP", "peak dBFS"):
        table.add_column(head, justify="right")
    for row in rows:
        name, *figures = row.values()
        shown = ("-" if one is None else f"{one:z.2f}" for one in figures)
        table.add_row(escape(Path(str(name)).name), *shown)
    return table
