from __future__ import annotations

import numpy as np
import pytest

from assistant.dsp.interpolation import TAPS, interpolator

FACTORS = (2, 4, 8, 16)


@pytest.mark.parametrize("factor", FACTORS)
def test_first_row_is_the_sample_itself(factor: int) -> None:
    first = interpolator(factor)[0]
    assert first.sum() == 1.0
    assert first[len(first) // 2 - 1] == 1.0


@pytest.mark.parametrize("factor", FACTORS)
def test_rows_are_mirrored_and_sum_to_one(factor: int) -> None:
    rows = interpolator(factor)
    assert rows.shape == (factor, TAPS)
    np.testing.assert_array_equal(rows[1:], rows[:0:-1, ::-1])
    np.testing.assert_allclose(rows.sum(axis=1), 1.0, atol=1e-15)


@pytest.mark.parametrize("factor", FACTORS)
def test_sines_up_to_045_of_the_rate_come_out_where_they_should(factor: int) -> None:
    rows = interpolator(factor)
    turns = np.linspace(0.0, 0.45, 500)[:, None]
    offsets = np.arange(rows.shape[1]) - (rows.shape[1] // 2 - 1)
    response = np.exp(2j * np.pi * turns * offsets) @ rows.T
    ideal = np.exp(2j * np.pi * turns * np.arange(factor) / factor)
    assert np.abs(response - ideal).max() < 4e-4


def test_fewer_taps_can_be_asked_for() -> None:
    assert interpolator(4, taps=12).shape == (4, 12)
