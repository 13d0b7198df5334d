"""What is done to files, a step each, told before it is done; nothing of others is lost."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from glob import escape
from itertools import count
from pathlib import Path
from typing import Literal, TypeAlias

from assistant.errors import FileError

__all__ = ["Step", "carry_out", "placing", "read", "removing"]

Doing: TypeAlias = Literal["write", "keep", "remove", "make", "clear"]

_PART = ".bandmate-part"

_TELLS: dict[Doing, str] = {
    "write": "write {path}",
    "keep": "keep what is not bandmate's as {aside}",
    "remove": "remove {path}",
    "make": "make the folder {path}",
    "clear": "remove the folder {path}",
}


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do.

    Parameters
    ----------
    doing : str
        ``"write"`` `content`, over what is there; ``"keep"`` it, under the name of `aside`;
        ``"remove"`` it; ``"make"`` a folder; ``"clear"`` it away, where it is empty.
    path : Path
        What it is done to.
    """

    doing: Doing
    path: Path
    content: bytes = b""
    aside: Path | None = None

    def __str__(self) -> str:
        return _TELLS[self.doing].format(path=self.path, aside=self.aside)


def placing(path: Path, content: bytes, ours: bool) -> list[Step]:
    """Say what to do so that a file has a content.

    Parameters
    ----------
    path : Path
        The file.
    content : bytes
        What it is to hold.
    ours : bool
        Whether what is there now is as bandmate wrote it.

    Returns
    -------
    list of Step
        Empty where it holds that already.
    """
    if read(path) == content and not path.is_symlink():
        return _half_written(path)
    aside = _kept(path) if os.path.lexists(path) and not ours else []
    return [*_half_written(path), *aside, Step("write", path, content)]


def removing(path: Path, ours: bool) -> list[Step]:
    """Say what to do so that a file is gone; one that is not as it was written is kept."""
    if read(path) is None:
        return _half_written(path)
    return [*_half_written(path), *([Step("remove", path)] if ours else _kept(path))]


def read(path: Path) -> bytes | None:
    """Read a file, None where there is none.

    Raises
    ------
    FileError
        Where there is something else, or it cannot be read.
    """
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise FileError(f"{str(path)!r} cannot be read: {error.strerror}.") from None


def carry_out(steps: Iterable[Step]) -> None:
    """Do them in order.

    Raises
    ------
    FileError
        Where one cannot be done; those before it are done.
    """
    for step in steps:
        try:
            _do(step)
        except OSError as error:
            raise FileError(f"Cannot {step}: {error.strerror or error}.") from None


def _half_written(path: Path) -> list[Step]:
    """Say how to remove what a writing that was killed has left."""
    left = path.parent.glob(f".{escape(path.name)}.*{_PART}")
    return [Step("remove", part) for part in sorted(left)]


def _kept(path: Path) -> list[Step]:
    """Say how to keep what is there, under a name that is free."""
    names = (path.with_name(f"{path.name}.old{number or ''}") for number in count())
    return [Step("keep", path, aside=next(name for name in names if not os.path.lexists(name)))]


def _do(step: Step) -> None:
    if step.doing == "write":
        _write(step.path, step.content)
    elif step.doing == "keep":
        step.path.rename(step.aside or step.path)
    elif step.doing == "remove":
        step.path.unlink(missing_ok=True)
    elif step.doing == "make":
        step.path.mkdir(exist_ok=True)
    elif step.path.is_dir() and not any(step.path.iterdir()):
        step.path.rmdir()


def _write(path: Path, content: bytes) -> None:
    """Put a whole file in the place of another, with its rights."""
    part = path.with_name(f".{path.name}.{secrets.token_hex(8)}{_PART}")
    try:
        with part.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            part.chmod(path.stat().st_mode & 0o777)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
