"""Reading the set: where a clip is, which part of it sounds, tempo, metre and key."""

from __future__ import annotations

from typing import Any

from .note_file import Note
from .trouble import Trouble

MAX_NOTES = 20000
NEAR_BEATS = 0.1
"""What begins so little after a bar line begins on it."""
METERS = ("4/4", "3/4", "2/4", "6/8", "12/8", "5/4", "7/8")
LOWEST_BPM, HIGHEST_BPM = 30.0, 300.0

_FLATS = ("C", "Db", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B")
_SHARPS = ("C", "C#", "D", "Eb", "E", "F", "F#", "G", "G#", "A", "Bb", "B")
_MAJORS = ("Major", "Lydian", "Mixolydian")
_MINORS = ("Minor", "Dorian", "Phrygian", "Locrian", "Harmonic Minor", "Melodic Minor")
_MODES = (*_MAJORS, *_MINORS)


def is_gone(thing: Any) -> bool:
    """Tell whether something was deleted: what is left of it in Python equals None."""
    return bool(thing == None)  # noqa: E711  Live overloads ==, and "is" would not ask it


def mark(thing: Any) -> Any:
    """Return what tells one clip from all others, in whatever wrapper it comes."""
    return getattr(thing, "_live_ptr", None) or id(thing)


def home(clip: Any) -> tuple[Any, int]:
    """Return the track of a clip and its slot there, -1 for one of the arrangement."""
    slot, place = -1, clip.canonical_parent
    inner = place
    for _ in range(4):
        if is_gone(place):
            break
        if hasattr(place, "clip_slots"):
            slots = list(place.clip_slots)
            slot = slots.index(inner) if inner in slots else -1
            return place, slot
        inner, place = place, place.canonical_parent
    raise Trouble("Cannot tell on which track this clip is.")


def meter(song: Any) -> tuple[int, int]:
    """Return the metre of the set."""
    return int(song.signature_numerator), int(song.signature_denominator)


def bar_beats(song: Any) -> float:
    """Return the length of a bar in quarter notes."""
    upper, lower = meter(song)
    return upper * 4.0 / lower


def context(song: Any, bpm: float) -> dict[str, str]:
    """Return tempo, metre and key as settings, each only where bandmate takes it."""
    found = {}
    if LOWEST_BPM <= bpm <= HIGHEST_BPM:
        found["tempo"] = f"{round(bpm, 3):g}"
    signature = "{}/{}".format(*meter(song))
    if signature in METERS:
        found["meter"] = signature
    key = key_of(song)
    if key:
        found["key"] = key
    return found


def key_of(song: Any) -> str:
    """Name the key where the scale is switched on; before Live 12 nobody can tell: none."""
    scale = str(getattr(song, "scale_name", ""))
    if not getattr(song, "scale_mode", False) or scale not in _MODES:
        return ""
    names = _FLATS if scale in _MAJORS else _SHARPS
    return f"{names[int(song.root_note) % 12]} {scale.lower()}"


def notes(clip: Any) -> list[Note]:
    """Return the notes that sound, from where the clip begins; muted ones are left out."""
    start, end = _range(clip)
    if end <= start:
        return []
    every = list(clip.get_notes_extended(0, 128, start, end - start))[:MAX_NOTES]
    heard = [note for note in every if not note.mute]
    return [
        Note(
            int(note.pitch),
            float(note.start_time) - start,
            min(float(note.duration), end - float(note.start_time)),
            min(127, max(1, round(note.velocity))),
        )
        for note in sorted(heard, key=lambda note: (note.start_time, note.pitch))
    ]


def past_bar_line(song: Any, clip: Any) -> float:
    """Return how many beats after a bar line a clip begins.

    Live launches a clip of the session on a bar line; one of the arrangement lies where it lies.
    """
    _, slot = home(clip)
    return float(clip.start_time) % bar_beats(song) if slot < 0 else 0.0


def seconds_to_bar_line(song: Any, clip: Any) -> float:
    """Return after how many seconds of its file a sound passes a bar line; 0 where never."""
    late = past_bar_line(song, clip)
    wait = bar_beats(song) - late if late > NEAR_BEATS else 0.0
    start, end = _range(clip)
    bpm = recorded_bpm(song, clip)
    beats = end - start if clip.warping else (end - start) * bpm / 60.0
    return wait * 60.0 / bpm if wait + 1.0 <= beats else 0.0


def recorded_bpm(song: Any, clip: Any) -> float:
    """Return the tempo of a sound in its file: Live plays a warped one faster or slower."""
    tempo = float(song.tempo)
    if not is_stretched(song, clip):
        return tempo
    start, end = _range(clip)
    seconds = clip.beat_to_sample_time(end) - clip.beat_to_sample_time(start)
    return (end - start) * 60.0 * float(clip.sample_rate) / float(seconds)


def cut(clip: Any, skipped_seconds: float = 0.0) -> tuple[float, float] | None:
    """Return which seconds of its file a clip plays after the first, None where it plays all."""
    rate = float(getattr(clip, "sample_rate", 0.0))
    start, end = _range(clip)
    if clip.warping:
        if not rate:
            raise Trouble("Live before 11.1 does not tell which part of a warped file plays.")
        try:
            start, end = (clip.beat_to_sample_time(beat) / rate for beat in (start, end))
        except RuntimeError:
            raise Trouble(
                "Live does not tell which part of the file plays: unwarp the clip."
            ) from None
    whole = float(clip.sample_length) / rate if rate else end
    start, end = max(0.0, start + skipped_seconds), min(end, whole)
    if end - start < 0.05:
        raise Trouble("The clip is empty: its markers leave nothing of the file.")
    return None if start < 0.001 and whole - end < 0.001 else (start, end)


def is_stretched(song: Any, clip: Any) -> bool:
    """Tell whether a clip plays its file faster or slower than it was recorded."""
    if not clip.warping:
        return False
    start, end = _range(clip)
    rate = float(clip.sample_rate)
    seconds = (clip.beat_to_sample_time(end) - clip.beat_to_sample_time(start)) / rate
    played = (end - start) * 60.0 / float(song.tempo)
    return bool(abs(played - seconds) > 0.005 * seconds)


def _range(clip: Any) -> tuple[float, float]:
    """Return where the sounding part begins and ends: beats, or seconds where not warped."""
    if clip.looping:
        return float(clip.loop_start), float(clip.loop_end)
    return float(clip.start_marker), float(clip.end_marker)
