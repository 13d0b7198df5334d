"""Chords that carry the melody of a song: the harmoniser, asked with notes and half-bars."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np

from assistant.contract import Context
from assistant.material import Note
from assistant.models import opening
from assistant.models.frames import Line, Slots
from assistant.models.paths import Path

__all__ = ["carry"]


class Tonality(Protocol):
    """A key: see `assistant.theory.harmony.key.Key`."""

    @property
    def root(self) -> int:
        """Its tonic in semitones above C."""

    @property
    def family(self) -> str:
        """``"major"`` or ``"minor"``."""


class Sung(Protocol):
    """A song with a melody: see `assistant.theory.ideas.song.Song`."""

    @property
    def melody(self) -> Sequence[Note]:
        """Its tune, at least one note."""

    @property
    def key(self) -> Tonality:
        """Its key."""

    def halves(self) -> tuple[list[float], list[float]]:
        """Lay out the halves of its bars: where each starts and how long it is, in beats."""


def carry(
    context: Context, song: Sung, count: int, surprise: float, rng: np.random.Generator
) -> list[Path]:
    """Find chords for a melody.

    Parameters
    ----------
    context : Context
        Weights and shelf.
    song : Sung
        Its melody, bars and key.
    count : int
        How many ways, at most.
    surprise : float
        0.0 the likeliest, 1.0 the most daring.
    rng : numpy.random.Generator
        The dice.

    Returns
    -------
    list of Path
        A chord for each half-bar; best first.
    """
    notes = sorted(song.melody, key=lambda note: note.start)
    line = Line(
        np.array([round(note.pitch) for note in notes]),
        np.array([note.start for note in notes]),
        np.array([note.length for note in notes]),
    )
    starts, lengths = (np.array(side, dtype=np.float64) for side in song.halves())
    harmoniser = opening.harmoniser(context)
    slots = Slots(starts, lengths, float(lengths[:2].sum()))
    frames = harmoniser.frames(line, song.key.root, song.key.family[:3], slots)
    return harmoniser.paths(harmoniser.odds(frames), count, rng, surprise=surprise)
