"""A scripted REAPER behind its OSC: a refresh tells all, a fader answers in its other form only.

What it tells is written down from the default pattern file; it proves that the words fit
together, not that REAPER says them so.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from bridge.daws.adapter import Said


@dataclass
class Strip:
    """A track: its fader in dB, its pan from -1 to 1."""

    name: str
    gain_db: float = 0.0
    pan: float = 0.0


@dataclass
class Dummy:
    """REAPER with two tracks, the second of them selected."""

    tempo: float = 118.5
    selected: int = 2
    strips: dict[int, Strip] = field(
        default_factory=lambda: {0: Strip("MASTER"), 1: Strip("Vox", -3.0, 0.3), 2: Strip("Keys")}
    )

    def hear(self, said: Said) -> list[Said]:
        """Do what was said, and tell what it has become; what is unknown has no answer."""
        value = said.values[0] if said.values else None
        if said == Said("/action", (41743,)):
            return self._all()
        parts = said.address.strip("/").split("/")
        index = int(parts[1]) if parts[0] == "track" and parts[1].isdigit() else 0
        word = "/".join(parts[2:] if parts[0] == "track" else parts[1:])
        if isinstance(value, bool) or not isinstance(value, int | float):
            return []
        if index not in self.strips or not math.isfinite(value) or parts[0] == "device":
            return []
        strip, at = self.strips[index], _place(index)
        if word == "volume/db":
            strip.gain_db = float(value)
            return [Said(f"{at}/volume/str", (f"{strip.gain_db:.2f}dB",))]
        if word == "pan":
            strip.pan = 2.0 * float(value) - 1.0
            return [Said(f"{at}/pan/str", (_side(strip.pan),))]
        return []

    def _all(self) -> list[Said]:
        told = [Said("/tempo/raw", (self.tempo,))]
        for index, strip in self.strips.items():
            at = _place(index)
            if index:
                told.append(Said(f"{at}/name", (strip.name,)))
                told.append(Said(f"{at}/select", (float(index == self.selected),)))
                told.append(Said(f"{at}/volume/db", (strip.gain_db,)))
            told.append(Said(f"{at}/volume/str", (f"{strip.gain_db:.2f}dB",)))
            told.append(Said(f"{at}/pan", ((strip.pan + 1.0) / 2.0,)))
            told.append(Said(f"{at}/pan/str", (_side(strip.pan),)))
        return told


def _place(index: int) -> str:
    return f"/track/{index}" if index else "/master"


def _side(pan: float) -> str:
    return f"{abs(pan):.0%}{'L' if pan < 0 else 'R'}" if abs(pan) >= 0.005 else "center"
