from __future__ import annotations

import numpy as np
import pytest

from assistant.theory.intonation.singer import SINGERS, TUNINGS, Singer, Singers


def likelihood(singer: Singer, off: float, *, leap: float = 0.0, seconds: float = 1.0,
               spread: float = 5.0) -> dict[int, float]:  # fmt: skip
    table = Singers([singer]).likelihood(
        np.array([off], dtype=np.float32), np.array([[leap]]), spread, seconds
    )
    assert table.shape == (1, 1, 1, TUNINGS.size)
    return dict(zip(TUNINGS.astype(int).tolist(), table[0, 0, 0].tolist(), strict=True))


def test_a_note_is_likeliest_where_the_tuning_explains_it() -> None:
    odds = likelihood(Singer(15.0, 4.0), 30.0)
    assert max(odds, key=lambda tuning: odds[tuning]) == 30


def test_a_small_leap_tells_of_one_that_was_meant_larger() -> None:
    for leap, off in ((5.0, -50.0), (-4.0, 40.0)):
        odds = likelihood(Singer(15.0, 4.0, shrink=1), off, leap=leap)
        assert max(odds, key=lambda tuning: odds[tuning]) == 0


def test_leaps_of_an_octave_and_more_shrink_alike() -> None:
    singer = Singer(15.0, 4.0, shrink=1)
    assert likelihood(singer, -80.0, leap=12.0) == likelihood(singer, -80.0, leap=30.0)


def test_singers_far_less_likely_are_left_out() -> None:
    singers = Singers(SINGERS[:3])
    assert singers.left_by(np.array([1.0, 0.001, 0.5])).kinds == (SINGERS[0], SINGERS[2])


def test_short_and_doubtful_notes_are_taken_less_exactly() -> None:
    singer = Singer(15.0, 4.0)
    sure = likelihood(singer, 40.0)
    assert likelihood(singer, 40.0, seconds=0.05)[0] > sure[0]
    assert likelihood(singer, 40.0, spread=30.0)[0] > sure[0]


def test_a_wild_note_is_never_impossible() -> None:
    assert likelihood(SINGERS[0], 9000.0)[0] > 0.0


def test_a_note_that_is_another_altogether_says_little_about_the_tuning() -> None:
    near, far = likelihood(Singer(15.0, 4.0), 30.0), likelihood(Singer(15.0, 4.0), 330.0)
    assert near[30] / near[-20] > 20.0
    assert far[30] / far[-20] < 2.0


def test_densities_sum_to_one() -> None:
    offs = np.arange(-1200.0, 1201.0, 1.0).astype(np.float32)
    table = Singers([Singer(20.0, 4.0)]).likelihood(offs, np.zeros((1, offs.size)), 0.0, 1.0)
    assert table[0, 0].sum(axis=0) == pytest.approx(np.ones(TUNINGS.size), abs=0.01)
