"""A sound as short spectra, and put together again."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.dsp.short_time import changed
from assistant.material import Samples

SIZE = 256


def sound(frames: int, channels: int = 2) -> Samples:
    return np.random.default_rng(frames).standard_normal((channels, frames)).astype(np.float32)


@given(st.integers(1, 30_000))
def test_unchanged_spectra_give_the_sound_back(frames: int) -> None:
    given_, made = sound(frames), np.zeros((2, frames), np.float32)
    shares = list(changed([given_], SIZE, lambda spectra: spectra[0], made))
    assert np.allclose(made, given_, atol=1e-5)
    assert shares == sorted(shares)
    assert shares[-1] == 1.0


def test_several_sounds_are_seen_together() -> None:
    one, other = sound(5000), sound(5001)[:, :5000]
    made = np.zeros_like(one)
    list(changed([one, other], SIZE, lambda spectra: spectra[0] + spectra[1], made))
    assert np.allclose(made, one + other, atol=1e-5)


@pytest.mark.parametrize("at", [0, 7, SIZE, 20_000, 29_999])
def test_a_click_stays_where_it_is(at: int) -> None:
    click = np.zeros((1, 30_000), np.float32)
    click[0, at] = 1.0
    made = np.zeros_like(click)
    list(changed([click], SIZE, lambda spectra: spectra[0], made))
    assert int(np.abs(made[0]).argmax()) == at
    assert np.abs(made - click).max() < 1e-5
