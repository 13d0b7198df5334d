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
    Target(64.0, 0.5, True, "E4", 63.0).left("50 % E4, else Eb4"),
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


def test_where_less_is_sure_enough_what_was_left_in_doubt_moves_all_the_same() -> None:
    assert INTENT.content_with(None) is INTENT
    assert INTENT.content_with(0.6).trusted.tolist() == [True, True, False]
    bold = INTENT.content_with(0.4)
    assert bold.trusted.all()
    assert bold.targets[2].why == "moved all the same: 50 % E4, else Eb4"
    assert bold.targets[:2] == TARGETS[:2]


def test_what_is_left_alone_for_another_reason_stays() -> None:
    said = Intent(NOTES[:1], (Target(60.0, 0.9, False, "as you say"),), "C major")
    assert not said.content_with(0.0).trusted.any()


def test_notes_are_called_by_the_concert_pitch_of_the_song() -> None:
    intent = Intent((), (), "the score", concert=12.0 * np.log2(415.0 / 440.0))
    assert intent.called(69.0 + intent.concert) == "A4"
    assert intent.called(69.0 + intent.concert + 0.2) == "A4+20"
