"""How heavily each place of a bar weighs, by its metre."""

from __future__ import annotations

from functools import lru_cache

from assistant.errors import MaterialError
from assistant.material import Meter

__all__ = ["BEAT", "DOWNBEAT", "SIXTEENTHS", "accents", "groups", "weight_at"]

SIXTEENTHS = 4
"""Sixteenths in a beat (quarter note)."""

DOWNBEAT, HALF, BEAT, OFFBEAT, BETWEEN = 4, 3, 2, 1, 0
_BEAT_GROUPS = {4: (2, 2), 5: (3, 2), 6: (3, 3), 7: (4, 3), 8: (4, 4)}
_ODD_GROUPS = {5: (3, 2), 7: (2, 2, 3), 8: (3, 3, 2), 10: (3, 3, 2, 2), 11: (3, 3, 3, 2)}


@lru_cache(maxsize=64)
def accents(meter: Meter) -> tuple[int, ...]:
    """Weigh every sixteenth of a bar.

    Parameters
    ----------
    meter : Meter
        Beats as long as a sixteenth at least.

    Returns
    -------
    tuple of int
        4 where the bar begins, 3 where its second half or a group does, 2 on a beat, 1 on half
        a beat, 0 between.

    Raises
    ------
    MaterialError
        Where the bar is not made of sixteenths.
    """
    if 16 % meter.denominator or meter.numerator < 1:
        seen = meter.signature
        raise MaterialError(f"Words are set in bars of half to sixteenth notes, not {seen}.")
    if meter.denominator < 4:
        return accents(Meter(0.0, meter.numerator * 2, meter.denominator * 2))
    step = 16 // meter.denominator
    weights = [BETWEEN] * (meter.numerator * step)
    for place in range(0, len(weights), min(2, step)):
        weights[place] = BEAT if place % step == 0 and meter.denominator == 4 else OFFBEAT
    grouped = groups(meter)
    start = 0
    for index, size in enumerate(grouped):
        weights[start] = DOWNBEAT if index == 0 else _group_weight(index, len(grouped))
        start += size * step
    return tuple(weights)


def groups(meter: Meter) -> tuple[int, ...]:
    """Group the beats of a bar, as in 5/4 three and two, in 7/8 two, two and three."""
    count = meter.numerator
    if meter.denominator == 4:
        return _BEAT_GROUPS.get(count, (count,))
    if count % 3 == 0:
        return (3,) * (count // 3)
    return _ODD_GROUPS.get(count, (2,) * (count // 2) if count % 2 == 0 else (count,))


def _group_weight(index: int, count: int) -> int:
    """Weigh a group: the middle one of an even number, or one of two or three unlike ones."""
    return HALF if count <= 2 or index * 2 == count else BEAT


def weight_at(meter: Meter, beat: float) -> int:
    """Weigh a place given in beats (quarter notes) from the first bar line."""
    weights = accents(meter)
    place = beat * SIXTEENTHS
    near = round(place)
    return weights[near % len(weights)] if abs(place - near) < 0.2 else BETWEEN
