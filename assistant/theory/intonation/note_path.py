"""The likeliest way of a voice through the notes of a take, wherever they lie between the keys.

A hidden Markov model with a beginning and a steady state for each third of a semitone, and one of
silence, in the manner of Mauch et al., "Computer-aided melody note transcription using the Tony
software", TENOR 2015. So fine a grid has no favourites: a note that is half a semitone off is as
much a note as another. A step of less than a semitone, or less than the scale has, is therefore
taken for a wavering of the same note unless something is heard to begin.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["Run", "note_runs"]

Array = NDArray[np.float64]
Run = tuple[int, int, float]
"""First frame, frame after the last, MIDI number of the nearest place on the grid."""

_STEP = 1.0 / 3.0  # semitones from state to state
_STEADY_SPREAD = 0.38  # semitones around the note
_BEGIN_SPREAD = 1.3
_TAIL = 0.015  # of a steady note that may lie anywhere: slips of the tracker
_FLAT = 1.0 / 24.0
_UNVOICED = (0.12, 0.03, 0.97)  # share of unvoiced frames: beginning, steady, silent
_STAY = (0.75, 0.985, 0.9)  # beginning, steady, silent
_TO_SILENCE = 0.3  # of what leaves a steady note
_LEAP = 4.0  # semitones: spread of the steps between notes
_SAME = (0.5, 1.0)  # semitones: what is nearer needs to be heard beginning
_NEAR = 0.8  # of the finest step of the scale: the same
_HELD = -50.0  # log odds that a sound begins within a note
_TINY = 1e-12


def note_runs(
    pitch: Array, confidence: Array, again: Array, *, finest: float = np.inf
) -> list[Run]:
    """Cut a voice into notes.

    Parameters
    ----------
    pitch : ndarray of float, shape (frames,)
        MIDI numbers with fractions, 10 to 20 ms from frame to frame.
    confidence : ndarray of float, shape (frames,)
        That a frame is voiced, 0.0 to 1.0.
    again : ndarray of float, shape (frames,)
        Log odds that something begins though the pitch stays.
    finest : float
        The smallest step of the scale, semitones, where that is known.

    Returns
    -------
    list of Run
        In order, without overlap; none where nothing is voiced.
    """
    voiced = confidence >= 0.5
    if voiced.sum() < 2:
        return []
    low, high = (float(np.quantile(pitch[voiced], q)) for q in (0.002, 0.998))
    first, last = np.floor(low / _STEP) - 2, np.ceil(high / _STEP) + 2
    grid = np.arange(first, last + 1) * _STEP
    return _runs(
        _path(pitch, confidence, again, grid, float(np.clip(_NEAR * finest, *_SAME))), grid
    )


def _path(
    pitch: Array, confidence: Array, again: Array, grid: Array, near: float
) -> NDArray[np.int32]:
    """Find the likeliest states: 0 silent, then the beginnings, then the steady ones."""
    count = grid.size
    begin, steady, silent = _emissions(pitch, confidence, grid)
    moves, same = _moves(grid, near)
    own = np.arange(count)
    stay, leave = np.log(_STAY), np.log1p(-np.array(_STAY))
    enter, hush = leave[2] - np.log(count), leave[1] + np.log(_TO_SILENCE)
    held, started, rest = np.full(count, _HELD), np.full(count, _HELD), 0.0
    back = np.zeros((pitch.size, 2 * count + 1), dtype=np.int32)
    quiet = again.min(initial=0.0)  # nothing begins at most frames: worked out once
    unheard = moves + quiet * same
    for frame in range(pitch.size):
        step = unheard if again[frame] == quiet else moves + again[frame] * same
        step = step + held
        source = step.argmax(axis=1)
        moved, went, woken = step[own, source], started + stay[0], rest + enter
        best = np.maximum(np.maximum(went, moved), woken)
        back[frame, 1 : count + 1] = np.where(
            went >= best, own + 1, np.where(moved >= best, source + count + 1, 0)
        )
        kept, settled = held + stay[1], started + leave[0]
        back[frame, count + 1 :] = np.where(kept >= settled, own + count + 1, own + 1)
        last = int(held.argmax())
        silence = held[last] + hush
        back[frame, 0] = 0 if rest + stay[2] >= silence else last + count + 1
        rest = max(rest + stay[2], silence) + silent[frame]
        started, held = best + begin[frame], np.maximum(kept, settled) + steady[frame]
    return _traced(back, int(np.concatenate(([rest], started, held)).argmax()))


def _moves(grid: Array, near: float) -> tuple[Array, Array]:
    """Lay out how likely a step is (log), and how much it is one to the same note.

    A row for each note that is gone to, a column for each that is left.
    """
    apart = np.abs(grid[:, None] - grid)
    same = np.clip(1.0 - apart / near, 0.0, 1.0)
    leaps = -apart / _LEAP
    leaps -= np.log(np.exp(leaps).sum(axis=0) * _STEP)
    return (1.0 - same) * leaps + np.log1p(-_STAY[1]) + np.log1p(-_TO_SILENCE), same


def _emissions(pitch: Array, confidence: Array, grid: Array) -> tuple[Array, Array, Array]:
    """Tell how likely each frame is in each state, log: beginning, steady, silent."""
    off = pitch[:, None] - grid
    sure = confidence[:, None]
    rows = []
    for spread, none in zip((_BEGIN_SPREAD, _STEADY_SPREAD), _UNVOICED[:2], strict=True):
        near = np.exp(-0.5 * (off / spread) ** 2) / (spread * np.sqrt(2.0 * np.pi))
        likely = (1.0 - _TAIL) * near + _TAIL * _FLAT
        rows.append(np.log(sure * (1.0 - none) * likely + (1.0 - sure) * none * _FLAT + _TINY))
    none = _UNVOICED[2]
    silent = _FLAT * (confidence * (1.0 - none) + (1.0 - confidence) * none)
    return rows[0], rows[1], np.log(silent + _TINY)


def _traced(back: NDArray[np.int32], last: int) -> NDArray[np.int32]:
    """Walk back from the last state."""
    path = np.zeros(back.shape[0], dtype=np.int32)
    state = last
    for frame in range(back.shape[0] - 1, -1, -1):
        path[frame] = state
        state = int(back[frame, state])
    return path


def _runs(path: NDArray[np.int32], grid: Array) -> list[Run]:
    """Cut the path where a note begins, or ends in silence."""
    count = grid.size
    runs: list[Run] = []
    before = 0
    for frame, state in enumerate(path.tolist()):
        if state and (before == 0 or (state <= count < before)):
            runs.append((frame, frame + 1, float(grid[(state - 1) % count])))
        elif state:
            first, _, number = runs[-1]
            runs[-1] = (first, frame + 1, number)
        before = state
    return runs
