from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.dsp.short_spectra import powers, sound, spectra, window_count
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
