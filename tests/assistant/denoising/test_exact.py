"""What is kept and what is taken away make up the take again."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.denoising.exact import apart, steps_of
from assistant.material import Audio, Samples
from assistant.steps import result


def zeros(shape: tuple[int, ...]) -> Samples:
    return np.zeros(shape, np.float32)


def split(take: Audio, cleaned: Audio) -> tuple[Samples, Samples]:
    kept, residual = result(apart(take, cleaned, zeros, steps_of(take)))
    return kept.samples, residual.samples


def sound(seed: int, bits: int | None, most: float = 1.0) -> Audio:
    samples = np.random.default_rng(seed).uniform(-most, most, (2, 3000))
    if bits is not None:
        top = 2.0 ** (bits - 1)
        samples = np.clip(np.rint(samples * top), -top, top - 1.0) / top
    return Audio(samples.astype(np.float32), 8000)


@given(st.integers(0, 1000), st.sampled_from([16, 24]), st.sampled_from([0.01, 0.9, 1.9]))
def test_on_a_grid_the_sum_is_the_take(seed: int, bits: int, most: float) -> None:
    take = sound(seed, bits)
    cleaned = Audio(take.samples + sound(seed + 1, None, most).samples, take.rate)
    kept, residual = split(take, cleaned)
    assert np.array_equal(kept + residual, take.samples)
    assert np.array_equal(kept.astype(np.float64) + residual, take.samples)
    assert np.abs(kept - cleaned.samples).max() <= 2.0**-bits + 2.0**-23


@pytest.mark.parametrize("bits", [16, 24])
def test_the_residual_of_a_grid_needs_one_more_bit(bits: int) -> None:
    take = sound(1, bits)
    kept, residual = split(take, sound(2, None, 0.9))
    for part, more in ((kept, 0), (residual, 1)):
        steps = part.astype(np.float64) * 2.0 ** (bits - 1)
        assert np.array_equal(steps, np.rint(steps))
        assert np.abs(steps).max() <= 2.0 ** (bits - 1 + more)


def test_of_floats_the_sum_is_off_by_half_a_last_bit_at_most() -> None:
    take, cleaned = sound(3, None), sound(4, None)
    kept, residual = split(take, cleaned)
    off = np.abs(kept.astype(np.float64) + residual - take.samples)
    last = np.spacing(np.maximum(np.abs(kept), np.abs(residual)))
    assert (off <= last / 2.0).all()
    assert np.mean(off == 0.0) > 0.5


def test_what_was_not_changed_stays() -> None:
    for bits in (16, 24, None):
        take = sound(5, bits)
        kept, residual = split(take, take)
        assert np.array_equal(kept, take.samples)
        assert not residual.any()
