"""Where a capo helps: the fret from which a song needs the fewest barres."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.theory.guitar.shapes import HIGHEST_CAPO, Shape, finger
from assistant.theory.guitar.tuning import STANDARD, Tuning
from assistant.theory.harmony.chord import Chord

__all__ = ["Capo", "best_capo"]


@dataclass(frozen=True, slots=True)
class Capo:
    """Where to put a capo.

    Parameters
    ----------
    fret : int
        0 for none.
    shapes : tuple of Shape
        How the chords are held then.
    why : str
        What it is good for, in numbers.
    """

    fret: int
    shapes: tuple[Shape, ...]
    why: str


def best_capo(chords: Sequence[Chord], tuning: Tuning = STANDARD, highest: int = 7) -> Capo:
    """Find the capo with which the fewest chords need a barre.

    Parameters
    ----------
    chords : sequence of Chord
        In order.
    tuning : Tuning
        The open strings.
    highest : int
        The highest fret to try, at most 9.

    Returns
    -------
    Capo
        The lowest of those that spare the most barres; none where a capo spares none.

    Raises
    ------
    SettingError
        See `shapes`.
    """
    bare = finger(chords, tuning)
    best, fret = bare, 0
    for capo in range(1, min(highest, HIGHEST_CAPO) + 1):
        held = finger(chords, tuning, capo)
        if _barres(held) < _barres(best):
            best, fret = held, capo
    return Capo(fret, best, _capo_why(bare, best, fret))


def _barres(held: Sequence[Shape]) -> int:
    return sum(shape.barred for shape in held)


def _capo_why(bare: Sequence[Shape], best: Sequence[Shape], capo: int) -> str:
    """Say what a capo spares, or why there is none."""
    barres = _barres(bare)
    if not barres:
        return "no capo: no chord needs a barre"
    if capo == 0:
        return f"no capo: none would spare any of the {barres} barre chords"
    spared = [(old, new) for old, new in zip(bare, best, strict=True)
              if old.barred and not new.barred]  # fmt: skip
    names = dict.fromkeys(f"{old.name} -> {new.name}" for old, new in spared)
    chords = "barre chord" if barres == 1 else "barre chords"
    return f"capo {capo} leaves {_barres(best)} of {barres} {chords}: {', '.join(names)}"
