"""Which files of a folder are to be worked on."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from assistant import engine
from assistant.contract import Stage
from assistant.errors import FileError, MaterialError
from assistant.material import Audio, Score
from bridge import disk
from bridge.batch.ledger import HOME, Stamp
from bridge.opening import AUDIO_SUFFIXES, PROJECT_SUFFIXES, SCORE_SUFFIXES

__all__ = ["Found", "find"]

_SUFFIXES = {Audio: AUDIO_SUFFIXES, Score: SCORE_SUFFIXES | PROJECT_SUFFIXES}


@dataclass(frozen=True)
class Found:
    """What a folder holds.

    Parameters
    ----------
    files : dict of Path to Stamp
        The inputs, below the folder, in order of name.
    results : int
        How many results of bandmate were left out.
    nowhere : int
        How many links were left out that lead nowhere, such as to a disk that is not there.
    """

    files: dict[Path, Stamp]
    results: int = 0
    nowhere: int = 0


def find(folder: Path, stage: Stage, out: Path, *, recursive: bool, results: bool) -> Found:
    """Find the files that a stage takes.

    Parameters
    ----------
    folder : Path
        Where to look; links to files are followed, links to folders are not.
    stage : Stage
        Tells sound, scores or both.
    out : Path
        Where results go; what lies in it is left out, unless it is the folder itself.
    recursive : bool
        Whether to look in the folders below, too.
    results : bool
        Whether what bandmate made, ``<name>.<stage>-<n>.<ext>``, is an input as well, and what lies
        in the out folders of other batches.

    Returns
    -------
    Found
        Nothing hidden is among it.

    Raises
    ------
    FileError
        Where the folder cannot be read or holds nothing for the stage.
    MaterialError
        Where the stage takes no files.
    """
    suffixes = frozenset().union(*(_SUFFIXES.get(kind, ()) for kind in stage.takes))
    if not suffixes:
        raise MaterialError(f"{stage.name} takes {stage.diet}; a batch needs a stage of files.")
    made = re.compile(rf".+\.(?:{'|'.join(engine.stage_names())})-[0-9]+\..+", re.DOTALL)
    ours = nowhere = 0
    files: dict[Path, Stamp] = {}
    for path in _walk(folder, out, recursive=recursive, results=results):
        if path.suffix.lower() not in suffixes:
            continue
        if made.fullmatch(path.name) and not results:
            ours += 1
            continue
        if not path.exists():
            nowhere += 1
            continue
        with disk.told(f"{disk.shown(path)} cannot be read"):
            files[path.relative_to(folder)] = Stamp.of(path)
    if not files:
        raise FileError(_nothing(folder, stage, ours, nowhere, recursive=recursive))
    return Found(dict(sorted(files.items(), key=lambda one: os.fsencode(one[0]))), ours, nowhere)


def _walk(folder: Path, out: Path, *, recursive: bool, results: bool) -> Iterator[Path]:
    """List the files that are not hidden, and lie in no folder where a batch put its results."""

    def refuse(error: OSError) -> None:
        raise error

    def enters(below: Path) -> bool:
        hidden = below.name.startswith(".") or below == out
        return not hidden and (results or not (below / HOME).is_dir())

    with disk.told(f"{disk.shown(folder)} cannot be read"):
        for here, folders, names in os.walk(folder, onerror=refuse):
            folders[:] = [name for name in folders if recursive and enters(Path(here, name))]
            paths = (Path(here, name) for name in names if not name.startswith("."))
            yield from (path for path in paths if path.is_file() or not path.exists())


def _nothing(folder: Path, stage: Stage, ours: int, nowhere: int, *, recursive: bool) -> str:
    """Say why there is nothing to do, and what would be right."""
    shown = disk.shown(folder)
    if ours:
        some = "one result" if ours == 1 else f"{ours} results"
        nothing = f"{shown} holds {some} of bandmate and no other file that {stage.name} takes"
        return f"{nothing}; to work on those: --results yes"
    if nowhere:
        links = "1 link that leads" if nowhere == 1 else f"{nowhere} links that lead"
        return f"{shown} holds {links} nowhere and no file: is a disk missing?"
    deeper = "" if recursive else " To look in the folders below it: --recursive yes"
    return f"{shown} holds no file that {stage.name} takes: {stage.diet}.{deeper}"
