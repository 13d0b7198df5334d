"""What AbletonOSC is asked: all that is not known yet, several hundred questions in one go.

It works through its whole queue ten times a second, so that many questions cost as long as one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain, islice

from bridge.daws.adapter import Said, Song, Track
from bridge.daws.live import devices, told_clip

__all__ = ["MAX_QUESTIONS", "open_questions"]

MAX_QUESTIONS = 600
"""Said in one go; what is left is asked when these were answered."""


def open_questions(song: Song) -> tuple[Said, ...]:
    """Return what to ask next; empty where all is known."""
    every = (_about_song, _about_tracks, _about_slots, _about_clip)
    return tuple(islice(chain.from_iterable(about(song) for about in every), MAX_QUESTIONS))


def _about_song(song: Song) -> Iterator[Said]:
    known = song.parameters
    if song.tempo_bpm is None:
        yield Said("/live/song/get/tempo")
    for word, name in (
        ("numerator", "signature_numerator"),
        ("denominator", "signature_denominator"),
        ("root", "root_note"),
        ("scale", "scale_name"),
        ("scenes", "num_scenes"),
        ("tracks", "track_names"),
    ):
        if word not in known:
            yield Said(f"/live/song/get/{name}")
    if song.trouble:  # with the master or a return track selected these are errors each time
        return
    if song.selected_track is None:
        yield Said("/live/view/get/selected_track")
    if "clip_scene" not in known:
        yield Said("/live/view/get/selected_clip")


def _about_tracks(song: Song) -> Iterator[Said]:
    known = song.parameters
    for index, track in song.tracks.items():
        if track.gain_db is None:
            yield Said("/live/track/get/volume", (index,))
        if track.pan is None:
            yield Said("/live/track/get/panning", (index,))
        if f"mute/{index}" not in known:
            yield Said("/live/track/get/mute", (index,))
        if f"devices/{index}" not in known:
            yield Said("/live/track/get/devices/class_name", (index,))
        yield from _about_devices(known, track)


def _about_devices(known: Mapping[str, float], track: Track) -> Iterator[Said]:
    for device, title in enumerate(track.devices):
        if title not in devices.DEVICES.values():
            continue
        home = f"{track.index}/{device}"
        if f"{home}/maxs" not in known:
            for what in ("name", "value", "min", "max"):
                yield Said(f"/live/device/get/parameters/{what}", (track.index, device))
        for index in devices.unread(known, home, title):
            yield Said("/live/device/get/parameter/value_string", (track.index, device, index))


def _about_slots(song: Song) -> Iterator[Said]:
    """Ask which slots of the selected track are free."""
    known, selected = song.parameters, song.selected_track
    if selected not in song.tracks:
        return
    if f"midi/{selected}" not in known:
        yield Said("/live/track/get/has_midi_input", (selected,))
    for scene in range(int(known.get("scenes", 0))):
        if f"slot/{selected}/{scene}" not in known:
            yield Said("/live/clip_slot/get/has_clip", (selected, scene))


def _about_clip(song: Song) -> Iterator[Said]:
    known, clip = song.parameters, song.clip
    if "clip_scene" not in known:
        return
    place = (int(known["clip_track"]), int(known["clip_scene"]))
    if f"slot/{place[0]}/{place[1]}" not in known:
        yield Said("/live/clip_slot/get/has_clip", place)
    if clip is None:
        return
    sound = known.get("clip/is_audio_clip")
    for fact in ("name", *told_clip.FACTS, *(told_clip.SOUND_FACTS if sound else ())):
        if f"clip/{fact}" not in known:
            yield Said(f"/live/clip/get/{fact}", place)
    if sound == 0.0 and {"clip/start_marker", "clip/end_marker"} <= known.keys():
        pages = told_clip.clip_pages(song, clip)
        if known.get("clip/pages", 0) < len(pages):
            for start, length in pages:
                yield Said("/live/clip/get/notes", (*place, 0, 128, start, length))
