from __future__ import annotations

import numpy as np

from assistant.theory.intonation.sung import Sung

TAKE = Sung(
    np.array([0.0, 0.5, 1.4]), np.array([0.4, 1.0, 2.0]), np.array([60.0, 62.0, 64.0]),
    np.array([5.0, 6.0, 7.0]),
)  # fmt: skip


def test_lengths_and_breaths() -> None:
    assert np.allclose(TAKE.seconds, [0.4, 0.5, 0.6])
    assert TAKE.breath.tolist() == [True, False, True]


def test_a_part_begins_anew() -> None:
    part = TAKE.part(1, 3)
    assert part.pitch.tolist() == [62.0, 64.0]
    assert part.spread.tolist() == [6.0, 7.0]
    assert part.breath.tolist() == [True, True]
