from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.dsp import envelope as following
from assistant.dsp.envelope import envelope
from assistant.dsp.truepeak import peak_curve, true_peak
from assistant.material import Samples
from assistant.steps import result
from tests.assistant.dsp.sounds import nasty, nasty_sounds

RATE = 44_100


def zeros(shape: tuple[int, ...]) -> Samples:
    return np.zeros(shape, dtype=np.float32)


def cells(samples: Samples, cell: int) -> Samples:
    """Return the peaks of all cells at sixteen points a sample."""
    curve = zeros((samples.shape[1],))
    peak_curve(samples, 16, curve)
    return np.maximum.reduceat(curve, np.arange(0, samples.shape[1], cell))


@given(nasty_sounds(), st.floats(0.05, 1.0))
def test_where_it_was_told_to_look_every_peak_is_found(
    sound: tuple[Samples, int], share: float
) -> None:
    samples, rate = sound
    followed = result(envelope(samples, rate, zeros))
    level = share * followed.peak
    result(followed.look(level))
    expected = cells(samples, followed.cell)
    asked = expected >= level
    np.testing.assert_allclose(followed.peaks[asked], expected[asked], rtol=1e-5)
    assert (followed.peaks <= expected * (1.0 + 1e-5)).all()


@given(nasty_sounds())
def test_the_highest_peak_is_found_at_once(sound: tuple[Samples, int]) -> None:
    samples, rate = sound
    assert result(envelope(samples, rate, zeros)).peak == pytest.approx(
        true_peak(samples, 16), rel=1e-5
    )


def test_looking_twice_finds_the_same_and_keeps_what_was_raised() -> None:
    samples = np.stack([nasty("noise", 30_000, 1), nasty("steps", 30_000, 2)])
    once, twice = result(envelope(samples, RATE, zeros)), result(envelope(samples, RATE, zeros))
    result(twice.look(0.5))
    twice.peaks[7] = 3.0
    for followed in (once, twice):
        result(followed.look(0.1))
    changed = np.flatnonzero(once.peaks != twice.peaks)
    assert changed.tolist() == [7]
    assert twice.peaks[7] == 3.0


def test_blocks_leave_no_trace(monkeypatch: pytest.MonkeyPatch) -> None:
    samples = np.stack([nasty("noise", 30_001, 3), nasty("quarter", 30_001, 4)])
    whole = result(envelope(samples, RATE, zeros))
    result(whole.look(1e-6))
    monkeypatch.setattr(following, "BLOCK_CELLS", 48)
    parts = result(envelope(samples, RATE, zeros))
    result(parts.look(1e-6))
    np.testing.assert_allclose(parts.peaks, whole.peaks, rtol=1e-6)


def test_lengths_are_an_odd_number_of_cells() -> None:
    followed = result(envelope(zeros((1, 100)), RATE, zeros))
    assert followed.cells(1.0) == 5
    assert followed.cells(0.0) == 1
    assert all(followed.cells(length) % 2 == 1 for length in np.linspace(0.0, 50.0, 99))
