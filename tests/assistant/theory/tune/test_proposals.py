"""Tables of what comes next."""

from __future__ import annotations

import numpy as np
import pytest

from assistant.theory.tune.proposals import DRAWS, TURNS, kind_of_place, lay_out, log_odds
from tests.assistant.theory.tune.tunes import TABLES, framed


def test_log_odds_sum_to_one() -> None:
    told = log_odds(np.array([[3.0, 1.0], [0.0, 0.0]]))
    assert np.exp(told).sum(axis=1) == pytest.approx([1.0, 1.0])
    assert told[0, 0] > told[0, 1]


def test_against_how_common_a_column_is() -> None:
    told = log_odds(np.array([[8.0, 8.0], [8.0, 8.0]]), against=True)
    assert told == pytest.approx(np.zeros((2, 2)), abs=1e-6)


def test_kinds_of_places() -> None:
    beat = np.array([False, False, True, True])
    assert kind_of_place(beat, np.array([1, 4, 2, 8])).tolist() == [0, 1, 2, 3]


def test_draws_come_as_often_as_the_bits_say() -> None:
    frame = framed()
    draws = lay_out(TABLES, frame, 1.0)
    chords, steps = frame.tones.shape
    assert draws.steps.shape == (chords, 4, 2, TURNS, steps, DRAWS)
    odds = np.exp2(-draws.bits[0, 2, 1, 7, 5])
    share = np.bincount(draws.steps[0, 2, 1, 7, 5], minlength=steps) / DRAWS
    assert share == pytest.approx(odds, abs=0.006)


def test_chord_tones_are_likelier_on_long_strong_notes() -> None:
    frame = framed()
    draws = lay_out(TABLES, frame, 1.0)
    tones = frame.tones[0]
    weak, strong = (np.exp2(-draws.bits[0, kind, 1, 7, :, tones]).sum(axis=0).mean()
                    for kind in (0, 3))  # fmt: skip
    assert strong > weak


def test_less_warmth_draws_the_likely_more_often() -> None:
    frame = framed()
    cold, warm = (lay_out(TABLES, frame, warmth).steps[0, 0, 1, 7, 5] for warmth in (0.5, 1.5))
    assert np.bincount(cold).max() > np.bincount(warm).max()


def test_steps_of_the_tables_sum_to_one() -> None:
    one = np.zeros(1, dtype=np.int64)
    logs = TABLES.log_steps(True, np.array([True]), one, one, one, one)
    assert np.exp(logs).sum() == pytest.approx(1.0, abs=1e-5)
