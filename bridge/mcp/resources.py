"""The shelf as resources: ``bandmate://presets`` and ``bandmate://presets/<stage>/<name>``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any
from urllib.parse import quote, unquote

from assistant import engine
from assistant.errors import FileError, UnknownName
from bridge import presets
from bridge.presets import Preset

__all__ = ["SHELF", "address", "listed", "on_shelf", "read"]

SHELF = "bandmate://presets"


def listed(stages: Sequence[str] = ()) -> dict[str, Any]:
    """List presets as ``bandmate presets --json`` does, each with its address.

    Parameters
    ----------
    stages : sequence of str
        Of which stages; of all where empty.

    Returns
    -------
    dict
        With ``presets``.
    """
    chosen = stages or engine.stage_names()
    return {"presets": [_plain(preset) for preset in on_shelf(chosen)]}


def address(preset: Preset) -> str:
    """Return where a preset lies; a musician may call one of their own what no address can say."""
    return f"{SHELF}/{preset.stage}/{quote(preset.name, safe='', errors='replace')}"


def on_shelf(stages: Sequence[str]) -> Iterator[Preset]:
    """Take the presets of stages; one that cannot be read does not keep the others away."""
    for stage in stages:
        for name in presets.names(stage):
            try:
                yield presets.load(stage, name)
            except FileError:
                continue


def read(uri: str) -> dict[str, Any]:
    """Read what lies at an address.

    Parameters
    ----------
    uri : str
        The shelf, or a preset on it.

    Returns
    -------
    dict
        To be said as JSON.

    Raises
    ------
    MusicianError
        Where there is nothing, or nothing that can be read.
    """
    if uri == SHELF:
        return listed()
    stage, slash, name = uri.removeprefix(f"{SHELF}/").partition("/")
    if not uri.startswith(f"{SHELF}/") or not slash:
        raise UnknownName("resource", uri, (SHELF,))
    return _plain(presets.load(engine.stage(stage).name, unquote(name)))


def _plain(preset: Preset) -> dict[str, Any]:
    return {**asdict(preset), "checked": str(preset.checked), "uri": address(preset)}
