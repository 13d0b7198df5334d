"""``bandmate meter``: loudness and true peak of files."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from rich.console import Console
from rich.table import Table

from assistant.errors import MaterialError
from assistant.material import Audio
from bridge import files, places
from bridge.commands.parser import Parser
from bridge.scratch import Scratch

__all__ = ["main"]


def main(words: Sequence[str]) -> int:
    """Measure the loudness (BS.1770-5, EBU mode) and the true peak of files."""
    parser = Parser("meter", main.__doc__)
    parser.add_argument("file", nargs="+", help="audio files")
    parser.add_argument("--json", action="store_true", help="one object on stdout")
    told = parser.read(words)
    rows = [{"file": path, **_measured(Path(path))} for path in told.file]
    if told.json:
        print(json.dumps({"files": rows}, allow_nan=False))
    else:
        Console().print(_table(rows))
    return 0


def _measured(path: Path) -> dict[str, float | None]:
    """Measure one file; what has no value (such as the loudness of silence) is None."""
    from assistant.dsp.loudness import measure

    with Scratch(places.cache_folder()) as scratch:
        audio = files.read(path, (Audio,), scratch).material
        if not isinstance(audio, Audio):
            raise MaterialError(f"{path} holds no audio.")
        measured = asdict(measure(audio))
    return {name: value if math.isfinite(value) else None for name, value in measured.items()}


def _table(rows: Sequence[dict[str, float | str | None]]) -> Table:
    table = Table(box=None, padding=(0, 2))
    table.add_column("file", overflow="fold")
    for head in ("I LUFS", "S max", "M max", "LRA LU", "dBTP", "peak dBFS"):
        table.add_column(head, justify="right")
    for row in rows:
        name, *figures = row.values()
        table.add_row(
            Path(str(name)).name, *("-" if one is None else f"{one:.2f}" for one in figures)
        )
    return table
