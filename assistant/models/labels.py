"""Chord labels as models write them, relative to the tonic: ``"bVII:maj"``, ``"V:7"``, ``"N"``."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

__all__ = ["NO_CHORD", "QUALITIES", "ROOTS", "TRIADS", "Labels", "moved", "tones"]

NO_CHORD = "N"
ROOTS = ("I", "bII", "II", "bIII", "III", "IV", "#IV", "V", "bVI", "VI", "bVII", "VII")
QUALITIES = {
    "maj": (0, 4, 7), "maj6": (0, 4, 7, 9), "7": (0, 4, 7, 10), "maj7": (0, 4, 7, 11),
    "min": (0, 3, 7), "min6": (0, 3, 7, 9), "min7": (0, 3, 7, 10), "minmaj7": (0, 3, 7, 11),
    "dim": (0, 3, 6), "dim7": (0, 3, 6, 9), "hdim7": (0, 3, 6, 10), "aug": (0, 4, 8),
    "sus2": (0, 2, 7), "sus4": (0, 5, 7),
}  # fmt: skip
TRIADS = tuple(sorted({tones[:3] for tones in QUALITIES.values()}))


@dataclass(frozen=True)
class Labels:
    """A vocabulary of chords and what its members share.

    Parameters
    ----------
    names : tuple of str
        Such as ``("I:maj", "V:7")``; ``"N"`` is not among them.
    """

    names: tuple[str, ...]

    @cached_property
    def number(self) -> dict[str, int]:
        """Where each label stands."""
        return {name: place for place, name in enumerate(self.names)}

    @cached_property
    def roots(self) -> NDArray[np.int64]:
        """Semitones from the tonic to each root."""
        return np.array([ROOTS.index(name.split(":")[0]) for name in self.names])

    @cached_property
    def triads(self) -> NDArray[np.int64]:
        """Number of root and triad together, from 0 on."""
        kinds = [TRIADS.index(QUALITIES[name.split(":")[1]][:3]) for name in self.names]
        both = self.roots * len(TRIADS) + kinds
        return np.searchsorted(np.unique(both), both)


def tones(label: str) -> frozenset[int]:
    """Tell the pitch classes of a chord, counted from the tonic; none for ``"N"``."""
    if label == NO_CHORD:
        return frozenset()
    root, quality = label.split(":")
    return frozenset((ROOTS.index(root) + tone) % 12 for tone in QUALITIES[quality])


def moved(label: str, semitones: int) -> str:
    """Write a chord relative to a tonic that lies so many semitones higher."""
    if label == NO_CHORD:
        return label
    root, quality = label.split(":")
    return f"{ROOTS[(ROOTS.index(root) - semitones) % 12]}:{quality}"
