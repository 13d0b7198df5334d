"""Which note each note of a take was meant to be, where only a key or a scale is known.

Nobody sings so exactly that the nearest note is always the one that was meant. What is asked here
is which notes explain the whole take: the voice has a tuning that wanders, leaps come out too
small, short notes are less exact, some notes are simply wrong, and melodies have habits. A take is
gone through twice: the second time with what the first told about its tune. Each
note gets the probability of what it is taken for; under a threshold it is left alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from assistant.theory.intonation.chord_spans import ChordSpan
from assistant.theory.intonation.key_heard import habits_in, hear_key, scale_fits
from assistant.theory.intonation.meant import (
    Habit,
    candidates_of,
    find_meant,
    likely_singers,
)
from assistant.theory.intonation.motifs import echoes
from assistant.theory.intonation.scales import Scale, concert_offset, scale_of_key
from assistant.theory.intonation.singer import SINGERS, Singers
from assistant.theory.intonation.sung import Sung
from assistant.theory.intonation.take import TakeNote, Target, is_sure

__all__ = ["Decision", "choose_targets", "decide"]

Array = NDArray[np.float64]

THRESHOLD = 0.6
"""A note that is less sure than this is left alone."""

_WINDOW, _OVERLAP = 192, 24  # notes: so much is decided at once, and so much of it twice
_FIRST_NOTES = 64  # notes that tell what kind of singer it is
_SPAN = 12.0  # semitones beyond what is sung
_UNSTEADY_CENTS = 30.0  # what a note without a steady pitch may be off besides
_CHORD_TONE = 2.0  # how much likelier than 1.0 a long note is one of its chord
_LONG_SECONDS = 0.5
_OTHER = 0.02  # a candidate less likely than this is not worth naming
_TOLD_CENTS = 15.0  # a tuning further off than this is a reason
_UNFIT = 0.5  # a said scale less likely than this is warned of
_FIT = 0.8  # a said scale as likely as this is not doubted at all
_HEARD_FIT = 0.75  # a key that is heard less surely casts doubt on every note
_BESIDE_CENTS = 15.0  # so far from a quarter tone, a tuning is e times less that of a neighbour
_MAY_BE = 0.03  # keys less likely than this are left out


@dataclass(frozen=True, eq=False)
class Decision:
    """What was decided about a take.

    Parameters
    ----------
    targets : tuple of Target
        One for each note.
    scale : Scale
        As said, or as found.
    confidence : float
        That the take is in that scale, 0.0 to 1.0, and not in the one a semitone away.
    tuning : ndarray of float, shape (notes,)
        Where the voice's own tuning lies at each note, cents above concert pitch.
    off_cents : float
        How far above concert pitch the take lies as a whole.
    warning : str
        What is wrong with what was said; empty where nothing is.
    """

    targets: tuple[Target, ...]
    scale: Scale
    confidence: float
    tuning: Array
    off_cents: float = 0.0
    warning: str = ""


def choose_targets(
    notes: Sequence[TakeNote],
    scale: Scale | None = None,
    *,
    habits: NDArray[np.float32] | None = None,
    chords: Sequence[ChordSpan] = (),
    a4_hz: float = 440.0,
    threshold: float = THRESHOLD,
    keep_tuning: bool = False,
) -> tuple[Target, ...]:
    """Tell where each note of a take should be; see `decide`."""
    decision = decide(notes, scale, habits=habits, chords=chords, a4_hz=a4_hz,
                      threshold=threshold, keep_tuning=keep_tuning)  # fmt: skip
    return decision.targets


def decide(
    notes: Sequence[TakeNote],
    scale: Scale | None = None,
    *,
    habits: NDArray[np.float32] | None = None,
    chords: Sequence[ChordSpan] = (),
    a4_hz: float = 440.0,
    threshold: float = THRESHOLD,
    keep_tuning: bool = False,
) -> Decision:
    """Tell where each note of a take should be.

    Parameters
    ----------
    notes : sequence of TakeNote
        In order.
    scale : Scale, optional
        What the take is in; None finds a major or minor key.
    habits : ndarray of float, shape (2, 12, 25), optional
        What melodies do, as for `assistant.theory.intonation.steps.habit_in`.
    chords : sequence of ChordSpan
        What sounds under the take, on its clock.
    a4_hz : float
        Concert pitch.
    threshold : float
        A note surer than this is moved, 0.0 to 1.0; one that is in tune with what it is taken for
        has to be surer (the square root of it).
    keep_tuning : bool
        Whether the take keeps its own mean tuning, in place of concert pitch.

    Returns
    -------
    Decision
        A target for each note; those not to be moved have their likeliest one all the same.
    """
    concert = concert_offset(a4_hz)
    if not notes:
        return Decision((), scale or _C_MAJOR, 0.0, np.zeros(0))
    sung = _laid_out(notes, concert)
    likely, sure, warning = _scales_of(sung, scale, habits)
    low, high = float(sung.pitch.min()) - _SPAN, float(sung.pitch.max()) + _SPAN
    habit = habits_in(likely, low, high, habits)
    meant = _in_windows(sung, habit, chords)
    off_cents = _middle(100.0 * (sung.pitch - meant.likeliest), sung.seconds)
    own = off_cents if keep_tuning else 0.0
    words = _Words(likely[0], threshold, concert + own / 100.0, warning)
    if scale is None and not keep_tuning:
        sure *= _sure_of_semitone(off_cents)
    trust = min(1.0, sure / (_FIT if scale is not None else _HEARD_FIT)) ** 2
    targets = tuple(words.target(sung, meant, note, trust) for note in range(len(notes)))
    return Decision(targets, likely[0], sure, meant.tuning, off_cents, warning)


class _Known(NamedTuple):
    """Candidates of each note, how likely each is, and the tuning there; as in `Meant`."""

    pitches: Array
    odds: Array
    tuning: Array

    @property
    def likeliest(self) -> Array:
        """The likeliest candidate of each note."""
        best = self.odds.argmax(axis=1)
        return np.asarray(self.pitches[np.arange(best.size), best], dtype=np.float64)


_C_MAJOR = Scale("C major", 0.0, (0.0, 2.0, 4.0, 5.0, 7.0, 9.0, 11.0))


def _laid_out(notes: Sequence[TakeNote], concert: float) -> Sung:
    unsteady = np.array([_UNSTEADY_CENTS * (1.0 - note.confidence) for note in notes])
    return Sung(
        np.array([note.start for note in notes]),
        np.array([note.end for note in notes]),
        np.array([note.centre - concert for note in notes]),
        np.hypot([note.spread_cents for note in notes], unsteady),
    )


def _scales_of(
    sung: Sung, scale: Scale | None, habits: NDArray[np.float32] | None
) -> tuple[list[Scale], float, str]:
    """Return the scales that the take may be in, how sure the first is, and a warning."""
    if scale is None:
        heard = hear_key(sung, habits)
        likely = [scale_of_key(key) for key, odds in heard.likely if odds >= _MAY_BE]
        return likely or [scale_of_key(heard.key)], heard.confidence, ""
    sure, better = scale_fits(sung, scale, habits)
    if sure >= _UNFIT:
        return [scale], sure, ""
    warning = f"the take does not fit {scale.name}; it sounds like {better}"
    return [scale], sure, warning


def _in_windows(sung: Sung, habit: Habit, chords: Sequence[ChordSpan]) -> _Known:
    """Decide a long take part by part, so that memory stays flat."""
    size = sung.pitch.size
    parts: list[_Known] = []
    begins = 0.0
    for first in range(0, size, _WINDOW):
        from_, to = max(0, first - _OVERLAP), min(size, first + _WINDOW + _OVERLAP)
        if first:
            begins = float(parts[-1].tuning[from_ - first])
        part = sung.part(from_, to)
        singers = likely_singers(part.part(0, _FIRST_NOTES), habit, _ALL)
        fits = _chord_fits(part, habit, chords)
        meant = find_meant(part, habit, singers, fits, begins)
        singers = singers.left_by(meant.singers)
        meant = find_meant(part, habit, singers, fits, begins, meant)
        odds = meant.odds * echoes(part, meant)
        odds /= odds.sum(axis=1, keepdims=True)
        here = slice(first - from_, first - from_ + min(_WINDOW, size - first))
        parts.append(_Known(meant.pitches[here], odds[here], meant.tuning[here]))
    return _Known(*(np.concatenate(each) for each in zip(*parts, strict=True)))


_ALL = Singers(SINGERS)


def _sure_of_semitone(off_cents: float) -> float:
    """Tell how surely a take that lies so many cents off concert pitch is meant there.

    A key heard 40 cents above is the key a semitone higher, 60 cents below: nothing in the tune
    tells the two from each other.
    """
    return 1.0 / (1.0 + exp((abs(off_cents) - 50.0) / _BESIDE_CENTS))


def _chord_fits(sung: Sung, habit: Habit, chords: Sequence[ChordSpan]) -> Array | None:
    """Say how much likelier a note of the chord is: the longer a note, the more."""
    if not chords:
        return None
    pitches = habit.pitches[candidates_of(sung.pitch, habit.pitches)]
    classes = np.round(pitches).astype(np.int64) % 12
    fits = np.ones(pitches.shape)
    starts, ends = (np.array([getattr(each, at) for each in chords]) for at in ("start", "end"))
    for note, (start, end) in enumerate(zip(sung.start, sung.end, strict=True)):
        for each in np.flatnonzero((starts < end) & (ends > start)).tolist():
            together = min(end, ends[each]) - max(start, starts[each])
            weight = together / max(end - start, 1e-6) * min(1.0, (end - start) / _LONG_SECONDS)
            inside = np.isin(classes[note], list(chords[each].pitch_classes))
            fits[note] += _CHORD_TONE * weight * inside
    return fits


def _middle(values: Array, weights: Array) -> float:
    """Return the weighted median."""
    order = np.argsort(values, kind="stable")
    half = np.searchsorted(np.cumsum(weights[order]), 0.5 * weights.sum())
    return float(values[order][min(int(half), values.size - 1)])


@dataclass(frozen=True, slots=True)
class _Words:
    """Puts what was decided into targets, with their reasons."""

    scale: Scale
    threshold: float
    shift: float  # semitones from what was decided to what sounds
    warning: str

    def target(self, sung: Sung, meant: _Known, note: int, trust: float) -> Target:
        odds = meant.odds[note]
        order = np.argsort(-odds, kind="stable")
        best, second = (float(each) for each in meant.pitches[note][order[:2]])
        sure = float(odds[order[0]]) * trust
        known = odds[order[1]] >= _OTHER
        why = self._why(sung.pitch[note], best, meant.tuning[note])
        other = second + self.shift if known else None
        target = Target(best + self.shift, sure, True, why, other)
        if is_sure(sure, 100.0 * (sung.pitch[note] - best), self.threshold):
            return target
        rival = f", else {self.scale.note_name(second)}" if known else ""
        doubt = f"{round(100.0 * sure)} % {self.scale.note_name(best)}{rival}"
        return target.left(self.warning or doubt)

    def _why(self, heard: float, best: float, tuning: float) -> str:
        near = self.scale.pitches(heard - self.scale.period, heard + self.scale.period)
        nearest = float(near[np.argmin(np.abs(near - heard))])
        name = self.scale.note_name(best)
        if abs(nearest - best) < 0.02:
            return f"{name} in {self.scale.name}"
        instead = f"{name}, not {self.scale.note_name(nearest)}"
        if abs(tuning) >= _TOLD_CENTS and (heard - nearest) * tuning * (nearest - best) > 0.0:
            return f"{instead}: the voice lies {_cents(tuning)} here"
        if abs(heard - best) * 100.0 < abs(heard - nearest) * 100.0:
            return f"{instead}: borrowed in {self.scale.name}"
        return f"{instead}: the tune makes it likelier"


def _cents(tuning: float) -> str:
    return f"{round(abs(tuning))} cents {'high' if tuning > 0 else 'low'}"
