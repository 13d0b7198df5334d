"""What to do about a mix: what was found, in the order of what it gains, so that it goes together.

Each thing that is told can be accepted by itself: none sets a knob that another one has set. Where
two want the same knob, the one that gains more has it, and a high-pass goes as high as the highest
that is wanted for what should not be there. All faders together are one matter of taste, a balance:
half of one would be another one.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from assistant.mixing.fault import Fault
from assistant.moves import Move

__all__ = ["MOST_BANDS", "Plan", "eq_bands", "joined", "planned"]

MOST_BANDS = 4  # of EQ on one track
SAME_OCTAVES = 1.0 / 3.0  # two bands so near each other, to the same side, are one
_UNITS = ("eq.", "comp.", "deess.")  # several knobs that make one thing


@dataclass(frozen=True, eq=False)
class Plan:
    """What is told, best first: faults, then matters of taste.

    Parameters
    ----------
    told : tuple of Fault
        With the moves that go together.
    held_back : tuple of Fault
        Matters of taste that gain too little to be told.
    """

    told: tuple[Fault, ...] = ()
    held_back: tuple[Fault, ...] = ()

    @property
    def faults(self) -> tuple[Fault, ...]:
        """What nobody wants."""
        return tuple(one for one in self.told if not one.is_taste)

    @property
    def tastes(self) -> tuple[Fault, ...]:
        """What one may want otherwise."""
        return tuple(one for one in self.told if one.is_taste)

    @property
    def matters(self) -> int:
        """How many matters of taste there are: all faders are one."""
        kinds = [one.kind for one in self.tastes]
        return len(kinds) - max(0, kinds.count("gain") - 1)

    @property
    def moves(self) -> tuple[Move, ...]:
        """All that is to be done, in order."""
        return tuple(move for one in self.told for move in one.moves)


def planned(found: Iterable[Fault], most_tastes: int) -> Plan:
    """Put what was found in order, and make its moves go together.

    Parameters
    ----------
    found : iterable of Fault
        In any order.
    most_tastes : int
        How many matters of taste are told, all faders being one; faults are all told.

    Returns
    -------
    Plan
        Of two that weigh the same, the one that was found first comes first; of two bands at one
        place the one that goes deeper, unless it weighs less than half as much. A matter of taste
        of which no move is left is not told: another one does what it wanted.
    """
    ranked = _ranked(tuple(found))
    passes = [
        _highest_passes(move for one in ranked if one.is_taste is is_taste for move in one.moves)
        for is_taste in (True, False)
    ]
    taken = _Taken(passes[0] | passes[1])
    has_balance = any(one.is_taste and one.kind == "gain" for one in ranked)
    told: list[Fault] = []
    others: list[Fault] = []
    held_back: list[Fault] = []
    for one in ranked:
        room = most_tastes if one.kind == "gain" else most_tastes - len(others) - has_balance
        if one.is_taste and room < 1:
            held_back.append(one)
            continue
        moves = tuple(taken.fitting(one.moves))
        if moves or not one.is_taste or not one.moves:
            told.append(replace(one, moves=moves))
            others += [one] if one.is_taste and one.kind != "gain" else []
    return Plan(tuple(told), tuple(held_back))


def joined(first: Sequence[Move], then: Sequence[Move]) -> tuple[Move, ...]:
    """Do some moves after others, as far as they go together.

    Parameters
    ----------
    first, then : sequence of Move
        In order. The first ones have the knobs that both want.

    Returns
    -------
    tuple of Move
        Both, without those of the second that have no place.
    """
    taken = _Taken(_highest_passes([*first, *then]))
    return (*taken.fitting(first), *taken.fitting(then))


def _ranked(found: Sequence[Fault]) -> list[Fault]:
    """Put what gains most first; a deeper band before a shallower one that wants a part of it."""

    def place(one: Fault) -> tuple[bool, float, bool]:
        beside = [other.weight for other in found if _goes_deeper(one, other)]
        weight = max(beside, default=0.0)
        is_lifted = weight > one.weight
        return one.is_taste, -max(one.weight, weight), not is_lifted

    return sorted(found, key=place)


def _goes_deeper(one: Fault, other: Fault) -> bool:
    """Tell whether all that a band wants is done by a deeper one that is about as sure."""
    if one.is_taste is not other.is_taste or 2.0 * one.weight < other.weight:
        return False
    return any(
        target == other_target
        and _is_same_band(hertz, gain_db, other_hz, other_db)
        and abs(gain_db) > abs(other_db)
        for target, hertz, gain_db in eq_bands(one.moves)
        for other_target, other_hz, other_db in eq_bands(other.moves)
    )


def eq_bands(moves: Iterable[Move]) -> Iterator[tuple[str, float, float]]:
    """Walk through the bands of EQ that moves make.

    Parameters
    ----------
    moves : iterable of Move
        In any order.

    Yields
    ------
    tuple of (str, float, float)
        Track, frequency in Hz, gain in dB.
    """
    knobs: dict[tuple[str, str], dict[str, float]] = {}
    for move in moves:
        if move.parameter.startswith("eq."):
            knobs.setdefault((move.target, move.group), {})[move.parameter] = move.value
    for (target, _), band in knobs.items():
        yield target, band["eq.freq_hz"], band.get("eq.gain_db", 0.0)


def _is_same_band(hertz: float, gain_db: float, other_hz: float, other_db: float) -> bool:
    return abs(math.log2(hertz / other_hz)) <= SAME_OCTAVES and gain_db * other_db > 0.0


def _highest_passes(moves: Iterable[Move]) -> dict[str, Move]:
    """Find the highest high-pass that is wanted of each track."""
    highest: dict[str, Move] = {}
    for move in moves:
        if move.parameter == "hpf_hz":
            there = highest.get(move.target)
            if there is None or move.value > there.value:
                highest[move.target] = move
    return highest


class _Taken:
    """Knobs that are taken."""

    def __init__(self, passes: dict[str, Move]) -> None:
        self._passes = passes
        self._knobs: set[tuple[str, str, str]] = set()
        self._bands: dict[str, list[tuple[float, float]]] = {}
        self._muted: set[str] = set()

    def fitting(self, moves: Sequence[Move]) -> Iterator[Move]:
        """Choose those that no other stands in the way of, and take their knobs."""
        for unit in _together(moves):
            if unit[0].target in self._muted or not self._takes(unit):
                continue
            for move in unit:
                if move.parameter == "mute":
                    self._muted.add(move.target)
                yield self._passes[move.target] if move.parameter == "hpf_hz" else move

    def _takes(self, unit: Sequence[Move]) -> bool:
        """Take the knobs of what belongs together: all of them, or none."""
        first = unit[0]
        if first.parameter.startswith("eq.") and not self._takes_band(unit):
            return False
        places = {(one.target, _unit_of(one), one.group) for one in unit if _is_one_knob(one)}
        if places & self._knobs:
            return False
        self._knobs |= places
        return True

    def _takes_band(self, unit: Sequence[Move]) -> bool:
        ((target, freq_hz, gain_db),) = eq_bands(unit)
        there = self._bands.setdefault(target, [])
        if any(_is_same_band(freq_hz, gain_db, *other) for other in there):
            return False
        if len(there) >= MOST_BANDS:
            return False
        there.append((freq_hz, gain_db))
        return True


def _is_one_knob(move: Move) -> bool:
    """Tell whether there is one such knob only: faders can be turned on and on."""
    return move.parameter != "gain_db"


def _unit_of(move: Move) -> str:
    prefix = next((one for one in _UNITS if move.parameter.startswith(one)), None)
    return prefix or move.parameter


def _together(moves: Sequence[Move]) -> Iterator[list[Move]]:
    """Walk through moves by what they make: a band, a compressor, or one knob."""
    units: dict[tuple[str, str, str], list[Move]] = {}
    for move in moves:
        units.setdefault((move.target, _unit_of(move), move.group), []).append(move)
    yield from units.values()
