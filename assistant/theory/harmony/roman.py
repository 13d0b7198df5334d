"""Roman numerals: a chord as its place in the key.

Degrees count from the major scale in keys with a major third, and from the natural minor scale in
keys with a minor third: bVII in C is Bb, VII in A minor is G, bII in E phrygian is F. As in
textbooks, a diminished chord on vii in minor stands on the raised seventh (vii° in A minor is
G#dim). Lower case is a minor third. Inversions of triads and sevenths are figured (``V6``,
``V65``), others are written after a slash (``Iadd9/3``); ``V7/vi`` is the dominant of vi, and an
added sixth is ``add6``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache

from assistant.theory.harmony import spelling
from assistant.theory.harmony.chord import QUALITIES, Chord, Quality
from assistant.theory.harmony.key import FAMILY_SCALES, Family, Key

__all__ = ["Numeral", "diatonic", "numeral_of", "read_numeral", "realise"]

_DEGREES = ("I", "II", "III", "IV", "V", "VI", "VII")
_SIGNS = {"": 0, "b": -1, "#": 1}
_DIMINISHED = frozenset({"dim", "dim7", "m7b5"})
_DOMINANTS = frozenset({"7", "9", "13", "7b9", "7#9", "7b13", "7#11", "7#5", "7b5"})
_TRIAD_FIGURES = ("6", "64")
_SEVENTH_FIGURES = ("65", "43", "42")
_FIGURED_SEVENTHS = frozenset({"7", "m7", "m7b5", "dim7", "7#5"})
_USUAL = range(-6, 7)  # bV to #IV around the tonic
_USUAL_DIMINISHED = range(-3, 10)  # biii° to #ii°: what leads up is written with a sharp
_TRIADS = frozenset({"maj", "min", "dim", "aug"})
_NUMERAL = re.compile(
    r"(?P<sign>[b#]?)(?P<degree>VII|VI|IV|V|III|II|I|vii|vi|iv|v|iii|ii|i)"
    r"(?P<figure>[^/]*)(?:/(?P<low>\d))?(?:/(?P<of>[b#]?[IViv].*))?"
)


def _figure(kind: str, inversion: int) -> str:
    """Write what follows the degree, inversion included."""
    figure = QUALITIES[kind].figure
    if inversion == 0:
        return figure
    if kind in _TRIADS:
        return figure + _TRIAD_FIGURES[inversion - 1]
    if kind in _FIGURED_SEVENTHS:
        return figure.removesuffix("7") + _SEVENTH_FIGURES[inversion - 1]
    return f"{figure}/{2 * inversion + 1}"


def _inversions(kind: str) -> range:
    return range(3 if kind in _TRIADS else 4 if kind in _FIGURED_SEVENTHS else 1)


_FIGURES = {
    (quality.lower, _figure(kind, inversion)): (kind, inversion)
    for kind, quality in QUALITIES.items()
    for inversion in _inversions(kind)
}
_PLAIN_SIGNS = {"o": "°", "ø": "ø", "h7": "ø7", "M7": "maj7", "aug": "+", "dim": "°"}


@dataclass(frozen=True, slots=True)
class Numeral:
    """A chord as its place in a key.

    Parameters
    ----------
    degree : int
        1 to 7.
    kind : str
        A name from `QUALITIES`.
    accidental : int
        -1 for a flat, 1 for a sharp before the numeral.
    inversion : int
        Which note of the stack is lowest: 0 root, 1 third, 2 fifth, 3 seventh.
    of : Numeral, optional
        The chord it is applied to: vi in V7/vi.
    """

    degree: int
    kind: str = "maj"
    accidental: int = 0
    inversion: int = 0
    of: Numeral | None = None

    def __str__(self) -> str:
        degree = _DEGREES[self.degree - 1]
        sign = ("", "#", "b")[self.accidental]
        case = degree.lower() if self.lower else degree
        target = f"/{self.of}" if self.of else ""
        return f"{sign}{case}{_figure(self.kind, self.inversion)}{target}"

    @property
    def quality(self) -> Quality:
        """Its entry in `QUALITIES`."""
        return QUALITIES[self.kind]

    @property
    def lower(self) -> bool:
        """Whether the third above its root is minor."""
        return self.quality.lower

    @property
    def diminished(self) -> bool:
        """Whether it holds a diminished triad."""
        return self.kind in _DIMINISHED

    @property
    def dominant(self) -> bool:
        """Whether it holds a major third and a minor seventh."""
        return self.kind in _DOMINANTS

    def fifth(self, family: Family) -> int:
        """Return how many fifths its root lies above the tonic of a key of that family."""
        if self.of is not None:
            target: Family = "minor" if self.of.lower else "major"
            return self.of.fifth(family) + replace(self, of=None).fifth(target)
        return _degree_fifth(self.degree, self.kind, family) + 7 * self.accidental


def _degree_fifth(degree: int, kind: str, family: Family) -> int:
    raised = family == "minor" and degree == 7 and kind in _DIMINISHED
    return FAMILY_SCALES[family][degree - 1] + (7 if raised else 0)


@lru_cache(maxsize=2048)
def read_numeral(text: str) -> Numeral:
    """Read a roman numeral.

    Parameters
    ----------
    text : str
        As `Numeral` prints it; ``o`` and ``dim`` are read as ``°``.

    Returns
    -------
    Numeral
        What it says.

    Raises
    ------
    ValueError
        Where it is none, or of a quality that we do not know.
    """
    match = _NUMERAL.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"{text!r} is no roman numeral")
    figure = match["figure"]
    for plain, sign in _PLAIN_SIGNS.items():
        if figure.startswith(plain) and plain != sign:
            figure = sign + figure[len(plain) :]
    lower = match["degree"].islower()
    found = _FIGURES.get((lower, figure)) or _FIGURES.get((False, figure))
    if found is None or (lower and found[0] in {"maj", "aug"}):
        raise ValueError(f"{text!r} is of a quality that we do not know")
    kind, inversion = found
    if match["low"]:
        inversion = (int(match["low"]) - 1) // 2
    degree = _DEGREES.index(match["degree"].upper()) + 1
    of = read_numeral(match["of"]) if match["of"] else None
    return Numeral(degree, kind, _SIGNS[match["sign"]], inversion, of)


@lru_cache(maxsize=8192)
def realise(numeral: Numeral, key: Key) -> Chord:
    """Turn a numeral into the chord that it is in a key.

    Parameters
    ----------
    numeral : Numeral
        The place.
    key : Key
        The key.

    Returns
    -------
    Chord
        Spelled in the key; a root that would need a double accidental is respelled.
    """
    root = spelling.simplest(key.tonic + numeral.fifth(key.family))
    return Chord(root, numeral.kind, numeral.inversion)


def numeral_of(chord: Chord, key: Key) -> Numeral:
    """Find the place of a chord in a key.

    Parameters
    ----------
    chord : Chord
        Any chord.
    key : Key
        Any key.

    Returns
    -------
    Numeral
        Its own degree where it has one, the dominant of another degree where it resolves to one
        (E7 in C is V7/vi), else the usual altered degree (flat, but sharp where diminished).
    """
    fifth = chord.root - key.tonic
    plain = _plain_numeral(fifth, chord.kind, key.family)
    numeral = replace(plain, inversion=chord.inversion)
    return _applied(numeral, key) if numeral.dominant else numeral


def _plain_numeral(fifth: int, kind: str, family: Family) -> Numeral:
    """Name a root by its degree, after moving it to the usual one of its enharmonic spellings."""
    usual = _USUAL_DIMINISHED if kind in _DIMINISHED else _USUAL
    while fifth not in usual:
        fifth += 12 if fifth < 0 else -12
    for degree in range(1, 8):
        sharps, off = divmod(fifth - _degree_fifth(degree, kind, family), 7)
        if off == 0:
            return Numeral(degree, kind, sharps)
    raise ValueError(f"{fifth} fifths are on no degree")


def _applied(numeral: Numeral, key: Key) -> Numeral:
    """Read a dominant seventh as the dominant of the degree a fifth below it, where it is one."""
    home = numeral.degree in {1, 4, 5} and numeral.accidental == 0
    diatonic_here = numeral.fifth(key.family) + key.tonic in key.scale and _in_scale(numeral, key)
    flat_two = numeral.degree == 2 and numeral.accidental == -1
    if home or flat_two or (diatonic_here and key.family == "major"):
        return numeral
    below = numeral.fifth(key.family) - 1
    for degree in range(2, 8):
        target = diatonic(key, degree)
        if target.fifth(key.family) == below and not target.diminished:
            kind = "maj" if degree == 5 else target.kind
            of = replace(target, kind=kind)
            return Numeral(5, numeral.kind, 0, numeral.inversion, of)
    return numeral


def _in_scale(numeral: Numeral, key: Key) -> bool:
    chord = realise(numeral, key)
    return set(chord.pitch_classes) <= key.pitch_classes


@lru_cache(maxsize=512)
def diatonic(key: Key, degree: int, *, seventh: bool = False) -> Numeral:
    """Build the chord on a degree from the notes of the key.

    Parameters
    ----------
    key : Key
        The key.
    degree : int
        1 to 7.
    seventh : bool
        Whether to stack four notes and not three.

    Returns
    -------
    Numeral
        Such as ii in C major, iiø7 in A minor, IV in D dorian.
    """
    scale = key.scale
    stack = [scale[(degree - 1 + step) % 7] for step in range(0, 8 if seventh else 6, 2)]
    tones = tuple(tone - stack[0] for tone in stack)
    kind = next(name for name, quality in QUALITIES.items() if quality.tones == tones)
    off = stack[0] - key.tonic - _degree_fifth(degree, kind, key.family)
    return Numeral(degree, kind, off // 7)
