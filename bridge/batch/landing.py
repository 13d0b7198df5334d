"""From the folder where a worker wrote its results, whole, to the names that they are to have.

Each result is moved without ever replacing a file. What is about to be moved was written down
before, so that a kill between any two steps is made good by doing all of them again. All paths are
below the out folder, so that it may be moved between two runs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

from bridge import names, placing

__all__ = ["Goal", "Moves", "at_hand", "land", "plan", "renamed"]

_MAX_BYTES = placing.MAX_NAME_BYTES - len("-999999")


class Goal(NamedTuple):
    """The name that a result is to have: ``"live/mix.master"``, 1, ``".wav"``."""

    name: str
    number: int
    ending: str

    @property
    def path(self) -> str:
        """All of it."""
        return f"{self.name}-{self.number}{self.ending}"


Moves: TypeAlias = Mapping[str, Goal]
"""Where each result lies, and where it goes."""


def plan(suggestions: Sequence[Mapping[str, Any]], out: Path, name: str) -> dict[str, Goal]:
    """Choose the names of results.

    Parameters
    ----------
    suggestions : sequence of mapping
        Their ``file`` and ``files`` lie in a folder of their own, as `bridge.work` named them.
    out : Path
        The out folder.
    name : str
        What their names begin with, ``"live/mix.master"``.

    Returns
    -------
    dict of str to Goal
        By where they lie; the files of one suggestion share a number.
    """
    stage = name.rpartition(".")[2]
    moves: dict[str, Goal] = {}
    number = 0
    for one in suggestions:
        mark = f".{stage}-{one['n']}."
        paths = [path for path in (one["file"], *one["files"].values()) if path]
        endings = {path: path[path.rindex(mark) + len(mark) - 1 :] for path in paths}
        longest = max((len(ending.encode()) for ending in endings.values()), default=0)
        begins = Path(name).with_name(names.fitted(Path(name).name, _MAX_BYTES - longest))
        number = names.next_free(out / begins.parent, begins.name, max(number + 1, one["n"]))
        moves |= {path: Goal(str(begins), number, ending) for path, ending in endings.items()}
    return moves


def at_hand(out: Path, moves: Moves) -> bool:
    """Tell whether each result lies where it was made, or has its name."""
    return all((out / here).exists() or (out / goal.path).exists() for here, goal in moves.items())


def land(
    out: Path, moves: Moves, note: Callable[[dict[str, Goal]], None], *, again: bool
) -> dict[str, Goal]:
    """Move results to their names.

    Parameters
    ----------
    out : Path
        The out folder.
    moves : mapping of str to Goal
        From `plan`.
    note : callable
        Writes down other moves, where a name was taken meanwhile.
    again : bool
        Whether this may have been begun before, and been cut short.

    Returns
    -------
    dict of str to Goal
        The moves that were made.
    """
    made = dict(moves)
    for here, goal in moves.items():
        while not _landed(out / here, out / made[here].path, again=again):
            taken = Path(made[here].name)
            free = names.next_free(out / taken.parent, taken.name, made[here].number + 1)
            made[here] = goal._replace(number=free)
            note(made)
    return made


def _landed(here: Path, goal: Path, *, again: bool) -> bool:
    """Move one result; false where its name is another's."""
    if again and not here.exists():
        return True
    goal.parent.mkdir(parents=True, exist_ok=True)
    try:
        placing.move(here, goal)
    except FileExistsError:
        if goal.exists() and goal.samefile(here):  # it had got its name, and kept the other
            here.unlink()
            return True
        if again and goal.exists() and goal.stat().st_size == 0:  # its name had been taken for it
            here.replace(goal)
            return True
        return False
    return True


def renamed(suggestion: Mapping[str, Any], new: Callable[[str], str]) -> dict[str, Any]:
    """Say a suggestion again with other paths of its files; ``""`` stays.

    Parameters
    ----------
    suggestion : mapping
        With ``file`` and ``files``.
    new : callable
        From a path to another.
    """
    files = {role: new(path) for role, path in suggestion["files"].items()}
    file = new(suggestion["file"]) if suggestion["file"] else ""
    return {**suggestion, "file": file, "files": files}
