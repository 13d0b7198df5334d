"""Whether a tune can be sung: leaps a voice can find, a compass it has, time to breathe."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

__all__ = ["Checked", "breath_seconds", "can_be_sung"]

Flags: TypeAlias = NDArray[np.bool_]

OCTAVE = 12
_COMPASS = 17  # semitones: an octave and a fourth
_WIDE = 7  # semitones: after a wider leap the line turns back
_HARD = (6, 10, 11)  # semitones: tritone and sevenths
_HARD_AT_MOST = 1
_SAME_AT_MOST = 6  # notes in a row on one pitch
_FEWEST_PITCHES = 3
_SHORT_TUNE = 6  # notes under which these last two do not count
_BREATH_SECONDS = 10.0


@dataclass(frozen=True, eq=False)
class Checked:
    """What was found of some tunes: flags of shape (tunes,), by reason.

    Parameters
    ----------
    leaps : ndarray of bool
        None is wider than an octave; the line turns back after wide ones; few are hard to find.
    compass : ndarray of bool
        From the lowest to the highest note a voice has room.
    moving : ndarray of bool
        It does not stay on a pitch or two.
    breath : ndarray of bool
        There is time to breathe.
    """

    leaps: Flags
    compass: Flags
    moving: Flags
    breath: Flags

    @property
    def good(self) -> Flags:
        """All of it."""
        return self.leaps & self.compass & self.moving & self.breath


def can_be_sung(
    pitches: NDArray[np.int16],
    there: Flags,
    given: Flags,
    longest_breath: NDArray[np.float64],
) -> Checked:
    """Check tunes.

    Parameters
    ----------
    pitches : ndarray of int16, shape (tunes, notes)
        MIDI numbers.
    there : ndarray of bool, shape (tunes, notes)
        Whether there is a note; those of a tune come first.
    given : ndarray of bool, shape (tunes, notes)
        Whether it was there before: what stands between two such notes is not judged.
    longest_breath : ndarray of float, shape (tunes,)
        Seconds of its longest stretch without a rest.

    Returns
    -------
    Checked
        By reason.
    """
    moved = np.diff(pitches, axis=1)
    moved[~there[:, 1:] | (given[:, 1:] & given[:, :-1])] = 0
    new = there & ~given
    size = np.abs(moved)
    wide = size[:, :-1] > _WIDE
    onward = wide & (np.sign(moved[:, :-1]) == np.sign(moved[:, 1:])) & (size[:, 1:] > 2)
    hard = np.isin(size, _HARD).sum(axis=1)
    leaps = (size <= OCTAVE).all(axis=1) & ~onward.any(axis=1) & (hard <= _HARD_AT_MOST)
    top = np.where(new, pitches, -1).max(axis=1)
    bottom = np.where(new, pitches, 999).min(axis=1)
    short = new.sum(axis=1) < _SHORT_TUNE
    return Checked(
        leaps,
        top - bottom <= _COMPASS,
        short | _moving(moved, new),
        longest_breath <= _BREATH_SECONDS,
    )


def _moving(moved: NDArray[np.int16], there: Flags) -> Flags:
    """Find the tunes that change their pitch often enough, and sound more than two pitches."""
    stays = (moved == 0) & there[:, 1:]
    windows = np.cumsum(np.pad(stays, ((0, 0), (1, 0))), axis=1, dtype=np.int16)
    span = _SAME_AT_MOST
    if windows.shape[1] > span:
        stuck = (windows[:, span:] - windows[:, :-span] == span).any(axis=1)
    else:
        stuck = np.zeros(len(moved), dtype=bool)
    travelled = np.abs(moved).sum(axis=1) >= 2 * _FEWEST_PITCHES
    return np.asarray(~stuck & travelled)


def breath_seconds(
    starts: NDArray[np.int16], lengths: NDArray[np.int16], counts: NDArray[np.int64], slot: float
) -> NDArray[np.float64]:
    """Measure the longest stretch of each rhythm that is sung without a rest.

    Parameters
    ----------
    starts, lengths : ndarray of int16, shape (rhythms, notes)
        In slots.
    counts : ndarray of int, shape (rhythms,)
        Notes in each.
    slot : float
        Seconds a slot.

    Returns
    -------
    ndarray of float, shape (rhythms,)
        In seconds.
    """
    longest = np.zeros(len(starts))
    began = starts[:, 0].astype(np.float64)
    for note in range(starts.shape[1]):
        there = counts > note
        if note:
            ended = starts[:, note - 1] + lengths[:, note - 1]
            began = np.where(there & (starts[:, note] > ended), starts[:, note], began)
        end = starts[:, note] + lengths[:, note]
        longest = np.where(there, np.maximum(longest, end - began), longest)
    return longest * slot
