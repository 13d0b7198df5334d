from __future__ import annotations

import numpy as np

from assistant.dsp.gain import with_gain
from assistant.material import Audio, Samples


def zeros(shape: tuple[int, ...]) -> Samples:
    return np.zeros(shape, dtype=np.float32)


def test_every_sample_is_turned_alike(noise: Audio) -> None:
    made = with_gain(noise, -6.0, zeros)
    assert made.rate == noise.rate
    np.testing.assert_allclose(made.samples, noise.samples * 10.0 ** (-6.0 / 20.0), rtol=1e-6)


def test_no_gain_is_the_sound_itself(noise: Audio) -> None:
    assert with_gain(noise, 0.0, zeros) is noise
