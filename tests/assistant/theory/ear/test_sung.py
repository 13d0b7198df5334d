from __future__ import annotations

import numpy as np
import pytest

from assistant.material import Meter, Score
from assistant.theory.ear.singing_heard import SungNote
from assistant.theory.ear.sung import Said, hear_sung

TUNE = [(0, 2, 60), (2, 1, 62), (3, 1, 64), (4, 1.5, 65), (5.5, 0.5, 64), (6, 2, 62), (8, 2, 64),
        (10, 1, 67), (11, 1, 65), (12, 3.9, 60)]  # fmt: skip


def sung(
    bpm: float = 100.0, first: float = 0.0, stray: float = 0.012, tuning: float = 0.0
) -> list[SungNote]:
    rng = np.random.default_rng(6)
    beat = 60.0 / bpm
    off = rng.normal(0.0, stray, len(TUNE))
    return [
        SungNote(pitch, max(0.0, first + start * beat + late), first + (start + length) * beat,
                 4.0, tuning * place / len(TUNE), 0.95, -20.0)
        for place, ((start, length, pitch), late) in enumerate(zip(TUNE, off, strict=True))
    ]  # fmt: skip


def test_notes_come_to_stand_on_the_beat() -> None:
    heard = hear_sung(sung(), 0.9, Said())
    assert heard.bpm == pytest.approx(100.0, rel=0.01)
    assert [(note.start, note.length, note.pitch) for note in heard.melody] == [
        (start, 4.0 if length == 3.9 else length, pitch) for start, length, pitch in TUNE
    ]
    assert (heard.meter.numerator, heard.meter.denominator) == (4, 4)
    assert heard.beats == 16.0
    assert heard.chords == ()
    assert str(heard.key) == "C major"
    assert heard.origin == "sound"
    assert 0.7 < heard.melody_confidence < 0.95
    assert heard.report[4].startswith("Melody: 10 notes, C4 to G4 (")


def test_a_said_tempo_is_followed_exactly_from_the_bar_line_on() -> None:
    heard = hear_sung(sung(bpm=100.0), 0.9, Said(100.3))
    assert heard.bpm == 100.3
    assert [tempo.bpm for tempo in heard.tempos] == [100.3]
    assert heard.tempo_confidence == 1.0
    assert heard.other_bpm == ()
    assert heard.melody[0].start == 0.0
    assert heard.start_seconds == pytest.approx(0.0, abs=0.03)


def test_a_tune_that_comes_in_within_the_bar() -> None:
    heard = hear_sung(sung(first=1.2), 0.9, Said(100.0, Meter(0.0, 4, 4)))
    assert heard.melody[0].start == 2.0
    assert heard.start_seconds == pytest.approx(0.0, abs=0.03)
    assert heard.meter_confidence == 1.0


def test_a_said_metre_in_dotted_beats() -> None:
    heard = hear_sung(sung(bpm=120.0), 0.9, Said(120.0, Meter(0.0, 6, 8)))
    assert (heard.meter.numerator, heard.meter.denominator) == (6, 8)
    assert [note.start for note in heard.melody[:4]] == [0.0, 2.0, 3.0, 4.0]
    assert heard.beats == 18.0


def test_a_tempo_that_moves_has_a_map_that_leads_back_to_the_seconds() -> None:
    notes = sung(stray=0.0)
    bent = [
        SungNote(note.pitch, 0.5 + note.start * (1.0 + 0.02 * note.start),
                 0.5 + note.end * (1.0 + 0.02 * note.end), 4.0, 0.0, 0.95, -20.0)
        for note in notes
    ]  # fmt: skip
    heard = hear_sung(bent, 0.9, Said())
    assert len(heard.tempos) > 1
    timed = Score((), heard.tempos)
    for note, was in zip(heard.melody, bent, strict=True):
        at = heard.start_seconds + timed.seconds_at(note.start)
        assert at == pytest.approx(was.start, abs=0.15)


def test_tuning_and_drift_are_said() -> None:
    remarks = hear_sung(sung(tuning=-0.8), 0.9, Said()).remarks
    assert any("drifts down by" in each for each in remarks)
    assert any("chords can be put under it" in each for each in remarks)
