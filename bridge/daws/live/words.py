"""What bandmate says to Ableton Live through AbletonOSC, a control surface that speaks OSC.

It hears on 11000 and answers to 11001. What it has no words for, such as placing a sound file, is
refused with the way to do it all the same.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator

from assistant.errors import DawError
from assistant.material import Note, Score
from assistant.moves import PARAMETERS, Move
from bridge.daws.adapter import Said, Song, Track
from bridge.daws.live import law, questions, told

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

_BAND = re.compile(r"[1-8]")
_SHAPES = (3.0, 2.0, 5.0)  # bell, low shelf, high shelf as EQ Eight counts its filter types
_DEVICE_WORDS = {
    "eq.freq_hz": ("EQ Eight", ("{band} Frequency A",)),
    "eq.gain_db": ("EQ Eight", ("{band} Gain A",)),
    "eq.q": ("EQ Eight", ("{band} Resonance A",)),
    "eq.shape": ("EQ Eight", ("{band} Filter Type A",)),
    "comp.threshold_db": ("Compressor", ("Threshold",)),
    "comp.ratio": ("Compressor", ("Ratio",)),
    "comp.attack_ms": ("Compressor", ("Attack",)),
    "comp.release_ms": ("Compressor", ("Release",)),
    "comp.makeup_db": ("Compressor", ("Output Gain",)),
    "width": ("Utility", ("Stereo Width",)),
    "polarity": ("Utility", ("Left Inv", "Right Inv")),
}


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
    number = _counted(move.parameter, value)
    return tuple(
        Said("/live/device/set/parameter/value", (track.index, device, index, number))
        for device, index in _found(song, track, move, number)
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
        device, index = _found(song, track, move)[0]
    except DawError:
        return None
    return _uncounted(move.parameter, song.parameters.get(f"{track.index}/{device}/value/{index}"))


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
    found = [track for track in song.tracks.values() if track.name == name] or [
        track for track in song.tracks.values() if track.name.casefold() == name.casefold()
    ]
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


def _found(
    song: Song, track: Track, move: Move, number: float | None = None
) -> list[tuple[int, int]]:
    """Find the parameters of devices that a move means: device and parameter, as Live counts."""
    if move.parameter not in _DEVICE_WORDS:
        raise DawError(f"AbletonOSC has no word for {move.parameter}; do this move by hand.")
    title, names = _DEVICE_WORDS[move.parameter]
    if title not in track.devices:
        raise DawError(f"Put {title} on {track.name} first; it has none.")
    device = track.devices.index(title)
    band = _BAND.search(move.group)
    wanted = [name.format(band=band.group() if band else 1) for name in names]
    indices = [song.parameters.get(f"{track.index}/{device}/name/{name}") for name in wanted]
    if None in indices:
        raise DawError(f"{title} of {track.name} told of no {' and '.join(wanted)}.")
    places = [(device, int(index)) for index in indices if index is not None]
    for _, index in places:
        _check_range(song, move, f"{track.index}/{device}", index, number)
    return places


def _check_range(song: Song, move: Move, home: str, index: int, number: float | None) -> None:
    """Refuse where Live did not tell the range, counts in no unit of ours, or ends before."""
    low = song.parameters.get(f"{home}/min/{index}")
    high = song.parameters.get(f"{home}/max/{index}")
    if low is None or high is None:
        raise DawError(f"Live did not tell how far {move.parameter} of {move.target} goes.")
    has_unit = PARAMETERS[move.parameter].unit or move.parameter == "eq.q"
    if has_unit and high <= 1.0:
        unit = PARAMETERS[move.parameter].unit
        text = f"Live counts {move.parameter} from {low:g} to {high:g}, not in {unit or 'Q'}"
        raise DawError(f"{text}: set it by hand to {move.value:g} {unit}".rstrip() + ".")
    if number is not None and not low <= number <= high:
        raise DawError(f"Live takes {low:g} to {high:g} for {move.parameter}, not {number:g}.")


def _counted(parameter: str, value: float) -> float:
    """Say a value as Live's device counts it."""
    if parameter == "polarity":
        return float(value < 0)
    if parameter == "eq.shape":
        return _SHAPES[min(2, max(0, round(value)))]
    return value


def _uncounted(parameter: str, value: float | None) -> float | None:
    if value is None:
        return None
    if parameter == "polarity":
        return -1.0 if value >= 0.5 else 1.0
    if parameter == "eq.shape":
        return float(_SHAPES.index(value)) if value in _SHAPES else None
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
