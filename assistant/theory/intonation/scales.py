"""Scales to sing in: modes, pentatonics, masks of notes, tunings, and scales of many traditions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import floor, log2

import numpy as np
from numpy.typing import NDArray

from assistant.theory.harmony.key import MODES, Key
from assistant.theory.harmony.spelling import pitch_class

__all__ = [
    "COMMON",
    "Scale",
    "concert_offset",
    "scale_from_cents",
    "scale_of_key",
    "tempered_scale",
]

Array = NDArray[np.float64]

_OUTSIDE = 0.003  # how usual each note outside a scale is, beside one within
_RAISED = {9: 0.03, 11: 0.06}  # the sixth and seventh that minor borrows on its way up
_STANDARD_A4_HZ = 440.0
_SAME = 0.02  # semitones: within this a note is the note of the scale
_NAMES = ("C", "C#", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B")

COMMON: Mapping[str, tuple[int, ...]] = {
    **{mode: tuple(sorted(pitch_class(each) for each in fifths)) for mode, fifths in MODES.items()},
    "major pentatonic": (0, 2, 4, 7, 9),
    "minor pentatonic": (0, 3, 5, 7, 10),
    "blues": (0, 3, 5, 6, 7, 10),
    "major blues": (0, 2, 3, 4, 7, 9),
    "whole tone": (0, 2, 4, 6, 8, 10),
    "diminished": (0, 2, 3, 5, 6, 8, 9, 11),
    "half-whole diminished": (0, 1, 3, 4, 6, 7, 9, 10),
    "augmented": (0, 3, 4, 7, 8, 11),
    "phrygian dominant": (0, 1, 4, 5, 7, 8, 10),
    "double harmonic": (0, 1, 4, 5, 7, 8, 11),
    "hungarian minor": (0, 2, 3, 6, 7, 8, 11),
    "lydian dominant": (0, 2, 4, 6, 7, 9, 10),
    "altered": (0, 1, 3, 4, 6, 8, 10),
    "chromatic": tuple(range(12)),
}
"""Scales of equal semitones by name, in semitones above the tonic."""


@dataclass(frozen=True, slots=True)
class Scale:
    """Notes that a voice may be meant to sing.

    Parameters
    ----------
    name : str
        As shown: ``"A minor"``.
    tonic : float
        Semitones above C; a fraction where it lies between the keys of a piano.
    steps : tuple of float
        Semitones above the tonic, ascending from 0.0.
    period : float
        Semitones after which the steps come again; 12.0 is an octave.
    weights : tuple of float
        How usual each step is, beside 1.0; empty where all are alike.
    outside : tuple of (float, float)
        Further steps that singers borrow now and then, and how usual each is.
    key : Key, optional
        What spells its notes.
    """

    name: str
    tonic: float
    steps: tuple[float, ...]
    period: float = 12.0
    weights: tuple[float, ...] = ()
    outside: tuple[tuple[float, float], ...] = ()
    key: Key | None = None

    @property
    def tempered(self) -> bool:
        """Whether all its notes are keys of a piano."""
        places = np.array([self.tonic, self.period, *self.steps])
        return self.period == 12.0 and bool(np.all(places == np.round(places)))

    def pitches(self, low: float, high: float) -> Array:
        """List its notes.

        Parameters
        ----------
        low, high : float
            MIDI numbers; both ends belong.

        Returns
        -------
        ndarray of float
            MIDI numbers, ascending; what is borrowed is left out.
        """
        return self._ladder(np.array(self.steps), low, high)[0]

    def ladder(self, low: float, high: float) -> tuple[Array, Array]:
        """List its notes and those it borrows.

        Parameters
        ----------
        low, high : float
            MIDI numbers; both ends belong.

        Returns
        -------
        ndarray of float
            MIDI numbers, ascending.
        ndarray of float
            How usual each is, beside 1.0 for a plain note of the scale.
        """
        weights = np.array(self.weights or (1.0,) * len(self.steps))
        steps = np.array([*self.steps, *(step for step, _ in self.outside)])
        weights = np.concatenate((weights, [weight for _, weight in self.outside]))
        pitches, which = self._ladder(steps, low, high)
        return pitches, weights[which]

    def holds(self, pitch: float) -> bool:
        """Tell whether a MIDI number is one of its notes, those it borrows left out."""
        above = (pitch - self.tonic) % self.period
        apart = np.abs(np.array([*self.steps, self.period]) - above)
        return bool(apart.min() < _SAME)

    def note_name(self, pitch: float) -> str:
        """Name a MIDI number, with cents where it is no key of a piano: ``"E4 -50"``."""
        nearest = floor(pitch + 0.5)
        cents = round(100.0 * (pitch - nearest))
        name = f"{_NAMES[nearest % 12]}{nearest // 12 - 1}"
        spelled = self.key.note_name(nearest) if self.key is not None else name
        if "bb" not in spelled or self.holds(nearest):  # nobody reads Bbb where A will do
            name = spelled
        return f"{name} {cents:+d}" if cents else name

    def _ladder(self, steps: Array, low: float, high: float) -> tuple[Array, NDArray[np.int64]]:
        first = floor((low - self.tonic) / self.period) - 1
        last = floor((high - self.tonic) / self.period) + 1
        octaves = self.period * np.arange(first, last + 1)
        pitches = (self.tonic + octaves[:, None] + steps).ravel()
        which = np.tile(np.arange(steps.size), octaves.size)
        order = np.argsort(pitches, kind="stable")
        inside = (pitches[order] >= low - 1e-9) & (pitches[order] <= high + 1e-9)
        return pitches[order][inside], which[order][inside]


def scale_of_key(key: Key) -> Scale:
    """Make the scale of a key.

    Parameters
    ----------
    key : Key
        Any of `assistant.theory.harmony.key.MODES`.

    Returns
    -------
    Scale
        Its seven notes; the other five are borrowed now and then, in minor the raised sixth and
        seventh more often.
    """
    return tempered_scale(str(key), key.root, COMMON[key.mode], key)


def tempered_scale(
    name: str, tonic: int, steps: Sequence[int], key: Key | None = None, *, strict: bool = False
) -> Scale:
    """Make a scale of equal semitones.

    Parameters
    ----------
    name : str
        As shown.
    tonic : int
        Semitones above C.
    steps : sequence of int
        Semitones above the tonic, ascending from 0.
    key : Key, optional
        What spells its notes.
    strict : bool
        Whether no other note is ever meant.

    Returns
    -------
    Scale
        With the other semitones as what is borrowed, unless `strict`.
    """
    minor = key is not None and key.mode == "minor"
    others = [step for step in range(12) if step not in steps]
    borrowed = [(float(step), _RAISED.get(step, _OUTSIDE) if minor else _OUTSIDE)
                for step in others]  # fmt: skip
    plain = tuple(float(step) for step in steps)
    return Scale(name, float(tonic), plain, outside=() if strict else tuple(borrowed), key=key)


def scale_from_cents(name: str, cents: Sequence[float], tonic: float) -> Scale:
    """Make a scale as a Scala file says it.

    Parameters
    ----------
    name : str
        As shown.
    cents : sequence of float
        Above the tonic, the last one the period; 0 is left out, as in a ``.scl`` file.
    tonic : float
        Semitones above C.

    Returns
    -------
    Scale
        In ascending order; nothing is borrowed.

    Raises
    ------
    ValueError
        Where there is no period above 0 cents.
    """
    if not cents or cents[-1] <= 0.0:
        raise ValueError("a scale needs a last step above 0 cents, after which it begins again")
    period = cents[-1] / 100.0
    steps = sorted({0.0, *((each / 100.0) % period for each in cents[:-1])})
    return Scale(name, float(tonic), tuple(steps), period)


def concert_offset(a4_hz: float) -> float:
    """Return how many semitones a concert pitch lies above A4 = 440 Hz."""
    return 12.0 * log2(a4_hz / _STANDARD_A4_HZ)
