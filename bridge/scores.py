"""The notes of a suggestion, from the file that they were written to."""

from __future__ import annotations

from pathlib import Path

from assistant.material import Score
from bridge import opening

__all__ = ["read_score"]


def read_score(path: Path) -> Score:
    """Read a MIDI file.

    Parameters
    ----------
    path : Path
        Where it was written; by now it may be anything.

    Returns
    -------
    Score
        What it holds.

    Raises
    ------
    FileError
        Where it is no MIDI file, or one too large.
    """
    from bridge.midi.reading import score_from_bytes  # loads mido
    from bridge.midi.smf import MAX_BYTES

    with opening.opened(path) as file:
        return score_from_bytes(file.read(MAX_BYTES + 1) or b"")
