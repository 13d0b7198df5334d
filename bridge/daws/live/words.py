"""What bandmate says to Ableton Live through AbletonOSC, a control surface that speaks OSC.

It hears on 11000 and answers to 11001. What it has no words for, such as placing a sound file, is
refused with the way to do it all the same.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

from assistant.errors import DawError
from assistant.material import Note, Score
from assistant.moves import Move
from bridge.daws.adapter import Said, Song, Track, called
from bridge.daws.live import devices, law, questions, told

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

TITLE = "Ableton Live"
LISTENS = 11000
HEARS = 11001

NOTES_A_MESSAGE = 64


def ask(song: Song) -> tuple[Said, ...]:
    """Ask for what is not known yet; see `bridge.daws.adapter.Adapter`."""
    return questions.open_questions(song)


def hear(song: Song, said: Said) -> Song:
    """Fold what Live said into what is known."""
    return told.fold(song, said)


def move(song: Song, move: Move) -> tuple[Said, ...]:
    """Say a move.

    Raises
    ------
    DawError
        Where there is no such track, or AbletonOSC cannot do it.
    """
    track = _track(song, move.target)
    value = move.value + (_known(song, move) if move.mode == "change" else 0.0)
    if move.parameter == "gain_db":
        if value > law.HIGHEST_DB:
            raise DawError(f"Live's fader ends at +6 dB; {move.target} would be at {value:+.1f}.")
        return (Said("/live/track/set/volume", (track.index, law.volume(value))),)
    if move.parameter == "pan":
        pan = min(1.0, max(-1.0, value))
        return (Said("/live/track/set/panning", (track.index, pan)),)
    if move.parameter == "mute":
        return (Said("/live/track/set/mute", (track.index, int(value >= 0.5))),)
    return tuple(
        Said("/live/device/set/parameter/value", (track.index, *place))
        for place in devices.settings(song, track, move, value)
    )


def standing(song: Song, move: Move) -> float | None:
    """Tell where the parameter of a move stands, in the move's unit; None where unknown."""
    try:
        track = _track(song, move.target)
        if move.parameter == "gain_db":
            return track.gain_db
        if move.parameter == "pan":
            return track.pan
        if move.parameter == "mute":
            return song.parameters.get(f"mute/{track.index}")
        return devices.standing(song, track, move)
    except DawError:
        return None


def notes(song: Song, score: Score, at_beats: float) -> tuple[Said, ...]:  # noqa: ARG001
    """Put notes into the next free slot of the selected track.

    A clip of the session view has no place in the song: `at_beats` says nothing here.

    Raises
    ------
    DawError
        Where no MIDI track is selected, it has no free slot, or there are no notes.
    """
    every = [note for part in score.tracks for note in part.notes]
    if not every:
        raise DawError("The suggestion has no notes.")
    track, scene = _free_slot(song)
    bar = score.meters[0].bar_beats
    length = max(1, math.ceil(score.beats / bar - 1e-6)) * bar
    made = Said("/live/clip_slot/create_clip", (track, scene, length))
    named = Said("/live/clip/set/name", (track, scene, f"bandmate: {score.tracks[0].name}"))
    return (made, named, *_pages(track, scene, every))


def audio(song: Song, path: str, at_beats: float) -> tuple[Said, ...]:  # noqa: ARG001
    """Refuse: the released AbletonOSC has no words for it.

    Raises
    ------
    DawError
        Always, with the way that there is.
    """
    raise DawError(
        "AbletonOSC cannot place sound. bandmate's own Remote Script can: `bandmate install live`, "
        f"then name the clip after what you want, such as '? pitch'. The file is ready: {path}"
    )


def progress(fraction: float, doing: str) -> tuple[Said, ...]:
    """Show how far a job is in Live's status bar."""
    percent = round(100 * min(1.0, max(0.0, fraction)))
    return (Said("/live/api/show_message", (f"bandmate: {percent} % {doing[:100]}",)),)


# Moves


def _track(song: Song, name: str) -> Track:
    found = called(song.tracks.values(), name)
    if name == "mix" and not found:
        raise DawError("AbletonOSC does not reach Live's Main track; do this move by hand.")
    if len(found) != 1:
        seen = f"{len(found)} tracks of the set are" if found else "no track of the set is"
        raise DawError(f"Cannot tell which track to move: {seen} called {name[:80]!r}.")
    return found[0]


def _known(song: Song, move: Move) -> float:
    """Tell where a parameter stands that is to be changed by so much."""
    value = standing(song, move)
    if value is None:
        raise DawError(f"Live did not tell where {move.parameter} of {move.target} stands.")
    return value


# Notes


def _free_slot(song: Song) -> tuple[int, int]:
    track = song.selected_track
    if track is None or not song.parameters.get(f"midi/{track}"):
        raise DawError("Select a MIDI track in Live: the notes go into its next free slot.")
    scenes = range(int(song.parameters.get("scenes", 0)))
    free = [scene for scene in scenes if song.parameters.get(f"slot/{track}/{scene}") == 0.0]
    after = song.parameters.get("clip_scene", -1.0)
    slot = next((scene for scene in free if scene > after), free[0] if free else None)
    if slot is None:
        raise DawError("The selected track has no free slot; insert a scene in Live (Create menu).")
    return track, slot


def _pages(track: int, scene: int, every: list[Note]) -> Iterator[Said]:
    """Say the notes, so many a message that each fits a datagram."""
    for first in range(0, len(every), NOTES_A_MESSAGE):
        values = [
            value
            for note in every[first : first + NOTES_A_MESSAGE]
            for value in (
                min(127, max(0, round(note.pitch))),
                float(note.start),
                float(note.length),
                note.velocity,
                False,
            )
        ]
        yield Said("/live/clip/add/notes", (track, scene, *values))
