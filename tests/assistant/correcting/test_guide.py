"""What is known of a song, put together."""

from __future__ import annotations

import numpy as np
import pytest

from assistant.correcting.guide import Guide, chords_said, habits_of, scale_said
from assistant.dsp.f0 import F0Track
from assistant.errors import SettingError
from assistant.material import Note, Score, Temperament, Track
from assistant.theory.harmony.key import read_key
from assistant.theory.intonation.scales import scale_of_key
from assistant.theory.intonation.take import TakeNote
from bridge import presets

SUNG = tuple(
    TakeNote(0.5 * place, 0.5 * place + 0.45, pitch + 0.2)
    for place, pitch in enumerate((60, 62, 64, 65, 67, 65, 64, 62, 60, 64, 67, 60))
)
NOTHING = F0Track(np.array([0.0, 0.005]), np.full(2, 100.0), np.zeros(2), np.full(2, -90.0), 0.005)


def test_nothing_said_is_no_scale() -> None:
    assert scale_said("", None, presets.data) is None


@pytest.mark.parametrize("said", ["A minor", "E blues", "D maqam bayati", "A C D E G"])
def test_keys_scales_traditions_and_notes_are_read(said: str) -> None:
    scale = scale_said(said, None, presets.data)
    assert scale is not None
    assert scale.name


def test_a_tuning_is_counted_from_the_note_that_key_says() -> None:
    five = Temperament("five", (240.0, 480.0, 720.0, 960.0, 1200.0))
    scale = scale_said("D", five, presets.data)
    assert scale is not None
    assert scale.tonic == 2.0
    assert scale.steps == pytest.approx((0.0, 2.4, 4.8, 7.2, 9.6))
    with pytest.raises(SettingError, match="counted from"):
        scale_said("D minor", five, presets.data)


@pytest.mark.parametrize(
    ("said", "finest"), [("A minor", 1.0), ("A C D E G", 2.0), ("C 19-edo", 12.0 / 19.0)]
)
def test_the_finest_step_of_a_scale(said: str, finest: float) -> None:
    scale = scale_said(said, None, presets.data)
    assert Guide(scale).finest == pytest.approx(finest, abs=1e-4)
    assert Guide().finest == np.inf


def test_chords_lie_under_the_take_bar_by_bar() -> None:
    spans = chords_said("Am F", None, 2.0, 0.0, 5.0)
    assert [span.start for span in spans] == [0.0, 2.0, 4.0]
    assert spans[0].pitch_classes == {9, 0, 4}


@pytest.mark.parametrize("pause", ["N.C.", "NC", "n.c.", "-"])
def test_where_no_chord_sounds_nothing_lies_under_the_take(pause: str) -> None:
    spans = chords_said(f"Am | {pause} | F G | %", None, 2.0, 0.0, 8.0)
    assert [(span.start, span.end) for span in spans] == [
        (0.0, 2.0), (4.0, 5.0), (5.0, 6.0), (6.0, 8.0),
    ]  # fmt: skip


def test_no_chord_for_half_a_bar() -> None:
    spans = chords_said("| NC Am | F |", None, 2.0, 0.0, 4.0)
    assert [(span.start, span.end) for span in spans] == [(1.0, 2.0), (2.0, 4.0)]


def test_only_pauses_are_no_chords() -> None:
    with pytest.raises(SettingError, match="it takes chords"):
        chords_said("N.C. | -", None, 2.0, 0.0, 4.0)


def test_a_scale_decides_where_there_is_no_score() -> None:
    guide = Guide(scale_of_key(read_key("C major")), habits=habits_of(presets.weights))
    intent = guide.decide(SUNG, NOTHING)
    assert [target.pitch for target in intent.targets] == [round(note.centre) for note in SUNG]
    assert intent.by == "C major"


def test_a_score_decides_where_there_is_one() -> None:
    written = tuple(
        Note(float(round(note.centre)), 2.0 * note.start, 2.0 * note.seconds) for note in SUNG
    )
    intent = Guide(score=Score((Track("voice", written),))).decide(SUNG, NOTHING)
    assert [target.pitch for target in intent.targets] == [note.pitch for note in written]
    assert "score" in intent.by
