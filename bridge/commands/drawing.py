"""Where tables are drawn for a person."""

from __future__ import annotations

import sys

from rich.console import Console

__all__ = ["console"]

_UNFOLDED_COLUMNS = 1000


def console() -> Console:
    """Make a console as wide as the terminal; into a file or a pipe nothing is folded."""
    width = None if sys.stdout.isatty() else _UNFOLDED_COLUMNS
    return Console(highlight=False, width=width)
