"""Places between left and right."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.dsp.biquads import Pair
from assistant.dsp.panning import balancing_pan, pan_gains, place, placing

PANS = st.floats(-1.0, 1.0)


def noise(seed: int = 0) -> Pair:
    return np.random.default_rng(seed).normal(0.0, 0.1, (2, 4000))


def placed(pair: Pair, matrix: Pair) -> Pair:
    made = pair.copy()
    place(made, matrix)
    return made


def power(pair: Pair) -> float:
    return float(np.square(pair).sum())


@given(PANS)
def test_power_is_kept_and_left_mirrors_right(pan: float) -> None:
    left, right = pan_gains(pan)
    assert left**2 + right**2 == pytest.approx(2.0)
    assert pan_gains(-pan) == (right, left)
    assert (right >= left) == (pan >= 0.0) or left == pytest.approx(right)


def test_the_centre_changes_nothing_and_a_side_is_3_db_louder() -> None:
    assert pan_gains(0.0) == (1.0, 1.0)
    assert list(pan_gains(1.0)) == pytest.approx([0.0, math.sqrt(2.0)], abs=0.0, rel=1e-12)
    pair = noise()
    np.testing.assert_array_equal(placed(pair, placing()), pair)


@given(PANS)
def test_a_mono_track_keeps_its_power_wherever_it_stands(pan: float) -> None:
    pair = np.stack([noise()[0]] * 2)
    assert power(placed(pair, placing(pan))) == pytest.approx(power(pair))


@given(PANS)
def test_a_stereo_track_keeps_its_power_too_and_nothing_crosses_over(pan: float) -> None:
    pair = noise()
    pair[1] *= np.sqrt(np.square(pair[0]).sum() / np.square(pair[1]).sum())
    made = placed(pair, placing(pan))
    assert power(made) == pytest.approx(power(pair))
    np.testing.assert_allclose(made, pair * np.array(pan_gains(pan))[:, None])


@given(st.floats(-40.0, 40.0))
def test_a_track_that_leans_is_set_right(lean_db: float) -> None:
    left, right = pan_gains(balancing_pan(lean_db))
    assert 20.0 * math.log10(right / left) == pytest.approx(lean_db, abs=1e-6)


@given(st.floats(0.0, 2.0))
def test_width_is_the_level_of_the_side(width: float) -> None:
    pair = noise()
    made = placed(pair, placing(width=width))
    np.testing.assert_allclose(made.sum(axis=0), pair.sum(axis=0), atol=1e-12)
    np.testing.assert_allclose(made[0] - made[1], width * (pair[0] - pair[1]), atol=1e-12)


def test_a_mono_track_has_no_width() -> None:
    pair = np.stack([noise()[0]] * 2)
    np.testing.assert_allclose(placed(pair, placing(width=0.0)), pair, atol=1e-15)
    np.testing.assert_allclose(placed(pair, placing(width=2.0)), pair, atol=1e-15)
