"""What goes wrong while the daemon is asked."""

from __future__ import annotations

from typing import Any

__all__ = ["Failure"]


class Failure(Exception):
    """What went wrong, with the ``code`` of ``/bandmate/error``, and what was said before it.

    Parameters
    ----------
    code, text : str
        As ``/bandmate/error`` says them.
    job : str
        The id that was asked under; ``""`` where nothing was asked.
    """

    def __init__(self, code: str, text: str, job: str = "") -> None:
        super().__init__(text)
        self.code = code
        self.job = job
        self.answer: dict[str, Any] | None = None
