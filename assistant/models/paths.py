"""Choosing chords when it is known how likely each is at each place: one best path, then others.

The best path has the highest expected accuracy: of the whole chord, of its root and triad, and of
its root. Alone it would name too few chords, so that the chords which cost least are put in until
there are as many as in paths drawn by chance.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.models.labels import Labels

__all__ = ["Chain", "Path", "apart", "distinct", "expected", "varied"]

_DIFFERENCES = (0.2, 0.1, 0.05, 0.0)  # shares of the slots by which paths differ, at best

Ints = NDArray[np.int64]
Logs = NDArray[np.float64]


@dataclass(frozen=True)
class Path:
    """One harmonisation.

    Parameters
    ----------
    chords : tuple of str
        A label for each slot.
    likelihood : float
        Logarithm of its probability (nats).
    """

    chords: tuple[str, ...]
    likelihood: float


class Chain:
    """Chords that depend on the melody and on the chord before (a linear-chain random field).

    Parameters
    ----------
    odds : ndarray of shape (slots, chords)
        Scores of chords at places, as logarithms; minus infinity where one may not stand.
    moves : ndarray of shape (chords, chords)
        Scores of a chord (column) after another (row), as logarithms.
    """

    def __init__(self, odds: Logs, moves: Logs) -> None:
        self._odds, self._moves = odds, moves
        self._next = np.exp(moves)
        self._here = np.exp(odds - odds.max(axis=1, keepdims=True))
        self._ahead = np.empty(odds.shape)
        self._total = float(odds.max(axis=1).sum())
        state = np.ones(odds.shape[1])
        for place, here in enumerate(self._here):
            state = here * (state @ self._next if place else state)
            self._total += float(np.log(state.sum()))
            state = self._ahead[place] = state / state.sum()

    def posterior(self) -> Logs:
        """Tell how likely each chord is at each place, of shape (slots, chords), adding up to 1."""
        behind = np.ones_like(self._ahead)
        for place in range(len(behind) - 2, -1, -1):
            state = self._next @ (self._here[place + 1] * behind[place + 1])
            behind[place] = state / state.max()
        odds = self._ahead * behind
        told: Logs = odds / odds.sum(axis=1, keepdims=True)
        return told

    def sample(self, count: int, rng: np.random.Generator) -> Ints:
        """Draw paths by their probability, of shape (count, slots): forwards, then back."""
        paths = np.empty((count, len(self._ahead)), np.int64)
        weights = np.repeat(self._ahead[-1:], count, axis=0)
        for place in range(len(self._ahead) - 1, -1, -1):
            heaped = np.cumsum(weights, axis=1)
            thrown = rng.random(count) * heaped[:, -1]
            paths[:, place] = np.sum(heaped <= thrown[:, None], axis=1)
            if place:
                weights = self._ahead[place - 1] * self._next[:, paths[:, place]].T
        return paths

    def likelihood(self, path: Ints) -> float:
        """Tell the logarithm of the probability of a path."""
        scores = self._odds[np.arange(len(path)), path].sum()
        return float(scores + self._moves[path[:-1], path[1:]].sum() - self._total)


def expected(posterior: Logs, labels: Labels) -> Logs:
    """Tell how right each chord may be expected to be at each place.

    Parameters
    ----------
    posterior : ndarray of shape (slots, chords)
        Probabilities.
    labels : Labels
        The vocabulary.

    Returns
    -------
    ndarray of shape (slots, chords)
        Probability of chord, root with triad, and root, added up: 0.0 to 3.0.
    """
    told = posterior.copy()
    for kinds in (labels.triads, labels.roots):
        shared = np.equal.outer(kinds, np.arange(kinds.max() + 1)).astype(np.float64)
        told += (posterior @ shared)[:, kinds]
    return told


def distinct(paths: Ints) -> NDArray[np.int64]:
    """Count the different chords of paths of shape (count, slots)."""
    ordered = np.sort(paths, axis=1)
    return np.asarray(1 + np.count_nonzero(np.diff(ordered, axis=1), axis=1))


def varied(path: Ints, gains: Logs, wanted: int) -> Ints:
    """Put in chords that are missing where they cost least, one place each.

    Parameters
    ----------
    path : ndarray of shape (slots,)
        The path to start from.
    gains : ndarray of shape (slots, chords)
        From `expected`; minus infinity where a chord may not stand.
    wanted : int
        How many different chords to have; fewer where the locks leave no more.

    Returns
    -------
    ndarray of shape (slots,)
        The path with its new chords.
    """
    path = path.copy()
    uses = np.bincount(path, minlength=gains.shape[1])
    costs = gains[np.arange(len(path)), path][:, None] - gains
    for _ in range(wanted - np.count_nonzero(uses)):
        free = np.where((uses[path] > 1)[:, None] & (uses == 0), costs, np.inf)
        place, chord = np.unravel_index(np.argmin(free), free.shape)
        if not np.isfinite(free[place, chord]):
            break
        uses[path[place]] -= 1
        uses[chord] += 1
        path[place] = chord
        costs[place] = np.inf
    return path


def apart(paths: Ints, order: NDArray[np.float64], first: Ints, count: int) -> list[Ints]:
    """Pick paths that differ from each other, as much as there are such, good ones first.

    Parameters
    ----------
    paths : ndarray of shape (paths, slots)
        To pick from.
    order : ndarray of shape (paths,)
        How good each is.
    first : ndarray of shape (slots,)
        A path that is picked already.
    count : int
        How many to pick at most.

    Returns
    -------
    list of ndarray of shape (slots,)
        Best first, without `first`.
    """
    picked: list[int] = []
    nearest = np.mean(paths != first, axis=1)
    for share in _DIFFERENCES:
        for place in np.argsort(-order, kind="stable"):
            if len(picked) < count and nearest[place] > share:
                picked.append(int(place))
                nearest = np.minimum(nearest, np.mean(paths != paths[place], axis=1))
    return [paths[place] for place in sorted(picked, key=lambda place: -order[place])]
