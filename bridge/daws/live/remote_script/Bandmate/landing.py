"""Writing into the set: suggestions land in free slots, each as one undo step, over nothing."""

from __future__ import annotations

import math
import os
from typing import Any

from . import clips
from .answer import Suggestion
from .trouble import Trouble

TRACK_NAME = "bandmate"


def land(
    song: Any, live: Any, asker: Any, suggestion: Suggestion, apart: bool = False
) -> list[Any]:
    """Put a suggestion beside the clip that asked; returns the new clips.

    Sound on an audio track and notes on a MIDI track land on the asker's own track; others on a
    track called bandmate, which is made where there is none. What fails half-way leaves no clips.
    The parts of a suggestion sound together, in one clip; `apart` makes a clip of each.
    """
    if not suggestion.is_whole:
        raise Trouble(f"Some notes of '{suggestion.title}' were lost; ask again.")
    if suggestion.is_sound and not os.path.isfile(suggestion.path):
        raise Trouble(f"The file of '{suggestion.title}' is not there: {suggestion.path}")
    if not suggestion.is_sound and not suggestion.notes:
        raise Trouble(f"'{suggestion.title}' is a file, not a clip: {suggestion.path}")
    own, slot = clips.home(asker)
    song.begin_undo_step()
    made: list[Any] = []
    try:
        track, after = _track_for(song, own, slot, suggestion.is_sound)
        if suggestion.is_sound:
            _land_sound(song, track, after, asker, suggestion, made)
        else:
            _land_notes(song, live, (track, after), suggestion, apart, made)
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


def _land_notes(
    song: Any,
    live: Any,
    place: tuple[Any, int],
    suggestion: Suggestion,
    apart: bool,
    made: list[Any],
) -> None:
    """Make a clip, or one of each part, one below the other."""
    track, after = place
    parts: dict[str, list[Any]] = {}
    for part, pitch, start, length, velocity in suggestion.notes:
        specified = live.Clip.MidiNoteSpecification(
            pitch=pitch, start_time=start, duration=length, velocity=float(velocity), mute=False
        )
        parts.setdefault(part if apart else "", []).append(specified)
    bar = clips.bar_beats(song)
    end = max(start + length for _, _, start, length, _ in suggestion.notes)
    beats = max(1.0, math.ceil(end / bar - 1e-6)) * bar
    for part, specified_notes in parts.items():
        slot, after = _free_slot(track, after)
        made.append(slot)
        slot.create_clip(beats)
        slot.clip.add_new_notes(tuple(specified_notes))
        slot.clip.name = f"{suggestion.title}: {part}" if part else suggestion.title
