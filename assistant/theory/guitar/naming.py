"""What the shapes behind a capo are called."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.theory.harmony.chord import Chord

__all__ = ["shape_name", "shape_names"]

_CIRCLE = 12  # fifths
_PLAIN_FIFTHS = (-1, 5)  # F to B: notes without an accidental
_MAJOR_NAMES = range(-5, 7)  # Db to F#
_MINOR_NAMES = range(-3, 9)  # Ebm to G#m


def shape_name(chord: Chord, capo: int) -> str:
    """Name the shape that the hand plays.

    Parameters
    ----------
    chord : Chord
        What sounds.
    capo : int
        Its fret.

    Returns
    -------
    str
        The symbol of the chord, as many semitones lower, in the usual spelling.
    """
    if capo == 0:
        return chord.symbol
    usual = _MINOR_NAMES if chord.quality.lower else _MAJOR_NAMES
    root = next(fifth for fifth in usual if (fifth - chord.root + 7 * capo) % 12 == 0)
    return Chord(root, chord.kind, chord.inversion).symbol


def shape_names(chords: Sequence[Chord], capo: int) -> list[str]:
    """Name the shapes of a progression, all in sharps or all in flats.

    Parameters
    ----------
    chords : sequence of Chord
        What sounds.
    capo : int
        Its fret.

    Returns
    -------
    list of str
        The symbols of the chords, all moved by as many fifths: so many semitones lower, give or
        take twelve fifths, so that there are the fewest accidentals.
    """
    if capo == 0:
        return [chord.symbol for chord in chords]
    down = 5 * capo % _CIRCLE

    def strangeness(fifths: int) -> int:
        moved = [tone + fifths for chord in chords for tone in chord.tones]
        return sum(max(0, _PLAIN_FIFTHS[0] - tone, tone - _PLAIN_FIFTHS[1]) for tone in moved)

    ways = range(down - 3 * _CIRCLE, down + 2 * _CIRCLE, _CIRCLE)
    fifths = min(ways, key=lambda way: (strangeness(way), abs(way)))
    return [Chord(chord.root + fifths, chord.kind, chord.inversion).symbol for chord in chords]
