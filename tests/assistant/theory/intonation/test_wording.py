"""A correction in words."""

from __future__ import annotations

import numpy as np

from assistant.theory.intonation.intent import Intent, outcome_of
from assistant.theory.intonation.take import TakeNote, Target
from assistant.theory.intonation.wording import left_alone, why_of


def taken(count: int, alone: int) -> Intent:
    notes = tuple(TakeNote(float(each), each + 0.9, 60.3) for each in range(count))
    targets = tuple(
        Target(60.0, 0.9, each >= alone, "C4", 61.0 if each < alone else None)
        for each in range(count)
    )
    return Intent(notes, targets, "C major", ("Mind the gap.",))


def test_it_says_what_was_heard_moved_and_kept() -> None:
    intent = taken(3, 1)
    outcome = outcome_of(intent, intent.notes, np.array([False, True, True]))
    why = why_of(intent, outcome, "vibrato kept", 0.25)
    assert "3 notes heard, judged by C major" in why
    assert "30 cents off" in why
    assert "2 notes moved (vibrato kept)" in why
    assert "25 % of the take is as it was" in why
    assert "1 at 0.0 s (C4 or C#4)" in why
    assert why.endswith("Mind the gap.")


def test_one_note_is_no_notes() -> None:
    intent = taken(1, 0)
    outcome = outcome_of(intent, intent.notes, np.array([True]))
    assert "1 note heard" in why_of(intent, outcome, "", 0.0)


def test_a_long_list_is_cut_and_says_so() -> None:
    intent = taken(12, 12)
    outcome = outcome_of(intent, intent.notes, np.zeros(12, dtype=np.bool_))
    said = left_alone(intent, outcome)
    assert said.count(" at ") == 5
    assert said.endswith("and 7 more")
