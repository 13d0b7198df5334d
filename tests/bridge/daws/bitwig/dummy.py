"""A scripted DrivenByMoss: tracks and slots in plain lists, pushed as the real one pushes them.

Its faders and texts follow the curve that bandmate believes in: it proves no more than that the
words fit together.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from bridge.daws.adapter import Said, Value


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

    steps: int = 16384
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
        if parts[:1] == ["master"] and len(parts) == 2:
            return self._framed(self._set(self.master, "/master", parts[1], said.values))
        index = int(parts[1]) if parts[:1] == ["track"] and parts[1].isdigit() else 0
        if not 1 <= index <= len(self.tracks):
            return []
        strip = self.tracks[index - 1]
        if len(parts) == 3:
            return self._framed(self._set(strip, f"/track/{index}", parts[2], said.values))
        if parts[2] == "clip" and parts[4] == "insertFile":
            strip.slots[int(parts[3]) - 1] = str(said.values[0])
            return self._framed(self._slots(index))
        return []

    def _framed(self, pushed: list[Said]) -> list[Said]:
        return [Said("/update", (1,)), *pushed, Said("/update", (0,))] if pushed else []

    def _all(self) -> list[Said]:
        told = [Said("/tempo/raw", (self.tempo,)), Said("/time/signature", (self.signature,))]
        for index in range(1, 9):
            if index > len(self.tracks):
                told.append(Said(f"/track/{index}/exists", (0,)))
                continue
            told.append(Said(f"/track/{index}/exists", (1,)))
            told.append(Said(f"/track/{index}/selected", (int(index == self.selected),)))
            told += self._strip(self.tracks[index - 1], f"/track/{index}") + self._slots(index)
        return told + self._strip(self.master, "/master")

    def _strip(self, strip: Strip, at: str) -> list[Said]:
        gain = (
            60.0 * math.log10(strip.volume) + 20.0 * math.log10(2.0) if strip.volume else -math.inf
        )
        return [
            Said(f"{at}/name", (strip.name,)),
            Said(f"{at}/volume", (round(strip.volume * (self.steps - 1)),)),
            Said(f"{at}/volumeStr", (f"{gain:.1f} dB" if strip.volume else "-Inf dB",)),
            Said(f"{at}/pan", (min(self.steps - 1, round(strip.pan * self.steps)),)),
            Said(f"{at}/panStr", (f"{200 * (strip.pan - 0.5):.0f} %",)),
            Said(f"{at}/mute", (int(strip.mute),)),
            Said(f"{at}/canHoldNotes", (int(strip.holds_notes),)),
            Said(f"{at}/canHoldAudioData", (int(not strip.holds_notes),)),
        ]

    def _slots(self, index: int) -> list[Said]:
        told = []
        for slot, name in enumerate(self.tracks[index - 1].slots, 1):
            at = f"/track/{index}/clip/{slot}"
            chosen = int(index == self.selected and slot == self.slot)
            told += [Said(f"{at}/isSelected", (chosen,)), Said(f"{at}/name", (name,))]
            told.append(Said(f"{at}/hasContent", (int(bool(name)),)))
        return told

    def _set(self, strip: Strip, at: str, word: str, values: tuple[Value, ...]) -> list[Said]:
        value = values[0] if values else None
        if not isinstance(value, int):
            return []
        if word == "volume":
            strip.volume = value / (self.steps - 1)
        elif word == "pan":
            strip.pan = value / self.steps
        elif word == "mute":
            strip.mute = bool(value)
        else:
            return []
        return [one for one in self._strip(strip, at) if f"{at}/{word}" in one.address]
