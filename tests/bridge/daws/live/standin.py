"""A stand-in of Live's Python API, as much as the Remote Script touches: a set in plain objects.

Deleted objects equal None, as Live's do; every write to a name counts as a step of Undo unless it
is inside one.
"""

from __future__ import annotations

import sys
import types
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from types import SimpleNamespace
from typing import Any, ClassVar

_pointers = count(1)


class Thing:
    """What can be deleted."""

    def __init__(self, parent: Any = None) -> None:
        self.canonical_parent = parent
        self.gone = False
        self._live_ptr = next(_pointers)

    def __getattribute__(self, name: str) -> Any:
        """Refuse as Live does to tell anything of what was deleted."""
        known = object.__getattribute__(self, "__dict__")
        if known.get("gone") and name not in {"gone", "_live_ptr", "__class__", "__dict__"}:
            raise TypeError("Python argument types did not match C++ signature")
        return object.__getattribute__(self, name)

    def __eq__(self, other: object) -> bool:
        return self.gone if other is None else self is other

    def __hash__(self) -> int:
        return self._live_ptr


class Clip(Thing):
    """A clip; `seconds` and `rate` are those of its file."""

    def __init__(self, parent: Any, beats: float = 4.0, file_path: str = "") -> None:
        super().__init__(parent)
        self.name = ""
        self.is_audio_clip = bool(file_path)
        self.file_path = file_path
        self.warping = False
        self.looping = False
        self.start_marker = self.loop_start = 0.0
        self.end_marker = self.loop_end = beats
        self.sample_rate, self.sample_length = 48000.0, 48000 * 30
        self.beat_seconds = 0.5
        self.start_time = 0.0
        self.notes: list[Any] = []

    def beat_to_sample_time(self, beat: float) -> float:
        if not self.warping:
            raise RuntimeError("the clip is not warped")
        return beat * self.beat_seconds * self.sample_rate

    def get_notes_extended(self, low: int, pitches: int, start: float, beats: float) -> list[Any]:
        return [
            note
            for note in self.notes
            if low <= note.pitch < low + pitches and start <= note.start_time < start + beats
        ]

    def add_new_notes(self, notes: tuple[Any, ...]) -> None:
        self.notes += notes


class Slot(Thing):
    """A clip slot."""

    def __init__(self, parent: Any) -> None:
        super().__init__(parent)
        self.clip: Any = None

    @property
    def has_clip(self) -> bool:
        return self.clip is not None

    def create_clip(self, beats: float) -> None:
        if self.has_clip or not self.canonical_parent.has_midi_input:
            raise RuntimeError("only empty slots of MIDI tracks")
        self.clip = Clip(self, beats)

    def create_audio_clip(self, path: str) -> Any:
        if self.has_clip or not self.canonical_parent.has_audio_input:
            raise RuntimeError("only empty slots of audio tracks")
        self.clip = Clip(self, 60.0, path)
        self.clip.warping = True
        return self.clip

    def delete_clip(self) -> None:
        self.clip.gone = True
        self.clip = None


class Track(Thing):
    """A track."""

    def __init__(self, name: str, midi: bool, slots: int) -> None:
        super().__init__()
        self.name = name
        self.has_midi_input, self.has_audio_input = midi, not midi
        self.is_frozen = False
        self.clip_slots = [Slot(self) for _ in range(slots)]


