"""Which notes were meant: a hidden Markov model of intended note and tuning.

The state at each sung note is one of the notes near it and the tuning of the take. Steps between
notes follow habit, and, once more is known, the steps of the rest of the take; the tuning walks;
and what is heard is the note plus the tuning plus the singer's own error. Several singers, and
several tables of habits, are tried side by side and weighed by how well they explain the take.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.theory.intonation.own_steps import OwnSteps
from assistant.theory.intonation.reference import (
    FIRST_CENTS,
    Walks,
    tuning_at_first,
)
from assistant.theory.intonation.singer import TUNINGS, Singers
from assistant.theory.intonation.sung import Sung

__all__ = ["CANDIDATES", "Habit", "Meant", "evidence_of", "find_meant", "likely_singers"]

Array = NDArray[np.float64]
Floats = NDArray[np.float32]

CANDIDATES = 7
"""Notes that a sung one may be: the nearest of the ladder."""


@dataclass(frozen=True, eq=False)
class Habit:
    """How melodies step along a ladder of notes, in one or several ways.

    Parameters
    ----------
    pitches : ndarray of float, shape (rungs,)
        MIDI numbers, ascending.
    tables : ndarray of float, shape (ways, rungs, rungs)
        Odds of the next note after each.
    first : ndarray of float, shape (ways, rungs)
        Odds of the first note.
    odds : ndarray of float, shape (ways,)
        How likely each way is before anything is heard.
    """

    pitches: Array
    tables: Floats
    first: Floats
    odds: Array


@dataclass(frozen=True, eq=False)
class Meant:
    """What each note may have been meant to be.

    Parameters
    ----------
    pitches : ndarray of float, shape (notes, candidates)
        MIDI numbers, ascending.
    odds : ndarray of float, shape (notes, candidates)
        How likely each is; they sum to 1.
    tuning : ndarray of float, shape (notes,)
        Cents above concert pitch, mean.
    ways : ndarray of float, shape (ways,)
        How likely each table of habits is.
    singers : ndarray of float, shape (singers,)
        How likely each singer is.
    """

    pitches: Array
    odds: Array
    tuning: Array
    ways: Array
    singers: Array


def find_meant(
    sung: Sung,
    habit: Habit,
    singers: Singers,
    fits: Array | None = None,
    begins: float = 0.0,
    earlier: Meant | None = None,
) -> Meant:
    """Tell what was meant by each note.

    Parameters
    ----------
    sung : Sung
        At least one note; a phrase or a few, since all is held in memory at once.
    habit : Habit
        What melodies do.
    singers : Singers
        Who may sing.
    fits : ndarray of float, shape (notes, candidates), optional
        What else speaks for each candidate, as factors.
    begins : float
        Tuning around which the take begins, cents.
    earlier : Meant, optional
        What was found before under the same habit: its candidates are kept, and how its tune
        steps elsewhere counts as habit too.

    Returns
    -------
    Meant
        Means over all singers and ways.
    """
    work = _Work(sung, habit, singers, fits, earlier)
    known, evidence = zip(*work.look_ahead(begins, FIRST_CENTS), strict=True)
    return work.look_back(known, evidence[-1])


def likely_singers(sung: Sung, habit: Habit, singers: Singers) -> Singers:
    """Leave out the singers that do not explain a take.

    Parameters
    ----------
    sung : Sung
        Some notes of it.
    habit, singers : Habit, Singers
        As for `find_meant`.

    Returns
    -------
    Singers
        Those left, at least one.
    """
    odds = _normal(_evidence(sung, habit, singers, FIRST_CENTS)).sum(axis=1)
    return singers.left_by(odds)


def evidence_of(
    sung: Sung, habit: Habit, singers: Singers, first_cents: float = FIRST_CENTS
) -> Array:
    """Tell how well each way of a habit explains a take.

    Parameters
    ----------
    sung : Sung
        Some notes of it.
    habit, singers : Habit, Singers
        As for `find_meant`.
    first_cents : float
        How far from concert pitch it may begin, one standard deviation.

    Returns
    -------
    ndarray of float, shape (ways,)
        Logarithms, over all singers.
    """
    evidence = _evidence(sung, habit, singers, first_cents)
    return np.asarray(np.logaddexp.reduce(evidence, axis=0), dtype=np.float64)


def _evidence(sung: Sung, habit: Habit, singers: Singers, first_cents: float) -> Array:
    """Walk through a take, forgetting what is behind: shape (singers, ways)."""
    ahead = _Work(sung, habit, singers).look_ahead(0.0, first_cents)
    return deque(ahead, maxlen=1)[0][1]


def candidates_of(pitch: Array, ladder: Array) -> NDArray[np.int64]:
    """Find the rungs of a ladder that lie nearest to each pitch, shape (notes, candidates)."""
    count = min(CANDIDATES, ladder.size)
    first = np.searchsorted(ladder, pitch) - count // 2
    around = np.clip(first, 0, ladder.size - count)[:, None] + np.arange(-1, count + 1)
    around = np.clip(around, 0, ladder.size - 1)
    start = np.clip(first, 0, ladder.size - count)
    better = np.abs(ladder[around[:, 0]] - pitch) < np.abs(ladder[around[:, -2]] - pitch)
    start = np.clip(start - (better & (start > 0)), 0, ladder.size - count)
    return np.asarray(start[:, None] + np.arange(count), dtype=np.int64)


class _Work:
    """One take under one habit: messages forward and backward, shape (singers, ways, ...)."""

    def __init__(
        self,
        sung: Sung,
        habit: Habit,
        singers: Singers,
        fits: Array | None = None,
        earlier: Meant | None = None,
    ) -> None:
        self._sung = sung
        self._habit = habit
        self._singers = singers
        self._walks = Walks(singers.kinds)
        self._own: OwnSteps | None = None
        if earlier is None:
            self._rungs = candidates_of(sung.pitch, habit.pitches)
        else:
            self._rungs = np.searchsorted(habit.pitches, earlier.pitches)
            self._own = OwnSteps(self._rungs, earlier.odds, habit.pitches.size)
        self._pitches = habit.pitches[self._rungs]
        ones = np.ones(self._rungs.shape)
        self._fits = (ones if fits is None else fits).astype(np.float32)

    def look_ahead(self, begins: float, sd: float) -> Iterator[tuple[Floats, Array]]:
        """Walk forward; give what is known after each note, and the log-evidence so far."""
        evidence = np.tile(np.log(self._habit.odds), (len(self._singers.kinds), 1))
        first = self._habit.first[:, self._rungs[0]] * self._fits[0]
        coming = np.repeat(
            first[None, :, None, :, None] * tuning_at_first(begins, sd), len(evidence), axis=0
        )
        last = self._rungs.shape[0] - 1
        for note in range(last + 1):
            now = np.einsum("sajko,sjko->sako", coming, self._heard(note))
            total = now.sum(axis=(2, 3))
            evidence = evidence + np.log(total)
            now = np.asarray(now / total[:, :, None, None], dtype=np.float32)
            yield now, evidence
            if note < last:
                coming = self._after(now, note + 1)

    def look_back(self, known: Sequence[Floats], evidence: Array) -> Meant:
        """Walk backward, and join both."""
        weights = _normal(evidence)
        odds = np.zeros(self._rungs.shape)
        tuning = np.zeros(len(known))
        later: Floats = np.ones_like(known[-1])
        for note in range(len(known) - 1, -1, -1):
            both = known[note] * later
            both /= both.sum(axis=(2, 3), keepdims=True)
            mean = np.tensordot(weights, both, axes=2)
            odds[note] = mean.sum(axis=1)
            tuning[note] = mean.sum(axis=0) @ TUNINGS
            if note:
                later = self._before(later, note)
        odds /= odds.sum(axis=1, keepdims=True)
        return Meant(self._pitches, odds, tuning, weights.sum(axis=0), weights.sum(axis=1))

    def _heard(self, note: int) -> Floats:
        """Odds of what is heard, shape (singers, earlier, candidates, tunings)."""
        here = self._pitches[note]
        leaps = self._leaps(note) if note else np.zeros((1, here.size))
        return self._singers.likelihood(
            (100.0 * (self._sung.pitch[note] - here)).astype(np.float32),
            leaps,
            float(self._sung.spread[note]),
            float(self._sung.seconds[note]),
        )

    def _leaps(self, note: int) -> Array:
        """Semitones from the note before, shape (earlier, candidates)."""
        leaps: Array = self._pitches[note][None, :] - self._pitches[note - 1][:, None]
        return leaps

    def _steps(self, note: int) -> Floats:
        """Odds of each step, shape (ways, earlier, candidates, 1)."""
        rows, columns = self._rungs[note - 1], self._rungs[note]
        table = self._habit.tables[:, rows[:, None], columns[None, :]]
        if self._own is not None:
            table = self._own.joined(table, note)
        return np.asarray((table * self._fits[note])[..., None], dtype=np.float32)

    def _same(self, note: int) -> NDArray[np.bool_]:
        before, here = self._rungs[note - 1], self._rungs[note]
        same: NDArray[np.bool_] = before[:, None, None] == here[None, :, None]
        return same

    def _after(self, known: Floats, note: int) -> Floats:
        """Odds of what comes, shape (singers, ways, earlier, candidates, tunings)."""
        breath = bool(self._sung.breath[note])
        moved = known @ self._walks.step(breath=breath)[:, None]
        again = known @ self._walks.again(breath=breath)[:, None]
        coming = np.where(self._same(note), again[:, :, :, None], moved[:, :, :, None])
        self._walks.fall_short(coming, self._leaps(note))
        return np.asarray(coming * self._steps(note), dtype=np.float32)

    def _before(self, later: Floats, note: int) -> Floats:
        breath = bool(self._sung.breath[note])
        same = self._same(note)[None, None]
        joint = later[:, :, None] * self._heard(note)[:, None] * self._steps(note)[None]
        self._walks.fall_short(joint, self._leaps(note), back=True)
        moved = np.where(same, np.float32(0.0), joint).sum(axis=3)
        again = np.where(same, joint, np.float32(0.0)).sum(axis=3)
        back = moved @ self._walks.step(breath=breath)[:, None].swapaxes(2, 3)
        back += again @ self._walks.again(breath=breath)[:, None].swapaxes(2, 3)
        return np.asarray(back / back.sum(axis=(2, 3), keepdims=True), dtype=np.float32)


def _normal(evidence: Array) -> Array:
    odds = np.exp(evidence - evidence.max())
    return np.asarray(odds / odds.sum(), dtype=np.float64)
