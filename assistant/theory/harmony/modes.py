"""A progression said in another mode: the chords of its degrees, with the notes of that mode."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.theory.harmony import spelling
from assistant.theory.harmony.key import FAMILY_SCALES, Key
from assistant.theory.harmony.progression import Bar
from assistant.theory.harmony.roman import Numeral, diatonic, realise

__all__ = ["COLOUR_NOTES", "brings_out", "in_mode"]

COLOUR_NOTES: dict[str, int] = {
    "dorian": 3,
    "phrygian": -5,
    "lydian": 6,
    "mixolydian": -2,
    "locrian": -6,
    "harmonic minor": 5,
    "melodic minor": 5,
}
"""The note that tells each mode from plain major or minor, in fifths above the tonic."""


def in_mode(bars: Sequence[Bar], key: Key) -> tuple[Bar, ...] | None:
    """Say a progression in the mode of a key.

    Parameters
    ----------
    bars : sequence of Bar
        Numerals of the family of `key`.
    key : Key
        Any key.

    Returns
    -------
    tuple of Bar or None
        As it is in major and in minor. In another mode every chord made of the notes of plain
        major or minor becomes the chord on the same degree of that mode; a chord within the mode
        stays. None where a chord is neither, where one would turn diminished or augmented, or
        where nothing is left that tells the mode.
    """
    if key.mode in FAMILY_SCALES:
        return tuple(bars)
    translated: list[Bar] = []
    for bar in bars:
        moved = [_move(chord, key) for chord in bar]
        known = [chord for chord in moved if chord is not None]
        if len(known) < len(bar):
            return None
        translated.append(tuple(known))
    return tuple(translated) if brings_out(translated, key) else None


def brings_out(bars: Sequence[Bar], key: Key) -> bool:
    """Tell whether some bars hold the note that tells the mode from plain major or minor."""
    if key.mode in FAMILY_SCALES:
        return True
    telling = spelling.pitch_class(key.tonic + COLOUR_NOTES[key.mode])
    return any(telling in realise(chord, key).pitch_classes for bar in bars for chord in bar)


def _move(chord: Numeral, key: Key) -> Numeral | None:
    if set(realise(chord, key).pitch_classes) <= key.pitch_classes:
        return chord
    if chord.of is not None or not _is_plain(chord, key):
        return None
    moved = diatonic(key, chord.degree, seventh=len(chord.quality.tones) > 3)
    tonic = moved.degree == 1
    clean = not moved.diminished and "#5" not in moved.kind and moved.kind != "aug"
    return moved if clean or tonic else None


def _is_plain(chord: Numeral, key: Key) -> bool:
    """Tell whether a chord is made of the notes of plain major or minor on the same tonic."""
    plain = Key(key.tonic, key.family)
    return set(realise(chord, plain).pitch_classes) <= plain.pitch_classes
