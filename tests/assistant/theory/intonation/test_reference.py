from __future__ import annotations

import numpy as np

from assistant.theory.intonation.reference import Walks, tuning_at_first
from assistant.theory.intonation.singer import SINGERS, TUNINGS, Singer

ZERO = int(np.flatnonzero(TUNINGS == 0)[0])
FLAT = int(np.flatnonzero(TUNINGS == -100)[0])


def test_every_walk_is_a_distribution() -> None:
    walks = Walks(SINGERS)
    for breath in (False, True):
        for table in (walks.step(breath=breath), walks.again(breath=breath)):
            assert table.shape == (len(SINGERS), TUNINGS.size, TUNINGS.size)
            assert np.allclose(table.sum(axis=2), 1.0, atol=1e-5)


def test_after_a_breath_the_tuning_may_be_found_again() -> None:
    walks = Walks([Singer(20.0, 4.0)])
    assert walks.step(breath=True)[0, FLAT, ZERO] > 100.0 * walks.step(breath=False)[0, FLAT, ZERO]


def test_a_note_sung_again_keeps_its_tuning_better() -> None:
    walks = Walks([Singer(20.0, 30.0)])
    again, step = walks.again(breath=False)[0], walks.step(breath=False)[0]
    assert again[ZERO, ZERO] > 2.0 * step[ZERO, ZERO]


def test_some_singers_go_back_to_concert_pitch() -> None:
    table = Walks([Singer(20.0, 4.0, hold=0.5)]).step(breath=False)[0]
    assert float(table[FLAT] @ TUNINGS) > -60.0


def test_a_take_begins_near_where_it_is_looked_for() -> None:
    odds = tuning_at_first(-60.0)
    assert TUNINGS[np.argmax(odds)] == -60
    assert np.isclose(odds.sum(), 1.0)


def test_the_tuning_goes_with_a_leap_that_comes_out_short_and_back_again() -> None:
    walks = Walks([Singer(20.0, 4.0), Singer(20.0, 4.0, short_cents=10.0)])
    leaps = np.array([[2.0, 5.0, -4.0, 24.0]])
    odds = np.zeros((2, 1, 1, 4, TUNINGS.size), dtype=np.float32)
    odds[..., ZERO] = 1.0
    walks.fall_short(odds, leaps)
    assert TUNINGS[odds[0, 0, 0].argmax(axis=1)].tolist() == [0.0, 0.0, 0.0, 0.0]
    assert TUNINGS[odds[1, 0, 0].argmax(axis=1)].tolist() == [0.0, -50.0, 40.0, -60.0]
    walks.fall_short(odds, leaps, back=True)
    assert (odds[..., ZERO] == 1.0).all()
