"""What a prompt asks for, as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from assistant.theory.harmony.key import Key

__all__ = ["Reading"]


@dataclass(frozen=True)
class Reading:
    """What a prompt asks for; what it does not say is ``None`` or empty.

    Parameters
    ----------
    place : tuple of (float, float) or None
        Valence and arousal.
    moods : mapping of str to float
        Weight of each mood by name; below 0 where it is not wanted.
    styles : tuple of str
        In the order in which they are named.
    without : frozenset of str
        Styles that are not wanted.
    mode, meter, colour : str or None
        Such as ``"dorian"``, ``"3/4"``, ``"ninths"``; the mode is None where a key says it.
    pace : float
        What to multiply the tempo by.
    surprise : float
        What to add to the surprise.
    key : Key or None
        Where a note is named: with a mode, or alone after "in" or "key of".
    bpm : float or None
        Quarter notes a minute.
    bars : int or None
        How long it should be.
    understood : tuple of str
        Each word with what it was taken to mean.
    unknown : tuple of str
        Words that mean nothing to us.
    density, register, complexity, loudness : float or None
        Few notes, low, simple, quiet -1.0 to many, high, complex, loud 1.0.
    percussion : {"none", "light", "full"} or None
        How much is drummed.
    articulation : {"staccato", "legato"} or None
        How notes are joined.
    instruments : tuple of str
        In the order in which they are named: names of the table ``instrument`` of the shelf.
    ambiguous : mapping of str to tuple of str
        What a word could mean, where nothing settles it; it was left out.
    questions : tuple of str
        A sentence for each ambiguous and each unknown word.
    remarks : tuple of str
        Sentences that say how words that pull apart were brought together.
    """

    place: tuple[float, float] | None = None
    moods: Mapping[str, float] | None = None
    styles: tuple[str, ...] = ()
    without: frozenset[str] = frozenset()
    mode: str | None = None
    meter: str | None = None
    colour: str | None = None
    pace: float = 1.0
    surprise: float = 0.0
    key: Key | None = None
    bpm: float | None = None
    bars: int | None = None
    understood: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    density: float | None = None
    register: float | None = None
    complexity: float | None = None
    loudness: float | None = None
    percussion: str | None = None
    articulation: str | None = None
    instruments: tuple[str, ...] = ()
    ambiguous: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    questions: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
