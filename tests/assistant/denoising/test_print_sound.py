"""A print as a sound."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.signal import lfilter

from assistant.denoising.print_sound import SECONDS, sound_of
from assistant.dsp.noise_print import print_of
from assistant.material import Audio


@pytest.mark.parametrize("rate", [8000, 48_000])
def test_the_print_of_a_print_is_that_print(rate: int) -> None:
    rng = np.random.default_rng(1)
    white = rng.standard_normal((2, 10 * rate))
    dull = 0.01 * lfilter([1.0], [1.0, -0.9], white) * np.array([[1.0], [0.3]])
    first = print_of(Audio(dull.astype(np.float32), rate), 0.0, 10.0)
    made = sound_of(first, np.random.default_rng(2))
    assert made.samples.shape == (2, round(SECONDS * rate))
    again = print_of(made, 0.0, SECONDS)
    octaves = np.array_split(np.arange(1, first.levels.shape[1]), 20)
    for bins in octaves:
        ratio = again.levels[:, bins].mean(axis=1) / first.levels[:, bins].mean(axis=1)
        assert np.abs(10.0 * np.log10(ratio)).max() < 1.5


def test_it_is_the_same_every_time() -> None:
    noise = Audio(np.random.default_rng(1).normal(0.0, 0.1, (1, 8000)).astype(np.float32), 8000)
    told = print_of(noise, 0.0, 1.0)
    one, other = (sound_of(told, np.random.default_rng(3)).samples for _ in range(2))
    assert np.array_equal(one, other)
