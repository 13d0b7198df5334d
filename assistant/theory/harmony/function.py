"""What a chord does in its key, in words: its function, and where it comes from."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

from assistant.theory.harmony import spelling
from assistant.theory.harmony.key import Family, Key
from assistant.theory.harmony.modes import COLOUR_NOTES
from assistant.theory.harmony.roman import Numeral, diatonic, realise

__all__ = ["applied", "explain"]

_MAJOR = ("tonic", "subdominant", "tonic (mediant)", "subdominant", "dominant",
          "tonic (submediant)", "dominant (leading-note chord)")  # fmt: skip
_MINOR = ("tonic", "subdominant", "tonic (relative major)", "subdominant", "dominant",
          "subdominant (submediant)", "dominant (subtonic)")  # fmt: skip
_ALTERED = {
    -5: "subdominant (flat second)",
    -3: "tonic (flat mediant)",
    -4: "subdominant (flat submediant)",
    -2: "dominant (flat seventh)",
    3: "tonic (raised submediant)",
    6: "leads to the dominant",
    -6: "flat fifth",
}
_PARALLELS: dict[Family, tuple[str, ...]] = {
    "major": ("mixolydian", "minor", "lydian", "harmonic minor", "phrygian"),
    "minor": ("dorian", "phrygian", "major", "lydian"),
}
_MEDIANTS = frozenset({3, 4, -3, -4})  # thirds from the tonic, in fifths
_BLUE_FIFTHS = frozenset({0, -1, -3})  # I, IV and bIII
_PASSING = frozenset({"dim", "dim7"})
_RAISED_SEVENTH = 5
_COLOUR_NAMES = {
    "dorian": "major sixth",
    "phrygian": "flat second",
    "lydian": "sharp fourth",
    "mixolydian": "flat seventh",
    "locrian": "flat fifth",
    "harmonic minor": "raised seventh",
    "melodic minor": "raised seventh",
}


@lru_cache(maxsize=4096)
def applied(chord: Numeral, following: Numeral | None, key: Key) -> Numeral:
    """Name a dominant by what it resolves to.

    Parameters
    ----------
    chord : Numeral
        Any chord.
    following : Numeral or None
        The one after it.
    key : Key
        The key.

    Returns
    -------
    Numeral
        VI7 before ii becomes V7/ii; every other chord stays as it is.
    """
    if following is None or not chord.dominant or chord.of is not None or following.diminished:
        return chord
    falls = (chord.fifth(key.family) - following.fifth(key.family)) % 12 == 1
    home = chord.accidental == 0 and chord.degree == 5
    plain = following.of is None and following.degree != 1 and following.accidental == 0
    if home or not falls or not plain or following.dominant or _within(chord, key):
        return chord
    kind = diatonic(key, following.degree).kind
    return Numeral(5, chord.kind, 0, chord.inversion, Numeral(following.degree, kind))


@lru_cache(maxsize=4096)
def explain(chord: Numeral, following: Numeral | None, key: Key) -> str:
    """Say what a chord does in its key.

    Parameters
    ----------
    chord : Numeral
        The chord.
    following : Numeral or None
        The one after it.
    key : Key
        The key.

    Returns
    -------
    str
        Such as ``"subdominant; borrowed from the parallel minor"``.
    """
    moves = _movement(chord, following, key)
    parts = [moves] if moves else [_function(chord, key), _origin(chord, key)]
    return "; ".join(part for part in (*parts, _shape(chord)) if part)


def _function(chord: Numeral, key: Key) -> str:
    if chord.of is not None:
        return f"dominant of {chord.of}" if chord.degree == 5 else f"prepares {chord.of}"
    fifth = chord.fifth(key.family)
    if chord.accidental == 0:
        names = _MINOR if key.family == "minor" else _MAJOR
        if chord.degree == 5 and chord.diminished:
            return "diminished on the fifth degree"
        if chord.degree == 7 and chord.diminished:
            names = _MAJOR
        return names[chord.degree - 1]
    return _ALTERED.get(fifth, "chromatic colour")


def _movement(chord: Numeral, following: Numeral | None, key: Key) -> str:
    """Say what a chord does that only its successor tells; ``""`` where it does no such thing."""
    if following is None:
        return ""
    up = 7 * (following.fifth(key.family) - chord.fifth(key.family)) % 12
    target = _degree(following)
    if chord.kind in _PASSING and chord.accidental and up in {1, 11}:
        way = "up" if up == 1 else "down"
        return f"passing chord, {way} a semitone to {target}"
    if chord.degree == 1 and chord.inversion == 2 and following.degree == 5:
        return "cadential six-four, delays the dominant"
    return _resolution(chord, following, up, key)


def _resolution(chord: Numeral, following: Numeral, up: int, key: Key) -> str:
    """Say how a dominant that is not that of the key goes on; ``""`` where it is none."""
    target = _degree(following)
    secondary = _secondary(chord, key)
    if chord.dominant and up == 11 and following.degree == 5:
        return f"augmented sixth chord, pulls down a semitone to {target}"
    if chord.dominant and up == 11 and chord.accidental == -1:
        return f"tritone substitute for the dominant of {target}"
    if secondary and up == 5:
        return f"secondary dominant, leads to {target}"
    if secondary and (chord.degree != 2 or chord.dominant):
        return f"secondary dominant of {secondary} that goes on to {target}"
    if _subtonic_seventh(chord, key) and following.degree == 1:
        return "dominant by the back door, up a whole tone to the tonic"
    return ""


def _degree(chord: Numeral) -> str:
    """Name a chord by its root and third alone: ``"ii"`` for ii7."""
    plain = "dim" if chord.diminished else "min" if chord.lower else "maj"
    return str(replace(chord, kind=plain, inversion=0))


def _subtonic_seventh(chord: Numeral, key: Key) -> bool:
    flat_seven = chord.degree == 7 and chord.accidental == -1
    return key.family == "major" and flat_seven and chord.dominant


def _secondary(chord: Numeral, key: Key) -> str:
    """Name the degree that a chord is the dominant of; ``""`` where it is none but that of I."""
    if chord.of is not None:
        return str(chord.of) if chord.degree == 5 else ""
    major = chord.dominant or chord.kind in {"maj", "7sus4"}
    if not major or chord.accidental or chord.degree in {1, 4, 5} or _within(chord, key):
        return ""
    below = chord.fifth(key.family) - 1
    degrees = (diatonic(key, degree) for degree in range(2, 8))
    found = (degree for degree in degrees if degree.fifth(key.family) == below)
    return next((str(degree) for degree in found if not degree.diminished), "")


def _origin(chord: Numeral, key: Key) -> str:
    """Say where a chord comes from that is not made of the notes of the key."""
    if chord.of is not None or "sus" in chord.kind or chord.kind in {"aug", "5"}:
        return ""
    if _within(chord, key):
        return _mode_colour(chord, key)
    raised = _holds(chord, _RAISED_SEVENTH, key)
    if key.family == "minor" and raised and chord.accidental == 0:
        return "with the raised seventh of harmonic minor"
    if chord.dominant and key.family == "major" and chord.fifth("major") in _BLUE_FIFTHS:
        return "with a blues seventh"
    for mode in _PARALLELS[key.family]:
        if mode != key.mode and _within(chord, key, Key(key.tonic, mode)):
            return f"borrowed from the parallel {mode}"
    mediant = chord.fifth(key.family) in _MEDIANTS
    return "chromatic mediant" if mediant else "outside the key"


def _mode_colour(chord: Numeral, key: Key) -> str:
    telling = COLOUR_NOTES.get(key.mode)
    if telling is None or not _holds(chord, telling, key):
        return ""
    return f"holds the {_COLOUR_NAMES[key.mode]} that makes the key {key.mode}"


def _holds(chord: Numeral, fifth: int, key: Key) -> bool:
    """Tell whether a chord holds the note that lies so many fifths above the tonic."""
    return spelling.pitch_class(key.tonic + fifth) in realise(chord, key).pitch_classes


def _shape(chord: Numeral) -> str:
    if chord.inversion:
        lowest = ("", "third", "fifth", "seventh")[min(chord.inversion, 3)]
        return f"its {lowest} in the bass"
    if chord.kind == "aug":
        return "its fifth raised"
    return "its third held back" if "sus" in chord.kind else ""


def _within(chord: Numeral, key: Key, other: Key | None = None) -> bool:
    """Tell whether a chord of `key` is made of the notes of `key`, or of another."""
    return set(realise(chord, key).pitch_classes) <= (other or key).pitch_classes
