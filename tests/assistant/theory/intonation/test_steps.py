from __future__ import annotations

import numpy as np

from assistant.theory.harmony.key import read_key
from assistant.theory.intonation.scale_reading import read_scale
from assistant.theory.intonation.scales import scale_of_key
from assistant.theory.intonation.steps import habit_in

C_MAJOR = scale_of_key(read_key("C"))


def test_near_notes_of_the_scale_follow_more_often() -> None:
    habit = habit_in(C_MAJOR, 60.0, 72.0)
    after_e = dict(zip(habit.pitches.tolist(), habit.tables[0, 4].tolist(), strict=True))
    assert np.allclose(habit.tables.sum(axis=2), 1.0, atol=1e-5)
    assert after_e[62.0] > after_e[60.0] > after_e[72.0]
    assert after_e[62.0] > 20.0 * after_e[63.0] > 0.0


def test_what_was_learned_counts_in_part() -> None:
    leaps = np.full((2, 12, 25), 1e-3, dtype=np.float32)
    leaps[:, :, 12 + 7] = 1.0  # always a fifth up
    plain, learned = habit_in(C_MAJOR, 60.0, 72.0), habit_in(C_MAJOR, 60.0, 72.0, leaps)
    assert learned.tables[0, 0, 7] > plain.tables[0, 0, 7] + 0.2
    assert learned.tables[0, 0, 2] > 0.5 * plain.tables[0, 0, 2]


def test_what_was_learned_in_major_does_not_leave_another_mode() -> None:
    leaps = np.full((2, 12, 25), 1e-3, dtype=np.float32)
    leaps[0, 7, 12 + 4] = 1.0  # from the fifth to the seventh
    major = habit_in(C_MAJOR, 60.0, 72.0, leaps)
    mixolydian = habit_in(scale_of_key(read_key("C mixolydian")), 60.0, 72.0, leaps)
    assert mixolydian.tables[0, 7, 11] < 0.5 * major.tables[0, 7, 11]


def test_scales_between_the_semitones_have_steps_too() -> None:
    habit = habit_in(read_scale("C 31-edo"), 60.0, 72.0, np.ones((2, 12, 25), dtype=np.float32))
    assert habit.pitches.size == 32
    assert np.allclose(habit.tables.sum(axis=2), 1.0, atol=1e-5)


def test_where_all_twelve_notes_are_alike_no_note_is_a_tonic() -> None:
    leaps = np.full((2, 12, 25), 1e-3, dtype=np.float32)
    leaps[0, 7, 12 + 5] = 1.0  # from the fifth up to the tonic
    chromatic = read_scale("chromatic")
    plain, learned = habit_in(chromatic, 36.0, 96.0), habit_in(chromatic, 36.0, 96.0, leaps)
    from_each = np.arange(24, 36)
    fourths = learned.tables[0, from_each, from_each + 5]
    assert np.allclose(fourths, fourths[0], rtol=0.02)
    assert (fourths > plain.tables[0, from_each, from_each + 5]).all()
