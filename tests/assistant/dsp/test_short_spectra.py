from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.dsp.short_spectra import (
    few,
    few_of,
    multiply,
    powers,
    powers_of,
    sound,
    spectra,
    window_count,
)
from tests.assistant.dsp.noisy import white


@given(frames=st.integers(1, 3_000), size=st.sampled_from([16, 64, 512]))
def test_unchanged_spectra_give_the_sound_back(frames: int, size: int) -> None:
    rows = white(frames, 2).astype(np.float32)
    made = spectra(rows, size)
    assert made.shape == (2, window_count(frames, size), size // 2 + 1)
    np.testing.assert_allclose(sound(made, size, frames), rows, atol=1e-5)


@pytest.mark.parametrize("size", [256, 2_048])
def test_white_noise_has_its_own_power_in_every_bin(size: int) -> None:
    rows = 0.5 * white(200_000, 2).astype(np.float32)
    inside = powers(spectra(rows, size))[3:-4].mean(axis=0)
    assert inside.mean() == pytest.approx(2 * 0.25, rel=0.03)


@pytest.mark.parametrize("frames", [1, 900, 30_000])
def test_a_few_at_a_time_are_all_in_order(frames: int) -> None:
    rows, size = white(frames, 2).astype(np.float32), 4_096
    whole = spectra(rows, size)
    for parts in (list(few(rows, size)), list(few_of(whole, size))):
        assert [span.start for span, _ in parts] == [0, *(span.stop for span, _ in parts[:-1])]
        np.testing.assert_array_equal(np.concatenate([part for _, part in parts], axis=1), whole)


def test_powers_of_a_sound_are_those_of_its_spectra() -> None:
    rows = white(30_000, 3).astype(np.float32)
    np.testing.assert_array_equal(powers_of(rows, 1_024), powers(spectra(rows, 1_024)))


def test_a_gain_is_that_of_all_channels() -> None:
    made = spectra(white(5_000, 2).astype(np.float32), 256)
    gain = np.random.default_rng(2).uniform(size=made.shape[1:]).astype(np.float32)
    wanted = made * gain
    multiply(made, gain)
    np.testing.assert_allclose(made, wanted, rtol=1e-6)
