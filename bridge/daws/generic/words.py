"""Any host of OSC or MIDI that bandmate knows no words of: results lie beside, and play over MIDI.

Nothing can be read of it, and nothing set. A controller (TouchOSC and the like) that listens on
`LISTENS` can show how far a job is: ``/bandmate/progress`` with a fraction for a fader and a text
for a label. What a musician does by hand is said in one sentence, with the numbers in it.
See `bridge.daws.adapter.Adapter`.
"""

from __future__ import annotations

from assistant.errors import DawError
from assistant.material import Score
from assistant.moves import PARAMETERS, Move
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

_SWITCHES = {
    ("mute", True): "mute {target}",
    ("mute", False): "unmute {target}",
    ("polarity", True): "play {target} as recorded, without flipping its polarity",
    ("polarity", False): "flip the polarity of {target}",
}


def ask(song: Song) -> tuple[Said, ...]:  # noqa: ARG001
    """Ask nothing: nobody would answer."""
    return ()


def hear(song: Song, said: Said) -> Song:  # noqa: ARG001
    """Understand nothing: tempo and place come by MIDI clock, see `bridge.midi.transport`."""
    return song


def move(song: Song, move: Move) -> tuple[Said, ...]:  # noqa: ARG001
    """Say what to do by hand.

    Raises
    ------
    DawError
        Always, with the move in words.
    """
    raise DawError(f"bandmate cannot reach the mixer of this DAW: {_by_hand(move)}.")


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


def _by_hand(move: Move) -> str:
    """Put a move into words: ``set the fader of 'Vox' to -3 dB``."""
    target = "the mix" if move.target == "mix" else repr(move.target[:80])
    switch = _SWITCHES.get((move.parameter, move.value > 0.0))
    if switch and move.mode == "set":
        return switch.format(target=target)
    what = "pan" if move.parameter == "pan" else PARAMETERS[move.parameter].about.split(",")[0]
    named = what if move.parameter in {"gain_db", "pan"} else f"{move.parameter} ({what})"
    sign = "+" if move.mode == "change" else ""
    amount = f"{move.value:{sign}g} {move.unit}".rstrip()
    if move.mode == "change":
        return f"change the {named} of {target} by {amount}"
    return f"set the {named} of {target} to {amount}"
