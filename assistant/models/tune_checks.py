"""What is checked of tunes that may stand in a song: copies among what was written, novelty."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from assistant.models.copying import RUN, Runs
from assistant.models.layers import Floats
from assistant.models.melodies import Melodies, tokens
from assistant.models.melody import MelodyNet

__all__ = ["copied", "longest_copy", "novelty"]

Flags: TypeAlias = NDArray[np.bool_]

_OCTAVE = 12
_BLOCK = 128  # tunes that are judged at a time
_LEARNED_MIDDLE = 72.0  # median pitch of the melodies of POP909 that were learned from


def copied(
    runs: Runs, pitches: ArrayLike, lengths: ArrayLike, starts: ArrayLike, written: Flags
) -> Flags:
    """Tell which tunes hold a copied run with a note that was written.

    Parameters
    ----------
    runs : Runs
        The runs of the melodies that were learned from.
    pitches, lengths, starts : arrays of shape (tunes, notes)
        As for `Runs.found`.
    written : ndarray of bool, shape (tunes, notes)
        Which notes were written; a run of notes that were there before is the song's own.

    Returns
    -------
    ndarray of bool, shape (tunes,)
        Whether there is one.
    """
    return np.asarray(_found(runs, pitches, lengths, starts, written).any(axis=1))


def longest_copy(
    runs: Runs, pitches: ArrayLike, lengths: ArrayLike, starts: ArrayLike, written: Flags
) -> int:
    """Measure the longest copied stretch of one tune in which something was written, in notes.

    Parameters
    ----------
    runs, pitches, lengths, starts, written
        As for `copied`, for one tune.

    Returns
    -------
    int
        0, or 8 and more.
    """
    longest = stretch = 0
    for there in _found(runs, pitches, lengths, starts, written)[0].tolist():
        stretch = stretch + 1 if there else 0
        longest = max(longest, stretch)
    return longest + RUN - 1 if longest else 0


def _found(
    runs: Runs, pitches: ArrayLike, lengths: ArrayLike, starts: ArrayLike, written: Flags
) -> Flags:
    found = runs.found(pitches, lengths, starts)
    if not found.shape[1]:
        return found
    touched = np.lib.stride_tricks.sliding_window_view(written, RUN, axis=1).any(axis=2)
    return np.asarray(found & touched)


def novelty(net: MelodyNet, melodies: Melodies, there: Flags, written: Flags) -> Floats:
    """Measure how unexpected tunes are, in whatever octave they lie.

    Parameters
    ----------
    net : MelodyNet
        The network. It knows few melodies of a bass or a piccolo: tunes are judged in the octave
        in which it heard most.
    melodies : Melodies
        Filled up to the length of the longest.
    there : ndarray of bool, shape (melodies, notes)
        Whether there is a note; those of a melody come first.
    written : ndarray of bool, shape (melodies, notes)
        Which of them were written; those before are what they follow.

    Returns
    -------
    ndarray of float32, shape (melodies,)
        Bits a note that was written.
    """
    bits = np.zeros(len(there), dtype=np.float32)
    if not there.any():
        return bits
    away = _LEARNED_MIDDLE - float(np.median(np.asarray(melodies.pitches)[there]))
    shift = _OCTAVE * round(away / _OCTAVE)
    for first in range(0, len(there), _BLOCK):
        rows = slice(first, first + _BLOCK)
        notes = max(1, int(there[rows].sum(axis=1).max()))
        part = _part(melodies, rows, notes, shift)
        told = np.take_along_axis(net.predict(part), tokens(part)[..., None], axis=-1)[..., 0]
        new = written[rows, :notes]
        bits[rows] = -(told * new).sum(axis=1) / np.maximum(1, new.sum(axis=1))
    return bits / np.float32(np.log(2.0))


def _part(melodies: Melodies, rows: slice, notes: int, shift: int) -> Melodies:
    """Take some melodies, so many notes of each, so many semitones higher."""
    return replace(
        melodies,
        pitches=melodies.pitches[rows, :notes] + shift,
        lengths=melodies.lengths[rows, :notes],
        starts=melodies.starts[rows, :notes],
        roots=None if melodies.roots is None else melodies.roots[rows, :notes],
        tones=None if melodies.tones is None else melodies.tones[rows, :notes],
    )
