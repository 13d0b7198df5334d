"""Writing into the set: suggestions land in free slots, each as one undo step, over nothing."""

from __future__ import annotations

import math
import os
from typing import Any, NamedTuple

from . import clips
from .answer import PlayedNote, Suggestion
from .note_file import Note
from .novelty import new_notes
from .trouble import Trouble

TRACK_NAME = "bandmate"


class Asked(NamedTuple):
    """The stage that was asked, and the notes that went along; None for a sound."""

    stage: str
    told: list[Note] | None


def land(song: Any, live: Any, asker: Any, suggestion: Suggestion, asked: Asked) -> list[Any]:
    """Put what is new in a suggestion beside the clip that asked; returns the new clips.

    Sound on an audio track and notes on a MIDI track land on the asker's own track; others on a
    track called bandmate, which is made where there is none. What fails half-way leaves no clips.
    The parts of a suggestion sound together, in one clip; those of a band, which are for tracks of
    their own, become a clip each.
    """
    if not suggestion.is_whole:
        raise Trouble(f"Some notes of '{suggestion.title}' were lost; ask again.")
    if suggestion.is_sound and not os.path.isfile(suggestion.path):
        raise Trouble(f"The file of '{suggestion.title}' is not there: {suggestion.path}")
    if not suggestion.is_sound and not suggestion.notes:
        raise Trouble(f"'{suggestion.title}' is a file, not a clip: {suggestion.path}")
    notes = new_notes(suggestion, asked.stage, asked.told, clips.bar_beats(song))
    if not suggestion.is_sound and not notes:
        raise Trouble(f"There is nothing new in '{suggestion.title}'.")
    own, slot = clips.home(asker)
    song.begin_undo_step()
    made: list[Any] = []
    try:
        track, after = _track_for(song, own, slot, suggestion.is_sound)
        if suggestion.is_sound:
            _land_sound(song, track, after, asker, suggestion, made)
        else:
            parts = _parts(notes, suggestion.title, apart=asked.stage == "band")
            _land_notes(song, live, (track, after), parts, made)
    except Exception:
        for slot_made in made:
            if slot_made.has_clip:
                slot_made.delete_clip()
        raise
    finally:
        song.end_undo_step()
    return [slot_made.clip for slot_made in made]


def check_room(track: Any, is_sound: bool) -> int:
    """Return how many clips there is room for beside one that asks; Trouble where for none.

    What does not land on this track has room anywhere.
    """
    check(track)
    free = sum(1 for slot in track.clip_slots if not slot.has_clip)
    if _carries(track, is_sound) and not free:
        raise Trouble(_full(track))
    return free if _carries(track, is_sound) else len(track.clip_slots)


def check(track: Any) -> None:
    """Refuse a frozen track: nothing can be put on it."""
    if getattr(track, "is_frozen", False):
        raise Trouble(f"Track '{track.name}' is frozen: unfreeze it and name the clip again.")


def _track_for(song: Any, own: Any, slot: int, is_sound: bool) -> tuple[Any, int]:
    """Return the track to land on, and the slot after which to look for a free one."""
    if _carries(own, is_sound):
        check(own)
        return own, slot
    tracks = list(song.tracks)
    for track in tracks:
        if track.name == TRACK_NAME and _carries(track, is_sound):
            check(track)
            return track, -1
    make = song.create_audio_track if is_sound else song.create_midi_track
    made = make(tracks.index(own) + 1) if own in tracks else make(-1)
    if clips.is_gone(made):  # older versions return nothing
        made = list(song.tracks)[tracks.index(own) + 1 if own in tracks else -1]
    made.name = TRACK_NAME
    return made, -1


def _carries(track: Any, is_sound: bool) -> bool:
    return bool(track.has_audio_input if is_sound else track.has_midi_input)


def _free_slot(track: Any, after: int) -> tuple[Any, int]:
    """Return the next free slot below, else the first above."""
    slots = list(track.clip_slots)
    order = list(range(after + 1, len(slots))) + list(range(min(after, len(slots) - 1) + 1))
    for number in order:
        if not slots[number].has_clip and not getattr(slots[number], "is_group_slot", False):
            return slots[number], number
    raise Trouble(_full(track))


def _full(track: Any) -> str:
    return f"Track '{track.name}' has no free slot: insert a scene (Create menu)."


def _land_sound(
    song: Any, track: Any, after: int, asker: Any, suggestion: Suggestion, made: list[Any]
) -> None:
    slot, _ = _free_slot(track, after)
    if not hasattr(slot, "create_audio_clip"):
        raise Trouble(f"Live before 11.3.25 takes sound by hand only: drag {suggestion.path}")
    made.append(slot)
    slot.create_audio_clip(suggestion.path)
    clip = slot.clip
    # Left alone, Live warps by a guess. At the take's own speed it sounds as it was made.
    clip.warping = bool(asker.is_audio_clip and clips.is_stretched(song, asker))
    clip.name = suggestion.title


def _parts(notes: list[PlayedNote], title: str, *, apart: bool) -> dict[str, list[PlayedNote]]:
    """Sort notes into clips, by the names of those."""
    parts: dict[str, list[PlayedNote]] = {}
    for note in notes:
        name = f"{title}: {note[0]}" if apart and note[0] else title
        parts.setdefault(name, []).append(note)
    return parts


def _land_notes(
    song: Any,
    live: Any,
    place: tuple[Any, int],
    parts: dict[str, list[PlayedNote]],
    made: list[Any],
) -> None:
    """Make a clip of each part, one below the other and all as long as the longest."""
    track, after = place
    bar = clips.bar_beats(song)
    end = max(start + length for notes in parts.values() for _, _, start, length, _ in notes)
    beats = max(1.0, math.ceil(end / bar - 1e-6)) * bar
    for name, notes in parts.items():
        slot, after = _free_slot(track, after)
        made.append(slot)
        slot.create_clip(beats)
        slot.clip.add_new_notes(tuple(_specified(live, note) for note in notes))
        slot.clip.name = name


def _specified(live: Any, note: PlayedNote) -> Any:
    _, pitch, start, length, velocity = note
    return live.Clip.MidiNoteSpecification(
        pitch=pitch, start_time=start, duration=length, velocity=float(velocity), mute=False
    )
