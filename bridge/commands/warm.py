"""``bandmate warm``: compile what numba compiles, so that no musician waits for it."""

from __future__ import annotations

from collections.abc import Sequence

from bridge.commands.parser import Parser
from bridge.rehearsal import rehearse

__all__ = ["main"]


def main(words: Sequence[str]) -> int:
    """Compile what numba compiles; it is kept on disk. The daemon does it too, in background."""
    Parser("warm", main.__doc__).read(words)
    rehearse(full=True)
    import assistant.dsp.live_pitch  # noqa: F401  compiles as it is loaded; no stage needs it

    return 0
