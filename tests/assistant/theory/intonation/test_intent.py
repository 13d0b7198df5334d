"""What was decided, and what became of it."""

from __future__ import annotations

import numpy as np
import pytest

from assistant.theory.intonation.intent import Intent, mean_error, outcome_of, share_near
from assistant.theory.intonation.take import TakeNote, Target

NOTES = (TakeNote(0.0, 1.0, 60.4), TakeNote(1.0, 2.0, 62.1), TakeNote(2.0, 3.0, 63.5))
TARGETS = (
    Target(60.0, 0.9, True, "C4"),
    Target(62.0, 0.9, True, "D4"),
    Target(64.0, 0.5, False, "left alone", 63.0),
)
INTENT = Intent(NOTES, TARGETS, "C major")
MOVED = np.array([True, False, False])


def test_notes_lie_so_many_cents_from_their_targets() -> None:
    assert INTENT.off_cents == pytest.approx([40.0, 10.0, -50.0])
    assert INTENT.trusted.tolist() == [True, True, False]


def test_what_was_not_moved_is_as_far_off_as_it_was() -> None:
    sung = (TakeNote(0.0, 1.0, 60.01), TakeNote(1.0, 2.0, 62.0), TakeNote(2.0, 3.0, 64.0))
    outcome = outcome_of(INTENT, sung, MOVED)
    assert outcome.after == pytest.approx([1.0, 10.0, -50.0])


def test_notes_left_alone_do_not_count_in_the_error() -> None:
    outcome = outcome_of(INTENT, NOTES, MOVED)
    assert mean_error(outcome.before[outcome.counted]) == pytest.approx(25.0)
    assert share_near(outcome.before[outcome.counted]) == pytest.approx(50.0)


def test_where_all_are_left_alone_all_count() -> None:
    alone = Intent(NOTES[2:], TARGETS[2:], "C major")
    outcome = outcome_of(alone, NOTES[2:], np.array([False]))
    assert mean_error(outcome.before[outcome.counted]) == pytest.approx(50.0)
