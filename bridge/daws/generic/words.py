"""Any host of OSC or MIDI that bandmate knows no words of: results lie beside, and play over MIDI.

Nothing can be read of it, and nothing set. A controller (TouchOSC and the like) that listens on
`LISTENS` can show how far a job is: ``/bandmate/progress`` with a fraction for a fader and a text
for a label. What a musician does by hand is said in one sentence, with the numbers in it.
See `bridge.daws.adapter.Adapter`.
"""

from __future__ import annotations

from assistant.errors import DawError
from assistant.material import Score
from assistant.moves import Move
from bridge.daws.adapter import Said, Song

__all__ = [
    "HEARS",
    "LISTENS",
    "TITLE",
    "ask",
    "audio",
    "hear",
    "move",
    "notes",
    "progress",
    "standing",
]

TITLE = "another DAW"
LISTENS = 9520
HEARS = 0

MAX_TEXT = 100


def ask(song: Song) -> tuple[Said, ...]:  # noqa: ARG001
    """Ask nothing: nobody would answer."""
    return ()


def hear(song: Song, said: Said) -> Song:  # noqa: ARG001
    """Understand nothing: tempo and place come by MIDI clock, see `bridge.midi.transport`."""
    return song


def move(song: Song, move: Move) -> tuple[Said, ...]:  # noqa: ARG001
    """Raise; who does moves says them in words, see `bridge.daws.by_hand`.

    Raises
    ------
    DawError
        Always.
    """
    raise DawError("bandmate cannot reach the mixer of this DAW.")


def standing(song: Song, move: Move) -> float | None:  # noqa: ARG001
    """Know nothing."""
    return None


def notes(song: Song, score: Score, at_beats: float) -> tuple[Said, ...]:  # noqa: ARG001
    """Say what to do by hand.

    Raises
    ------
    DawError
        Always.
    """
    raise DawError(
        f"bandmate cannot put notes into this DAW: drag the .mid file of the suggestion to beat "
        f"{at_beats + 1:g} of a track, or record it while it plays into the DAW over MIDI."
    )


def audio(song: Song, path: str, at_beats: float) -> tuple[Said, ...]:  # noqa: ARG001
    """Say what to do by hand.

    Raises
    ------
    DawError
        Always.
    """
    raise DawError(
        f"bandmate cannot put sound into this DAW: drag {path} to beat {at_beats + 1:g} of a track "
        "beside the old one, and mute the old one."
    )


def progress(fraction: float, doing: str) -> tuple[Said, ...]:
    """Show how far a job is on a controller: a fader and a label of ``/bandmate/progress``."""
    return (Said("/bandmate/progress", (min(1.0, max(0.0, fraction)), doing[:MAX_TEXT])),)
