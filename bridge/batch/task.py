"""What a worker does with one file of a batch: words in, words out."""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping
from typing import Any

from assistant.errors import BandmateError, TooLarge
from bridge import work
from bridge.order import Order

__all__ = ["perform"]

log = logging.getLogger("bandmate.batch")

_logged: set[str] = set()

_KEPT = ("n", "title", "why", "confidence", "file", "files", "measured")


def perform(order: Mapping[str, Any]) -> dict[str, Any]:
    """Carry out an order; whatever goes wrong is said in what is returned.

    Parameters
    ----------
    order : mapping of str to object
        The fields of an `Order`; only words cross to where this runs.

    Returns
    -------
    dict
        ``suggestions`` (as events say them, without notes, chords and moves), ``error``
        (``[code, text]`` or None) and ``seconds``.
    """
    began = time.monotonic()
    suggestions: list[dict[str, Any]] = []
    error: list[str] | None = None
    try:
        for event in work.carry_out(Order(**order)):
            suggestions += [_brief(event["suggestion"])] if "suggestion" in event else []
    except BandmateError as wrong:
        error = [wrong.code, str(wrong)]
    except MemoryError:
        error = [TooLarge.code, "This needs more memory than one job is given."]
    except Exception as wrong:  # noqa: BLE001  one file does not stop the others
        _log_once(wrong)
        error = ["bug", f"{type(wrong).__name__}: {wrong}. This is a bug of bandmate's."]
    seconds = round(time.monotonic() - began, 3)
    return {"suggestions": suggestions, "error": error, "seconds": seconds}


def _log_once(error: Exception) -> None:
    """Log where a bug is; the same one is found in many files."""
    name = f"{type(error).__name__}: {error}"
    if name not in _logged:
        _logged.add(name)
        log.error("our bug", exc_info=error)


def _brief(suggestion: Mapping[str, Any]) -> dict[str, Any]:
    return {name: suggestion[name] for name in _KEPT}
