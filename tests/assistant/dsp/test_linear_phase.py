from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.dsp.linear_phase import convolve, kernel
from assistant.material import Audio
from assistant.steps import result


def flat(gain_db: float, rate: int) -> np.ndarray:
    return kernel(lambda hertz: np.full(hertz.shape, gain_db), rate)


@pytest.mark.parametrize("rate", [8_000, 44_100, 192_000])
def test_a_kernel_is_symmetric_and_odd(rate: int) -> None:
    taps = kernel(lambda hertz: 6.0 * np.sin(np.log(hertz + 10.0)), rate)
    assert len(taps) % 2 == 1
    np.testing.assert_allclose(taps, taps[::-1], atol=1e-12)


@given(st.integers(0, 3000), st.integers(1, 4))
def test_no_gain_is_the_input(frames: int, channels: int) -> None:
    samples = np.random.default_rng(frames).normal(0.0, 0.2, (channels, frames)).astype("f4")
    out = np.zeros_like(samples)
    taps = flat(0.0, 8_000)
    result(convolve(Audio(samples, 8_000), taps, taps, out))
    np.testing.assert_allclose(out, samples, atol=1e-6)


def test_it_is_a_convolution_centred() -> None:
    rate = 8_000
    samples = np.random.default_rng(0).normal(0.0, 0.2, (1, 30_000)).astype("f4")
    taps = kernel(lambda hertz: -12.0 * hertz / rate, rate)
    out = np.zeros_like(samples)
    result(convolve(Audio(samples, rate), taps, taps, out))
    wanted = np.convolve(samples[0].astype(np.float64), taps, "same")
    np.testing.assert_allclose(out[0], wanted, atol=1e-6)


def test_middle_and_sides_have_their_own() -> None:
    rate = 8_000
    samples = np.random.default_rng(0).normal(0.0, 0.2, (2, 20_000)).astype("f4")
    out = np.zeros_like(samples)
    result(convolve(Audio(samples, rate), flat(0.0, rate), flat(-6.0206, rate), out))
    np.testing.assert_allclose(out.sum(axis=0), samples.sum(axis=0), atol=1e-6)
    np.testing.assert_allclose(out[0] - out[1], 0.5 * (samples[0] - samples[1]), atol=1e-5)


def test_progress_rises_to_1() -> None:
    samples = np.zeros((2, 100_000), dtype=np.float32)
    told = list(convolve(Audio(samples, 8_000), flat(1.0, 8_000), flat(1.0, 8_000), samples.copy()))
    assert told == sorted(told)
    assert told[-1] == 1.0
