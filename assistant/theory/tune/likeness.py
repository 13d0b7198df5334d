"""How like a tune is to what people sing: a few figures, and how far they lie from the usual."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

__all__ = ["FIGURES", "figures", "strangeness"]

Floats: TypeAlias = NDArray[np.float32]

FIGURES = (
    "chord_fit",  # share of the sounding time on notes of the chord
    "motion",  # mean interval, semitones
    "repeats",  # share of intervals that are none
    "leaps",  # share of intervals of more than a major third
    "range",  # semitones
    "entropy",  # of the pitch classes, bits
    "loose",  # share of notes foreign to their chord that are left by a leap
    "run",  # most notes in a row on one pitch
    "peaks",  # how often the highest pitch is sounded
    "echoes",  # share of turns (two intervals and a length) that come back
)
"""What is measured of a tune, in this order."""

_LEAP = 4  # semitones
_TOLERANCE = 4.0  # deviations beyond which a figure is no stranger


def figures(
    pitches: NDArray[np.int16],
    starts: NDArray[np.int16],
    lengths: NDArray[np.int16],
    fits: NDArray[np.bool_],
    there: NDArray[np.bool_],
) -> Floats:
    """Measure tunes.

    Parameters
    ----------
    pitches : ndarray of int16, shape (tunes, notes)
        MIDI numbers.
    starts : ndarray of int16, shape (tunes, notes)
        In slots, ascending.
    lengths : ndarray of int16, shape (tunes, notes)
        In slots.
    fits : ndarray of bool, shape (tunes, notes)
        Whether a note belongs to its chord.
    there : ndarray of bool, shape (tunes, notes)
        Whether there is a note at all; the notes of a tune come first.

    Returns
    -------
    ndarray of float32, shape (tunes, figures)
        See `FIGURES`.
    """
    count = np.maximum(1, there.sum(axis=1))
    pairs = there[:, 1:]
    pair_count = np.maximum(1, pairs.sum(axis=1))
    moved = np.abs(np.diff(pitches, axis=1)) * pairs
    time = lengths * there
    foreign = ~fits[:, :-1] & pairs
    top = np.where(there, pitches, -1).max(axis=1)
    bottom = np.where(there, pitches, 999).min(axis=1)
    same = (moved == 0) & pairs
    table = np.empty((len(pitches), len(FIGURES)), dtype=np.float32)
    table[:, 0] = (time * fits).sum(axis=1) / np.maximum(1, time.sum(axis=1))
    table[:, 1] = moved.sum(axis=1) / pair_count
    table[:, 2] = same.sum(axis=1) / pair_count
    table[:, 3] = (moved > _LEAP).sum(axis=1) / pair_count
    table[:, 4] = top - bottom
    table[:, 5] = _entropy(pitches, there, count)
    table[:, 6] = (foreign & (moved > 2)).sum(axis=1) / count
    table[:, 7] = _longest_run(same)
    table[:, 8] = ((pitches == top[:, None]) & there).sum(axis=1)
    table[:, 9] = _echoes(pitches, starts, there)
    return table


def strangeness(measured: Floats, usual: Floats) -> Floats:
    """Measure how far tunes lie from the usual.

    Parameters
    ----------
    measured : ndarray of shape (tunes, figures)
        As `figures` gives them.
    usual : ndarray of shape (2, figures)
        Mean and standard deviation of what people sing.

    Returns
    -------
    ndarray of shape (tunes,)
        Mean square of the standard scores: about 1.0 for what people sing.
    """
    scores = np.clip((measured - usual[0]) / usual[1], -_TOLERANCE, _TOLERANCE)
    return np.asarray((scores**2).mean(axis=1), dtype=np.float32)


def _entropy(
    pitches: NDArray[np.int16], there: NDArray[np.bool_], count: NDArray[np.int64]
) -> Floats:
    tunes = len(pitches)
    cells = pitches % 12 + 12 * np.arange(tunes, dtype=np.int32)[:, None]
    tally = np.bincount(cells[there], minlength=12 * tunes).reshape(tunes, 12)
    share = tally / count[:, None]
    bits = -(share * np.log2(np.where(share > 0, share, 1.0))).sum(axis=1)
    return np.asarray(bits, dtype=np.float32)


def _echoes(
    pitches: NDArray[np.int16], starts: NDArray[np.int16], there: NDArray[np.bool_]
) -> Floats:
    """Measure how often a turn of three notes comes back in its rhythm."""
    moved = np.clip(np.diff(pitches, axis=1), -12, 12).astype(np.int32) + 12
    waits = np.minimum(np.diff(starts, axis=1), 15).astype(np.int32)
    turns = (moved[:, :-1] * 25 + moved[:, 1:]) * 16 + waits[:, :-1]
    missing = -1 - np.arange(turns.shape[1], dtype=np.int32)
    ordered = np.sort(np.where(there[:, 2:], turns, missing), axis=1)
    again = (ordered[:, 1:] == ordered[:, :-1]).sum(axis=1)
    return np.asarray(again / np.maximum(1, there[:, 2:].sum(axis=1)), dtype=np.float32)


def _longest_run(same: NDArray[np.bool_]) -> NDArray[np.int16]:
    """Count the notes of the longest run of repeats."""
    longest = np.zeros(len(same), dtype=np.int16)
    now = np.zeros(len(same), dtype=np.int16)
    for column in same.T:
        now = (now + 1) * column
        np.maximum(longest, now, out=longest)
    return longest + np.int16(1)
