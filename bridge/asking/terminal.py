"""Words to the terminal, which may be closed, broken, full, or have no letter for a name."""

from __future__ import annotations

import sys
from collections.abc import Iterable

from bridge.asking.failure import Failure

__all__ = ["complain", "is_watched", "show"]


def complain(text: str) -> None:
    """Say something on stderr; where that is closed or broken, nobody is there to hear it."""
    if sys.stderr is None:
        return
    try:
        sys.stderr.write(text)
        sys.stderr.flush()
    except (OSError, ValueError):
        sys.stderr = None  # else Python fails on it at its end


def is_watched() -> bool:
    """Tell whether somebody sees stderr."""
    try:
        return sys.stderr is not None and sys.stderr.isatty()
    except ValueError:
        return False


def show(lines: Iterable[str]) -> None:
    """Print lines.

    Parameters
    ----------
    lines : iterable of str
        Each with its end.

    Raises
    ------
    Failure
        Where they cannot be printed. A reader that went away has read enough.
    """
    if sys.stdout is None:
        return
    change = getattr(sys.stdout, "reconfigure", None)
    if change is not None and sys.stdout.errors == "strict":
        change(errors="backslashreplace")
    try:
        sys.stdout.writelines(lines)
        sys.stdout.flush()
    except BrokenPipeError:
        sys.stdout = None  # else Python fails on it at its end
    except (OSError, ValueError) as error:
        sys.stdout = None
        why = getattr(error, "strerror", None) or error
        raise Failure("file", f"The answer cannot be printed: {why}.") from None
