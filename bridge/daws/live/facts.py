"""What Live told in its own way of counting waits in ``Song.parameters``, within bounds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bridge.daws.adapter import Song, Value
from bridge.daws.live.checks import whole

__all__ = ["MAX_FACTS", "MAX_SCENES", "MAX_TRACKS", "is_selected", "noted", "place"]

MAX_TRACKS = 512
MAX_SCENES = 64
MAX_FACTS = 20_000
"""No set that a person made needs more; a liar does not fill the memory."""


def noted(song: Song, told: Mapping[str, float]) -> Song:
    """Write facts down, unless there are too many of them."""
    if len(song.parameters) + len(told) > MAX_FACTS:
        return song
    return replace(song, parameters={**song.parameters, **told})


def place(values: Sequence[Value]) -> tuple[int, int] | None:
    """Read the two indices that a reply begins with."""
    if len(values) < 2:
        return None
    first, second = whole(values[0], MAX_TRACKS - 1), whole(values[1], 9999)
    return None if first is None or second is None else (first, second)


def is_selected(song: Song, place: tuple[int, int]) -> bool:
    """Tell whether a slot, as track and scene, is the selected one."""
    known = song.parameters
    return place == (known.get("clip_track"), known.get("clip_scene"))
