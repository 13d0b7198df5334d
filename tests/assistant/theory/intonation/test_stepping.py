from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from assistant.theory.intonation.stepping import steps_within

Array = NDArray[np.float64]
HOP = 0.005
SCALE = np.array([0, 2, 4, 5, 7, 9, 11])


def ladder(low: float, high: float) -> Array:
    every = np.arange(128)
    notes = every[np.isin(every % 12, SCALE)]
    return np.asarray(notes[(notes >= low) & (notes <= high)], dtype=np.float64)


def ornament(semitones: float, seconds: float) -> Array:
    """A second of a note, with another in the middle that is glided to."""
    time = np.arange(0.0, 1.0, HOP)
    inside = np.clip((0.5 * seconds - np.abs(time - 0.5)) / 0.02 + 0.5, 0.0, 1.0)
    return np.asarray(semitones * inside)


def steps(off: Array, target: float = 64.0, vibrato: float = 0.0) -> Array:
    return steps_within(off, np.ones(off.size, dtype=bool), target, ladder, HOP, vibrato)


@pytest.mark.parametrize(("semitones", "note"), [(3.0, 3.0), (2.8, 3.0), (-1.8, -2.0), (1.1, 1.0)])
def test_an_ornament_on_a_note_of_the_scale_steps_there(semitones: float, note: float) -> None:
    found = steps(ornament(semitones, 0.15))
    assert set(found.tolist()) == {0.0, note}
    assert HOP * np.count_nonzero(found) == pytest.approx(0.15, abs=0.02)
    assert not found[:80].any()


@pytest.mark.parametrize(
    "off", [ornament(3.0, 0.05), ornament(2.0, 0.2), ornament(0.4, 0.3), ornament(12.0, 0.2)]
)
def test_what_is_short_or_between_two_notes_or_a_slip_is_flat(off: Array) -> None:
    assert not steps(off).any()


def test_a_vibrato_is_flat_however_wide() -> None:
    time = np.arange(0.0, 1.0, HOP)
    assert not steps(1.1 * np.sin(2.0 * np.pi * 4.0 * time), vibrato=1.1).any()


def test_the_scale_is_tuned_as_the_target_is_and_a_target_beside_it_is_flat() -> None:
    off = ornament(3.0, 0.15)
    np.testing.assert_array_equal(steps(off, 63.8), steps(off))
    borrowed = steps(ornament(1.0, 0.15), 66.0)  # F#, from which G is a step away
    assert set(borrowed.tolist()) == {0.0, 1.0}


def test_nothing_sung_and_no_scale_are_flat() -> None:
    off = ornament(3.0, 0.15)
    assert not steps_within(off, np.zeros(off.size, dtype=bool), 64.0, ladder, HOP).any()
    sung = np.ones(off.size, dtype=bool)
    assert not steps_within(off, sung, 64.0, lambda low, high: np.zeros(0), HOP).any()
