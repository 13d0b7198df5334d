"""The states that a sung note goes through: it begins, is held, and falls silent.

A hidden Markov model with a beginning and a steady state for each semitone, and one of silence.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["best_path"]

Array = NDArray[np.float64]

_STEADY_SPREAD = 0.3  # semitones around the note
_BEGIN_SPREAD = 1.3
_TAIL = 0.015  # of a steady note that may lie anywhere: vibrato, slips of the tracker
_UNVOICED = (0.03, 0.12, 0.97)  # share of unvoiced frames: steady, beginning, silent
_STAY = (0.75, 0.985, 0.9)  # beginning, steady, silent
_TO_SILENCE = 0.3  # of what leaves a steady note
_LEAP = 4.0  # semitones: spread of the steps between notes
_HELD = -50.0  # log odds that a sound begins within a note


def best_path(
    pitch: Array, confidence: Array, again: Array, low: int, high: int
) -> NDArray[np.int64]:
    """Find the likeliest state of each frame.

    Parameters
    ----------
    pitch : ndarray of float, shape (frames,)
        MIDI numbers with fractions, from the tuning of the singer.
    confidence : ndarray of float, shape (frames,)
        That a frame is voiced, 0.0 to 1.0.
    again : ndarray of float, shape (frames,)
        Log odds that a held note begins again.
    low, high : int
        The notes that are looked for, MIDI numbers.

    Returns
    -------
    ndarray of int, shape (frames,)
        0 silent, the number of a note, or the same negative where it begins.
    """
    numbers = np.arange(low, high + 1)
    count = numbers.size
    begin, steady, silent = _emissions(pitch, confidence, numbers)
    moves = _moves(numbers)
    own = np.arange(count)
    held, started = _HELD + own * 0.0, _HELD + own * 0.0
    rest = 0.0
    back = np.zeros((pitch.size, 2 * count + 1), dtype=np.int32)
    logs, leave = np.log(_STAY), np.log1p(-np.array(_STAY))
    enter = float(leave[2] - np.log(count))
    for frame in range(pitch.size):
        step = held[:, None] + moves
        step[own, own] += again[frame]
        source = step.argmax(axis=0)
        ways = np.stack((started + logs[0], step[source, own], np.full(count, rest + enter)))
        which = ways.argmax(axis=0)
        origins = np.stack((own + 1, source + count + 1, np.zeros(count, dtype=np.int64)))
        back[frame, 1 : count + 1] = origins[which, own]
        stay, settle = held + logs[1], started + leave[0]
        back[frame, count + 1 :] = np.where(stay >= settle, own + count + 1, own + 1)
        loudest = int(held.argmax())
        hush = float(held[loudest]) + float(leave[1]) + float(np.log(_TO_SILENCE))
        back[frame, 0] = 0 if rest + logs[2] >= hush else loudest + count + 1
        rest = max(rest + float(logs[2]), hush) + float(silent[frame])
        started = ways[which, own] + begin[frame]
        held = np.maximum(stay, settle) + steady[frame]
    score = np.concatenate(([rest], started, held))
    return _traced(back, int(score.argmax()), low, count)


def _moves(numbers: NDArray[np.int64]) -> Array:
    """Lay out how likely it is to go from one steady note to the beginning of another, log."""
    leaps = -np.abs(numbers[:, None] - numbers) / _LEAP
    leaps -= np.log(np.exp(leaps).sum(axis=1, keepdims=True))
    np.fill_diagonal(leaps, 0.0)  # to the same note again: told by loudness, frame by frame
    return np.asarray(leaps + np.log1p(-_STAY[1]) + np.log1p(-_TO_SILENCE), dtype=np.float64)


def _emissions(
    pitch: Array, confidence: Array, numbers: NDArray[np.int64]
) -> tuple[Array, Array, Array]:
    off = pitch[:, None] - numbers
    sure = confidence[:, None]
    spreads = (_BEGIN_SPREAD, _STEADY_SPREAD)
    begin, steady = (np.exp(-0.5 * (off / each) ** 2) / each / 2.507 for each in spreads)
    flat = 1.0 / 24.0
    voiced = ((1.0 - _TAIL) * begin + _TAIL * flat, (1.0 - _TAIL) * steady + _TAIL * flat)
    rows = [
        sure * (1.0 - none) * likely + (1.0 - sure) * none * flat
        for likely, none in zip(voiced, (_UNVOICED[1], _UNVOICED[0]), strict=True)
    ]
    silent = confidence * (1.0 - _UNVOICED[2]) * flat + (1.0 - confidence) * _UNVOICED[2] * flat
    return np.log(rows[0] + 1e-12), np.log(rows[1] + 1e-12), np.log(silent + 1e-12)


def _traced(back: NDArray[np.int32], last: int, low: int, count: int) -> NDArray[np.int64]:
    """Walk back; return 0 for silence, the number of the note, negative where it begins."""
    path = np.zeros(back.shape[0], dtype=np.int64)
    state = last
    for frame in range(back.shape[0] - 1, -1, -1):
        if state:
            number = low + (state - 1) % count
            path[frame] = -number if state <= count else number
        state = int(back[frame, state])
    return path
