"""A batch in words: what is done with each file of which folder, and what makes it the same."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from assistant import engine
from assistant.errors import SettingError
from bridge import disk, opening, order
from bridge.batch.ledger import Stamp
from bridge.order import Order
from bridge.version import VERSION

__all__ = ["absolute", "identity", "ordered", "out_folder", "shown"]


def absolute(path: str) -> Path:
    """Make a path absolute without following its links, so that it is known as it was said."""
    return Path(os.path.abspath(path))  # noqa: PTH100  Path.absolute() keeps ".."


def out_folder(stage: str, folder: Path, named: str | None) -> Path:
    """Tell where results go: the folder that was named, else ``bandmate-<stage>`` in `folder`."""
    return absolute(named) if named else folder / f"bandmate-{stage}"


def ordered(stage: str, folder: Path, asked: Mapping[str, object]) -> Order:
    """Read the words of a batch, as `bridge.order` does; one suggestion a file unless asked.

    Parameters
    ----------
    stage : str
        As asked.
    folder : Path
        Of the batch.
    asked : mapping of str to object
        Names and values, reserved ones among them.

    Returns
    -------
    Order
        Without a path and an out folder, which differ from file to file.

    Raises
    ------
    MusicianError
        Where a name is unknown, a value out of range, or a file that is named is not there.
    """
    if asked.get("right"):
        raise SettingError("right names the other channel of one take; a batch has many.")
    own = {name: value for name, value in asked.items() if name != "out"}
    placed = order.place(stage, str(folder), {"count": 1, **own})
    placed = order.with_paths(placed, os.path.abspath)
    for path in _materials(placed):
        opening.is_folder(Path(path))
    return replace(placed, path="", out="")


def identity(placed: Order, folder: Path, out: Path) -> dict[str, object]:
    """Put together all that decides what comes of a file, so that the same batch is known again.

    Parameters
    ----------
    placed : Order
        From `ordered`.
    folder, out : Path
        Where files come from and results go; if both move together, it is the same batch.

    Returns
    -------
    dict of str to object
        Words that JSON can carry.
    """
    with disk.told("A file that was named cannot be read"):
        stamps = {path: Stamp.of(Path(path)) for path in _materials(placed)}
    try:
        where = os.path.relpath(folder, out)
    except ValueError:  # on another drive
        where = str(folder)
    return {
        "stage": placed.stage,
        "settings": dict(placed.settings),
        "presets": {title: dict(settings) for title, settings in placed.presets.items()},
        "seed": placed.seed,
        "count": placed.count,
        "report": placed.report,
        **({"cut": placed.cut} if placed.cut else {}),
        "materials": {path: (at.size, at.mtime_ns) for path, at in stamps.items()},
        "folder": where,
        "version": VERSION,
    } | ({"dawproject": True} if placed.dawproject else {})


def shown(placed: Order) -> str:
    """Say in a sentence what is done with each file."""
    several = placed.presets or {"": placed.settings}
    told = [
        f"{title}: {said}" if title else said
        for title, settings in several.items()
        if (said := ", ".join(f"{name} {value}" for name, value in settings.items()))
    ]
    return f"{placed.stage}, {'; '.join([*told, f'seed {placed.seed}'])}."


def _materials(placed: Order) -> list[str]:
    """List the files that settings name."""
    heavy = [knob.name for knob in engine.stage(placed.stage).knobs if knob.kind == "material"]
    several = (placed.settings, *placed.presets.values())
    return sorted({str(one[name]) for one in several for name in heavy if one.get(name)})
