from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from assistant.theory.intonation.following import follow_score
from assistant.theory.intonation.lattice import Way
from assistant.theory.intonation.score_fit import FITS, score_fit
from assistant.theory.intonation.take import TakeNote
from assistant.theory.intonation.written import Written
from tests.assistant.theory.intonation.sung_lines import badly, sung, tune, written_line

LINE = written_line((60, 64, 62), (1, 1, 1))
PHRASES = (
    Written(60.0, 0.1, 0.55),
    Written(60.0, 2.2, 2.4),
    Written(62.0, 2.4, 2.8),
)


def melisma(seed: int, start: float, end: float) -> list[TakeNote]:
    """Sing something else, fast, from one moment to another."""
    rng = np.random.default_rng([61, seed])
    edges = np.arange(start, end, 0.14).tolist()
    return [TakeNote(at, at + 0.13, float(rng.uniform(53.0, 67.0)), confidence=0.7) for at in edges]


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("off", [(0.5, 0.2, 0.3), (1.4, 0.0, 0.1), (-0.8, -0.3, -0.4)])
def test_what_is_sung_where_the_score_rests_says_nothing_against_it(
    seed: int, off: Sequence[float]
) -> None:
    first, *last = sung(PHRASES, off=off)
    take = [first, *melisma(seed, first.end + 0.05, last[0].start - 0.1), *last]
    followed = follow_score(take, PHRASES)
    assert followed.fits
    goals = [followed.targets[place] for place in (0, -2, -1)]
    assert [goal.pitch for goal in goals] == [60.0, 60.0, 62.0]
    assert all(goal.moves for goal in goals)


@pytest.mark.parametrize("off", [(0.9, -0.9, 0.5), (-1.2, 0.4, 0.8), (1.3, 1.4, 0.2)])
def test_three_notes_of_rough_intervals_are_not_refused(off: Sequence[float]) -> None:
    followed = follow_score(sung(LINE, off=off), LINE)
    assert followed.fits
    assert [target.pitch for target in followed.targets] == [60.0, 64.0, 62.0]


def refused(notes: int) -> int:
    """Count the scores of other songs that do not fit."""
    takes = ((badly(tune(seed, notes), seed), tune(seed + 50, notes)) for seed in range(20))
    return sum(not follow_score(take, other).fits for take, other in takes)


def test_another_song_is_told_the_more_surely_the_more_is_sung() -> None:
    few, some, many = (refused(notes) for notes in (4, 9, 30))
    assert many == 20
    assert some >= 18
    assert some >= few


def test_nothing_sung_fits_nothing() -> None:
    assert score_fit((), LINE, Way(np.zeros(0, dtype=np.int64), 0.0, np.zeros(0))) == 0.0


def test_a_take_beside_its_score_does_not_fit() -> None:
    take = sung(written_line((50,) * 12, (1,) * 12))
    beside = Way(np.full(12, -1), -60.0, np.zeros(12))
    assert score_fit(take, LINE, beside) < FITS
