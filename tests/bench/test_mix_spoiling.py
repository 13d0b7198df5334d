from __future__ import annotations

import numpy as np
import pytest

from bench.mix_faults import FAULTS
from bench.mix_spoiling import bell, compressed, delayed, sounding_rms

RATE = 44_100


@pytest.fixture
def notes() -> np.ndarray:
    """Notes that ring away, with rests, on two sides."""
    dice = np.random.default_rng(8)
    time = np.arange(3 * RATE) / RATE
    body = np.sin(2.0 * np.pi * 440.0 * time) + 0.3 * dice.standard_normal((2, time.size))
    return np.asarray(0.2 * body * np.exp(-6.0 * (time % 0.5)) * (time < 2.5))


@pytest.mark.parametrize(("freq_hz", "gain_db"), [(1_000.0, 9.0), (300.0, -6.0)])
def test_a_bell_has_its_gain_at_its_centre(freq_hz: float, gain_db: float) -> None:
    impulse = np.zeros((1, RATE))
    impulse[0, 0] = 1.0
    response = np.abs(np.fft.rfft(bell(impulse, RATE, freq_hz, gain_db, 4.0))[0])
    assert 20.0 * np.log10(response[round(freq_hz)]) == pytest.approx(gain_db, abs=0.01)
    assert 20.0 * np.log10(response[round(freq_hz * 8.0)]) == pytest.approx(0.0, abs=0.2)


def test_a_delay_of_whole_frames_moves_them(notes: np.ndarray) -> None:
    assert np.allclose(delayed(notes, 5.0)[:, 5:], notes[:, :-5], atol=1e-9)


def test_a_compressor_takes_peaks_down(notes: np.ndarray) -> None:
    squeezed = compressed(notes, RATE, 24.0, 20.0)
    highest = [20.0 * np.log10(np.abs(one).max()) for one in (notes, squeezed)]
    wanted = 24.0 * (1.0 - 1.0 / 20.0)
    assert highest[0] - highest[1] == pytest.approx(wanted, abs=3.0)  # less in the attack


@pytest.mark.parametrize("kind", [kind for kind, one in FAULTS.items() if one.unit != ""])
def test_a_fault_is_the_same_each_time_and_leaves_what_came_in(
    kind: str, notes: np.ndarray
) -> None:
    before = notes.copy()
    made = [
        FAULTS[kind].spoil(notes, RATE, FAULTS[kind].strengths[0], np.random.default_rng(3)).samples
        for _ in range(2)
    ]
    assert np.array_equal(notes, before)
    assert np.array_equal(made[0], made[1])
    assert made[0].shape == notes.shape
    assert np.isfinite(made[0]).all()


@pytest.mark.parametrize("kind", ["clipping", "over_compression", "under_compression"])
def test_a_fault_of_dynamics_is_none_of_level(kind: str, notes: np.ndarray) -> None:
    fault = FAULTS[kind]
    for strength in fault.strengths:
        made = fault.spoil(notes, RATE, strength, np.random.default_rng(3)).samples
        assert np.std(made) == pytest.approx(np.std(notes), rel=0.02)


@pytest.mark.parametrize("kind", ["rumble", "hum", "noise_floor"])
def test_a_noise_is_as_loud_as_it_says(kind: str, notes: np.ndarray) -> None:
    strength = FAULTS[kind].strengths[0]
    added = FAULTS[kind].spoil(notes, RATE, strength, np.random.default_rng(3)).samples - notes
    told = 20.0 * np.log10(np.std(added) / sounding_rms(notes, RATE))
    assert told == pytest.approx(strength, abs=0.3)
