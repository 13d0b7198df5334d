"""The likeliest way through a score for the notes of a take.

Each sung note is a written note, or an extra one: an ornament, a slip, a breath. The best way to
each written note carries what was learned on it of the singer: how far off the tuning is, and how
fast the score is sung, each as a mean and a variance that every note refines (a Kalman filter on
each surviving path of the Viterbi search). So tuning may drift and tempo may give, and a jump to
another phrase needs no plan of the song.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from assistant.theory.intonation.odds import (
    AGAIN,
    ONSET_SPREAD,
    PITCH_SPREAD,
    SKIPPED,
    again_odds,
    clock_odds,
    extra_odds,
    onset_odds,
    pitch_odds,
)
from assistant.theory.intonation.take import TakeNote
from assistant.theory.intonation.written import Written

__all__ = ["Clock", "Way", "find_way"]

Array = NDArray[np.float64]
Places = NDArray[np.int64]

_TUNING_SPREAD, _TUNING_STEP = 0.6, 0.06  # semitones: at first, and from note to note
_TEMPO_SPREAD, _TEMPO_STEP = 0.35, 0.04  # natural logarithm of the tempo
_SPAN_SPREAD = 0.1  # of the time between two notes, as a share of it
_LENGTH_SPREAD, _LENGTH_WORST = 0.6, 3.0  # natural logarithm of lengths; spreads
_JUMP, _PHRASE = -9.0, 1.5  # of going on elsewhere; what a rest before it adds
_REST_SECONDS, _SHORTEST = 0.3, 0.02
_LATE = -2.5  # of not beginning with the first note
_FARTHEST = 6  # written notes from one sung note to the next, without a jump
_STEPS = slice(0, 2 * _FARTHEST)  # rows of a choice
_STAYS = slice(2 * _FARTHEST, 2 * _FARTHEST + 2)
_FAR_OFF = 3.0  # spreads
_PAGE, _FOUND = 500, 40  # written notes; sung ones until the place is found
_NEVER = -1e18


@dataclass(frozen=True, slots=True)
class Clock:
    """The take runs with the score: what is written at 0.0 is sung at `lag` seconds."""

    lag: float = 0.0


@dataclass(frozen=True, eq=False)
class Way:
    """A way through the score.

    Parameters
    ----------
    places : ndarray of int, shape (notes,)
        The written note that each sung note is; -1 for an extra one.
    score : float
        Log likelihood; ways of one take can be compared.
    tuning : ndarray of float, shape (notes,)
        Semitones that the singer is above the score there, as far as was known then.
    """

    places: NDArray[np.int64]
    score: float
    tuning: Array


def find_way(
    notes: Sequence[TakeNote],
    written: Sequence[Written],
    transposition: float = 0.0,
    clock: Clock | None = None,
) -> Way:
    """Find the likeliest way of a take through a score.

    Parameters
    ----------
    notes : sequence of TakeNote
        In order of time.
    written : sequence of Written
        In order of time, one at a time.
    transposition : float
        Semitones that the take lies above the score.
    clock : Clock, optional
        Where the take runs with the score; None where it has a tempo of its own.

    Returns
    -------
    Way
        The same for the same input.
    """
    lattice = _Lattice(written, transposition, clock)
    for place, note in enumerate(notes):
        rest = note.start - notes[place - 1].end if place else 0.0
        lattice.take(note, rest)
    return lattice.way()


class _Paths(NamedTuple):
    """Best ways so far: their scores, and what was learned of the singer on each."""

    score: Array
    tuning: Array
    tuning_var: Array
    tempo: Array  # natural logarithm: above 0.0 it is sung slower than written
    tempo_var: Array
    since: Array  # seconds: where the last written note was begun

    def at(self, rows: Places, places: Places) -> _Paths:
        """Pick some of them."""
        return _Paths(*(each[rows, places] for each in self))

    def over(self, below: _Paths) -> _Paths:
        """Put rows of ways on top of others."""
        return _Paths(*(np.vstack(both) for both in zip(self, below, strict=True)))


class _Lattice:
    """The search, one sung note after the other.

    Two rows of ways end at each written note: those on it, and those with extra notes after it.
    Of a long score only a page around the best way is looked at, once the take has found its place.
    """

    def __init__(
        self, written: Sequence[Written], transposition: float, clock: Clock | None
    ) -> None:
        self._written = written
        self._transposition = transposition
        self._clock = clock
        self._all_extra = 0.0  # log likelihood that no note yet was a written one
        self._before: float | None = None  # where the note before was held
        self._told: list[tuple[int, Places, NDArray[np.bool_], Array]] = []
        self._first, self._paths = 0, _nothing(0)
        self._turn(0, len(written))

    def _turn(self, first: int, count: int) -> None:
        """Turn to a page of the score; the ways that end on it are kept."""
        page = self._written[first : first + count]
        self._pitch = np.array([note.pitch for note in page]) + self._transposition
        self._start = np.array([note.start for note in page])
        self._length = np.array([max(note.end - note.start, _SHORTEST) for note in page])
        rests = np.diff(self._start) - self._length[:-1]
        self._opens = np.concatenate(([True], rests > _REST_SECONDS))
        self._own = np.arange(count)
        # where a way may come from: steps from row 0 and from row 1, a stay on either, a jump
        steps = np.tile(np.arange(1, _FARTHEST + 1), 2)[:, None]
        stays = np.zeros((2, 1), dtype=np.int64)
        self._places = np.maximum(self._own - np.vstack((steps, stays)), 0)
        self._rows = np.repeat([0, 1, 0, 1], [_FARTHEST, _FARTHEST, 1, 1])[:, None]
        self._prior = np.where(self._own < steps, _NEVER, (steps - 1.0) * SKIPPED)
        self._spans = self._start - self._start[self._places[: 2 * _FARTHEST]]
        paths, old = _nothing(count), self._paths
        low = max(first, self._first)
        high = min(first + count, self._first + old.score.shape[1])
        for new, kept in zip(paths, old, strict=True):
            new[:, low - first : high - first] = kept[:, low - self._first : high - self._first]
        self._first, self._paths = first, paths

    def _follow(self) -> None:
        """Turn the page where the best way nears its edge."""
        spare = len(self._written) - _PAGE
        if spare <= 0 or len(self._told) < _FOUND:
            return
        here = self._first + int(np.argmax(self._paths.score)) % self._own.size
        off = abs(here - self._first - self._own.size // 2)
        if self._own.size > _PAGE or off > _PAGE // 4:
            first = int(np.clip(here - _PAGE // 2, 0, spare))
            self._turn(first, _PAGE)

    def take(self, note: TakeNote, rest: float) -> None:
        """Go on by one sung note, which begins `rest` seconds after the end of the one before."""
        self._follow()
        paths, count = self._paths, self._own.size
        jump = int(np.argmax(paths.score))
        rows = np.vstack((np.broadcast_to(self._rows, self._places.shape),
                          np.full((1, count), jump // count)))  # fmt: skip
        places = np.vstack((self._places, np.full((1, count), jump % count)))
        ways = paths.at(rows, places).over(self._beginnings(note))
        off = note.centre - self._pitch - ways.tuning
        odds = pitch_odds(off, ways.tuning_var + _TUNING_STEP**2)
        if self._before is not None:  # the other part of a broken note lies where that one did
            alike = again_odds(note.centre - self._before)
            odds[2 * _FARTHEST] = np.maximum(odds[2 * _FARTHEST], alike)
        odds += ways.score + self._times(ways, note, rest) + self._lengths(ways, note)
        best = odds.argmax(axis=0)
        chosen = ways.at(best, self._own)._replace(score=odds[best, self._own])
        whole = rows * len(self._written) + places + self._first
        origins = np.vstack((whole, np.full((1, count), -1)))
        matched = self._learned(chosen, note, best)
        self._before = note.centre
        self._go(matched, origins[best, self._own], note)

    def way(self) -> Way:
        """Walk back from the best end."""
        size = len(self._told)
        places, tuning = np.full(size, -1), np.zeros(size)
        score, count = float(self._paths.score.max()), len(self._written)
        row, place = divmod(int(np.argmax(self._paths.score)), self._own.size)
        at = row * count + place + self._first
        if self._all_extra >= score:
            return Way(places, self._all_extra, tuning)
        for step in range(size - 1, -1, -1):
            if at < 0:
                tuning[: step + 1] = tuning[step + 1]
                break
            first, came, after_extra, tunings = self._told[step]
            row, place = divmod(at, count)
            tuning[step] = tunings[row, place - first]
            if row == 0:
                places[step], at = place, int(came[place - first])
            else:
                at = place + count * int(after_extra[place - first])
        return Way(places, score, tuning)

    def _beginnings(self, note: TakeNote) -> _Paths:
        """Lay out the ways that begin with this note; all before it was extra."""
        one = np.ones((1, self._own.size))
        first = self._own + self._first == 0
        late = np.where(first, 0.0, _LATE - np.log(len(self._written)))
        late = late + np.where(self._opens, 0.0, -_PHRASE)
        return _Paths((self._all_extra + late)[None, :], 0.0 * one, _TUNING_SPREAD**2 * one,
                      0.0 * one, _TEMPO_SPREAD**2 * one, note.start * one)  # fmt: skip

    def _times(self, ways: _Paths, note: TakeNote, rest: float) -> Array:
        """Tell how likely it is to come from each place, and when: log density, 1/second."""
        odds = np.zeros_like(ways.score)
        odds[_STEPS] = self._prior
        if self._clock is None:
            odds[_STEPS] += self._intervals(ways, note)
        else:
            odds += clock_odds(note.start - self._start - self._clock.lag)
        lasts = self._length * np.exp(ways.tempo[_STAYS])
        left = ways.since[_STAYS] + lasts - note.start
        odds[_STAYS] = AGAIN - np.log(lasts) + np.minimum(0.0, left / ONSET_SPREAD)
        odds[-2] += _JUMP - np.log(self._own.size) + _PHRASE * self._opens
        odds[-2] += _PHRASE if rest > _REST_SECONDS else 0.0
        return odds

    def _intervals(self, ways: _Paths, note: TakeNote) -> Array:
        expected = self._spans * np.exp(ways.tempo[_STEPS])
        variance = ways.tempo_var[_STEPS] + _TEMPO_STEP**2 + _SPAN_SPREAD**2
        return onset_odds(note.start - ways.since[_STEPS] - expected, expected**2 * variance)

    def _lengths(self, ways: _Paths, note: TakeNote) -> Array:
        """Tell how well the length of the note fits: log odds, 0.0 at best."""
        ratio = np.log(max(note.seconds, _SHORTEST) / self._length) - ways.tempo
        odds: Array = -0.5 * np.minimum((ratio / _LENGTH_SPREAD) ** 2, _LENGTH_WORST**2)
        odds[_STAYS] = 0.0  # parts of a note may have any length
        return odds

    def _learned(self, ways: _Paths, note: TakeNote, best: Places) -> _Paths:
        """Learn tuning and tempo from the note, unless it is far off."""
        variance = ways.tuning_var + _TUNING_STEP**2
        off = note.centre - self._pitch - ways.tuning
        gain = _gain(off, variance, PITCH_SPREAD**2)
        tuning, tuning_var = ways.tuning + gain * off, (1.0 - gain) * variance
        step = best < 2 * _FARTHEST
        came = self._places[np.where(step, best, 0), self._own]
        written = np.where(step, self._start - self._start[came], 1.0)
        sung = np.where(step, np.maximum(note.start - ways.since, 1e-3), 1.0)
        faster = np.log(sung / np.maximum(written, 1e-3)) - ways.tempo
        variance = ways.tempo_var + _TEMPO_STEP**2
        noise = 2.0 * (ONSET_SPREAD / np.maximum(written, 0.05)) ** 2 + _SPAN_SPREAD**2
        gain = np.where(step, _gain(faster, variance, noise), 0.0)
        stayed = (best >= 2 * _FARTHEST) & (best < 2 * _FARTHEST + 2)
        since = np.where(stayed, ways.since, note.start)
        return _Paths(ways.score, tuning, tuning_var, ways.tempo + gain * faster,
                      (1.0 - gain) * variance, since)  # fmt: skip

    def _go(self, matched: _Paths, came: Places, note: TakeNote) -> None:
        """Make the new rows: what is matched, and what stays where it was with an extra note."""
        after_extra = self._paths.score[1] > self._paths.score[0]
        extra = self._paths.at(after_extra.astype(np.int64), self._own)
        paths = matched.over(extra._replace(score=extra.score + extra_odds(note)))
        self._paths = paths
        self._told.append((self._first, came, after_extra, paths.tuning.astype(np.float32)))
        self._all_extra += extra_odds(note)


def _nothing(count: int) -> _Paths:
    """Lay out no ways to so many notes."""
    return _Paths(np.full((2, count), _NEVER), *(np.zeros((2, count)) for _ in range(5)))


def _gain(off: Array, variance: Array, noise: Array | float) -> Array:
    """Tell how much of what is off is learned: nothing where it is beyond three spreads."""
    total = variance + noise
    return np.asarray(np.where(off**2 < _FAR_OFF**2 * total, variance / total, 0.0))
