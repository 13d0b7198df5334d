from __future__ import annotations

import numpy as np
import pytest

from assistant.theory.intonation.singer import SINGERS, Singer, Singers

TUNINGS = np.arange(-50, 51, 10).astype(np.float32)


def likelihood(singer: Singer, off: float, *, leap: float = 0.0, seconds: float = 1.0,
               spread: float = 5.0) -> dict[int, float]:  # fmt: skip
    table = Singers([singer]).likelihood(
        np.array([off], dtype=np.float32), np.array([[leap]], dtype=np.float32), TUNINGS,
        spread, seconds,
    )  # fmt: skip
    assert table.shape == (1, 1, 1, TUNINGS.size)
    return dict(zip(TUNINGS.astype(int).tolist(), table[0, 0, 0].tolist(), strict=True))


def test_a_note_is_likeliest_where_the_tuning_explains_it() -> None:
    odds = likelihood(Singer(15.0, 4.0), 30.0)
    assert max(odds, key=lambda tuning: odds[tuning]) == 30


def test_a_small_leap_tells_of_one_that_was_meant_larger() -> None:
    odds = likelihood(Singer(15.0, 4.0, shrink_cents=8.0), -40.0, leap=5.0)
    assert max(odds, key=lambda tuning: odds[tuning]) == 0


def test_short_and_doubtful_notes_are_taken_less_exactly() -> None:
    singer = Singer(15.0, 4.0)
    sure = likelihood(singer, 40.0)
    assert likelihood(singer, 40.0, seconds=0.05)[0] > sure[0]
    assert likelihood(singer, 40.0, spread=30.0)[0] > sure[0]


def test_a_wild_note_is_never_impossible() -> None:
    assert likelihood(SINGERS[0], 900.0)[0] > 0.0


def test_densities_sum_to_one() -> None:
    offs = np.arange(-600.0, 601.0, 1.0).astype(np.float32)
    table = Singers([Singer(20.0, 4.0)]).likelihood(
        offs, np.zeros((1, offs.size), dtype=np.float32), np.zeros(1, dtype=np.float32), 0.0, 1.0
    )
    assert float(table.sum()) == pytest.approx(1.0, abs=0.01)
