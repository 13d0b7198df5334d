"""What bandmate says to Bitwig Studio through DrivenByMoss, an extension that speaks OSC.

It hears on 8000, and pushes what it knows to 9000 as soon as it changes. It shows a page of tracks,
8 unless its settings say more. Notes and sound go into the next free slot of the clip launcher, as
files: what was there stays, and Bitwig's own undo takes them out. It tells neither the key nor the
notes or the file of a clip; a DAWproject export does. See `bridge.daws.adapter.Adapter`.
"""

from __future__ import annotations

import unicodedata
from pathlib import PurePosixPath, PureWindowsPath

from assistant.errors import DawError
from assistant.material import Score
from assistant.moves import Move
from bridge.daws.adapter import NOTES_FILE, Said, Song, Track, called
from bridge.daws.bitwig import law, told
from bridge.daws.bitwig.told import has

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

TITLE = "Bitwig Studio"
LISTENS = 8000
HEARS = 9000

_SLACK_DB = 0.05

# How DrivenByMoss spells what is no ASCII; all other such characters become a question mark.
_SPELT = str.maketrans(
    {"Ä": "Ae", "ä": "ae", "Ö": "Oe", "Œ": "Oe", "ö": "oe", "œ": "oe", "Ü": "Ue", "ü": "ue"}
    | {
        "ß": "ss",
        "é": "e",
        "ê": "e",
        "ī": "i",
        "ï": "i",
        "ā": "a",
        "♯": "#",
        "\u2013": "-",
        "\u2019": "'",
    }
)


def ask(song: Song) -> tuple[Said, ...]:
    """Ask for all at once: DrivenByMoss has one question."""
    in_time = song.tempo_bpm is not None and song.meter is not None
    known = in_time and 0 in song.tracks and "scene/1" in song.parameters  # told after the tracks
    return () if known else (Said("/refresh"),)


def hear(song: Song, said: Said) -> Song:
    """Fold what DrivenByMoss said into what is known."""
    return told.fold(song, said)


def move(song: Song, move: Move) -> tuple[Said, ...]:
    """Say a move of a fader, of pan or of mute; `law` says how sure the fader is.

    Raises
    ------
    DawError
        Where there is no such track, or it is another parameter: DrivenByMoss counts the knobs of
        devices from their one end to the other, and tells neither.
    """
    if move.parameter not in {"gain_db", "pan", "mute"}:
        raise DawError(
            "DrivenByMoss reaches faders, pans and mutes; it does not tell in which unit Bitwig's "
            "devices count. A DAWproject of the suggestion holds most of the rest."
        )
    track = _track(song, move.target)
    strip = f"/track/{track.index}" if track.index else "/master"
    value = move.value + (_stands(song, move) if move.mode == "change" else 0.0)
    if move.parameter == "mute":
        return (Said(f"{strip}/mute", (int(value >= 0.5),)),)
    steps = _resolution(song)
    if move.parameter == "pan":
        if value == 0.0:  # of an even number of steps none is the centre
            return (Said(f"{strip}/pan/reset"),)
        place = (min(1.0, max(-1.0, value)) + 1.0) / 2.0
        return (Said(f"{strip}/pan", (round(place * (steps - 1)),)),)
    if value > law.HIGHEST_DB + _SLACK_DB:
        raise DawError(f"Bitwig's fader ends at +6 dB; {track.name} would be at {value:+.1f}.")
    return (Said(f"{strip}/volume", (law.volume(value, steps),)),)


def standing(song: Song, move: Move) -> float | None:
    """Tell where a fader (by its text), pan or mute stands; None where it was not told."""
    try:
        track = _track(song, move.target)
        if move.parameter == "gain_db":
            return track.gain_db
        value = song.parameters.get(f"{track.index}/{move.parameter}")
        if value is None or move.parameter not in {"pan", "mute"}:
            return None
        if move.parameter == "mute":
            return value
        steps = _resolution(song)
        if value == steps // 2:  # how the centre is told
            return 0.0
        return min(1.0, max(-1.0, 2.0 * value / (steps - 1) - 1.0))
    except DawError:
        return None


