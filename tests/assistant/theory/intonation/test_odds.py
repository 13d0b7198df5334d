from __future__ import annotations

import numpy as np

from assistant.theory.intonation.odds import (
    again_odds,
    clock_odds,
    extra_odds,
    onset_odds,
    pitch_odds,
)
from assistant.theory.intonation.take import TakeNote


def test_odds_fall_with_the_distance_and_never_to_nothing() -> None:
    for odds in (pitch_odds, onset_odds, clock_odds):
        near = odds(np.array([0.0, 0.05, 0.3, 1.0, 2.0]))
        assert (np.diff(near) < 0.0).all()
        assert near[-1] > -30.0
        assert np.array_equal(odds(np.array([-0.3])), odds(np.array([0.3])))


def test_an_octave_off_is_likelier_than_a_seventh() -> None:
    seventh, octave = pitch_odds(np.array([11.0, 12.0]))
    assert octave > seventh + 3.0


def test_what_is_known_less_surely_counts_less() -> None:
    off = np.array([0.0, 1.0])
    sure, unsure = pitch_odds(off), pitch_odds(off, 0.5)
    assert unsure[0] < sure[0]
    assert unsure[1] > sure[1]


def test_short_notes_are_extra_sooner() -> None:
    assert extra_odds(TakeNote(0.0, 0.08, 60.0)) > extra_odds(TakeNote(0.0, 0.5, 60.0))


def test_parts_of_a_note_lie_together() -> None:
    assert again_odds(0.05) > again_odds(0.5)
