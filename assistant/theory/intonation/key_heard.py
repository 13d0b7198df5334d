"""The key of a take: which of the 24 explains its notes best, its tuning unknown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.theory.harmony.key import Key, spelled_key
from assistant.theory.intonation.meant import Habit, evidence_of
from assistant.theory.intonation.reference import FIRST_CENTS
from assistant.theory.intonation.scales import Scale, scale_of_key
from assistant.theory.intonation.singer import SINGERS, Singers
from assistant.theory.intonation.steps import habit_in
from assistant.theory.intonation.sung import Sung

__all__ = ["KeyHeard", "habits_in", "hear_key", "scale_fits"]

Array = NDArray[np.float64]

_KEYS = tuple(spelled_key(root, mode) for mode in ("major", "minor") for root in range(12))
_SPAN = 7.0  # semitones beyond what is sung
_ENOUGH = 96  # notes: more tell hardly more
_TRUST = 9.0  # log-odds of a key that is said, before anything is heard
_TUNED_CENTS = 20.0  # how far off a take in the said key begins, standard deviation
_FEWEST = 12  # notes that can speak against it


@dataclass(frozen=True, slots=True)
class KeyHeard:
    """The key of a take.

    Parameters
    ----------
    key, second : Key
        The likeliest, and the likeliest that has other notes.
    confidence : float
        That the notes of the take are those of `key`, 0.0 to 1.0.
    likely : tuple of (Key, float)
        All keys that may be, and how likely each is, best first.
    """

    key: Key
    second: Key
    confidence: float
    likely: tuple[tuple[Key, float], ...]


def hear_key(sung: Sung, learned: NDArray[np.float32] | None = None) -> KeyHeard:
    """Find the key of a take.

    Parameters
    ----------
    sung : Sung
        At least one note.
    learned : ndarray of float, shape (2, 12, 25), optional
        As for `habit_in`.

    Returns
    -------
    KeyHeard
        Surer the more notes there are and the better they are in tune.
    """
    odds = _odds(_evidence(sung, [scale_of_key(key) for key in _KEYS], learned))
    order = np.argsort(-odds, kind="stable")
    key = _KEYS[order[0]]
    others = (_KEYS[each] for each in order if _KEYS[each].pitch_classes != key.pitch_classes)
    alike = [odds[at] for at, each in enumerate(_KEYS) if each.pitch_classes == key.pitch_classes]
    likely = tuple((_KEYS[each], float(odds[each])) for each in order if odds[each] >= 0.02)
    return KeyHeard(key, next(others), float(sum(alike)), likely)


def scale_fits(
    sung: Sung, scale: Scale, learned: NDArray[np.float32] | None = None
) -> tuple[float, Key]:
    """Tell whether a take is in the scale that is said.

    Parameters
    ----------
    sung : Sung
        At least one note.
    scale : Scale
        What is said.
    learned : ndarray of float, shape (2, 12, 25), optional
        As for `habit_in`.

    Returns
    -------
    float
        How likely it is, 0.0 to 1.0; 1.0 where there are too few notes to tell, or where the
        scale has notes between the semitones.
    Key
        The one that fits best.
    """
    if not scale.tempered or not scale.outside or sung.pitch.size < _FEWEST:
        return 1.0, scale.key or _KEYS[round(scale.tonic) % 12]
    evidence = _evidence(
        sung, [*(scale_of_key(key) for key in _KEYS), scale], learned, _TUNED_CENTS
    )
    evidence[-1] += _TRUST
    mine = frozenset(round(scale.tonic + step) % 12 for step in scale.steps)
    alike = np.array([mine <= key.pitch_classes for key in _KEYS] + [True])
    odds = _odds(evidence)
    return float(odds[alike].sum()), _KEYS[int(np.argmax(odds[:-1]))]


def habits_in(
    scales: Sequence[Scale],
    low: float,
    high: float,
    learned: NDArray[np.float32] | None = None,
) -> Habit:
    """Tell how melodies step in each of several scales of the same semitones.

    Parameters
    ----------
    scales : sequence of Scale
        Tempered ones that borrow what they do not have, or a single one of any kind.
    low, high : float
        MIDI numbers between which they lie.
    learned : ndarray of float, shape (2, 12, 25), optional
        As for `habit_in`.

    Returns
    -------
    Habit
        One way for each scale, all as likely.
    """
    each = [habit_in(scale, low, high, learned) for scale in scales]
    tables = np.concatenate([habit.tables for habit in each])
    first = np.concatenate([habit.first for habit in each])
    return Habit(each[0].pitches, tables, first, np.full(len(each), 1.0 / len(each)))


def _evidence(
    sung: Sung,
    scales: Sequence[Scale],
    learned: NDArray[np.float32] | None,
    first_cents: float = FIRST_CENTS,
) -> Array:
    part = sung.part(0, _ENOUGH)
    low, high = float(part.pitch.min()) - _SPAN, float(part.pitch.max()) + _SPAN
    habit = habits_in(scales, low, high, learned)
    return evidence_of(part, habit, Singers(SINGERS), first_cents)


def _odds(evidence: Array) -> Array:
    odds = np.exp(evidence - evidence.max())
    return np.asarray(odds / odds.sum(), dtype=np.float64)
