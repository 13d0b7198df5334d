"""Which paths of an order may be used: whole ones, below the roots."""

from __future__ import annotations

from pathlib import Path

from assistant.errors import FileError, OutsideRoots
from bridge import order, places
from bridge.order import Order
from bridge.roots import Roots

__all__ = ["permitted", "whole"]


def permitted(placed: Order, roots: Roots) -> Order:
    """See that an order reads and writes within the roots only.

    Parameters
    ----------
    placed : Order
        With paths as they were asked.
    roots : Roots
        The folders that may be used.

    Returns
    -------
    Order
        With whole paths.

    Raises
    ------
    FileError
        Where a path is not whole.
    OutsideRoots
        Where one leads outside.
    """
    within = Roots((*roots.folders, places.prints()))  # what it keeps itself it may also use

    def allowed(path: str) -> str:
        named = whole(path)
        try:
            within.check(named)
        except OutsideRoots:
            roots.check(named)  # says which folders the musician allowed
        return named

    checked = order.with_paths(placed, allowed)
    if checked.path and not checked.out:
        roots.check(Path(checked.path).parent)
    return checked


def whole(path: str) -> str:
    """Return a path from the root, ``~`` being the home folder; a server stands in no folder.

    Parameters
    ----------
    path : str
        As it was asked.

    Returns
    -------
    str
        Absolute.

    Raises
    ------
    FileError
        Where it is not.
    """
    try:
        named = str(Path(path).expanduser())
    except RuntimeError:  # the home folder of somebody who is not on this machine
        named = path
    if not Path(named).is_absolute():
        raise FileError(f"{path[:200]!r} is not a whole path; say it from the root on, or from ~.")
    return named
