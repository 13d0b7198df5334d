"""Chords in what sounds: a song is cut where another chord explains it better.

Every stretch of a few beats is compared with every chord: notes of the chord should sound, others
should not, its root should be in the bass. The cuts that explain the whole song best are then found
by dynamic programming; a change on the bar line costs least.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from assistant.theory.ear.ears import FOR_NOTES, FOR_SOUND, Ear
from assistant.theory.ear.grid import BAR, Grid, Sounding
from assistant.theory.harmony.chord import Chord
from assistant.theory.harmony.key import Key
from assistant.theory.harmony.roman import numeral_of, realise

__all__ = ["FOR_NOTES", "FOR_SOUND", "Ear", "HeardChord", "find_chords", "respelled"]

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class HeardChord:
    """A chord that was heard: from where, for how long (beats), what, and how surely (0 to 1)."""

    start: float
    length: float
    chord: Chord
    confidence: float


_LONGEST_PULSES = 8
_SEVENTH_PLACE = 3
_AT_HAND = 256  # stretches
_MIN_HEARD = 0.02  # share of a stretch in which anything must sound
_INVERTED = 0.6  # share of the bass that another note than the root must have


def find_chords(
    sounding: Sounding, grid: Grid, key: Key | None, ear: Ear = FOR_NOTES
) -> tuple[HeardChord, ...]:
    """Find the chords.

    Parameters
    ----------
    sounding : Sounding
        What sounds on each pulse.
    grid : Grid
        The pulses; there is at most one change on each.
    key : Key or None
        Chords in it are likelier and all are spelled in it; None where there is no key.
    ear : Ear
        What to expect.

    Returns
    -------
    tuple of HeardChord
        In order; none where nothing sounds for a while.
    """
    stretches = _Stretches(sounding, grid)
    table = _table(ear)
    dear = table.costs + (np.float32(ear.outside) * _outside(table, key) if key else 0.0)
    worth = np.concatenate([(stretches.fits(part, table, ear) - dear).max(axis=1)
                            for part in stretches.parts()])  # fmt: skip
    cuts = _cut(stretches, worth, np.array(ear.change)[grid.strengths])
    values = stretches.fits(np.array(cuts), table, ear) - dear
    heard: list[HeardChord] = []
    for at, row in zip(cuts, values, strict=True):
        if stretches.active[at] < _MIN_HEARD * stretches.lengths[at]:
            continue
        best = int(row.argmax())
        root, kind = divmod(best, len(ear.kinds))
        name = ear.kinds[kind][0]
        plain = Chord(root * 7 % 12, name, _inversion(root, name, stretches.bass[at]))
        sure = _sure(row, table, best, ear)
        start = float(grid.edges[stretches.begins(int(at), grid)])
        length = float(grid.edges[stretches.last[at]]) - start
        heard.append(HeardChord(start, length, _spelled(plain, key), sure))
    return _joined(heard)


def respelled(chords: Sequence[HeardChord], key: Key) -> tuple[HeardChord, ...]:
    """Spell chords in another key.

    Parameters
    ----------
    chords : sequence of HeardChord
        As they were heard.
    key : Key
        The key.

    Returns
    -------
    tuple of HeardChord
        The same chords, their roots spelled in it.
    """
    return tuple(replace(each, chord=realise(numeral_of(each.chord, key), key)) for each in chords)


class _Stretches:
    """Every stretch of one to eight pulses: what sounds in it, in shares of its length."""

    def __init__(self, sounding: Sounding, grid: Grid) -> None:
        pulses = grid.strengths.size
        lengths = np.arange(1, min(_LONGEST_PULSES, pulses) + 1)
        last = np.arange(1, pulses + 1)[:, None]
        first = last - lengths
        inside = first >= 0
        self.first = first[inside]
        self.last = np.broadcast_to(last, first.shape)[inside]
        self.lengths = grid.edges[self.last] - grid.edges[self.first]
        heard = np.minimum(sounding.classes.sum(axis=1), grid.lengths)
        self.active = self._sum(heard[:, None])[:, 0]
        self._heard = heard > 0.0
        self.classes = self._sum(sounding.classes) / np.maximum(self.active, 1e-9)[:, None]
        bass = self._sum(sounding.lowest) + sounding.lowest[self.first]
        self.bass = bass / np.maximum(bass.sum(axis=1), 1e-9)[:, None]

    def _sum(self, values: Array) -> Array:
        total = np.concatenate((np.zeros((1, values.shape[1])), np.cumsum(values, axis=0)))
        return np.asarray(total[self.last] - total[self.first], dtype=np.float64)

    def begins(self, at: int, grid: Grid) -> int:
        """Find the bar line after which a stretch sounds, where it begins with bars of silence."""
        pulse, last = int(self.first[at]), int(self.last[at])
        first = pulse + int(self._heard[pulse:last].argmax())
        lines = np.flatnonzero(grid.strengths[pulse : first + 1] == BAR)
        return pulse + int(lines[-1]) if lines.size else pulse

    def parts(self) -> list[NDArray[np.int64]]:
        """Divide the places of all stretches into parts that a processor keeps at hand."""
        places = np.arange(self.first.size)
        return np.split(places, range(_AT_HAND, places.size, _AT_HAND))

    def fits(self, places: NDArray[np.int64], table: _Table, ear: Ear) -> NDArray[np.float32]:
        """Tell how well each chord explains some stretches, in nats."""
        classes = self.classes[places]
        longest = np.partition(classes, 9, axis=1)[:, 9:].mean(axis=1)
        share = classes / np.maximum(longest, 1e-9)[:, None]
        none, whole = ear.full
        present = np.clip((share - none) / (whole - none), 0.0, 1.0)
        features = np.concatenate((present, ear.bass_weight * self.bass[places]), axis=1)
        fits: NDArray[np.float32] = features.astype(np.float32) @ table.weights
        fits += table.absent
        fits *= (ear.scale * self.active[places])[:, None].astype(np.float32)
        if ear.rootless:
            missing = np.float32(ear.rootless) * (present <= 0.0)
            fits -= np.repeat(missing[:, table.roots], len(ear.kinds), axis=1)
        return fits


@dataclass(frozen=True, eq=False)
class _Table:
    """All chords, root by root: what each expects.

    Weights has a row a pitch class and a row a bass; classes tells which notes are in a chord;
    roots are the pitch classes of the roots, each once.
    """

    weights: NDArray[np.float32]
    absent: NDArray[np.float32]
    costs: NDArray[np.float32]
    classes: NDArray[np.bool_]
    families: NDArray[np.int64]
    roots: NDArray[np.int64]


@lru_cache(maxsize=4)
def _table(ear: Ear) -> _Table:
    chords = [Chord(root * 7 % 12, kind) for root in range(12) for kind, _ in ear.kinds]
    odds = np.full((len(chords), 12), ear.stray)
    bass = np.full((len(chords), 12), np.log(ear.bass[-1]))
    classes = np.zeros((len(chords), 12), dtype=np.bool_)
    for row, chord in enumerate(chords):
        for place, pitch_class in enumerate(chord.pitch_classes):
            odds[row, pitch_class] = ear.tone[min(place, 4)]
            bass[row, pitch_class] = np.log(ear.bass[min(place, 4)])
            classes[row, pitch_class] = True
    weights = np.concatenate((np.log(odds / (1.0 - odds)), bass), axis=1).T
    costs = np.array([cost for _ in range(12) for _, cost in ear.kinds], dtype=np.float32)
    thirds = np.array([chord.pitch_classes[1] - chord.pitch_classes[0] for chord in chords]) % 12
    roots = np.array([chord.pitch_classes[0] for chord in chords])
    return _Table(
        weights.astype(np.float32),
        np.log(1.0 - odds).sum(axis=1).astype(np.float32),
        costs,
        classes,
        roots * 12 + thirds,
        roots[:: len(ear.kinds)],
    )


def _outside(table: _Table, key: Key) -> NDArray[np.float32]:
    """Count the notes of each chord outside a key; in minor the raised seventh is in it."""
    inside = np.zeros(12, dtype=np.bool_)
    inside[list(key.pitch_classes)] = True
    if key.mode == "minor":
        inside[(key.root + 11) % 12] = True
    return np.asarray((table.classes & ~inside).sum(axis=1), dtype=np.float32)


def _cut(stretches: _Stretches, values: NDArray[np.float32], costs: Array) -> list[int]:
    """Choose the stretches that together explain most; return their places in order."""
    pulses = costs.size
    worth = (values - costs[stretches.first]).tolist()
    first = stretches.first.tolist()
    totals = [0.0] * (pulses + 1)
    chosen = [0] * (pulses + 1)
    at = 0
    for last in range(1, pulses + 1):
        top = -np.inf
        for _ in range(min(_LONGEST_PULSES, last)):
            total = totals[first[at]] + worth[at]
            if total > top:
                top, chosen[last] = total, at
            at += 1
        totals[last] = top
    cuts: list[int] = []
    end = pulses
    while end > 0:
        cuts.append(chosen[end])
        end = first[chosen[end]]
    return cuts[::-1]


def _inversion(root: int, kind: str, bass: Array) -> int:
    """Find the note of a chord that is in the bass for most of it; 0 where none is."""
    low = int(bass.argmax())
    classes = Chord(root * 7 % 12, kind).pitch_classes
    if bass[low] < _INVERTED or low not in classes:
        return 0
    place = classes.index(low)
    return place if place <= _SEVENTH_PLACE else 0


@lru_cache(maxsize=4096)
def _spelled(chord: Chord, key: Key | None) -> Chord:
    return realise(numeral_of(chord, key), key) if key else chord


def _sure(values: NDArray[np.float32], table: _Table, best: int, ear: Ear) -> float:
    """Tell how sure a chord is by its lead over the next one of another root or third."""
    rivals = values[table.families != table.families[best]]
    offset, slope = ear.sure
    lead = float(values[best] - rivals.max())
    return float(1.0 / (1.0 + np.exp(-offset - slope * lead)))


def _joined(heard: list[HeardChord]) -> tuple[HeardChord, ...]:
    """Join what is heard as one chord over several stretches."""
    joined: list[HeardChord] = []
    for chord, group in groupby(heard, key=lambda each: each.chord):
        same = list(group)
        length = same[-1].start + same[-1].length - same[0].start
        sure = sum(each.confidence * each.length for each in same)
        joined.append(
            HeardChord(same[0].start, length, chord, sure / sum(each.length for each in same))
        )
    return tuple(joined)
