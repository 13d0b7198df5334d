"""Chord labels of the corpora and of the models learned from them: ``"bVII:maj7"``.

A label is a root, counted from the tonic as degrees of the major scale whatever the mode, and one
of fifteen qualities; it knows no spelling and no inversion.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from assistant.theory.harmony import spelling
from assistant.theory.harmony.chord import Chord
from assistant.theory.harmony.key import Key
from assistant.theory.harmony.roman import Numeral, numeral_of, realise

__all__ = ["QUALITIES", "ROOTS", "label_of", "labels_of", "numeral_said"]

ROOTS = ("I", "bII", "II", "bIII", "III", "IV", "#IV", "V", "bVI", "VI", "bVII", "VII")
"""By semitones above the tonic."""

_KINDS = {
    "maj": "maj", "min": "min", "dim": "dim", "aug": "aug", "5": "5", "sus2": "sus2",
    "sus4": "sus4", "7": "7", "maj7": "maj7", "min7": "m7", "minmaj7": "m(maj7)", "dim7": "dim7",
    "hdim7": "m7b5", "maj6": "6", "min6": "m6",
}  # fmt: skip
QUALITIES = tuple(_KINDS)
"""What a label may say after the colon."""

_LABELS = {kind: quality for quality, kind in _KINDS.items()} | {
    "add9": "maj", "madd9": "min", "7sus4": "sus4", "9sus4": "sus4", "7#5": "aug", "7b5": "7",
    "maj7#5": "aug", "69": "maj6", "m69": "min6", "9": "7", "maj9": "maj7", "m9": "min7",
    "m11": "min7", "13": "7", "7b9": "7", "7#9": "7", "7b13": "7", "7#11": "7", "maj7#11": "maj7",
}  # fmt: skip
_FIFTHS = (0, -5, 2, -3, 4, -1, 6, 1, -4, 3, -2, 5)


def label_of(chord: Chord, key: Key) -> str:
    """Label a chord.

    Parameters
    ----------
    chord : Chord
        Any chord; its inversion and what lies above its seventh are left out.
    key : Key
        The key it stands in.

    Returns
    -------
    str
        Such as ``"VI:min7"``.
    """
    above = (spelling.pitch_class(chord.root) - key.root) % 12
    return f"{ROOTS[above]}:{_LABELS[chord.kind]}"


def labels_of(numerals: Iterable[Numeral], key: Key) -> list[str]:
    """Label some chords; neighbours that have the same label are one."""
    labels: list[str] = []
    for numeral in numerals:
        label = label_of(realise(numeral, key), key)
        if labels[-1:] != [label]:
            labels.append(label)
    return labels


@lru_cache(maxsize=4096)
def numeral_said(label: str, key: Key) -> Numeral:
    """Read a label in a key.

    Parameters
    ----------
    label : str
        Such as ``"bVII:maj"``.
    key : Key
        The key.

    Returns
    -------
    Numeral
        As a musician would write it there: ``"VI:min"`` is vi in C major, #vi in C minor.

    Raises
    ------
    ValueError
        Where it is none.
    """
    root, _, quality = label.partition(":")
    if root not in ROOTS or quality not in _KINDS:
        raise ValueError(f"{label!r} is no chord label")
    fifth = key.tonic + _FIFTHS[ROOTS.index(root)]
    return numeral_of(Chord(fifth, _KINDS[quality]), key)
