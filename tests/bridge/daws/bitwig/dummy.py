"""A scripted DrivenByMoss: tracks and slots in plain lists, pushed as the real one pushes them.

Its scale (value x (resolution - 1), halves up), its bundles of 101 messages, its order, its letters
and all the sends and layers that nobody asked for are those of its source. The curve from a fader
to decibels is the one that bandmate believes in: of that it proves no more than that words fit.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import ClassVar

from bridge.daws.adapter import Said, Value

UNHEARD_OF_SLOTS = (
    *("isPlaying", "isRecording", "isPlayingQueued", "isRecordingQueued", "isStopQueued", "color"),
)
UNHEARD_OF_TRACKS = (
    *("type", "activated", "isGroup", "solo", "recarm", "monitor", "autoMonitor", "position"),
    *("color", "crossfadeMode/A", "crossfadeMode/B", "crossfadeMode/AB", "recordQuantization"),
    "vu",
)


@dataclass
class Strip:
    """A track: its fader and pan from 0 to 1, and the names of what lies in its slots."""

    name: str
    volume: float = 2.0 ** (-1.0 / 3.0)
    pan: float = 0.5
    mute: bool = False
    holds_notes: bool = False
    slots: list[str] = field(default_factory=lambda: [""] * 4)


@dataclass
class Dummy:
    """Bitwig with two tracks, the second of them selected, on a page of eight."""

    A_BUNDLE: ClassVar[int] = 101
    steps: int = 16384
    page: int = 8
    scenes: int = 4
    tempo: float = 118.5
    signature: str = "3 / 4"
    selected: int = 2
    slot: int = 1
    tracks: list[Strip] = field(
        default_factory=lambda: [
            Strip("Vox", slots=["take 1", "", "", ""]),
            Strip("Keys", volume=0.5, holds_notes=True, slots=["verse", "", "bridge", ""]),
        ]
    )
    master: Strip = field(default_factory=lambda: Strip("Master"))

    def hear(self, said: Said) -> list[Said]:
        """Do what was said, and push what changed; what is unknown has no answer."""
        parts = said.address.strip("/").split("/")
        if said.address == "/refresh":
            return self._framed(self._all())
        if parts[:1] == ["master"]:
            return self._framed(self._set(self.master, "/master", "/".join(parts[1:]), said.values))
        index = int(parts[1]) if parts[:1] == ["track"] and parts[1].isdigit() else 0
        if not 1 <= index <= len(self.tracks):
            return []
        strip = self.tracks[index - 1]
        if parts[2:3] == ["clip"] and parts[4] == "insertFile":
            if int(parts[3]) > self.scenes:
                return []
            strip.slots[int(parts[3]) - 1] = str(said.values[0])
            return self._framed(self._slots(index))
        return self._framed(self._set(strip, f"/track/{index}", "/".join(parts[2:]), said.values))

    def _framed(self, pushed: list[Said]) -> list[Said]:
        return [Said("/update", (1,)), *pushed, Said("/update", (0,))] if pushed else []

    def _all(self) -> list[Said]:
        told = [Said("/tempo/raw", (self.tempo,)), Said("/time/signature", (self.signature,))]
        for index in range(1, self.page + 1):
            there = index <= len(self.tracks)
            strip = self.tracks[index - 1] if there else Strip("", volume=0.0, pan=0.0)
            told.append(Said(f"/track/{index}/exists", (int(there),)))
            told.append(Said(f"/track/{index}/selected", (int(index == self.selected),)))
            told += self._strip(strip, f"/track/{index}") + self._slots(index)
            told += [Said(f"/track/{index}/{word}", (0,)) for word in UNHEARD_OF_TRACKS]
            told += self._sends(f"/track/{index}")
        told += [Said("/master/exists", (1,)), *self._strip(self.master, "/master")]
        for scene in range(1, self.page + 1):
            told.append(Said(f"/scene/{scene}/exists", (int(scene <= self.scenes),)))
        for index in range(1, self.page + 1):
            told += self._sends(f"/device/layer/{index}")
        return told

    def _sends(self, at: str) -> Iterator[Said]:
        for send in range(1, self.page + 1):
            for word in ("activated", "exists", "volume", "modulatedValue"):
                yield Said(f"{at}/send/{send}/{word}", (0,))
            for word in ("name", "volumeStr"):
                yield Said(f"{at}/send/{send}/{word}", ("",))

    def _strip(self, strip: Strip, at: str) -> list[Said]:
        gain = (
            60.0 * math.log10(strip.volume) + 20.0 * math.log10(2.0) if strip.volume else -math.inf
        )
        return [
            Said(f"{at}/name", (ascii_only(strip.name),)),
            Said(f"{at}/volumeStr", (ascii_only(f"{gain:.1f} dB" if strip.volume else "-∞ dB"),)),
            Said(f"{at}/volume", (self._counted(strip.volume),)),
            Said(f"{at}/panStr", (f"{200 * (strip.pan - 0.5):.0f} %",)),
            Said(f"{at}/pan", (self._counted(strip.pan),)),
            Said(f"{at}/mute", (int(strip.mute),)),
            Said(f"{at}/canHoldNotes", (int(strip.holds_notes),)),
            Said(f"{at}/canHoldAudioData", (int(not strip.holds_notes),)),
        ]

    def _counted(self, value: float) -> int:
        return math.floor(value * (self.steps - 1) + 0.5)

    def _slots(self, index: int) -> list[Said]:
        told = []
        slots = self.tracks[index - 1].slots if index <= len(self.tracks) else []
        for slot, name in enumerate(slots + [""] * (self.page - len(slots)), 1):
            at = f"/track/{index}/clip/{slot}"
            chosen = int(index == self.selected and slot == self.slot)
            told += [Said(f"{at}/name", (ascii_only(name),)), Said(f"{at}/isSelected", (chosen,))]
            told.append(Said(f"{at}/hasContent", (int(bool(name)),)))
            told += [Said(f"{at}/{word}", (0,)) for word in UNHEARD_OF_SLOTS]
        return told

    def _set(self, strip: Strip, at: str, word: str, values: tuple[Value, ...]) -> list[Said]:
        if word == "pan/reset":
            strip.pan = 0.5
            return [one for one in self._strip(strip, at) if f"{at}/pan" in one.address]
        value = values[0] if values else None
        if not isinstance(value, int):
            return []
        if word in {"volume", "pan"}:
            setattr(strip, word, min(1.0, value / (self.steps - 1)))
        elif word == "mute":
            strip.mute = bool(value)
        else:
            return []
        return [one for one in self._strip(strip, at) if f"{at}/{word}" in one.address]


def ascii_only(text: str) -> str:
    """Write a text as DrivenByMoss does: a few letters by others, all else as a question mark."""
    others = {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "é": "e", "Ö": "Oe"}
    return "".join(one if one < "\x80" else others.get(one, "?") for one in text)
