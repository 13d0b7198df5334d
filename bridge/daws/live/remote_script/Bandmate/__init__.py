"""bandmate inside Ableton Live: name a clip "? chords hopeful" and chords land beside it.

A Remote Script for Live 11 and 12. It runs in Live's own Python (3.7 in Live 11), on the thread
that draws Live, with the standard library alone: nothing here waits, and nothing starts a thread.
"""

from __future__ import annotations

from typing import Any


def create_instance(c_instance: Any) -> Any:
    """Make the control surface; Live calls this when the script is chosen in its settings."""
    from .surface import Bandmate

    return Bandmate(c_instance)
