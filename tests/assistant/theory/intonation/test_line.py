from __future__ import annotations

import numpy as np

from assistant.dsp.f0 import F0Track
from assistant.theory.intonation.curve import correction
from assistant.theory.intonation.line import line_of
from assistant.theory.intonation.manner import Manner
from assistant.theory.intonation.notes import take_notes
from assistant.theory.intonation.take import Target
from tests.assistant.theory.intonation.takes_made import Track, made, melody


class Counted(F0Track):
    asked = 0

    @property
    def pitch(self) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        Counted.asked += 1
        return super().pitch


def counted(track: Track) -> Counted:
    hz = 440.0 * 2.0 ** ((track.pitch - 69.0) / 12.0)
    return Counted(track.times, hz, track.confidence, track.level_db, track.hop_seconds)


def test_the_pitch_of_a_take_is_worked_out_once_and_not_for_each_note() -> None:
    take = made(*melody((60.3, 62.1, 64.0, 62.2) * 4, 0.3))
    coarse, fine = counted(take.coarse), counted(take.fine)
    Counted.asked = 0
    notes = take_notes(coarse, take.onsets, fine)
    assert len(notes) == 16
    assert Counted.asked <= 2
    targets = [Target(round(note.centre), 1.0, moves=True, why="") for note in notes]
    assert correction(fine, notes, targets, [Manner()] * len(notes)).any()
    assert Counted.asked <= 3


def test_a_line_stays_itself() -> None:
    line = line_of(made(*melody((60.0,))).fine)
    assert line_of(line) is line
