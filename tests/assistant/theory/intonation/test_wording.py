"""A correction in words."""

from __future__ import annotations

import numpy as np

from assistant.theory.intonation.edits import apply_edits, read_edits
from assistant.theory.intonation.intent import Intent, outcome_of
from assistant.theory.intonation.manner import Manner
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


def test_what_was_not_to_move_is_near_enough_only_where_it_is_near() -> None:
    notes = tuple(TakeNote(float(each), each + 0.9, 60.0 + each / 10.0) for each in range(5))
    targets = tuple(Target(60.0, 0.9, True, "C4") for _ in notes)
    intent = Intent(notes, targets, "C major")
    moved = np.array([False, False, False, False, True])
    why = why_of(intent, outcome_of(intent, notes, moved), "tight", 0.5)
    assert "1 note moved (tight), 3 near enough already, 1 not asked for; 50 %" in why


def test_what_the_musician_leaves_is_no_doubt() -> None:
    intent = taken(3, 2)
    notes, targets, _ = apply_edits(read_edits("2=leave"), intent.notes, intent.targets, Manner())
    edited = Intent(notes, targets, "C major")
    why = why_of(edited, outcome_of(edited, notes, np.array([False, False, True])), "", 0.5)
    assert "not sure: 1 at 0.0 s (C4 or C#4). Left alone as you say: 1 note." in why
    only = Intent(notes[1:], targets[1:], "C major")
    why = why_of(only, outcome_of(only, notes[1:], np.array([False, True])), "", 0.5)
    assert "not sure" not in why


def test_formants_and_timing_are_told_where_they_changed() -> None:
    intent = taken(1, 0)
    outcome = outcome_of(intent, intent.notes, np.array([True]))
    why = why_of(intent, outcome, "", 0.0, formants=-200.0, late_ms=(40.4, 8.2))
    assert "Formants are moved by -200 cents." in why
    assert "Notes begin 8 ms from their places on average, not 40." in why
    assert "ormants" not in why_of(intent, outcome, "", 0.0)


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


def test_what_was_moved_in_doubt_is_listed_too() -> None:
    intent = taken(3, 0)
    dared = Target(60.0, 0.4, True, "C4", 61.0).left("40 % C4, else C#4")
    bold = Intent(intent.notes, (*intent.targets[:2], dared), "C major").content_with(0.0)
    why = why_of(bold, outcome_of(bold, bold.notes, np.ones(3, dtype=np.bool_)), "hard", 0.0)
    assert "Moved all the same, though what was meant is not sure: 3 at 2.0 s (C4 or C#4)." in why
    assert "Left alone" not in why