class Song:
    """A set of a MIDI track and an audio track, the first clip of each in view."""

    def __init__(self) -> None:
        self.tempo = 96.0
        self.signature_numerator, self.signature_denominator = 3, 4
        self.root_note, self.scale_name, self.scale_mode = 9, "Minor", True
        self.can_redo = False
        self.tracks = [Track("Keys", True, 4), Track("Vox", False, 4)]
        self.steps: list[str] = []
        self.keys = self.tracks[0].clip_slots[0]
        self.keys.create_clip(6.0)
        self.keys.clip.name = "verse"
        self.keys.clip.notes = [
            SimpleNamespace(pitch=60, start_time=0.0, duration=1.0, velocity=100.0, mute=False),
            SimpleNamespace(pitch=64, start_time=3.0, duration=9.0, velocity=1.0, mute=False),
            SimpleNamespace(pitch=99, start_time=1.0, duration=1.0, velocity=90.0, mute=True),
        ]
        self.vox = self.tracks[1].clip_slots[0]
        self.vox.create_audio_clip("/home/me/vox.wav")
        self.vox.clip.warping = False
        self.vox.clip.start_marker, self.vox.clip.end_marker = 12.5, 20.25
        self.vox.clip.name = "take 3"
        self.view = SimpleNamespace(detail_clip=self.keys.clip, highlighted_clip_slot=self.keys)

    def arranged(self, slot: Slot, start_time: float) -> Clip:
        """Put the clip of a slot into the arrangement instead."""
        clip: Clip = slot.clip
        slot.clip = None
        clip.canonical_parent, clip.start_time = slot.canonical_parent, start_time
        self.view.detail_clip, self.view.highlighted_clip_slot = clip, None
        return clip

    def begin_undo_step(self) -> None:
        self.steps.append("begin")

    def end_undo_step(self) -> None:
        self.steps.append("end")

    def create_midi_track(self, index: int) -> Track:
        return self._create(index, midi=True)

    def create_audio_track(self, index: int) -> Track:
        return self._create(index, midi=False)

    def _create(self, index: int, *, midi: bool) -> Track:
        track = Track("new", midi, 4)
        self.tracks.insert(index, track)
        return track


class Instance:
    """What Live hands to a script."""

    def __init__(self, song: Song) -> None:
        self._song = song
        self.shown: list[str] = []
        self.logged: list[str] = []

    def song(self) -> Song:
        return self._song

    def show_message(self, text: str) -> None:
        self.shown.append(text)

    def log_message(self, text: str) -> None:
        self.logged.append(text)


class Timer:
    """A timer that the test turns; like Live's, it stops for good at an exception."""

    made: ClassVar[list[Timer]] = []

    def __init__(self, *, callback: Callable[[], None], interval: int, repeat: bool) -> None:
        assert interval > 0
        assert repeat
        self._callback = callback
        self.runs = False
        Timer.made.append(self)

    def start(self) -> None:
        self.runs = True

    def stop(self) -> None:
        self.runs = False

    def turn(self) -> None:
        try:
            if self.runs:
                self._callback()
        except BaseException:
            self.runs = False
            raise


class Surface:
    """The control surface of Live's framework."""

    def __init__(self, c_instance: Any) -> None:
        self.disconnected = False

    def update_display(self) -> None:
        pass

    def disconnect(self) -> None:
        self.disconnected = True


def live_module() -> types.ModuleType:
    """Make the module ``Live``."""
    module = types.ModuleType("Live")
    module.Base = SimpleNamespace(Timer=Timer)  # type: ignore[attr-defined]
    module.Clip = SimpleNamespace(MidiNoteSpecification=SimpleNamespace)  # type: ignore[attr-defined]
    return module


@contextmanager
def inside_live() -> Iterator[None]:
    """Let ``Live`` and ``ableton.v2.control_surface`` be imported, for as long as this lasts."""
    surface = types.ModuleType("ableton.v2.control_surface")
    surface.ControlSurface = Surface  # type: ignore[attr-defined]
    fakes = {"Live": live_module(), "ableton.v2.control_surface": surface}
    fakes |= {name: types.ModuleType(name) for name in ("ableton", "ableton.v2")}
    before = {name: sys.modules.get(name) for name in fakes}
    sys.modules.update(fakes)
    try:
        yield
    finally:
        for name, module in before.items():
            sys.modules.pop(name, None)
            if module is not None:
                sys.modules[name] = module
