"""What a change made of a melody, in words and figures."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from assistant.material import Note
from assistant.theory.harmony.key import Key

__all__ = ["change_said"]

_STEP = 2  # semitones that are no leap
_HIGHER, _LOWER = "higher", "lower"


def change_said(change: str, before: Sequence[Note], after: Sequence[Note], key: Key) -> str:
    """Say what was done to a melody.

    Parameters
    ----------
    change : str
        What was asked: one of `assistant.theory.tune.manner.CHANGES`.
    before, after : sequence of Note
        The notes that were rewritten, and what was written.
    key : Key
        The key.

    Returns
    -------
    str
        ``""`` where nothing was asked or there is nothing to compare.
    """
    if change == "none" or not before or not after:
        return ""
    told = {
        "simpler": (_count(before, after), _lengths(before, after), _smooth(before, after)),
        "calmer": (_held(before, after), _width(before, after)),
        "busier": (_count(before, after), _off(before, after)),
        "livelier": (_count(before, after), _off(before, after), _width(before, after)),
        "darker": (_moved(before, after), _borrowed(before, after, key)),
    }.get(change, (_moved(before, after),))
    return f"{change}: " + ", ".join(part for part in told if part)


def _count(before: Sequence[Note], after: Sequence[Note]) -> str:
    return f"{len(after)} notes for {len(before)}"


def _lengths(before: Sequence[Note], after: Sequence[Note]) -> str:
    kinds = [len({round(two.start - one.start, 2) for one, two in pairwise(notes)})
             for notes in (before, after)]  # fmt: skip
    return f"{kinds[1]} note values for {kinds[0]}"


def _smooth(before: Sequence[Note], after: Sequence[Note]) -> str:
    shares = [
        100.0 * np.mean([abs(two.pitch - one.pitch) <= _STEP for one, two in pairwise(notes)])
        for notes in (before, after)
        if len(notes) > 1
    ]
    return f"{shares[1]:.0f} % by step for {shares[0]:.0f}" if len(shares) > 1 else ""


def _held(before: Sequence[Note], after: Sequence[Note]) -> str:
    held = [float(np.mean([note.length for note in notes])) for notes in (before, after)]
    return f"notes last {held[1]:.1f} beats for {held[0]:.1f}"


def _width(before: Sequence[Note], after: Sequence[Note]) -> str:
    widths = [np.ptp([note.pitch for note in notes]) for notes in (before, after)]
    return f"within {widths[1]:.0f} semitones for {widths[0]:.0f}"


def _off(before: Sequence[Note], after: Sequence[Note]) -> str:
    shares = [100.0 * np.mean([note.start % 1.0 > 0.1 for note in notes])
              for notes in (before, after)]  # fmt: skip
    return f"{shares[1]:.0f} % off the beat for {shares[0]:.0f}"


def _moved(before: Sequence[Note], after: Sequence[Note]) -> str:
    means = [float(np.mean([note.pitch for note in notes])) for notes in (before, after)]
    away = means[1] - means[0]
    way = _HIGHER if away > 0 else _LOWER
    return f"{abs(away):.1f} semitones {way} on average, fitted to the chords"


def _borrowed(before: Sequence[Note], after: Sequence[Note], key: Key) -> str:
    """Name notes that are neither of the key nor of what was there."""
    known = key.pitch_classes | {round(note.pitch) % 12 for note in before}
    foreign = [note.pitch for note in after if round(note.pitch) % 12 not in known]
    names = dict.fromkeys(key.note_name(pitch).rstrip("-0123456789") for pitch in foreign)
    return f"{' and '.join(names)} borrowed from minor" if names else ""
