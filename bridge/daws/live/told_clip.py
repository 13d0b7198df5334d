"""What AbletonOSC told of the selected clip: which part of it sounds, and its notes, by pages."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from assistant.material import Note
from bridge.daws.adapter import Clip, Song, Value
from bridge.daws.live.checks import real, text, whole
from bridge.daws.live.facts import is_selected, noted, place

__all__ = ["FACTS", "SOUND_FACTS", "clip_fact", "clip_pages"]

FACTS = ("is_audio_clip", "start_marker", "end_marker")
SOUND_FACTS = ("warping", "file_path")

MAX_NOTES = 4096
MAX_PAGES = 32
PAGE_BEATS = 16.0
"""Notes are asked for a few bars at a time: too long an answer is lost on the way."""


def clip_pages(song: Song, clip: Clip) -> tuple[tuple[float, float], ...]:
    """Cut the range of a clip of notes into pages: first beat and length, as the clip counts."""
    start = song.parameters.get("clip/start_marker", 0.0)
    page = max(PAGE_BEATS, clip.length_beats / MAX_PAGES)
    count = max(1, math.ceil(clip.length_beats / page - 1e-9))
    ends = start + clip.length_beats
    return tuple(
        (start + n * page, min(page, max(ends - start - n * page, 1e-3))) for n in range(count)
    )


def clip_fact(song: Song, fact: str, values: Sequence[Value]) -> Song:
    """Fold one thing in that was told of a clip; only the selected one is looked at."""
    where = place(values)
    if where is None or song.clip is None or not is_selected(song, where):
        return song
    if fact == "notes":
        return _notes(song, song.clip, values[2:])
    value = values[2] if len(values) > 2 else None
    if fact == "name" and (name := text(value)) is not None:
        return replace(noted(song, {"clip/name": 1}), clip=replace(song.clip, name=name))
    if fact == "file_path" and (path := text(value)) is not None:
        return replace(noted(song, {"clip/file_path": 1}), clip=replace(song.clip, path=path))
    if fact not in {*FACTS, *SOUND_FACTS}:
        return song
    number = real(float(value) if isinstance(value, bool) else value)
    return song if number is None else _ranged(noted(song, {f"clip/{fact}": number}))


def _ranged(song: Song) -> Song:
    """Work out which part of a clip sounds, as far as it was told.

    The markers are beats, but seconds in sound that is not warped. Where it is warped, only Live
    knows which seconds of the file they are: the range stays 0, which is the whole file.
    """
    known, clip = song.parameters, song.clip
    start, end = known.get("clip/start_marker"), known.get("clip/end_marker")
    if clip is None or start is None or end is None or end < start:
        return song
    if known.get("clip/is_audio_clip") and known.get("clip/warping") == 0.0:
        beats = (end - start) * (song.tempo_bpm or 120.0) / 60.0
        first = max(0.0, start)
        clip = replace(clip, offset_seconds=first, length_seconds=max(0.0, end - first))
        return replace(song, clip=replace(clip, length_beats=beats))
    return replace(song, clip=replace(clip, length_beats=end - start))


def _notes(song: Song, clip: Clip, values: Sequence[Value]) -> Song:
    """Add a page of notes; one that comes twice changes nothing but the count of pages."""
    start = song.parameters.get("clip/start_marker", 0.0)
    rows = [values[at : at + 5] for at in range(0, min(len(values), 5 * MAX_NOTES), 5)]
    page = [note for note in (_note(row, start) for row in rows) if note is not None]
    notes = sorted({*clip.notes, *page}, key=lambda note: (note.start, note.pitch))
    counted = noted(song, {"clip/pages": song.parameters.get("clip/pages", 0.0) + 1})
    return replace(counted, clip=replace(clip, notes=tuple(notes[:MAX_NOTES])))


def _note(row: Sequence[Value], zero: float) -> Note | None:
    if len(row) < 5 or row[4] is True:  # a muted note is not heard
        return None
    pitch, start, length = whole(row[0], 127), real(row[1]), real(row[2], 1e-6)
    velocity = real(row[3], 0.0, 127.0)
    if pitch is None or start is None or length is None or velocity is None:
        return None
    return Note(float(pitch), start - zero, length, max(1, round(velocity)))
