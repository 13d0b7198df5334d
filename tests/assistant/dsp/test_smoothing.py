from __future__ import annotations

import numpy as np
import pytest

from assistant.dsp.smoothing import carried, smooth


def dense(points: np.ndarray, weights: np.ndarray, drift: float) -> tuple[np.ndarray, np.ndarray]:
    """Solve the same by a whole matrix."""
    differences = np.diff(np.eye(points.size), axis=0)
    matrix = np.diag(weights) + differences.T @ differences / drift
    inverse = np.linalg.inv(matrix)
    return inverse @ (weights * points), np.diag(inverse)


def test_it_is_the_most_likely_walk() -> None:
    dice = np.random.default_rng(1)
    points, weights = dice.standard_normal(40), dice.uniform(0.01, 5.0, 40)
    values, variance = carried(points, weights, np.array(0.3))
    wanted, doubt = dense(points, weights, 0.3)
    assert values == pytest.approx(wanted)
    assert variance == pytest.approx(doubt)


def test_each_row_is_followed_on_its_own_and_may_be_complex() -> None:
    dice = np.random.default_rng(2)
    points = dice.standard_normal((2, 3, 30)) + 1j * dice.standard_normal((2, 3, 30))
    weights, drift = dice.uniform(0.1, 2.0, (2, 3, 30)), dice.uniform(0.1, 1.0, (2, 3))
    values, _ = carried(points, weights, drift)
    wanted, _ = dense(points[1, 2].imag, weights[1, 2], float(drift[1, 2]))
    assert values[1, 2].imag == pytest.approx(wanted)


def test_values_are_carried_through_points_that_tell_nothing() -> None:
    points, weights = np.full(60, 50.0), np.full(60, 1e-9)
    points[:5], weights[:5] = 1.0, 1e6
    points[-5:], weights[-5:] = 2.0, 1e6
    values, variance = carried(points, weights, np.array(1e-4))
    assert values[0] == pytest.approx(1.0, abs=1e-3)
    assert values[30] == pytest.approx(1.5, abs=0.05)
    assert variance[30] > 100.0 * variance[0]


def test_weights_of_any_size_are_borne() -> None:
    weights = 10.0 ** np.random.default_rng(3).uniform(-15.0, 15.0, 200)
    values, variance = carried(np.ones(200), weights, np.array(1e-20))
    assert values == pytest.approx(np.ones(200))
    assert (variance > 0.0).all()


def test_a_straight_line_stays() -> None:
    line = np.linspace(-3.0, 7.0, 50)
    assert smooth(line, np.full(50, 0.2), 1e4) == pytest.approx(line)


def test_a_stiff_curve_goes_through_the_middle_of_noise() -> None:
    dice = np.random.default_rng(4)
    time = np.linspace(0.0, 1.0, 400)
    bow = np.square(time)
    noisy = bow + 0.1 * dice.standard_normal(400)
    made = smooth(noisy, np.ones(400), 1e6)
    assert np.std(made - bow) < 0.3 * np.std(noisy - bow)
