"""How a module of bandmate's is started as a process of its own."""

from __future__ import annotations

import sys

__all__ = ["running"]


def running(module: str, *words: str) -> tuple[str, ...]:
    """Return the command that runs a module.

    Parameters
    ----------
    module : str
        Its whole name.
    *words : str
        What it is told.

    Returns
    -------
    tuple of str
        -P: a DAW or an assistant starts bandmate in any folder, and what is called ``bridge`` there
        (or ``numpy``) is not ours to run.
    """
    return (sys.executable, "-P", "-m", module, *words)
