from __future__ import annotations

import numpy as np
import pytest

from assistant.theory.intonation.own_steps import OwnSteps

# Four notes that may be one of two rungs each; the last pair is not sure.
RUNGS = np.array([[0, 1], [1, 2], [0, 1], [1, 2]])
ODDS = np.array([[1.0, 0.0], [1.0, 0.0], [1.0, 0.0], [0.25, 0.75]])
PLAIN = np.full((1, 2, 2), 0.25, dtype=np.float32)


def test_steps_heard_elsewhere_weigh_as_much_as_they_are_many() -> None:
    joined = OwnSteps(RUNGS, ODDS, 3).joined(PLAIN, 1)
    # From rung 0, elsewhere: once, to rung 1 by a quarter and to rung 2 by three quarters.
    assert joined[0, 0].tolist() == pytest.approx(
        [(12 * 0.25 + 0.25) / 13, (12 * 0.25 + 0.75) / 13]
    )


def test_a_step_does_not_speak_for_itself() -> None:
    alone = OwnSteps(RUNGS[:2], ODDS[:2], 3).joined(PLAIN, 1)
    assert np.allclose(alone, PLAIN)


def test_odds_stay_odds() -> None:
    rng = np.random.default_rng(1)
    rungs, odds = np.tile(np.arange(5), (30, 1)), rng.dirichlet(np.ones(5), 30)
    table = rng.dirichlet(np.ones(5), (2, 5)).astype(np.float32)
    own = OwnSteps(rungs, odds, 5)
    for note in range(1, 30):
        assert np.allclose(own.joined(table, note).sum(axis=2), 1.0, atol=1e-5)
