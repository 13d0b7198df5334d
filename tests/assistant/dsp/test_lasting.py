"""What never stops in a sound."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.dsp.lasting import Lasting, lasting
from assistant.material import Samples

BANDS = 31


def played(floor: float, seed: int = 1, moments: int = 200) -> Samples:
    """Play moments of music, half of them rests, over a floor that is alike in all bands."""
    dice = np.random.default_rng(seed)
    music = dice.exponential(1.0, (moments, BANDS)) * 1e-3
    music[(np.arange(moments) // 10) % 2 == 0] = 0.0
    noise = floor * dice.uniform(0.9, 1.1, (moments, BANDS))
    return (music + noise).astype(np.float32)


def told(powers: Samples) -> Lasting:
    heard = lasting(powers)
    assert heard is not None
    return heard


@pytest.mark.parametrize("floor", [1e-8, 1e-6, 1e-5])
def test_the_floor_is_what_is_left_in_rests(floor: float) -> None:
    heard = told(played(floor))
    assert heard.floors == pytest.approx(np.full(BANDS, floor), rel=0.2)
    assert (heard.shares > 0.25).all()
    assert not heard.even[(np.arange(200) // 10) % 2 == 1].any()


def test_music_without_a_rest_is_not_even() -> None:
    dice = np.random.default_rng(2)
    powers = np.exp(dice.normal(0.0, 2.0, (400, BANDS))).astype(np.float32) * 1e-4
    assert (told(powers).shares < 0.12).all()


@given(st.floats(-60.0, 30.0))
def test_gain_moves_levels_and_nothing_else(gain_db: float) -> None:
    powers = played(1e-6)
    before, after = told(powers), told(powers * np.float32(10.0 ** (gain_db / 10.0)))
    assert after.sounding_db == pytest.approx(before.sounding_db + gain_db, abs=0.01)
    assert after.shares == pytest.approx(before.shares, abs=0.02)


def test_silence_that_was_cut_in_does_not_count() -> None:
    sound = played(1e-6)
    cut = np.concatenate([np.zeros((500, BANDS), np.float32), sound])
    assert told(cut).floors == pytest.approx(told(sound).floors, rel=0.2)


@pytest.mark.parametrize("moments", [0, 3, 100])
def test_of_silence_nothing_is_told(moments: int) -> None:
    assert lasting(np.zeros((moments, BANDS), np.float32)) is None
