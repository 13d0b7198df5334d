"""A scripted AbletonOSC: tracks, clips and faders in plain lists, answers as the real one's."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from bridge.daws.adapter import Said, Value


@dataclass
class Device:
    """A device: its class, and its parameters as name -> value, lowest, highest.

    `lowest_hz` is where its frequencies begin, which bandmate believes to be 10.
    """

    class_name: str
    parameters: dict[str, list[float]]
    lowest_hz: float = 10.0

    def text(self, name: str) -> str:
        """Say what Live shows for a parameter."""
        value = self.parameters[name][0]
        if "Frequency" in name:
            hz = self.lowest_hz * (22_000.0 / self.lowest_hz) ** value
            return f"{hz:.3g} Hz" if hz < 1000.0 else f"{hz / 1000.0:.2f} kHz"
        if "Width" in name:
            return f"{100.0 * value:.0f} %"
        if " Q " in name or "Resonance" in name:
            return f"{0.1 * 180.0**value:.2f}"
        return f"{value:.2f} dB" if "Gain" in name or name == "Threshold" else f"{value:g}"


@dataclass
class Clip:
    """A clip of a slot; notes are pitch, start, length, velocity, mute."""

    name: str = ""
    is_audio_clip: bool = False
    file_path: str = ""
    warping: bool = False
    start_marker: float = 0.0
    end_marker: float = 4.0
    notes: list[tuple[int, float, float, float, bool]] = field(default_factory=list)


@dataclass
class Strip:
    """A track of the set."""

    name: str
    volume: float = 0.85
    panning: float = 0.0
    mute: bool = False
    has_midi_input: bool = True
    devices: list[Device] = field(default_factory=list)
    slots: list[Clip | None] = field(default_factory=lambda: [None] * 4)


def eq_eight() -> Device:
    """Make an EQ Eight as Live counts: gains in dB, frequencies from 0 to 1."""
    return Device(
        "Eq8",
        {
            "Device On": [1.0, 0.0, 1.0],
            "1 Filter Type A": [3.0, 0.0, 7.0],
            "1 Frequency A": [0.3, 0.0, 1.0],
            "1 Gain A": [0.0, -15.0, 15.0],
            "2 Gain A": [1.5, -15.0, 15.0],
            "1 Q A": [0.4, 0.0, 1.0],
            "2 Filter On A": [1.0, 0.0, 1.0],
            "5 Filter On A": [0.0, 0.0, 1.0],
            "5 Gain A": [0.0, -15.0, 15.0],
        },
    )


def utility() -> Device:
    """Make a Utility."""
    return Device(
        "StereoGain",
        {
            "Left Inv": [0.0, 0.0, 1.0],
            "Right Inv": [0.0, 0.0, 1.0],
            "Stereo Width": [1.0, 0.0, 4.0],
        },
    )


def _set() -> list[Strip]:
    played = [
        (60, 0.0, 1.0, 100.0, False),
        (64, 1.0, 1.0, 90.0, False),
        (67, 40.0, 2.0, 80.0, False),
    ]
    vox = Clip("take 3", is_audio_clip=True, file_path="/home/me/vox.wav", start_marker=12.5)
    vox.end_marker = 20.25
    return [
        Strip("Keys", slots=[Clip("verse", end_marker=48.0, notes=played), None, None, None]),
        Strip(
            "Vox",
            has_midi_input=False,
            devices=[eq_eight(), utility()],
            slots=[vox, None, None, None],
        ),
        Strip("Drums", volume=0.4, panning=-0.25),
    ]


class Dummy:
    """Hears what is said to AbletonOSC and answers as it does: setters say nothing."""

    def __init__(self) -> None:
        self.tempo = 96.0
        self.signature = (6, 8)
        self.root, self.scale = 9, "Minor"
        self.tracks = _set()
        self.selected = (0, 0)
        self.shown = ""

    def hear(self, said: Said) -> list[Said]:
        """Answer one message."""
        room, _, rest = said.address.removeprefix("/live/").partition("/")
        answer: Callable[[str, Sequence[Any]], list[Value] | None] | None = getattr(
            self, f"_{room}", None
        )
        try:
            values = (
                answer(rest, said.values) if answer is not None else self._unknown(said.address)
            )
        except LookupError as error:
            return [Said("/live/error", (f"Error handling OSC message: {error}",))]
        except NameError as error:
            return [Said("/live/error", (str(error),))]
        return [] if values is None else [Said(said.address, tuple(values))]

    def _unknown(self, address: str) -> list[Value]:
        raise NameError(f"Unknown OSC address: {address}")

    def _song(self, rest: str, _: Sequence[Any]) -> list[Value]:
        told: dict[str, list[Value]] = {
            "get/tempo": [self.tempo],
            "get/signature_numerator": [self.signature[0]],
            "get/signature_denominator": [self.signature[1]],
            "get/root_note": [self.root],
            "get/scale_name": [self.scale],
            "get/num_scenes": [len(self.tracks[0].slots)],
            "get/track_names": [track.name for track in self.tracks],
        }
        return told[rest] if rest in told else self._unknown(f"/live/song/{rest}")

    def _view(self, rest: str, _: Sequence[Any]) -> list[Value]:
        if rest == "get/selected_track":
            return [self.selected[0]]
        return [*self.selected]

    def _track(self, rest: str, values: Sequence[Any]) -> list[Value] | None:
        verb, _, name = rest.partition("/")
        track = self.tracks[values[0]]
        if name == "devices/class_name":
            return [values[0], *(device.class_name for device in track.devices)]
        if verb == "set":
            setattr(track, name, type(getattr(track, name))(values[1]))
            return None
        return [values[0], getattr(track, name)]

    def _device(self, rest: str, values: Sequence[Any]) -> list[Value] | None:
        device = self.tracks[values[0]].devices[values[1]]
        every = device.parameters
        if rest == "set/parameter/value":
            knob = list(every.values())[values[2]]
            if not knob[1] <= values[3] <= knob[2]:
                raise LookupError("Invalid value. Check the parameters range with min/max")
            knob[0] = float(values[3])
            return None
        if rest == "get/parameter/value_string":
            return [*values[:3], device.text(list(every)[values[2]])]
        what = rest.rpartition("/")[2]
        place = ("value", "min", "max").index(what) if what != "name" else 0
        told = every if what == "name" else [numbers[place] for numbers in every.values()]
        return [values[0], values[1], *told]

    def _clip_slot(self, rest: str, values: Sequence[Any]) -> list[Value] | None:
        slots = self.tracks[values[0]].slots
        if rest == "create_clip":
            if slots[values[1]] is not None or not self.tracks[values[0]].has_midi_input:
                raise LookupError("this slot takes no clip")
            slots[values[1]] = Clip(end_marker=float(values[2]))
            return None
        return [*values, slots[values[1]] is not None]

    def _clip(self, rest: str, values: Sequence[Any]) -> list[Value] | None:
        clip = self.tracks[values[0]].slots[values[1]]
        if clip is None:
            raise LookupError(f"'NoneType' object has no attribute {rest!r}")
        if rest == "get/notes":
            return [*values[:2], *self._between(clip, values[4], values[4] + values[5])]
        if rest == "add/notes":
            rows = [values[at : at + 5] for at in range(2, len(values), 5)]
            clip.notes += [(p, s, d, float(v), bool(m)) for p, s, d, v, m in rows]
            return None
        verb, _, name = rest.partition("/")
        if verb == "set":
            setattr(clip, name, values[2])
            return None
        return [*values[:2], getattr(clip, name)]

    def _between(self, clip: Clip, start: float, end: float) -> list[Value]:
        return [value for note in clip.notes if start <= note[1] < end for value in note]

    def _api(self, _: str, values: Sequence[Any]) -> None:
        self.shown = str(values[0])
