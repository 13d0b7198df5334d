"""From when notes were sung to where in the beat they belong.

Where the tempo is said, only its phase is looked for. Else a hidden Markov model follows the tempo
from note to note: a state is a tempo and a place in the beat, and a step is as likely as its length
is usual and as its end is strong (in the manner of Raphael, "Automated rhythm transcription", ISMIR
2001).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["TICKS", "Placed", "place_at", "place_notes"]

Array = NDArray[np.float64]
Places = NDArray[np.int64]

TICKS = 12
"""Parts of a pulse: sixteenths are 3 of them, triplets 4; in a dotted pulse eighths are 4."""

_SIMPLE = {0: 0.5, 3: 0.05, 4: 0.03, 6: 0.3, 8: 0.04, 9: 0.08}
_DOTTED = {0: 0.5, 2: 0.03, 4: 0.2, 6: 0.03, 8: 0.2, 10: 0.04}
"""Where in a pulse notes begin, and how often."""
_USUAL = {12: 0.3, 6: 0.28, 24: 0.13, 18: 0.07, 3: 0.05, 9: 0.03, 36: 0.04, 48: 0.04, 4: 0.02,
          8: 0.02, 30: 0.015, 42: 0.01, 21: 0.01, 15: 0.01}  # fmt: skip
_USUAL_DOTTED = {4: 0.3, 12: 0.2, 8: 0.15, 24: 0.1, 2: 0.04, 6: 0.04, 16: 0.04, 20: 0.04,
                 36: 0.03}  # fmt: skip
"""How long notes are until the next begins, in ticks, and how often."""
_RARE = 0.002
_STRAY = 0.028  # seconds: spread of a step about its length
_STRAYS_MOST = 4.0  # such spreads are the worst that is believed
_SLOW, _QUICK, _STEPS = 45.0, 210.0, 0.01  # pulses a minute; share from tempo to tempo
_COMFORT, _COMFORT_SPREAD = 100.0, 0.4  # pulses a minute, octaves
_COMFORT_WEIGHT = 2.0
_BEND = 0.012  # share by which the tempo changes from note to note
_REACH = 3  # tempos to each side that a note may lead to
_LONGEST = 16  # pulses between notes
_HINT = 1.5  # log odds of a tempo that the onsets of the sound repeat with
_PHASES = 96  # places in a pulse that are tried, where the tempo is said
_OFF_SPREAD = 0.03  # seconds: spread of notes about a grid that is said
_BAR_LINE = (5.0, 0.04)  # log odds that a recording begins on a beat, and spread, seconds


@dataclass(frozen=True, eq=False)
class Placed:
    """Where notes belong.

    Parameters
    ----------
    ticks : ndarray of int, shape (notes,)
        Beginnings, in ticks from some pulse.
    seconds_a_pulse : ndarray of float, shape (notes,)
        The tempo at each note.
    origin : float
        When tick 0 comes, seconds.
    fit : float
        Share of the notes that stand where they belong within a spread.
    """

    ticks: Places
    seconds_a_pulse: Array
    origin: float
    fit: float


def place_at(onsets: Array, seconds_a_pulse: float, *, dotted: bool = False) -> Placed:
    """Place notes on a grid of which only the phase is not known.

    Parameters
    ----------
    onsets : ndarray of float, shape (notes,)
        Seconds, rising.
    seconds_a_pulse : float
        Length of a pulse.
    dotted : bool
        Whether a pulse is a dotted quarter.

    Returns
    -------
    Placed
        Tick 0 is the pulse at, or nearest before, the start of the recording, or the one just
        after it that a note a little late begins with.
    """
    allowed = np.array(list(_DOTTED if dotted else _SIMPLE))
    logs = np.log(np.array(list((_DOTTED if dotted else _SIMPLE).values())))
    places, logs = np.append(allowed, TICKS), np.append(logs, logs[0])
    tick = seconds_a_pulse / TICKS
    phases = np.arange(_PHASES) / _PHASES * seconds_a_pulse
    late = (onsets - phases[:, None]) % seconds_a_pulse
    off = late[:, :, None] - places * tick
    likely = logs - 0.5 * np.minimum(np.abs(off) / _OFF_SPREAD, _STRAYS_MOST) ** 2
    odds, spread = _BAR_LINE
    away = np.minimum(phases, seconds_a_pulse - phases)
    totals = likely.max(axis=2).sum(axis=1) + odds * np.exp(-0.5 * (away / spread) ** 2)
    best = int(totals.argmax())
    origin = float(phases[best])
    if origin > seconds_a_pulse - 3.0 * spread:
        origin -= seconds_a_pulse
    pulse = np.floor((onsets - origin) / seconds_a_pulse + 1e-9).astype(np.int64)
    ticks = pulse * TICKS + places[likely[best].argmax(axis=1)]
    residue = np.abs(onsets - origin - ticks * tick)
    fit = float((residue < 2.0 * _OFF_SPREAD).mean())
    return Placed(ticks, np.full(onsets.size, seconds_a_pulse), origin, fit)


def place_notes(onsets: Array, hints: tuple[float, ...] = (), *, dotted: bool = False) -> Placed:
    """Place notes where nobody says the tempo.

    Parameters
    ----------
    onsets : ndarray of float, shape (notes,)
        Seconds, rising; two or more.
    hints : tuple of float
        Tempos that the sound repeats with, pulses a minute.
    dotted : bool
        Whether a pulse is a dotted quarter.

    Returns
    -------
    Placed
        Tick 0 is the pulse at or before the first note.
    """
    tempos = np.exp(np.arange(np.log(_SLOW), np.log(_QUICK), _STEPS))
    begins = _DOTTED if dotted else _SIMPLE
    places = np.array(list(begins))
    strong = np.log(np.array(list(begins.values())))
    comfort = -_COMFORT_WEIGHT * (np.log2(tempos / _COMFORT) / _COMFORT_SPREAD) ** 2
    for hint in hints[:2]:
        comfort += _HINT * np.exp(-0.5 * (np.log(tempos / hint) / 0.02) ** 2)
    score = comfort[:, None] + strong
    trail: list[tuple[Places, Places]] = []
    usual = _lengths(dotted)
    for step in np.diff(onsets):
        score, came, ticks = _follow(score, float(step), tempos, places, usual)
        score = score + strong
        trail.append((came, ticks))
    return _read_back(score, trail, onsets, tempos, places)


def _lengths(dotted: bool) -> Array:
    """Lay out how usual each number of ticks is, log."""
    table = np.full(_LONGEST * TICKS + 1, _RARE)
    table[: 2 if dotted else 3] = 1e-9
    for ticks, share in (_USUAL_DOTTED if dotted else _USUAL).items():
        table[ticks] = share
    return np.asarray(np.log(table), dtype=np.float64)


def _follow(
    score: Array, step: float, tempos: Array, places: Places, usual: Array
) -> tuple[Array, Places, Places]:
    """Go on by one note: new scores, which state each came from, and by how many ticks.

    Every state is (tempo, place); the tempo of the step is the one that it arrives with.
    """
    count, kinds = score.shape
    span = np.minimum(step * tempos / 60.0, _LONGEST - 1.0) * TICKS
    move = places - places[:, None]
    nearest = move + TICKS * np.round((span[:, None, None] - move) / TICKS)
    nearest = np.maximum(nearest, np.where(move > 0, move, move + TICKS))
    late = (span[:, None, None] - nearest) * 60.0 / (tempos[:, None, None] * TICKS)
    stray = -0.5 * np.minimum(np.abs(late) / _STRAY, _STRAYS_MOST) ** 2
    ticks = nearest.astype(np.int64)
    gain = stray + usual[np.minimum(ticks, usual.size - 1)]
    best = np.full((count, kinds), -np.inf)
    came = np.zeros((count, kinds), dtype=np.int64)
    for away in range(-_REACH, _REACH + 1):
        origin = np.clip(np.arange(count) + away, 0, count - 1)
        bend = -0.5 * (away * _STEPS / _BEND) ** 2
        options = score[origin][:, :, None] + gain + bend
        which = options.argmax(axis=1)
        top = np.take_along_axis(options, which[:, None, :], axis=1)[:, 0]
        better = top > best
        best = np.where(better, top, best)
        came = np.where(better, origin[:, None] * kinds + which, came)
    arrived = np.take_along_axis(ticks, (came % kinds)[:, None, :], axis=1)[:, 0]
    return best, came, arrived


def _read_back(
    score: Array, trail: list[tuple[Places, Places]], onsets: Array, tempos: Array, places: Places
) -> Placed:
    state = int(score.argmax())
    kinds = places.size
    steps: list[int] = []
    pace = [60.0 / float(tempos[state // kinds])]
    for came, ticks in reversed(trail):
        steps.append(int(ticks.flat[state]))
        state = int(came.flat[state])
        pace.append(60.0 / float(tempos[state // kinds]))
    first = int(places[state % kinds])
    placed = np.concatenate(([first], first + np.cumsum(steps[::-1], dtype=np.int64)))
    paces = np.array(pace[::-1])
    late = np.diff(onsets) - np.diff(placed) * paces[1:] / TICKS
    fit = float((np.abs(late) < 2.0 * _STRAY).mean())
    origin = float(onsets[0] - first * paces[0] / TICKS)
    return Placed(placed, paces, origin, fit)
