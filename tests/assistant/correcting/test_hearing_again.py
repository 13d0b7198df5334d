"""What became of the notes, in what was made of a take."""

from __future__ import annotations

import numpy as np
import pytest

from assistant.correcting.hearing_again import moved_in, sung_in
from assistant.dsp.f0 import F0Track
from assistant.material import Audio
from assistant.theory.intonation.take import TakeNote

RATE = 8_000
NOTES = (TakeNote(0.0, 0.4, 57.0), TakeNote(0.5, 0.9, 57.0))


def track(cents: float, slips: int = 0) -> F0Track:
    times = np.arange(0.0, 1.0, 0.005)
    hz = np.full(times.size, 220.0 * 2.0 ** (cents / 1200.0))
    hz[:slips] *= 2.0
    return F0Track(times, hz, np.ones(times.size), np.full(times.size, -20.0), 0.005)


def test_notes_are_measured_by_how_much_higher_they_are() -> None:
    sung = sung_in(track(20.0), track(0.0), NOTES)
    assert [note.centre for note in sung] == pytest.approx([57.2, 57.2])


def test_slips_of_the_tracker_do_not_count() -> None:
    assert sung_in(track(20.0, slips=9), track(0.0), NOTES)[0].centre == pytest.approx(57.2)


def test_only_what_was_asked_for_and_done_is_called_moved() -> None:
    audio = Audio(np.zeros((1, RATE), np.float32), RATE)
    made = np.zeros((1, RATE), np.float32)
    made[0, 1_000] = 0.1  # in the first note
    fine, none = track(0.0), np.zeros(200, np.float32)
    asked = np.full(200, 30.0, np.float32)
    assert moved_in(Audio(made, RATE), audio, fine, asked, NOTES).tolist() == [True, False]
    assert moved_in(Audio(made, RATE), audio, fine, none, NOTES).tolist() == [False, False]
