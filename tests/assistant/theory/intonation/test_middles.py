"""Medians and quantiles: they are what numpy says they are."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from assistant.theory.intonation.middles import median, quantile

VALUES = arrays(np.float64, st.integers(1, 30), elements=st.floats(-1e6, 1e6))


@given(VALUES)
def test_the_median_is_that_of_numpy_to_the_last_bit(values: np.ndarray) -> None:
    assert median(values) == np.median(values)


@given(VALUES, st.floats(0.0, 1.0))
def test_a_quantile_is_that_of_numpy(values: np.ndarray, share: float) -> None:
    assert quantile(values, share) == pytest.approx(np.quantile(values, share), abs=1e-6)


def test_values_stay_in_their_order() -> None:
    values = np.array([3.0, 1.0, 2.0])

    median(values), quantile(values, 0.5)

    assert values.tolist() == [3.0, 1.0, 2.0]
