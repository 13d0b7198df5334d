"""What is wrong in a mix: one kind for one thing that nobody wants, or that one may want otherwise.

A *fault* is an error of recording or level that no listener would defend: an upside-down channel, a
clipped take. A *taste* is a matter of choice, told because the numbers are unusual, and marked so.
Whoever finds one says it in the same words: how bad it is, how sure that is, by what numbers, what
would cure it, and what to listen for, so that faults of all kinds are ranked in one list.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from assistant.errors import MaterialError
from assistant.moves import Move

__all__ = ["Fault", "FaultKind", "Reading"]

FaultKind: TypeAlias = Literal[
    "boxiness",
    "clipping",
    "dc",
    "dead",
    "delay",
    "duplicate",
    "gain",
    "harshness",
    "headroom",
    "hum",
    "imbalance",
    "masking",
    "mono_loss",
    "noise_floor",
    "over_compression",
    "polarity",
    "resonance",
    "rumble",
    "sibilance",
    "under_compression",
]


_KIND_WORDS: Mapping[FaultKind, str] = {
    "dc": "DC offset",
    "dead": "dead track or channel",
    "gain": "level",
    "hum": "mains hum",
    "imbalance": "leaning to one side",
    "mono_loss": "lost in mono",
}
"""Kinds that are not called as they are spelled."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A number that was measured, and its unit: ``""`` where it has none."""

    value: float
    unit: str


@dataclass(frozen=True, eq=False)
class Fault:
    """One thing that is wrong with a track, between tracks, or with the whole mix.

    Parameters
    ----------
    kind : str
        What it is.
    targets : tuple of str
        Names of the tracks, the one to blame first; ``("mix",)`` for the sum.
    severity : float
        How much of the mix it spoils: 0.0 nothing, 1.0 it cannot be left so. Faults are ranked by
        it, times `confidence`.
    value : float
        How large it is, in `unit`.
    unit : str
        Such as ``"dB"``, ``"Hz"``, ``"ms"``; ``""`` where it has none.
    confidence : float
        How sure it is that it is there, 0.0 to 1.0.
    why : str
        A sentence with the numbers in it, in a musician's words.
    listen_for : str
        What the musician hears of it, and how to hear it best.
    is_taste : bool
        Whether one may want it so.
    evidence : mapping of str to Reading
        What was measured.
    moves : tuple of Move
        What would cure it, in order; empty where no move can.

    Raises
    ------
    MaterialError
        Where no track is named, or where severity or confidence lie outside 0.0 to 1.0.
    """

    kind: FaultKind
    targets: tuple[str, ...]
    severity: float
    value: float
    unit: str
    confidence: float
    why: str
    listen_for: str
    is_taste: bool = False
    evidence: Mapping[str, Reading] = field(default_factory=dict)
    moves: tuple[Move, ...] = ()

    def __post_init__(self) -> None:
        """Check what can be ranked, and that there is somebody to tell it of."""
        if not self.targets:
            raise MaterialError(f"A fault is of some track; this {self.kind!r} names none.")
        for name in ("severity", "confidence"):
            share = getattr(self, name)
            if not 0.0 <= share <= 1.0:
                raise MaterialError(f"The {name} of a fault goes from 0 to 1, not to {share:g}.")

    @property
    def kind_words(self) -> str:
        """What it is, in a few words."""
        return _KIND_WORDS.get(self.kind, self.kind.replace("_", " "))

    @property
    def weight(self) -> float:
        """By which faults are ranked, 0.0 to 1.0."""
        return self.severity * self.confidence
