"""REAPER's own OSC, in its default patterns: tempo, tracks, faders and pan.

Notes, takes and effects cannot be said over it: they are the script's (``script/``). REAPER does
not send an address back that it was just told, but it sends the same value in other forms
(``/track/1/volume/str`` after ``/track/1/volume/db``): so what was set is read from those.
See `bridge.daws.adapter.Adapter` for the contract.
"""

from __future__ import annotations

import math
import re
from dataclasses import replace

from assistant.errors import DawError
from assistant.material import Score
from assistant.moves import Move
from bridge.daws.adapter import Said, Song, Track, called

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

TITLE = "REAPER"
LISTENS = 8010  # 8000 and 9000 are what other DAWs take for themselves
HEARS = 9010

TRACKS = 64
"""REAPER tells of this many; its default is 8."""
MAX_NAME = 200
_NO_TRACK_DB = -140.0
_HIGHEST_DB = 24.0
_REFRESH = 41743  # Control surface: refresh all surfaces

_TRACK = re.compile(r"/track/(\d{1,3})/(name|select|volume/db|volume/str|pan|pan/str)")
_DEVICE = re.compile(r"/track/(\d{1,3})/fx/(\d{1,2})/name")
_MASTER = re.compile(r"/master/(volume/str|pan|pan/str)")
_DB = re.compile(r"\s*([+-]?(?:\d+(?:\.\d*)?|inf))\s*dB\s*", re.IGNORECASE)
_PAN = re.compile(r"\s*(\d+)\s*%?\s*([LR])\s*", re.IGNORECASE)
_SCRIPT = "ask from inside REAPER instead (Actions > bandmate)."


def ask(song: Song) -> tuple[Said, ...]:
    """Ask for tempo and tracks; REAPER tells all it knows at once."""
    if song.tempo_bpm is not None and song.tracks:
        return ()
    return (Said("/device/track/count", (TRACKS,)), Said("/action", (_REFRESH,)))


def hear(song: Song, said: Said) -> Song:
    """Fold what REAPER said into what is known."""
    value = said.values[0] if said.values else None
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return song
    if isinstance(value, float) and not math.isfinite(value):
        return song
    if said.address == "/tempo/raw":
        number = _number(value)
        return replace(song, tempo_bpm=number) if number and 1 <= number <= 1000 else song
    device = _DEVICE.fullmatch(said.address)
    if device:
        return _with_device(song, int(device[1]), int(device[2]), str(value)[:MAX_NAME])
    track = _TRACK.fullmatch(said.address)
    if track:
        return _with(song, int(track[1]), track[2], value)
    master = _MASTER.fullmatch(said.address)
    return _with(song, 0, master[1], value) if master else song


def _with(song: Song, index: int, word: str, value: str | float) -> Song:
    """Fold one value of a track in; 0 is the master."""
    if index > TRACKS:
        return song
    if word == "select":
        return _selected(song, index, on=bool(_number(value)))
    new = _told(song.tracks.get(index, _unnamed(index)), word, value)
    if index not in song.tracks and word.startswith("pan") and index:
        return song  # pan is told of strips without a track, too
    tracks = {**song.tracks, index: new}
    if _is_nothing(new):
        del tracks[index]
    return replace(song, tracks=tracks)


def _unnamed(index: int) -> Track:
    """Return what REAPER calls a track without a name."""
    return Track(index, f"Track {index}" if index else "mix")


def _selected(song: Song, index: int, *, on: bool) -> Song:
    if on:
        return replace(song, selected_track=index)
    return replace(song, selected_track=None) if song.selected_track == index else song


def _told(track: Track, word: str, value: str | float) -> Track:
    if word == "name":
        return replace(track, name=str(value)[:MAX_NAME])
    gain = _number(value) if word == "volume/db" else _decibels(value)
    pan = _pan(value) if word == "pan/str" else _centred(value)
    if word.startswith("volume"):
        return track if gain is None else replace(track, gain_db=gain)
    return track if pan is None else replace(track, pan=pan)


