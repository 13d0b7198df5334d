"""The shelf: ``presets/<stage>/<name>.toml`` -> settings, and the data that stages draw on.

A preset has a ``title``, a ``source``, the date it was ``checked``, and its ``[settings]``; an
``about`` is optional. Musicians put their own beside ours (`bridge.places.own_shelf`); theirs win.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.errors import FileError, UnknownName
from bridge import places

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Preset", "data", "load", "names", "weights"]

MAX_BYTES = 1 << 20
_PLACE = re.compile(r"[a-z0-9_-]+(/[a-z0-9_-]+)*")


@dataclass(frozen=True)
class Preset:
    """Settings of a stage under a name.

    Parameters
    ----------
    stage, name : str
        Folder and file.
    title : str
        As shown.
    source : str
        Where the figures come from.
    checked : date
        When the source was last read.
    settings : mapping of str to object
        Names and values as a musician would give them.
    about : str
        A sentence more, or ``""``.
    """

    stage: str
    name: str
    title: str
    source: str
    checked: date
    settings: Mapping[str, object]
    about: str = ""


def names(stage: str) -> tuple[str, ...]:
    """List the presets of a stage, the musician's own among them, in alphabetical order."""
    found = (folder.glob("*.toml") for folder in _folders(stage))
    return tuple(sorted({path.stem for paths in found for path in paths}))


def load(stage: str, name: str) -> Preset:
    """Take a preset from the shelf.

    Parameters
    ----------
    stage, name : str
        Folder and file.

    Returns
    -------
    Preset
        As written; the stage's own settings check the values.

    Raises
    ------
    UnknownName
        Where there is none of that name, with the one probably meant.
    FileError
        Where the file is not a preset.
    """
    known = names(stage)
    if name not in known:
        raise UnknownName(f"{stage} preset", name, known)
    paths = (folder / f"{name}.toml" for folder in _folders(stage))
    path = next(path for path in paths if path.exists())
    return _preset(stage, path)


def _folders(stage: str) -> tuple[Path, Path]:
    return places.own_shelf() / stage, places.shelf() / stage


def _preset(stage: str, path: Path) -> Preset:
    table = _read(path)
    wanted = {"title": str, "source": str, "checked": date, "settings": dict}
    for key, kind in wanted.items():
        if not isinstance(table.get(key), kind):
            raise FileError(f"{path} has no {key} that is a {kind.__name__}.")
    unknown = sorted(set(table) - set(wanted) - {"about"})
    if unknown:
        raise FileError(f"{path} has {unknown[0]!r}, which no preset has.")
    return Preset(stage, path.stem, **table)


def _read(path: Path) -> dict[str, Any]:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise FileError(f"{path} is over {MAX_BYTES} bytes.")
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise FileError(f"{path} cannot be read: {error}") from None


@lru_cache(maxsize=64)
def data(place: str, /) -> Mapping[str, Any]:
    """Take data from the shelf; this is the `Shelf` that stages are given.

    Parameters
    ----------
    place : str
        Path below the shelf without the ending, such as ``"words/moods"``.

    Returns
    -------
    mapping
        What the TOML file holds. Shared: read it only.

    Raises
    ------
    FileError
        Where it is not there or cannot be read.
    """
    if not _PLACE.fullmatch(place):
        raise FileError(f"{place!r} is no place on the shelf.")
    return _read(places.shelf() / f"{place}.toml")


@lru_cache(maxsize=16)
def weights(name: str, /) -> Mapping[str, NDArray[Any]]:
    """Take a learned model from the shelf; this is the `Weights` that stages are given.

    Parameters
    ----------
    name : str
        Of the file ``models/<name>.safetensors``, such as ``"chords-pop"``.

    Returns
    -------
    mapping of str to ndarray
        The arrays by name. What was stored in half precision comes as float32. Shared: read only.

    Raises
    ------
    FileError
        Where it is not there or is not a file of weights.
    """
    if not _PLACE.fullmatch(name):
        raise FileError(f"{name!r} is no place on the shelf.")
    import numpy as np
    from safetensors import SafetensorError
    from safetensors.numpy import load_file

    path = places.shelf() / "models" / f"{name}.safetensors"
    try:
        found = load_file(path)
    except (OSError, SafetensorError) as error:
        raise FileError(f"{path} cannot be read: {error}") from None
    arrays = {
        key: value.astype(np.float32) if value.dtype == np.float16 else value
        for key, value in found.items()
    }
    for array in arrays.values():
        array.setflags(write=False)
    return arrays
