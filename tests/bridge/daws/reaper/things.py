"""What a session of the stand-in holds, and REAPER's own effects as the script reads them."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

TICKS = 960


@dataclass(eq=False)
class Source:
    path: str = ""
    seconds: float = 10.0
    channels: int = 1
    parent: Source | None = None
    section: tuple[float, float, bool] = (0.0, 0.0, False)


@dataclass(eq=False)
class Take:
    source: Source
    is_midi: bool = False
    name: str = ""
    values: dict[str, float] = field(
        default_factory=lambda: {
            "D_STARTOFFS": 0.0,
            "D_PLAYRATE": 1.0,
            "D_PITCH": 0.0,
            "D_VOL": 1.0,
            "D_PAN": 0.0,
            "D_PANLAW": -1.0,
            "I_CHANMODE": 0.0,
        }
    )
    notes: list[tuple[Any, ...]] = field(default_factory=list)
    """(muted, start, end, channel, pitch, velocity) in ticks from the start of the song."""
    stretch_markers: int = 0
    scale: tuple[int, int] | None = None
    is_sorted: bool = True


@dataclass(eq=False)
class Item:
    position: float
    length: float
    takes: list[Take]
    active: int = 0

    @property
    def take(self) -> Take:
        return self.takes[self.active]


@dataclass(eq=False)
class Effect:
    name: str
    shown: dict[str, Callable[[float], str]]
    bands: list[tuple[int, int]] = field(default_factory=list)
    values: list[float] = field(default_factory=list)
    enabled: dict[tuple[int, int], bool] = field(default_factory=dict)

    def text(self, parameter: int) -> str:
        return list(self.shown.values())[parameter](self.values[parameter])


@dataclass(eq=False)
class Track:
    name: str = ""
    items: list[Item] = field(default_factory=list)
    values: dict[str, float] = field(
        default_factory=lambda: {"D_VOL": 1.0, "D_PAN": 0.0, "B_MUTE": 0.0, "B_PHASE": 0.0}
    )
    effects: list[Effect] = field(default_factory=list)


class Project:
    """One project tab."""


def values_of(thing: Any) -> dict[str, Any]:
    """Copy the fields of a thing, and the lists among them."""
    fields = vars(thing).items()
    return {name: copy.copy(x) if isinstance(x, list | dict) else x for name, x in fields}


def reaeq() -> Effect:
    """Make ReaEQ as it comes: two shelves, two bells, and a high pass that is off."""
    shown: dict[str, Callable[[float], str]] = {}
    bands = [(1, 0), (2, 0), (2, 1), (4, 0), (0, 0)]
    for kind, place in bands:
        name = f"{kind}.{place}"
        shown[f"Freq {name}"] = lambda x: f"{20 + 23980 * (401**x - 1) / 400:.1f} Hz"
        shown[f"Gain {name}"] = lambda x: f"{-90 + 114 * x:.1f} dB" if x else "-inf dB"
        shown[f"Q {name}"] = lambda x: f"{0.01 + 3.99 * x:.2f} oct"
    enabled = {band: band != (0, 0) for band in bands}
    return Effect("VST: ReaEQ (Cockos)", shown, bands, [0.5] * len(shown), enabled)


def reacomp() -> Effect:
    shown = {
        "Threshold": lambda x: f"{60 * x - 60:.1f} dB",
        "Ratio": lambda x: f"{1 + 99 * x:.2f}",
        "Attack": lambda x: f"{500 * x:.1f} ms",
        "Release": lambda x: f"{5000 * x:.0f} ms",
        "Wet": lambda x: f"{-60 + 72 * x:.1f} dB",
    }
    return Effect("VST: ReaComp (Cockos)", shown, [], [0.5] * len(shown))
