from __future__ import annotations

import numpy as np
import pytest

from assistant.theory.harmony.key import read_key
from assistant.theory.intonation.meant import (
    CANDIDATES,
    Habit,
    Meant,
    candidates_of,
    evidence_of,
    find_meant,
    likely_singers,
)
from assistant.theory.intonation.scales import scale_of_key
from assistant.theory.intonation.singer import SINGERS, Singer, Singers
from assistant.theory.intonation.steps import habit_in
from tests.assistant.theory.intonation.misses import sung, tune, wandering

ALL = Singers(SINGERS)
HABIT = habit_in(scale_of_key(read_key("C")), 40.0, 90.0)


def likeliest(meant: Meant) -> np.ndarray:
    found: np.ndarray = meant.pitches[np.arange(len(meant.odds)), meant.odds.argmax(axis=1)]
    return found


def test_candidates_are_the_nearest_rungs() -> None:
    ladder = np.arange(40.0, 90.0)
    pitches = np.array([60.2, 59.7, 40.0, 39.0, 95.0, 63.5])
    found = ladder[candidates_of(pitches, ladder)]
    assert found.shape == (6, CANDIDATES)
    for pitch, near in zip(pitches, found, strict=True):
        furthest = np.sort(np.abs(ladder - pitch))[CANDIDATES - 1]
        assert np.abs(near - pitch).max() <= furthest + 1e-9


def test_a_ladder_of_few_rungs_has_few_candidates() -> None:
    assert candidates_of(np.array([60.0, 80.0]), np.array([58.0, 62.0])).tolist() == [[0, 1]] * 2


def test_a_take_in_tune_is_taken_as_it_is() -> None:
    pitches = tune(1, 30)
    meant = find_meant(sung(pitches), HABIT, ALL)
    assert likeliest(meant).tolist() == pitches.tolist()
    assert meant.odds.max(axis=1).min() > 0.95
    assert np.abs(meant.tuning).max() < 10.0


def test_odds_are_odds() -> None:
    meant = find_meant(sung(tune(2, 40), wandering(2, 40)), HABIT, ALL)
    assert np.allclose(meant.odds.sum(axis=1), 1.0)
    assert (meant.odds >= 0.0).all()
    assert np.isclose(meant.singers.sum(), 1.0)


def test_a_tuning_that_sinks_by_more_than_a_quarter_tone_is_followed() -> None:
    pitches, sinking = tune(3, 48), np.linspace(0.0, -95.0, 48)
    meant = find_meant(sung(pitches, sinking), HABIT, ALL)
    assert likeliest(meant).tolist() == pitches.tolist()
    assert np.abs(meant.tuning - sinking).max() < 25.0


def test_leaps_sung_too_small_are_recognised() -> None:
    pitches = tune(4, 60)
    short = -10.0 * np.diff(pitches, prepend=pitches[0])
    noise = np.random.default_rng(4).normal(0.0, 15.0, 60)
    meant = find_meant(sung(pitches, short + noise), HABIT, ALL)
    assert (likeliest(meant) == pitches).mean() > 0.95
    assert sum(odds * kind.shrink
               for odds, kind in zip(meant.singers, ALL.kinds, strict=True)) > 0.75  # fmt: skip


def test_a_tune_that_is_known_already_counts_as_habit() -> None:
    pitches = np.tile([60.0, 67.0, 62.0, 69.0], 12)
    off = np.zeros(48)
    off[29] = -120.0  # a fifth up as everywhere else, sung as a fourth and a bit
    habit = habit_in(scale_of_key(read_key("C")), 40.0, 90.0)
    first = find_meant(sung(pitches, off), habit, ALL)
    again = find_meant(sung(pitches, off), habit, ALL, earlier=first)
    assert np.array_equal(again.pitches, first.pitches)
    place = int(np.flatnonzero(first.pitches[29] == 67.0)[0])
    assert again.odds[29, place] > 2.0 * first.odds[29, place]


def test_a_note_that_is_another_altogether_leaves_its_neighbours_alone() -> None:
    pitches, off = tune(4, 60), np.zeros(60)
    off[20::10] = 250.0
    meant = find_meant(sung(pitches, off), HABIT, ALL)
    assert (likeliest(meant) == pitches)[off == 0.0].all()
    assert np.abs(meant.tuning).max() < 15.0


def test_one_message_by_hand() -> None:
    """Two notes, two rungs, one singer: the sums written out."""
    habit = Habit(
        np.array([60.0, 61.0]), np.array([[[0.7, 0.3], [0.4, 0.6]]], dtype=np.float32),
        np.array([[0.5, 0.5]], dtype=np.float32), np.ones(1),
    )  # fmt: skip
    still = Singers([Singer(20.0, 4.0, hold=0.0, slips=0.0)])
    take = sung(np.array([60.0, 60.4]))
    meant = find_meant(take, habit, still)
    again = find_meant(take, habit, still, np.array([[1.0, 1.0], [1.0, 5.0]]))
    odds, more = meant.odds[1, 1] / meant.odds[1, 0], again.odds[1, 1] / again.odds[1, 0]
    assert more / odds == pytest.approx(5.0, rel=1e-4)


def test_singers_that_do_not_explain_a_take_are_left_out() -> None:
    exact = likely_singers(sung(tune(5, 60), np.random.default_rng(5).normal(0.0, 8.0, 60)),
                           HABIT, ALL)  # fmt: skip
    assert 1 <= len(exact.kinds) < len(SINGERS)
    assert max(kind.stray_cents for kind in exact.kinds) < 30.0


def test_evidence_prefers_the_scale_that_is_sung() -> None:
    other = habit_in(scale_of_key(read_key("B")), 40.0, 90.0)
    both = Habit(
        HABIT.pitches, np.concatenate((HABIT.tables, other.tables)),
        np.concatenate((HABIT.first, other.first)), np.full(2, 0.5),
    )  # fmt: skip
    evidence = evidence_of(sung(tune(6, 40), wandering(6, 40)), both, Singers(SINGERS[:6]))
    assert evidence[0] > evidence[1] + 5.0


def test_the_same_take_is_decided_the_same() -> None:
    take = sung(tune(7, 40), wandering(7, 40))
    once, again = find_meant(take, HABIT, ALL), find_meant(take, HABIT, ALL)
    assert once.odds.tobytes() == again.odds.tobytes()
    assert once.tuning.tobytes() == again.tuning.tobytes()
