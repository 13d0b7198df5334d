"""What was sung, written down."""

from __future__ import annotations

import numpy as np
import pytest

from assistant.dsp.f0 import F0Track
from assistant.theory.intonation.sung_score import sung_score
from assistant.theory.intonation.take import TakeNote

NOTES = (TakeNote(0.5, 1.0, 60.2, level_db=-12.0), TakeNote(1.0, 2.5, 61.9, level_db=-30.0))
TIMES = np.arange(0.0, 3.0, 0.005)
VOICED = np.where((TIMES > 0.5) & (TIMES < 2.5), 0.9, 0.0)
WAVES = 220.0 * 2.0 ** (0.05 * np.sin(2.0 * np.pi * 5.0 * TIMES))
FINE = F0Track(TIMES, WAVES, VOICED, np.full(TIMES.size, -20.0), 0.005)


def test_notes_lie_where_they_were_sung_at_the_tempo_of_the_song() -> None:
    score = sung_score(NOTES, FINE, 90.0, "lead")
    (track,) = score.tracks
    assert [score.seconds_at(note.start) for note in track.notes] == pytest.approx([0.5, 1.0])
    assert [score.seconds_at(note.end) for note in track.notes] == pytest.approx([1.0, 2.5])
    assert [note.pitch for note in track.notes] == [60.2, 61.9]
    assert track.name == "lead"


def test_louder_notes_are_struck_harder() -> None:
    (track,) = sung_score(NOTES, FINE, None, "lead").tracks
    loud, soft = (note.velocity for note in track.notes)
    assert 127 >= loud > soft >= 1


def test_no_notes_make_an_empty_track() -> None:
    (track,) = sung_score((), FINE, None, "lead").tracks
    assert track.notes == ()


def test_what_the_voice_does_is_kept_as_bends_where_it_sounds() -> None:
    score = sung_score(NOTES, FINE, 120.0, "lead")
    (track,) = score.tracks
    seconds = np.array([score.seconds_at(bend.beat) for bend in track.bends])
    assert seconds.min() > 0.5
    assert seconds.max() < 2.5
    assert np.diff(seconds) == pytest.approx(0.01)
    pitches = np.array([bend.pitch for bend in track.bends])
    assert pitches == pytest.approx(np.interp(seconds, TIMES, FINE.pitch), abs=0.006)
