"""Which syllable falls on which note: the cheapest way through both, by dynamic programming."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.material import Note
from assistant.theory.verse.accents import BEAT, DOWNBEAT, OFFBEAT
from assistant.theory.verse.syllables import STRONG, WEAK

__all__ = ["Spot", "Step", "SungSyllable", "align"]

_HELD = 8  # notes that one syllable is held over, at most
_CROWD = 4  # syllables on one note, at most
_SHORTEST_S = 0.17
_MISSING = 3.0  # a syllable without a note
_SILENT = 0.9  # a note without a syllable
_HOLD, _HOLD_ON, _HOLD_OVER_REST, _HOLD_WEAK = 0.3, 0.12, 1.6, 0.25
_BAND = 16  # notes: no need to look further from the even way
_DIVIDE, _TOO_FAST = 0.8, 1.5
_UNSUNG = 0.12
_BROKEN, _RUN_ON, _LATE = 1.0, 0.25, 0.12
_OFF_BEAT, _WRONG, _LIGHT = 0.6, 0.7, 0.15


@dataclass(frozen=True, slots=True)
class SungSyllable:
    """A syllable of a word: `whole` where it is all of it, `optional` where it may go unsung."""

    text: str
    word: str
    stress: int
    begins: bool
    ends: bool
    begins_line: bool
    whole: bool
    optional: bool


@dataclass(frozen=True, slots=True)
class Spot:
    """A note and the weight of its place; it `opens` a phrase at the start and after a rest.

    Its `bar` is counted from 1, and its `beat` from 1.0, in the beats that the metre counts.
    """

    note: Note
    weight: int
    opens: bool
    bar: int
    beat: float


@dataclass(frozen=True, slots=True)
class Step:
    """What happened: from syllable `first` on, `taken` of them on `held` notes from `note` on."""

    first: int
    taken: int
    note: int
    held: int


def align(
    sung: Sequence[SungSyllable], spots: Sequence[Spot], bpm: float
) -> tuple[list[Step], float]:
    """Find the cheapest way through syllables and notes.

    Parameters
    ----------
    sung : sequence of SungSyllable
        What is to be sung.
    spots : sequence of Spot
        Where.
    bpm : float
        Quarter notes a minute.

    Returns
    -------
    tuple of (list of Step, float)
        The steps in order, and what they cost together.
    """
    slope = len(spots) / len(sung)
    # best[i, j]: what it costs to have sung i syllables on j notes, and the last step there
    best: dict[tuple[int, int], tuple[float, Step | None]] = {(0, 0): (0.0, None)}
    for i in range(len(sung) + 1):
        for j in range(len(spots) + 1):
            if (i, j) not in best:
                continue
            here = best[i, j][0]
            for step, cost in _steps(i, j, sung, spots, bpm):
                after = (i + step.taken, j + step.held)
                if abs(after[0] * slope - after[1]) > _BAND + slope:
                    continue
                if after not in best or here + cost < best[after][0] - 1e-12:
                    best[after] = (here + cost, step)
    goal = (len(sung), len(spots))
    steps: list[Step] = []
    at = goal
    while (last := best[at][1]) is not None:
        steps.append(last)
        at = (at[0] - last.taken, at[1] - last.held)
    return steps[::-1], best[goal][0]


def _steps(
    i: int, j: int, sung: Sequence[SungSyllable], spots: Sequence[Spot], bpm: float
) -> Iterator[tuple[Step, float]]:
    """List what may come next after `i` syllables and `j` notes, with what it costs."""
    if j < len(spots):
        silent = _SILENT if i == len(sung) or sung[i].begins_line else 2 * _SILENT
        yield Step(i, 0, j, 1), silent
    if i < len(sung):
        unsung = _UNSUNG if sung[i].optional and j > 0 else _MISSING
        yield Step(i, 1, j, 0), unsung
    if i == len(sung) or j == len(spots):
        return
    cost = _landing(sung[i], spots[j])
    for held in range(1, min(_HELD, len(spots) - j) + 1):
        if held > 1:
            cost += _holding(sung[i], spots[j], spots[j + held - 1]) + _HOLD_ON * (held - 2)
        yield Step(i, 1, j, held), cost
    for taken in range(2, min(_CROWD, len(sung) - i) + 1):
        yield Step(i, taken, j, 1), _dividing(sung[i : i + taken], spots[j], bpm)


def _landing(one: SungSyllable, spot: Spot) -> float:
    """Cost of a syllable on a note."""
    cost = 0.0
    if spot.opens and not one.begins:
        cost += _BROKEN
    elif spot.opens and not one.begins_line:
        cost += _LATE
    elif one.begins_line and not spot.opens:
        cost += _RUN_ON
    if one.stress == STRONG and spot.weight < BEAT:
        cost += _OFF_BEAT if spot.weight == OFFBEAT else 1.3 * _OFF_BEAT
    elif one.stress == WEAK and spot.weight > BEAT:
        cost += _LIGHT if one.whole else _WRONG * (1.0 if spot.weight == DOWNBEAT else 0.7)
    elif one.stress == WEAK and spot.weight == BEAT:
        cost += 0.0 if one.whole else _LIGHT
    return cost


def _holding(one: SungSyllable, first: Spot, extra: Spot) -> float:
    """Cost of one more note under the same syllable."""
    cost = _HOLD_OVER_REST if extra.opens else _HOLD
    cost += _HOLD_WEAK if one.stress == WEAK else 0.0
    return cost + 0.1 * max(0, extra.weight - max(first.weight, OFFBEAT))


def _dividing(taken: Sequence[SungSyllable], spot: Spot, bpm: float) -> float:
    """Cost of several syllables on one note, which is divided evenly."""
    cost = _landing(taken[0], spot) + _DIVIDE * (len(taken) - 1)
    cost += sum(_OFF_BEAT for one in taken[1:] if one.stress == STRONG)
    cost += sum(_RUN_ON for one in taken[1:] if one.begins_line)
    fast = spot.note.length / len(taken) * 60.0 / bpm < _SHORTEST_S
    return cost + _TOO_FAST * fast * (len(taken) - 1)
