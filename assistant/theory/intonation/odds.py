"""How likely a sung note is a written one: by its pitch, by when it begins."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from assistant.theory.intonation.take import TakeNote

__all__ = [
    "AGAIN",
    "ONSET_SPREAD",
    "PITCH_SPREAD",
    "SKIPPED",
    "again_odds",
    "clock_odds",
    "extra_odds",
    "onset_odds",
    "pitch_odds",
]

Array = NDArray[np.float64]

PITCH_SPREAD = 0.4
"""How far a note strays from the tuning of the moment, semitones."""

ONSET_SPREAD = 0.05
"""How far the beginning of a note strays, seconds."""

AGAIN = -3.0
"""Log odds of a written note that is heard as two."""

SKIPPED = -3.3
"""Log odds of a written note that is not sung."""

_AGAIN_SPREAD = 0.2  # semitones between the two
_WRONG, _WRONG_SPREAD = 0.03, 2.5  # share of notes that are sung wrong; semitones
_OCTAVE = 0.01  # share of notes an octave off, to each side
_STRAY, _STRAY_WIDTH, _STRAY_SECONDS = 0.04, 4.0, 0.5  # onsets far from where they should be
_CLOCK_SPREAD, _CLOCK_STRAY = 0.06, 0.4  # seconds, where take and score share a clock
_EXTRA, _EXTRA_SHORT, _SHORT_SECONDS = -5.0, -3.8, 0.12  # of a note that is not written
_LOG_TURN = 0.5 * float(np.log(2.0 * np.pi))


def pitch_odds(off: Array, variance: Array | float = 0.0) -> Array:
    """Tell how likely a note is so far from where it was meant: log density, 1/semitone.

    Parameters
    ----------
    off : ndarray of float
        Semitones from the written note, tuning left out.
    variance : ndarray of float
        Of what is known of the tuning, semitones squared.

    Returns
    -------
    ndarray of float
        Highest where it is near; low an octave off; not without hope anywhere.
    """
    spread = np.sqrt(PITCH_SPREAD**2 + variance)
    near = _normal(off, spread) + np.log(1.0 - _WRONG)
    wrong = _normal(off, np.hypot(spread, _WRONG_SPREAD)) + np.log(_WRONG)
    octaves = _normal(np.abs(off) - 12.0, spread) + np.log(_OCTAVE)
    return np.asarray(np.maximum(np.maximum(near, wrong), octaves))


def onset_odds(late: Array, variance: Array | float = 0.0) -> Array:
    """Tell how likely a note begins so much later than the tempo says: log density, 1/second.

    Parameters
    ----------
    late : ndarray of float
        Seconds.
    variance : ndarray of float
        Of the time that was to pass, seconds squared.

    Returns
    -------
    ndarray of float
        Highest where it is in time; not without hope anywhere.
    """
    spread = np.sqrt(2.0 * ONSET_SPREAD**2 + variance)
    return _strayed(late, spread, _STRAY_WIDTH * spread + _STRAY_SECONDS)


def clock_odds(late: Array) -> Array:
    """Tell how likely a note begins so much later than the clock says: log density, 1/second."""
    return _strayed(late, np.full_like(late, _CLOCK_SPREAD), _CLOCK_STRAY)


def again_odds(apart: float) -> float:
    """Tell how likely two parts of one note lie so many semitones apart: log density."""
    return float(_normal(np.array(apart), _AGAIN_SPREAD))


def extra_odds(note: TakeNote) -> float:
    """Tell how likely a note is not a written one: log density, as matches have it."""
    return _EXTRA_SHORT if note.seconds < _SHORT_SECONDS else _EXTRA


def _normal(off: Array, spread: Array | float) -> Array:
    return np.asarray(-0.5 * (off / spread) ** 2 - np.log(spread) - _LOG_TURN)


def _strayed(late: Array, spread: Array, wide: Array | float) -> Array:
    """Tell how likely an onset is so late: mostly near, sometimes far off."""
    near = _normal(late, spread) + np.log(1.0 - _STRAY)
    return np.asarray(np.maximum(near, _normal(late, wide) + np.log(_STRAY)))
