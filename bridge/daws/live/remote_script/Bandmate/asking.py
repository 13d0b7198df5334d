"""From a wish to the words that ask the daemon: the stage, a file, names and values."""

from __future__ import annotations

import os
from typing import Any

from . import clips, note_file
from .landing import check_room
from .note_file import Note
from .trouble import Trouble
from .wish import SOUND_ONLY, WRITERS, Wish

MOST_IDEAS = 5
"""Clips that land of one request to a stage that writes, unless its name says another count."""


def words(song: Any, clip: Any, name: str, wish: Wish, folder: str) -> list[str]:
    """Return what asks for a wish; Trouble where this clip cannot ask it.

    The notes of the clip are written as a new .mid file into `folder`; of a sound file only the
    part that plays is named. What the clip's name says wins over what the set says.
    """
    track, _ = clips.home(clip)
    room = check_room(track, is_sound=wish.stage not in WRITERS)
    settings: dict[str, str] = {}
    if wish.stage in WRITERS:
        settings["count"] = str(min(MOST_IDEAS, room))
    if clip.is_audio_clip:
        path = str(clip.file_path)
        if not path:
            raise Trouble("Live does not tell the file of this clip: save the set first.")
        settings.update(_part(song, clip, wish.stage))
    else:
        path = _notes_path(song, clip, f"{track.name} {name}", wish, folder)
    settings.update(_context(song, clip, wish.stage))
    settings.update(wish.settings)
    pairs = [word for pair in settings.items() for word in pair]
    return [wish.stage, path, *pairs]


def told(song: Any, clip: Any) -> list[Note] | None:
    """Return the notes of a clip from its bar line on, so that bars are where they sound.

    None for a sound.
    """
    if clip.is_audio_clip:
        return None
    late = clips.past_bar_line(song, clip)
    return [note._replace(start=note.start + late) for note in clips.notes(clip)]


def _part(song: Any, clip: Any, stage: str) -> dict[str, str]:
    """Name the part of its file that a clip plays, for stages that write from a bar line on."""
    part = clips.cut(clip)  # refuses a clip of which Live tells too little
    if stage in WRITERS:
        part = clips.cut(clip, clips.seconds_to_bar_line(song, clip))
    return {} if part is None else {"cut": "{:.6f}-{:.6f}".format(*part)}


def _context(song: Any, clip: Any, stage: str) -> dict[str, str]:
    bpm = clips.recorded_bpm(song, clip) if clip.is_audio_clip else float(song.tempo)
    found = clips.context(song, bpm)
    if stage in WRITERS:
        return found
    return {"key": found["key"]} if stage == "pitch" and "key" in found else {}


def _notes_path(song: Any, clip: Any, name: str, wish: Wish, folder: str) -> str:
    """Write the notes of a clip down; an empty clip asks for something out of nothing."""
    if wish.stage in SOUND_ONLY:
        raise Trouble(f"{wish.stage} takes sound, and this clip has notes: name an audio clip.")
    notes = told(song, clip)
    if not notes:
        return ""
    data = note_file.smf(notes, float(song.tempo), clips.meter(song))
    try:
        return os.path.abspath(note_file.save(folder, name, data))
    except OSError as error:
        raise Trouble(f"The notes could not be written to {folder}: {error}") from None
