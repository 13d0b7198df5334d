from __future__ import annotations

import numpy as np
import pytest

from assistant.theory.intonation.note_path import note_runs

QUIET = -8.0


@pytest.mark.parametrize("off", [0.0, 0.25, 0.5, 0.75])
def test_runs_follow_the_pitch_wherever_it_lies(off: float) -> None:
    pitch = np.repeat([60.0 + off, 62.0 + off], 40)
    runs = note_runs(pitch, np.full(80, 0.95), np.full(80, QUIET))
    assert [(first, last) for first, last, _ in runs] == [(0, 40), (40, 80)]
    assert [number for *_, number in runs] == pytest.approx([60.0 + off, 62.0 + off], abs=0.2)


def test_a_wavering_within_a_semitone_is_one_run() -> None:
    pitch = 60.0 + 0.5 * np.sin(np.arange(200) * 0.5)
    assert len(note_runs(pitch, np.full(200, 0.95), np.full(200, QUIET))) == 1


def test_a_beginning_that_is_heard_parts_a_note() -> None:
    again = np.full(80, QUIET)
    again[40] = 10.0
    runs = note_runs(np.full(80, 60.4), np.full(80, 0.95), again)
    assert [(first, last) for first, last, _ in runs] == [(0, 40), (40, 80)]


def test_silence_parts_notes_and_holds_none() -> None:
    sure = np.repeat([0.95, 0.02, 0.95], 30)
    runs = note_runs(np.full(90, 60.0), sure, np.full(90, QUIET))
    (first, rest), (back, last) = (run[:2] for run in runs)
    assert (first, last) == (0, 90)
    assert abs(rest - 30) <= 1
    assert abs(back - 60) <= 1
    assert note_runs(np.full(90, 60.0), np.zeros(90), np.full(90, QUIET)) == []
