"""What speaks against a key: notes outside it, named as they are seen from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.material import Note
from assistant.theory.harmony import spelling
from assistant.theory.harmony.key import Key

__all__ = ["Stray", "contradicts", "outside_share"]

Array = NDArray[np.float64]

_LEADING, _RAISED_SIXTH = 5, 3  # fifths above the tonic: at home in minor as well
_MAX_NOTE = 16.0  # beats; a drone tells no more than this


@dataclass(frozen=True, slots=True)
class Stray:
    """A note outside a key: its name, and the share of the time for which it sounds (0 to 1)."""

    name: str
    share: float


def contradicts(key: Key, notes: Sequence[Note]) -> tuple[Stray, ...]:
    """List what speaks against a key.

    The raised sixth and seventh of a minor key are at home in it.

    Parameters
    ----------
    key : Key
        Such as C minor.
    notes : sequence of Note
        Such as a melody with an E natural.

    Returns
    -------
    tuple of Stray
        Notes outside the key, the one that sounds longest first; none where all are in it.
    """
    shares = _shares(
        np.array([note.length for note in notes]),
        np.array([round(note.pitch) for note in notes], dtype=np.int64),
    )
    at_home = _at_home(key)
    stray = [Stray(_name(place, key), float(shares[place]))
             for place in range(12) if shares[place] > 0.0 and place not in at_home]  # fmt: skip
    return tuple(sorted(stray, key=lambda each: -each.share))


def outside_share(key: Key, lengths: Array, pitches: NDArray[np.int64]) -> float:
    """Tell for which share of their time notes are outside a key: what `contradicts` lists.

    Parameters
    ----------
    key : Key
        The key.
    lengths : ndarray of float, shape (notes,)
        In beats.
    pitches : ndarray of int, shape (notes,)
        MIDI numbers.

    Returns
    -------
    float
        0.0 to 1.0.
    """
    return float(np.delete(_shares(lengths, pitches), sorted(_at_home(key))).sum())


def _shares(lengths: Array, pitches: NDArray[np.int64]) -> Array:
    """Tell which share of the time each pitch class sounds; none where nothing has a length."""
    lasts = np.bincount(pitches % 12, np.clip(lengths, 0.0, _MAX_NOTE), minlength=12)
    return np.asarray(lasts / max(float(lasts.sum()), 1e-9), dtype=np.float64)


def _at_home(key: Key) -> frozenset[int]:
    """List the notes of a key, in minor the raised sixth and seventh among them."""
    if key.mode != "minor":
        return key.pitch_classes
    raised = (key.tonic + _LEADING, key.tonic + _RAISED_SIXTH)
    return key.pitch_classes | {spelling.pitch_class(fifth) for fifth in raised}


def _name(pitch_class: int, key: Key) -> str:
    """Name a note as seen from a key: E natural in C minor, F# in C major."""
    middle = sum(key.scale) / 7.0
    fifths = [fifth for fifth in range(-8, 13) if spelling.pitch_class(fifth) == pitch_class]
    fifth = min(fifths, key=lambda each: abs(each - middle))
    name = spelling.name(fifth)
    altered = len(name) == 1 and not {fifth - 7, fifth + 7}.isdisjoint(key.scale)
    return f"{name} natural" if altered else name