def _is_nothing(track: Track) -> bool:
    """Tell whether no track is on this strip: REAPER tells of all strips up to the last."""
    silent = track.gain_db is not None and track.gain_db <= _NO_TRACK_DB
    return silent and track.index > 0 and track.name == _unnamed(track.index).name


def _with_device(song: Song, index: int, place: int, name: str) -> Song:
    track = song.tracks.get(index)
    if track is None or not name or not 1 <= place <= len(track.devices) + 1:
        return song
    devices = (*track.devices[: place - 1], name, *track.devices[place:])
    return replace(song, tracks={**song.tracks, index: replace(track, devices=devices)})


def _number(value: str | float) -> float | None:
    return None if isinstance(value, str) else float(value)


def _decibels(value: str | float) -> float | None:
    """Read ``-6.00dB``; silence is as low as a fader is said to go."""
    found = _DB.fullmatch(value) if isinstance(value, str) else None
    return None if found is None else max(-150.0, float(found[1]))


def _pan(value: str | float) -> float | None:
    """Read ``30%L``, ``C`` or ``center``."""
    if not isinstance(value, str):
        return None
    if value.strip().lower() in {"c", "center"}:
        return 0.0
    found = _PAN.fullmatch(value)
    if found is None or int(found[1]) > 100:
        return None
    return int(found[1]) / 100 * (-1 if found[2].upper() == "L" else 1)


def _centred(value: str | float) -> float | None:
    """Turn 0..1 into -1..1."""
    number = _number(value)
    return None if number is None or not 0 <= number <= 1 else 2 * number - 1


def move(song: Song, move: Move) -> tuple[Said, ...]:
    """Say a move of a fader or a pan.

    Raises
    ------
    DawError
        Where it is another parameter, no track or more than one has the name, or a change is asked
        of what REAPER has not told yet.
    """
    if move.parameter not in {"gain_db", "pan"}:
        raise DawError(f"REAPER's OSC reaches faders and pans; {_SCRIPT}")
    index = _track(song, move.target).index
    value = move.value
    if move.mode == "change":
        before = standing(song, move)
        if before is None:
            raise DawError(f"REAPER has not told where {move.parameter} of {move.target} stands.")
        value += before
    if move.parameter == "gain_db":
        if value > _HIGHEST_DB:
            raise DawError(
                f"{move.target} would be at {value:+.1f} dB; +24 is the most that is set."
            )
        return (Said(f"/track/{index}/volume/db", (float(value),)),)
    place = (max(-1.0, min(1.0, value)) + 1) / 2
    return (Said(f"/track/{index}/pan" if index else "/master/pan", (place,)),)


def standing(song: Song, move: Move) -> float | None:
    """Tell where the fader or the pan of a move stands."""
    try:
        track = _track(song, move.target)
    except DawError:
        return None
    return {"gain_db": track.gain_db, "pan": track.pan}.get(move.parameter)


def _track(song: Song, target: str) -> Track:
    if target == "mix":
        return song.tracks.get(0, Track(0, "mix"))
    named = called((one for one in song.tracks.values() if one.index), target)
    if len(named) != 1:
        seen = f"{len(named)} tracks" if named else "no track"
        raise DawError(
            f"REAPER has {seen} of the name {target!r}; name the track so, and ask again."
        )
    return named[0]


def notes(song: Song, score: Score, at_beats: float) -> tuple[Said, ...]:  # noqa: ARG001
    """Raise: notes cannot be said over REAPER's OSC.

    Raises
    ------
    DawError
        Always.
    """
    raise DawError(f"REAPER's OSC takes no notes; {_SCRIPT}")


def audio(song: Song, path: str, at_beats: float) -> tuple[Said, ...]:  # noqa: ARG001
    """Raise: sound cannot be put into the session over REAPER's OSC.

    Raises
    ------
    DawError
        Always.
    """
    raise DawError(f"REAPER's OSC takes no sound files; {_SCRIPT}")


def progress(fraction: float, doing: str) -> tuple[Said, ...]:  # noqa: ARG001
    """Say nothing: REAPER has no place for it that OSC reaches; the script draws it."""
    return ()
