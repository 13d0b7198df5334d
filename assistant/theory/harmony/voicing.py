"""Which notes to play: voicings of each chord, and the smoothest way through them.

A voicing is four pitches from the lowest up, so that voices never cross. The way through is found
by dynamic programming over all close, drop-2 and open voicings in the range: it is the best there
is under the costs written here, which count semitones moved, leaps, common tones given up, and
how well each voicing sounds by itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise, product
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from assistant.theory.harmony import spelling
from assistant.theory.harmony.chord import Chord

__all__ = ["MIN_SPAN", "VOICES", "Voicing", "cost", "held", "movement", "root_position", "voice"]

Voicing: TypeAlias = tuple[int, ...]

VOICES = 4
MIN_SPAN = 12
"""Semitones that a range must hold so that every chord can be voiced in it."""

_MAX_GAP = 9  # between neighbouring voices: a sixth
_MAX_SPREAD = 19  # lowest to highest: an octave and a fifth
_STEP = 2  # semitones
_LEAP_COST = 1.0  # a semitone beyond a step
_DROPPED_COMMON_TONE_COST = 2.0
_ALL_ONE_WAY_COST = 0.5
_UNISON_COST = 3.0
_CLUSTER_COST = 1.5  # a semitone between neighbours
_MUD_COST = 1.0  # a semitone that an interval in the bass register is too narrow
_MUD_BELOW = 53  # F3: closer than a third muddies below
_OFF_CENTRE_COST = 0.25  # a semitone of the voicing's middle from the middle of the range
_DOUBLING_COSTS = {0: 0.0, 1: 0.75, -1: 1.0, 2: 1.0, 3: 1.5, -3: 1.5, 4: 2.5}  # by tone, in fifths
_OTHER_DOUBLING_COST = 3.0
_OMISSION_COSTS = {1: 0.25, 0: 0.5}  # the fifth, the root (it is in the bass)


@lru_cache(maxsize=1024)
def _candidates(chord: Chord, low: int, high: int) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """List the voicings of a chord in a range, with what each costs by itself.

    Returns
    -------
    ndarray of int, shape (n, VOICES)
        Pitches from the lowest up.
    ndarray of float, shape (n,)
        Costs.
    """
    costs: dict[Voicing, float] = {}
    for tones, price in _selections(chord):
        for pitches in _placements(tones, low, high):
            total = price + _sound_cost(pitches, (low + high) / 2)
            costs[pitches] = min(total, costs.get(pitches, np.inf))
    voicings = np.array(list(costs), dtype=np.int64)
    return voicings, np.array(list(costs.values()))


def _selections(chord: Chord) -> Iterator[tuple[tuple[int, ...], float]]:
    """Choose four pitch classes of a chord: one doubled, or some left out.

    Yields
    ------
    tuple of (tuple of int, float)
        Pitch classes, and what the choice costs.
    """
    tones = chord.quality.tones
    classes = {tone: spelling.pitch_class(chord.root + tone) for tone in tones}
    if len(tones) >= VOICES:
        spare = chord.quality.omit if len(tones) > VOICES else ()
        yield from _omissions(tones, spare, classes)
        return
    if len(tones) == 2:
        yield tuple(classes[tone] for tone in tones * 2), 0.0
        return
    for doubled in tones:
        price = _DOUBLING_COSTS.get(doubled, _OTHER_DOUBLING_COST)
        yield tuple(classes[tone] for tone in (*tones, doubled)), price


def _omissions(
    tones: tuple[int, ...], spare: tuple[int, ...], classes: dict[int, int]
) -> Iterator[tuple[tuple[int, ...], float]]:
    """Leave out as many tones as there are too many, those first that can best be spared."""
    excess = len(tones) - VOICES
    if excess == 0:
        yield tuple(classes[tone] for tone in tones), 0.0
    elif excess == 1:
        for omitted in spare:
            yield (
                tuple(classes[tone] for tone in tones if tone != omitted),
                _OMISSION_COSTS[omitted],
            )
    else:
        kept = [tone for tone in tones if tone not in spare]
        essential = kept[:2] + kept[-(VOICES - 2) :]
        yield tuple(classes[tone] for tone in essential), 0.0


def _placements(classes: tuple[int, ...], low: int, high: int) -> Iterator[Voicing]:
    """Place pitch classes in a range, close enough together to sound as one chord."""
    octaves = [range(low + (pc - low) % 12, high + 1, 12) for pc in classes]
    wide = [tuple(sorted(pitches)) for pitches in product(*octaves)]
    for pitches in dict.fromkeys(wide):
        gaps = [upper - lower for lower, upper in pairwise(pitches)]
        if max(gaps) <= _MAX_GAP and pitches[-1] - pitches[0] <= _MAX_SPREAD:
            yield pitches


def _sound_cost(pitches: Voicing, centre: float) -> float:
    """Rate a voicing by itself: unisons, clusters, mud, distance from the middle of the range."""
    total = _OFF_CENTRE_COST * abs(sum(pitches) / VOICES - centre)
    for lower, upper in pairwise(pitches):
        gap = upper - lower
        if gap == 0:
            total += _UNISON_COST
        elif gap == 1:
            total += _CLUSTER_COST
        if lower < _MUD_BELOW and 0 < gap < 3:
            total += _MUD_COST * (3 - gap)
    return total


@lru_cache(maxsize=2048)
def _steps(before: Chord, after: Chord, low: int, high: int) -> NDArray[np.float64]:
    """Rate every way from a voicing of one chord to one of the next.

    Returns
    -------
    ndarray of float, shape (voicings of `before`, voicings of `after`)
        Semitones moved, and the costs of leaps and of common tones given up.
    """
    first, _ = _candidates(before, low, high)
    second, _ = _candidates(after, low, high)
    moved = second[None, :, :] - first[:, None, :]
    size = np.abs(moved)
    total = size.sum(axis=2) + _LEAP_COST * np.maximum(size - _STEP, 0).sum(axis=2)
    one_way = (moved > 0).all(axis=2) | (moved < 0).all(axis=2)
    common = len(set(before.pitch_classes) & set(after.pitch_classes))
    dropped = np.maximum(min(common, VOICES) - (size == 0).sum(axis=2), 0)
    rated = total + _ALL_ONE_WAY_COST * one_way + _DROPPED_COMMON_TONE_COST * dropped
    return np.asarray(rated, dtype=np.float64)


def voice(chords: Sequence[Chord], low: int, high: int) -> tuple[Voicing, ...]:
    """Voice a progression as smoothly as it can be.

    Parameters
    ----------
    chords : sequence of Chord
        At least one.
    low, high : int
        Lowest and highest MIDI note, at least `MIN_SPAN` semitones apart.

    Returns
    -------
    tuple of Voicing
        Four pitches for each chord, lowest first; two may be the same where the range is tight.
    """
    totals = [_candidates(chords[0], low, high)[1]]
    came_from: list[NDArray[np.intp]] = []
    for before, after in pairwise(chords):
        ways = totals[-1][:, None] + _steps(before, after, low, high)
        came_from.append(ways.argmin(axis=0))
        totals.append(ways.min(axis=0) + _candidates(after, low, high)[1])
    place = int(totals[-1].argmin())
    path = [place]
    for back in reversed(came_from):
        place = int(back[place])
        path.append(place)
    voicings = (_candidates(chord, low, high)[0] for chord in chords)
    pairs = zip(voicings, reversed(path), strict=True)
    return tuple(tuple(int(pitch) for pitch in found[place]) for found, place in pairs)


def cost(chords: Sequence[Chord], voicings: Sequence[Voicing], low: int, high: int) -> float:
    """Rate voicings by the costs that `voice` makes least.

    Parameters
    ----------
    chords : sequence of Chord
        What is voiced.
    voicings : sequence of Voicing
        How; each one that `voice` might have chosen.
    low, high : int
        The range.

    Returns
    -------
    float
        Lower is smoother.

    Raises
    ------
    ValueError
        Where one is no voicing of its chord in the range.
    """
    places = [
        _candidates(chord, low, high)[0].tolist().index(list(pitches))
        for chord, pitches in zip(chords, voicings, strict=True)
    ]
    total = sum(
        float(_candidates(chord, low, high)[1][place])
        for chord, place in zip(chords, places, strict=True)
    )
    for index in range(1, len(chords)):
        step = _steps(chords[index - 1], chords[index], low, high)
        total += float(step[places[index - 1], places[index]])
    return total


def root_position(chord: Chord, low: int, high: int) -> Voicing:
    """Stack a chord on its root, as near to the middle of a range as it goes: the naive way.

    Parameters
    ----------
    chord : Chord
        The chord.
    low, high : int
        The range.

    Returns
    -------
    Voicing
        Root, then upwards the next four notes; a triad has its root again on top.
    """
    root = chord.pitch_classes[0]
    steps = sorted({(pc - root) % 12 for pc in chord.pitch_classes})
    steps = [*steps, 12, *(step + 12 for step in steps[1:])][:VOICES]
    starts = range(low + (root - low) % 12, high + 1 - steps[-1], 12) or [low + (root - low) % 12]
    middle = (low + high - steps[-1]) / 2
    start = min(starts, key=lambda pitch: abs(pitch - middle))
    return tuple(start + step for step in steps)


def movement(voicings: Sequence[Voicing]) -> float:
    """Measure how far the voices move: semitones a voice a change, 0.0 where there is none."""
    if len(voicings) < 2:
        return 0.0
    return float(np.abs(np.diff(np.array(voicings), axis=0)).mean())


def held(before: Voicing, after: Voicing) -> frozenset[int]:
    """Find the pitches that a voice keeps from one voicing to the next."""
    return frozenset(low for low, high in zip(before, after, strict=True) if low == high)
