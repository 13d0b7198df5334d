"""What DrivenByMoss says, folded into what is known; it pushes all, and answers ``/refresh``."""

from __future__ import annotations

import math
import re
from dataclasses import replace

from bridge.daws.adapter import Clip, Said, Song, Track, Value

__all__ = ["MAX_BANK", "fold", "has"]

MAX_BANK = 200
"""Tracks or slots that DrivenByMoss shows at most; 8 unless its settings say more."""

MAX_NAME = 200

_TRACK = re.compile(r"/track/(\d{1,3})/(\w+)")
_MASTER = re.compile(r"/master/(\w+)")
_SLOT = re.compile(r"/track/(\d{1,3})/clip/(\d{1,3})/(hasContent|isSelected|name)")
_SCENE = re.compile(r"/scene/(\d{1,3})/exists")
_METER = re.compile(r"\s*(\d{1,3})\s*/\s*(\d{1,3})\s*")
_DECIBELS = re.compile(r"\s*([+-]?\d{1,3}(?:[.,]\d{1,3})?)\s*dB\s*", re.IGNORECASE)
_SILENCE = re.compile(r"\s*-\s*(inf\w*|\?)\s*(dB)?\s*", re.IGNORECASE)  # "?" is no ASCII: infinity
_SILENCE_DB = -120.0
_FLAGS = ("canHoldNotes", "canHoldAudioData", "mute", "pan", "volume")
_DENOMINATORS = frozenset({1, 2, 4, 8, 16, 32, 64})
_MIX = Track(0, "mix")


def has(song: Song, word: str) -> bool:
    """Tell whether a parameter was told, and is on."""
    return bool(song.parameters.get(word))


def fold(song: Song, said: Said) -> Song:
    """Fold one message in; what is not understood, or is out of all bounds, changes nothing."""
    value = said.values[0] if said.values else None
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        return song
    if said.address in {"/tempo/raw", "/time/signature"}:
        return _with_time(song, value)
    if found := _TRACK.fullmatch(said.address):
        return _with_track(song, int(found[1]), found[2], value)
    if found := _MASTER.fullmatch(said.address):
        known = replace(song, tracks={**song.tracks, 0: song.tracks.get(0, _MIX)})
        return _with_strip(known, 0, found[1], value) if found[1] != "name" else song
    if found := _SLOT.fullmatch(said.address):
        return _with_slot(song, int(found[1]), int(found[2]), found[3], value)
    return _with_scene(song, said.address, value)


def _with_scene(song: Song, address: str, value: Value) -> Song:
    found = _SCENE.fullmatch(address)
    if found is None or not 1 <= int(found[1]) <= MAX_BANK:
        return song
    return replace(song, parameters={**song.parameters, f"scene/{int(found[1])}": _on(value)})


def _number(value: Value) -> float | None:
    return None if isinstance(value, str | None) else float(value)


def _on(value: Value) -> float:
    return float(bool(_number(value)))


def _with_time(song: Song, value: Value) -> Song:
    """Fold in a tempo, which is a number, or a metre, which is a text such as ``4 / 4``."""
    bpm, found = _number(value), _METER.fullmatch(str(value))
    if bpm is not None:
        return replace(song, tempo_bpm=bpm) if 1 <= bpm <= 1000 else song
    over, under = (int(found[1]), int(found[2])) if found else (0, 0)
    return replace(song, meter=(over, under)) if over and under in _DENOMINATORS else song


def _with_track(song: Song, index: int, word: str, value: Value) -> Song:
    """Fold one word of a strip in; a strip without a track says that there is none."""
    if not 1 <= index <= MAX_BANK:
        return song
    if word == "exists":
        return _there(song, index) if _number(value) else _gone(song, index)
    if index not in song.tracks:
        return song
    if word == "selected":
        if _number(value):
            return replace(song, selected_track=index)
        return replace(song, selected_track=None) if song.selected_track == index else song
    return _with_strip(song, index, word, value)


def _there(song: Song, index: int) -> Song:
    track = song.tracks.get(index, Track(index, f"Track {index}"))
    return replace(song, tracks={**song.tracks, index: track})


def _gone(song: Song, index: int) -> Song:
    """Forget a track and all that was told of it: another may take its place in the bank."""
    tracks = {one: track for one, track in song.tracks.items() if one != index}
    about = f"{index}/"
    parameters = {name: one for name, one in song.parameters.items() if not name.startswith(about)}
    clip = None if song.clip is not None and song.clip.track == index else song.clip
    selected = None if song.selected_track == index else song.selected_track
    return replace(song, tracks=tracks, parameters=parameters, clip=clip, selected_track=selected)


def _with_strip(song: Song, index: int, word: str, value: Value) -> Song:
    track = song.tracks[index]
    if word == "name":
        name = str(value)[:MAX_NAME] or f"Track {index}"
        return replace(song, tracks={**song.tracks, index: replace(track, name=name)})
    if word == "volumeStr":
        gain = _decibels(str(value))
        return replace(song, tracks={**song.tracks, index: replace(track, gain_db=gain)})
    number = _number(value)
    if word not in _FLAGS or number is None:
        return song
    return replace(song, parameters={**song.parameters, f"{index}/{word}": number})


def _decibels(text: str) -> float | None:
    """Read ``-6.0 dB``; silence is as low as a fader is said to go."""
    if _SILENCE.fullmatch(text):
        return _SILENCE_DB
    found = _DECIBELS.fullmatch(text)
    return None if found is None else float(found[1].replace(",", "."))


def _with_slot(song: Song, index: int, slot: int, word: str, value: Value) -> Song:
    """Fold one word of a slot in; those of tracks that are not selected are none of our business.

    On a large page they are tens of thousands.
    """
    if index != song.selected_track or not 1 <= slot <= MAX_BANK:
        return song
    place = f"{index}/clip/{slot}"
    if word == "name":
        return _with_slot_name(song, index, place, str(value)[:MAX_NAME])
    was_selected, number = has(song, f"{place}/isSelected"), _on(value)
    song = replace(song, parameters={**song.parameters, f"{place}/{word}": number})
    if word == "isSelected" and number:
        return replace(song, clip=Clip(index, _slot_name(song, place)))
    if word == "isSelected" and was_selected:
        return replace(song, clip=None)
    return song


def _with_slot_name(song: Song, index: int, place: str, name: str) -> Song:
    """Keep the name of a slot: it is told before the slot is said to be selected, and only once."""
    old, known = _slot_name(song, place), song.parameters
    if old:
        known = {key: one for key, one in known.items() if key != f"{place}/name/{old}"}
    if name:
        known = {**known, f"{place}/name/{name}": 1.0, f"{place}/named": 1.0}
    song = replace(song, parameters=known)
    if song.clip is None or song.clip.track != index or not has(song, f"{place}/isSelected"):
        return song
    return replace(song, clip=replace(song.clip, name=name))


def _slot_name(song: Song, place: str) -> str:
    if f"{place}/named" not in song.parameters:
        return ""
    start = f"{place}/name/"
    return next((key[len(start) :] for key in song.parameters if key.startswith(start)), "")
