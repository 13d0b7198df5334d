"""Ardour's OSC: strips, faders, pan and mute.

Ardour answers whoever asks, unless its settings name a port: ``/set_surface/port 0`` undoes that
for us. With feedback on it tells every strip, and every change after it, our own among them, as
``/strip/gain strip value``: so what was set is read back. A question about one value would be
answered without the strip. Tempo, notes and takes cannot be said over it: they are the script's
(``script/``). See `bridge.daws.adapter.Adapter` for the contract.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace

from assistant.errors import DawError
from assistant.material import Score
from assistant.moves import Move
from bridge.daws.adapter import Said, Song, Track, Value, called

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

TITLE = "Ardour"
LISTENS = 3819
HEARS = 0

MAX_STRIPS = 512
MAX_NAME = 200
LOWEST_DB, HIGHEST_DB = -193.0, 6.0
"""How far Ardour's faders go."""

_MASTER = 0
_FEEDBACK = 1 + 2 + 16  # switches and names, faders and pans, the master
_ALL = (Said("/set_surface/port", (0,)), Said("/set_surface/feedback", (_FEEDBACK,)))
_STRIPS = Said("/strip/list")
_ADDRESSES = {"gain_db": "gain", "pan": "pan_stereo_position", "mute": "mute"}
_SCRIPT = "ask from inside Ardour instead (Edit > Lua Scripts > bandmate)."


def ask(song: Song) -> tuple[Said, ...]:
    """Ask for the strips; Ardour tells all it knows of them at once."""
    return () if any(index != _MASTER for index in song.tracks) else (*_ALL, _STRIPS)


# What Ardour says


def hear(song: Song, said: Said) -> Song:
    """Fold what Ardour said into what is known."""
    room, _, word = said.address.removeprefix("/").partition("/")
    if room == "master" and len(said.values) == 1:
        return _told(song, _MASTER, word, said.values[0])
    if room == "strip" and len(said.values) == 2:
        index = _whole(said.values[0])
        return song if index is None else _told(song, index, word, said.values[1])
    return song


def _told(song: Song, index: int, word: str, value: Value) -> Song:
    """Fold one value of a strip in."""
    track = song.tracks.get(index, Track(index, "mix" if index == _MASTER else ""))
    if word == "name" and isinstance(value, str) and index != _MASTER:
        return _with(song, replace(track, name=value[:MAX_NAME]))
    number = _number(value)
    if number is None:
        return song
    if word == "select" and number:
        song = replace(song, selected_track=index)
    elif word == "gain":
        song = _with(song, replace(track, gain_db=max(LOWEST_DB, number)))
    elif word == "pan_stereo_position" and 0 <= number <= 1:
        song = _with(song, replace(track, pan=1 - 2 * number))  # Ardour says 1 for left
    elif word == "mute":
        song = replace(song, parameters={**song.parameters, _mute(index): float(number > 0)})
    return song


def _with(song: Song, track: Track) -> Song:
    return replace(song, tracks={**song.tracks, track.index: track})


def _mute(index: int) -> str:
    return f"mute {index}"


def _whole(value: Value) -> int | None:
    """Read the number of a strip; they count from 1."""
    number = _number(value)
    return int(number) if number is not None and 1 <= number <= MAX_STRIPS else None


def _number(value: Value) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if math.isfinite(value) else None


# What is said to Ardour


def move(song: Song, move: Move) -> tuple[Said, ...]:
    """Say a move of a fader, a pan or a mute.

    Raises
    ------
    DawError
        Where it is another parameter, no strip or more than one has the name, or a change is asked
        of what Ardour has not told yet.
    """
    if move.parameter not in _ADDRESSES:
        raise DawError(f"Ardour's OSC reaches faders, pans and mutes; {_SCRIPT}")
    index = _track(song, move.target).index
    value = move.value
    if move.mode == "change":
        before = standing(song, move)
        if before is None:
            raise DawError(f"Ardour has not told where {move.parameter} of {move.target} stands.")
        value += before
    word, said = _ADDRESSES[move.parameter], _in_ardours(move.parameter, value)
    if index == _MASTER:
        return (Said(f"/master/{word}", (said,)),)
    return (Said(f"/strip/{word}", (index, said)),)


def _in_ardours(parameter: str, value: float) -> Value:
    if parameter == "gain_db":
        return float(max(LOWEST_DB, min(HIGHEST_DB, value)))
    if parameter == "pan":
        return (1 - max(-1.0, min(1.0, value))) / 2
    return int(value >= 0.5)


def standing(song: Song, move: Move) -> float | None:
    """Tell where the fader, the pan or the mute of a move stands."""
    try:
        track = _track(song, move.target)
    except DawError:
        return None
    known: Mapping[str, float | None] = {
        "gain_db": track.gain_db,
        "pan": track.pan,
        "mute": song.parameters.get(_mute(track.index)),
    }
    return known.get(move.parameter)


def _track(song: Song, target: str) -> Track:
    if target == "mix":
        return song.tracks.get(_MASTER, Track(_MASTER, "mix"))
    named = called((one for one in song.tracks.values() if one.index != _MASTER), target)
    if len(named) != 1:
        seen = f"{len(named)} strips" if named else "no strip"
        raise DawError(f"Ardour has {seen} of the name {target!r}; name one so, and ask again.")
    return named[0]


def notes(song: Song, score: Score, at_beats: float) -> tuple[Said, ...]:  # noqa: ARG001
    """Raise: notes cannot be said over Ardour's OSC.

    Raises
    ------
    DawError
        Always.
    """
    raise DawError(f"Ardour's OSC takes no notes; {_SCRIPT}")


def audio(song: Song, path: str, at_beats: float) -> tuple[Said, ...]:  # noqa: ARG001
    """Raise: sound cannot be put into the session over Ardour's OSC.

    Raises
    ------
    DawError
        Always.
    """
    raise DawError(f"Ardour's OSC takes no sound files; {_SCRIPT}")


def progress(fraction: float, doing: str) -> tuple[Said, ...]:  # noqa: ARG001
    """Say nothing: Ardour has no place for it that OSC reaches; the script shows it."""
    return ()
