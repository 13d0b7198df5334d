"""What a hand can hold: all playable shapes of a chord on a fretboard, the easiest first.

A shape is searched for, not looked up: every way to mute, leave open or stop each string within
the reach of a hand is laid out, and what cannot be held, or lacks a note of the chord, is thrown
away. Frets count from the nut, or from the capo where there is one.
"""

from __future__ import annotations

from bisect import insort
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from assistant.theory.guitar.grip import Grip, grip
from assistant.theory.harmony.chord import Chord, Quality

__all__ = ["Form", "Stopped", "forms"]

_MUTED = -1
_OPEN = 0
_HIGHEST_POSITION = 10
_LOW_REACH, _HIGH_REACH = 3, 4  # frets above the index finger; frets lie closer up the neck
_CLOSE_FROM = 7  # the position from which a hand reaches one fret more
_MOST_INNER_MUTED = 1
_KEPT = 16  # shapes of a chord that are worth comparing

_POSITION_COST = 0.3  # a fret away from the nut
_REACH_COST = 0.45  # a fret between the lowest and the highest finger
_INNER_MUTE_COST = 1.6
_TOP_MUTE_COST = 0.9
_SILENT_COST = 0.35  # a string that does not sound
_OMISSION_COST = 0.8
_OPEN_UP_COST = 0.5  # an open string among fingers far up the neck, a fret of the distance
_THIRDS_COST = 0.5  # a third more than one
_DISSONANCE_COST = 0.7  # a seventh or a tension more than one
_HIGH_BASS_COST = 0.12  # a semitone of the lowest note above the octave of the lowest string
_STRANGE_COST = 4.0  # a shape that no chord book shows
_THIRDS = (4, -3)
_FEWEST_SOUNDING = 4  # strings, of a chord of three notes or more
_GUITAR = (5, 5, 5, 4, 5)  # semitones between the strings that chord books are written for

_BOOK = """
x32010 320003 xx0232 xx0231 x21202 xx0212 320001 x32310 xx0211 x32000 x32210 xx3210 xx0222 320002
xx0233 xx0230 x32030 x20003 x20033 2x0232 332010 032010 xx0213 320000 x00232 320011 320013 320010
300003 3x0003 330011 x02423 x30033
"""
_MOVABLE_BOOK = """
022100 022000 020100 020000 021100 022200 020200 022120 x02220 x02210 x02020 x02010 x02120 x02110
x02230 x02200 x02030 x02212 xx0111 xx0101 022xxx x022xx xx022x
x2122x x21222 x21224 x2323x x2313x x2132x x2022x x3133x x21122 x2121x x2123x x33333 x3333x
1x121x 1x111x 1x221x 2x132x 2x122x 2x121x 1x122x 2x231x 1x123x 2x221x 3x343x
"""

Stopped = NDArray[np.int8]
"""Frets, shape (n, strings): -1 muted, 0 open."""


