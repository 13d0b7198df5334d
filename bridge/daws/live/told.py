"""What AbletonOSC told, folded into a `Song`: one small function an address.

All of it is hostile until checked: numbers are finite and in range, texts are short, lists end.
What Live counts in its own way waits in `Song.parameters` under names made here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeAlias

from bridge.daws.adapter import Clip, Said, Song, Track, Value
from bridge.daws.live import law
from bridge.daws.live.checks import flag, real, shown, text, whole
from bridge.daws.live.devices import DEVICES, KEPT, SHOWN
from bridge.daws.live.facts import MAX_SCENES, MAX_TRACKS, is_selected, noted, place
from bridge.daws.live.told_clip import clip_fact

__all__ = ["fold"]

MAX_DEVICES = 64
MAX_PARAMETERS = 512

_Fold: TypeAlias = Callable[[Song, Sequence[Value]], Song]
_SCALES = tuple(law.SCALES)


def fold(song: Song, said: Said) -> Song:
    """Fold one message in; what is not understood changes nothing."""
    one = _FOLDS.get(said.address)
    if one is not None:
        return one(song, said.values)
    if said.address.startswith("/live/clip/get/"):
        return clip_fact(song, said.address[len("/live/clip/get/") :], said.values)
    if said.address.startswith("/live/device/get/parameters/"):
        return _parameters(song, said.address[len("/live/device/get/parameters/") :], said.values)
    return song


def _with(song: Song, **told: float | None) -> Song:
    return noted(song, {name: value for name, value in told.items() if value is not None})


# The song


def _tempo(song: Song, values: Sequence[Value]) -> Song:
    bpm = real(values[0], 5.0, 1000.0) if values else None
    return song if bpm is None else replace(song, tempo_bpm=bpm)


def _signature(part: str) -> _Fold:
    def fold_part(song: Song, values: Sequence[Value]) -> Song:
        song = _with(song, **{part: whole(values[0], 99) if values else None})
        upper, lower = song.parameters.get("numerator"), song.parameters.get("denominator")
        if not upper or lower not in {1.0, 2.0, 4.0, 8.0, 16.0}:
            return song
        return replace(song, meter=(int(upper), int(lower)))

    return fold_part


def _root(song: Song, values: Sequence[Value]) -> Song:
    return _keyed(_with(song, root=whole(values[0], 11) if values else None))


def _scale(song: Song, values: Sequence[Value]) -> Song:
    name = text(values[0]) if values else None
    if name is None:
        return song
    return _keyed(_with(song, scale=_SCALES.index(name) if name in _SCALES else -1))


def _keyed(song: Song) -> Song:
    root, scale = song.parameters.get("root"), song.parameters.get("scale", -1.0)
    if root is None or scale < 0:
        return song
    return replace(song, key=law.key(int(root), _SCALES[int(scale)]))


def _scenes(song: Song, values: Sequence[Value]) -> Song:
    count = whole(values[0], 10_000) if values else None
    return _with(song, scenes=None if count is None else min(count, MAX_SCENES))


# Tracks


def _names(song: Song, values: Sequence[Value]) -> Song:
    names = [text(value) or "" for value in values[:MAX_TRACKS]]
    known = song.tracks
    tracks = {
        index: known[index] if index in known and known[index].name == name else Track(index, name)
        for index, name in enumerate(names)
    }
    return replace(_with(song, tracks=len(tracks)), tracks=tracks)


def _volume(song: Song, values: Sequence[Value]) -> Song:
    track, volume = _strip(song, values), real(values[1], 0.0, 1.0) if len(values) > 1 else None
    if track is None or volume is None:
        return song
    return _changed(song, replace(track, gain_db=law.gain_db(volume)))


def _panning(song: Song, values: Sequence[Value]) -> Song:
    track, pan = _strip(song, values), real(values[1], -1.0, 1.0) if len(values) > 1 else None
    return song if track is None or pan is None else _changed(song, replace(track, pan=pan))


def _track_flag(word: str) -> _Fold:
    def fold_flag(song: Song, values: Sequence[Value]) -> Song:
        track, said = _strip(song, values), flag(values[1]) if len(values) > 1 else None
        return song if track is None else _with(song, **{f"{word}/{track.index}": said})

    return fold_flag


def _devices(song: Song, values: Sequence[Value]) -> Song:
    track = _strip(song, values)
    if track is None:
        return song
    names = [text(value) or "" for value in values[1 : MAX_DEVICES + 1]]
    titles = tuple(DEVICES.get(name, name) for name in names)
    told = noted(song, {f"devices/{track.index}": len(titles)})
    return _changed(told, replace(track, devices=titles))


def _strip(song: Song, values: Sequence[Value]) -> Track | None:
    index = whole(values[0], MAX_TRACKS - 1) if values else None
    return None if index is None else song.tracks.get(index)


def _changed(song: Song, track: Track) -> Song:
    return replace(song, tracks={**song.tracks, track.index: track})


def _parameters(song: Song, what: str, values: Sequence[Value]) -> Song:
    """Take names, values, lowest or highest of all parameters of a device."""
    where = place(values)
    track = None if where is None else song.tracks.get(where[0])
    if where is None or track is None or where[1] >= len(track.devices):
        return song
    if track.devices[where[1]] not in DEVICES.values():
        return song
    home, told = f"{where[0]}/{where[1]}", values[2 : MAX_PARAMETERS + 2]
    if what == "name":
        named = {f"{home}/name/{name}": n for n, name in enumerate(told) if name in KEPT}
        return noted(song, {**named, f"{home}/names": len(told)})
    if what not in {"value", "min", "max"} or f"{home}/names" not in song.parameters:
        return song
    indices = (song.parameters.get(f"{home}/name/{name}") for name in KEPT)
    places = (int(index) for index in indices if index is not None and index < len(told))
    numbers = {f"{home}/{what}/{n}": real(told[n]) for n in places}
    known = {name: number for name, number in numbers.items() if number is not None}
    return noted(song, {**known, f"{home}/{what}s": len(told)})


def _shown(song: Song, values: Sequence[Value]) -> Song:
    """Take the text that Live shows for a parameter, as a number in our units."""
    where = place(values)
    index = whole(values[2], MAX_PARAMETERS - 1) if len(values) > 3 else None
    if (
        where is None
        or index is None
        or f"{where[0]}/{where[1]}/value/{index}" not in (song.parameters)
    ):
        return song
    number = shown(text(values[3]) or "")
    return noted(song, {f"{where[0]}/{where[1]}/{SHOWN}/{index}": number})


# The selection


def _selected_track(song: Song, values: Sequence[Value]) -> Song:
    index = whole(values[0], MAX_TRACKS - 1) if values else None
    return song if index is None else replace(song, selected_track=index)


def _selected_clip(song: Song, values: Sequence[Value]) -> Song:
    where = place(values)
    return song if where is None else _with(song, clip_track=where[0], clip_scene=where[1])


def _has_clip(song: Song, values: Sequence[Value]) -> Song:
    where, has = place(values), flag(values[2]) if len(values) > 2 else None
    if where is None or has is None:
        return song
    if where[1] >= MAX_SCENES and not is_selected(song, where):
        return song
    song = noted(song, {f"slot/{where[0]}/{where[1]}": has})
    if has and song.clip is None and is_selected(song, where):
        return replace(song, clip=Clip(where[0], ""))
    return song


# What nobody asked for


def _error(song: Song, values: Sequence[Value]) -> Song:
    return replace(song, trouble=(text(values[0]) if values else None) or "an error without words")


def _startup(_song: Song, _values: Sequence[Value]) -> Song:
    """Forget everything: Live was started anew, maybe with another set."""
    return Song()


_FOLDS: dict[str, _Fold] = {
    "/live/song/get/tempo": _tempo,
    "/live/song/get/signature_numerator": _signature("numerator"),
    "/live/song/get/signature_denominator": _signature("denominator"),
    "/live/song/get/root_note": _root,
    "/live/song/get/scale_name": _scale,
    "/live/song/get/num_scenes": _scenes,
    "/live/song/get/track_names": _names,
    "/live/track/get/volume": _volume,
    "/live/track/get/panning": _panning,
    "/live/track/get/mute": _track_flag("mute"),
    "/live/track/get/has_midi_input": _track_flag("midi"),
    "/live/track/get/devices/class_name": _devices,
    "/live/device/get/parameter/value_string": _shown,
    "/live/view/get/selected_track": _selected_track,
    "/live/view/get/selected_clip": _selected_clip,
    "/live/clip_slot/get/has_clip": _has_clip,
    "/live/error": _error,
    "/live/startup": _startup,
}