def notes(song: Song, score: Score, at_beats: float) -> tuple[Said, ...]:  # noqa: ARG001
    """Put notes into the next free slot of the selected track, as a MIDI file.

    A slot of the clip launcher has no place in the song: `at_beats` says nothing here.

    Raises
    ------
    DawError
        Where there are no notes, no track for them is selected, or it shows no free slot.
    """
    if not any(track.notes for track in score.tracks):
        raise DawError("The suggestion has no notes.")
    slot = _free_slot(song, "canHoldNotes", "an instrument track")
    return (Said(f"{slot}/insertFile", (NOTES_FILE,)),)


def audio(song: Song, path: str, at_beats: float) -> tuple[Said, ...]:  # noqa: ARG001
    """Put a sound file into the next free slot of the selected track.

    Raises
    ------
    DawError
        Where the path is not a whole one, no track for it is selected, or it shows no free slot.
    """
    if not (PurePosixPath(path).is_absolute() or PureWindowsPath(path).is_absolute()):
        raise DawError(f"Bitwig takes a file by its whole path, not {path[:200]!r}.")
    slot = _free_slot(song, "canHoldAudioData", "an audio track")
    return (Said(f"{slot}/insertFile", (path,)),)


def progress(fraction: float, doing: str) -> tuple[Said, ...]:  # noqa: ARG001
    """Say nothing: DrivenByMoss has no word that shows text in Bitwig."""
    return ()


def _track(song: Song, name: str) -> Track:
    if name == "mix":
        return song.tracks.get(0, Track(0, "mix"))
    spelt = unicodedata.normalize("NFC", name).translate(_SPELT)
    if not spelt.isascii():
        raise DawError(
            f"DrivenByMoss tells letters such as those of {name[:80]!r} as question marks: give "
            "the track a name of plain letters, in Bitwig and in the files."
        )
    found = called((track for track in song.tracks.values() if track.index), spelt)
    if len(found) != 1:
        seen = f"{len(found)} tracks" if found else "no track"
        raise DawError(
            f"DrivenByMoss shows {seen} of the name {name[:80]!r}; name it so, or raise Bank page "
            "size in its settings: it shows 8 tracks unless that says more."
        )
    return found[0]


def _stands(song: Song, move: Move) -> float:
    value = standing(song, move)
    if value is None:
        raise DawError(
            f"Bitwig did not tell where {move.parameter} of {move.target[:80]!r} stands."
        )
    return value


def _resolution(song: Song) -> int:
    """Tell how finely DrivenByMoss counts, by the faders and their texts."""
    heard = [
        (int(song.parameters[f"{index}/volume"]), track.gain_db)
        for index, track in song.tracks.items()
        if f"{index}/volume" in song.parameters and track.gain_db is not None
    ]
    steps = law.resolution(heard)
    if steps is None:
        raise DawError(
            "The faders that DrivenByMoss told do not agree with their texts in dB: nothing is "
            "moved. Set Value resolution to High in its settings, and a fader above -24 dB."
        )
    return steps


def _free_slot(song: Song, holds: str, wanted: str) -> str:
    """Find the slot after the selected one, else the first, that was told to be empty.

    `insertFile` replaces what lies in a slot: one that was not told about is not free.
    """
    track = song.selected_track
    if track is None or not has(song, f"{track}/{holds}"):
        raise DawError(f"Select {wanted} in Bitwig: the clip goes into its next free slot.")
    # A slot in a scene that is not there is told to be empty, too, and takes nothing.
    slots = [one for one in range(1, told.MAX_BANK + 1) if has(song, f"scene/{one}")]
    free = [one for one in slots if song.parameters.get(f"{track}/clip/{one}/hasContent") == 0.0]
    chosen = next((one for one in slots if has(song, f"{track}/clip/{one}/isSelected")), 0)
    slot = next((one for one in free if one > chosen), free[0] if free else None)
    if slot is None:
        raise DawError(
            "The selected track shows no free slot; add a scene in Bitwig, or raise Bank page size "
            "in the settings of DrivenByMoss."
        )
    return f"/track/{track}/clip/{slot}"