@dataclass(frozen=True, slots=True)
class Form:
    """A chord held on the neck.

    Parameters
    ----------
    frets : tuple of int
        By string, in the order of a chord diagram; -1 muted, 0 open.
    grip : Grip
        Which finger is where.
    cost : float
        How hard it is to hold, and how much of the chord it leaves out; lower is better.
    """

    frets: tuple[int, ...]
    grip: Grip
    cost: float


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What a shape has to sound.

    Parameters
    ----------
    tones : tuple of int
        Pitch classes of the chord.
    weights : tuple of float
        What a second of each costs.
    spare : frozenset of int
        Pitch classes that may be left out.
    bass : int
        Pitch class of the lowest note.
    """

    tones: tuple[int, ...]
    weights: tuple[float, ...]
    spare: frozenset[int]
    bass: int


def forms(chord: Chord, strings: tuple[int, ...]) -> tuple[Form, ...]:
    """Find how a chord can be held.

    Parameters
    ----------
    chord : Chord
        Any chord; its bass note is the lowest, on strings that ascend.
    strings : tuple of int
        Open strings, MIDI numbers in the order of a chord diagram.

    Returns
    -------
    tuple of Form
        At most 16, the easiest first. Where a tuning lets no hand hold the bass note lowest, forms
        with another; none where the chord cannot be held at all.
    """
    bass = 7 * chord.bass % 12
    return _forms(7 * chord.root % 12, chord.quality, bass, strings)


@lru_cache(maxsize=4096)
def _forms(root: int, quality: Quality, bass: int, strings: tuple[int, ...]) -> tuple[Form, ...]:
    wanted = _wanted(root, quality, bass)
    stopped = _laid_out(wanted, strings)
    costs = _sound_cost(stopped, wanted, strings)
    right = _in_bass(stopped, bass, strings)
    return _easiest(stopped, np.where(right, costs, np.inf)) or _easiest(stopped, costs)


def _easiest(stopped: Stopped, costs: NDArray[np.float64]) -> tuple[Form, ...]:
    """Put fingers on the shapes that sound best, and keep those that a hand can hold."""
    held: list[Form] = []
    whole = np.flatnonzero(np.isfinite(costs))
    for row in whole[np.argsort(costs[whole], kind="stable")]:
        # Fingers only make it dearer: no later shape can be better than those that are held.
        if len(held) == _KEPT and costs[row] > held[-1].cost:
            break
        frets = tuple(stopped[row].tolist())
        fingers = grip(frets)
        if fingers is not None:
            form = Form(frets, fingers, float(costs[row]) + fingers.cost)
            insort(held, form, key=lambda form: (form.cost, form.frets))
            del held[_KEPT:]
    return tuple(held)


def _wanted(root: int, quality: Quality, bass: int) -> _Wanted:
    tones = tuple((root + 7 * tone) % 12 for tone in quality.tones)
    weights = tuple(
        0.0 if tone in {0, 1} else _THIRDS_COST if tone in _THIRDS else _DISSONANCE_COST
        for tone in quality.tones
    )
    spare = {(root + 7 * tone) % 12 for tone in quality.omit}
    if len(tones) > 5:  # of six notes, the ninth goes before the tension above it
        spare.add((root + 14) % 12)
    return _Wanted(tones, weights, frozenset(spare - {bass}), bass)


def _laid_out(wanted: _Wanted, strings: tuple[int, ...]) -> Stopped:
    """Lay out every way to mute, leave open or stop the strings, window by window of the neck."""
    windows = [_window(wanted, strings, position) for position in range(1, _HIGHEST_POSITION + 1)]
    return np.concatenate(windows)


def _window(wanted: _Wanted, strings: tuple[int, ...], position: int) -> Stopped:
    """Lay out the shapes whose lowest finger is at a position (open ones at the first)."""
    reach = _LOW_REACH if position < _CLOSE_FROM else _HIGH_REACH
    choices = []
    for string in strings:
        frets = [_MUTED, _OPEN, *range(position, position + reach + 1)]
        choices.append([fret for fret in frets
                        if fret == _MUTED or (string + fret) % 12 in wanted.tones])  # fmt: skip
    rows = _product(choices)
    here = (rows == position).any(axis=1)
    if position == 1:
        here |= (rows <= _OPEN).all(axis=1)
    kept: Stopped = rows[here & (_inner_muted(rows) <= _MOST_INNER_MUTED)]
    return kept


def _product(choices: list[list[int]]) -> Stopped:
    """Combine the choices of all strings, shape (combinations, strings)."""
    sizes = [len(each) for each in choices]
    rows = np.empty((*sizes, len(sizes)), dtype=np.int8)
    for axis, each in enumerate(choices):
        shape = [1] * len(sizes)
        shape[axis] = sizes[axis]
        rows[..., axis] = np.array(each, dtype=np.int8).reshape(shape)
    return np.asarray(rows.reshape(-1, len(sizes)), dtype=np.int8)


def _inner_muted(stopped: Stopped) -> NDArray[np.int64]:
    """Count the muted strings that have sounding ones on both sides."""
    sounding = stopped != _MUTED
    before = np.logical_or.accumulate(sounding, axis=1)
    after = np.logical_or.accumulate(sounding[:, ::-1], axis=1)[:, ::-1]
    return np.asarray((~sounding & before & after).sum(axis=1), dtype=np.int64)


def _sound_cost(stopped: Stopped, wanted: _Wanted, strings: tuple[int, ...]) -> NDArray[np.float64]:
    """Rate shapes by what sounds and how far the hand reaches; infinite where a note is missing."""
    sounding = stopped != _MUTED
    pitches = np.where(sounding, np.array(strings) + stopped, 999)
    classes = np.where(sounding, pitches % 12, -1)
    cost = np.zeros(len(stopped))
    for tone, weight in zip(wanted.tones, wanted.weights, strict=True):
        times = (classes == tone).sum(axis=1)
        cost += np.where(times == 0, _OMISSION_COST if tone in wanted.spare else np.inf, 0.0)
        cost += weight * np.maximum(times - 1, 0)
    cost += _HIGH_BASS_COST * np.maximum(pitches.min(axis=1) - min(strings) - 12, 0)
    fewest = min(_FEWEST_SOUNDING, len(strings), len(set(wanted.tones)) + 1)
    cost += np.where(sounding.sum(axis=1) < fewest, np.inf, 0.0)
    return cost + _neck_cost(stopped, sounding) + _strangeness(stopped, strings)


def _in_bass(stopped: Stopped, bass: int, strings: tuple[int, ...]) -> NDArray[np.bool_]:
    """Tell which shapes have the bass note lowest; where strings do not ascend, none need to."""
    if list(strings) != sorted(strings):
        return np.ones(len(stopped), dtype=np.bool_)
    pitches = np.where(stopped != _MUTED, np.array(strings) + stopped, 999)
    return np.asarray(pitches.min(axis=1) % 12 == bass, dtype=np.bool_)


def _neck_cost(stopped: Stopped, sounding: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Rate where the hand is, how far it reaches, and what is muted or left ringing."""
    fingered = stopped > _OPEN
    highest = stopped.max(axis=1).clip(0)
    lowest = np.where(fingered, stopped, 99).min(axis=1)
    lowest = np.where(fingered.any(axis=1), lowest, 0)
    top = np.argmax(sounding[:, ::-1], axis=1)  # muted strings above the highest that sounds
    ringing = (stopped == _OPEN).any(axis=1) & (lowest > 2)
    return np.asarray(
        _POSITION_COST * np.maximum(lowest - 1, 0)
        + _REACH_COST * (highest - lowest)
        + _INNER_MUTE_COST * _inner_muted(stopped)
        + _TOP_MUTE_COST * top
        + _SILENT_COST * (~sounding).sum(axis=1)
        + _OPEN_UP_COST * ringing * (lowest - 2),
        dtype=np.float64,
    )


def _strangeness(stopped: Stopped, strings: tuple[int, ...]) -> NDArray[np.float64]:
    """Rate what a guitarist has to learn anew; nothing is known in other tunings."""
    if tuple(np.diff(strings).tolist()) != _GUITAR:
        return np.zeros(len(stopped))
    known = np.isin((stopped.astype(np.int64) + 1) @ _DIGITS, _book())
    return np.where(known, 0.0, _STRANGE_COST)


_DIGITS = 16 ** np.arange(len(_GUITAR) + 1)


@lru_cache(maxsize=1)
def _book() -> NDArray[np.int64]:
    """List the shapes that chord books show as numbers, movable ones wherever a hand can go."""
    fixed = [_frets(shape) for shape in _BOOK.split()]
    moved = [
        tuple(fret if fret == _MUTED else fret + up for fret in _frets(shape))
        for shape in _MOVABLE_BOOK.split()
        for up in range(_HIGHEST_POSITION + 1)
    ]
    return (np.array(fixed + moved, dtype=np.int64) + 1) @ _DIGITS


def _frets(shape: str) -> tuple[int, ...]:
    return tuple(_MUTED if sign == "x" else int(sign) for sign in shape)
