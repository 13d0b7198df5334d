"""Which finger stops which string, and whether four fingers can do it at all."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

__all__ = ["Barre", "Grip", "grip"]

_FINGERS = 4
_INDEX, _RING = 1, 3
_FINGER_COST = 0.55
_BARRE_COST = 2.0
_BARRE_STRING_COST = 0.08
_NUT_COST = 0.5  # a barre right behind the nut takes more strength
_SMALL_BARRE_COST = 0.6
_RING_BARRE_COST = 1.5
_UNDER_BARRE_COST = 1.0  # a muted string under a barre has to be damped on purpose
_TIP = 2  # strings that the tip of a finger covers by itself
_MOST_UNDER_RING = 4  # strings that the ring finger can flatten over


@dataclass(frozen=True, slots=True)
class Barre:
    """One finger over several strings at one fret: `first` and `last` are places in the frets."""

    fret: int
    first: int
    last: int
    finger: int

    @property
    def strings(self) -> range:
        """The strings it lies on."""
        return range(self.first, self.last + 1)


@dataclass(frozen=True, slots=True)
class Grip:
    """A left hand.

    Parameters
    ----------
    fingers : tuple of int
        By string: 1 index to 4 little finger, 0 where there is none.
    barres : tuple of Barre
        At most one of the index and one of the ring finger.
    cost : float
        How hard it is.
    """

    fingers: tuple[int, ...]
    barres: tuple[Barre, ...]
    cost: float


@lru_cache(maxsize=16384)
def grip(frets: tuple[int, ...]) -> Grip | None:
    """Put fingers on a shape.

    Parameters
    ----------
    frets : tuple of int
        By string, in the order of a chord diagram; -1 muted, 0 open.

    Returns
    -------
    Grip or None
        The hand that holds it, with as few barres as will do; None where no hand does.
    """
    stopped = [fret for fret in frets if fret > 0]
    if not stopped:
        return Grip((0,) * len(frets), (), 0.0)
    lowest, highest = min(stopped), max(stopped)
    index = _index_barre(frets, lowest)
    natural = index is not None and highest > lowest and _lies_flat(frets, index)
    first: list[tuple[Barre, ...]] = [] if natural else [()]
    first += [(index,)] if index else []
    rings = [_ring_barre(frets, fret) for fret in sorted(set(stopped) - {lowest}, reverse=True)]
    ways = first + [(*one, ring) for ring in rings if ring for one in first]
    for barres in ways:
        fingers = _fingers(frets, barres)
        if fingers is not None and not _twisted(frets, fingers, barres):
            return Grip(fingers, barres, _cost(frets, fingers, barres))
    return None


def _twisted(frets: tuple[int, ...], fingers: tuple[int, ...], barres: tuple[Barre, ...]) -> bool:
    """Tell whether the hand would have to turn against a barre.

    The little finger does not reach over to the lowest string while another lies across higher
    ones nearer the nut, and no finger but the index lies flat from the lowest string on: it would
    damp those above.
    """
    lowest = next(string for string, fret in enumerate(frets) if fret >= 0)
    across = any(barre.first > lowest and barre.fret < frets[lowest] for barre in barres)
    if across and fingers[lowest] == _FINGERS:
        return True
    for barre in barres:
        above = frets[barre.last + 1 :]
        if barre.finger != _INDEX and barre.first == lowest and any(fret >= 0 for fret in above):
            return True
    return False


def _lies_flat(frets: tuple[int, ...], barre: Barre) -> bool:
    """Tell whether all that a barre covers, up to the highest string, is stopped by it alone."""
    under = frets[barre.first :]
    return all(fret == barre.fret for fret in under)


def _index_barre(frets: tuple[int, ...], fret: int) -> Barre | None:
    """Lay the index finger over all strings stopped at the lowest fret, where it can lie there.

    The finger comes from the side of the highest string: it may press two strings with its tip,
    but over more it lies flat, so that no string from its first to the highest may be open.
    """
    strings = [string for string, each in enumerate(frets) if each == fret]
    if len(strings) < 2:
        return None
    first, last = strings[0], strings[-1]
    tip = last - first < _TIP
    under = frets[first : last + 1] if tip else frets[first:]
    if 0 in under:
        return None
    return Barre(fret, first, last, _INDEX)


def _ring_barre(frets: tuple[int, ...], fret: int) -> Barre | None:
    """Flatten the ring finger over the highest neighbouring strings that share a fret."""
    last = max(string for string, each in enumerate(frets) if each == fret)
    first = last
    while first > 0 and frets[first - 1] == fret:
        first -= 1
    if not 2 <= last - first + 1 <= _MOST_UNDER_RING:
        return None
    return Barre(fret, first, last, _RING)


def _fingers(frets: tuple[int, ...], barres: tuple[Barre, ...]) -> tuple[int, ...] | None:
    """Give out fingers from the lowest fret up; None where a hand has too few."""
    owners = {string: barre for barre in barres for string in barre.strings
              if frets[string] == barre.fret}  # fmt: skip
    tips: list[tuple[int, int, Barre | None]] = []
    for string, fret in enumerate(frets):
        owner = owners.get(string)
        if fret > 0 and (owner is None or owner.first == string):
            tips.append((fret, string, owner))
    if len(tips) > _FINGERS:
        return None
    tips.sort(key=lambda tip: tip[:2])
    lowest, fingers, number = tips[0][0], [0] * len(frets), 0
    for place, (fret, string, owner) in enumerate(tips):
        left = len(tips) - place - 1
        number = max(number + 1, min(fret - lowest + 1, _FINGERS - left))
        for covered in owner.strings if owner else (string,):
            if frets[covered] == fret:
                fingers[covered] = number
    return tuple(fingers)


def _cost(frets: tuple[int, ...], fingers: tuple[int, ...], barres: tuple[Barre, ...]) -> float:
    total = _FINGER_COST * len(set(fingers) - {0})
    for barre in barres:
        size = len(barre.strings)
        full = _BARRE_COST + _BARRE_STRING_COST * size + (_NUT_COST if barre.fret == 1 else 0.0)
        full = _RING_BARRE_COST if barre.finger == _RING else full
        total += _SMALL_BARRE_COST if size <= _TIP else full
        total += _UNDER_BARRE_COST * sum(frets[string] < 0 for string in barre.strings)
    return total
