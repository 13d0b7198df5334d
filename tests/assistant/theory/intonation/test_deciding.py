"""Where notes are to be: by a scale, by a score."""

from __future__ import annotations

import numpy as np
import pytest

from assistant.dsp.f0 import F0Track
from assistant.errors import MaterialError
from assistant.material import Note, Score, Track
from assistant.theory.harmony.key import read_key
from assistant.theory.intonation.deciding import by_scale, by_score
from assistant.theory.intonation.intent import Intent
from assistant.theory.intonation.scales import Scale, scale_of_key
from assistant.theory.intonation.take import TakeNote

TUNE = (60, 62, 64, 65, 67, 65, 64, 62, 60, 64, 67, 72, 71, 67, 64, 60)
SCALE = scale_of_key(read_key("C major"))


def sung(cents: float = 0.0, tune: tuple[int, ...] = TUNE) -> tuple[TakeNote, ...]:
    return tuple(
        TakeNote(0.5 * place, 0.5 * place + 0.45, pitch + cents / 100.0)
        for place, pitch in enumerate(tune)
    )


def track(seconds: float, pitch: float = 60.0) -> F0Track:
    times = np.arange(0.0, seconds, 0.005)
    hz = np.full(times.size, 440.0 * 2.0 ** ((pitch - 69.0) / 12.0))
    return F0Track(times, hz, np.full(times.size, 0.9), np.full(times.size, -20.0), 0.005)


def scaled(notes: tuple[TakeNote, ...], scale: Scale | None = SCALE, **asked: bool) -> Intent:
    return by_scale(
        notes, scale, habits=None, chords=(), a4_hz=440.0, threshold=None,
        keep_tuning=asked.get("keep_tuning", False),
    )  # fmt: skip


def score(tune: tuple[int, ...] = TUNE) -> Score:
    notes = tuple(Note(float(pitch), float(place), 0.9) for place, pitch in enumerate(tune))
    return Score((Track("voice", notes),))


def test_a_said_scale_is_named_and_its_notes_are_the_targets() -> None:
    intent = scaled(sung(15.0))
    assert [target.pitch for target in intent.targets] == list(TUNE)
    assert (intent.by, intent.scale) == ("C major", SCALE)


def test_a_scale_that_is_heard_says_how_sure_it_is() -> None:
    intent = scaled(sung(5.0), None)
    assert "% sure" in intent.by
    assert intent.scale is not None


def test_the_tuning_of_the_take_is_said_and_can_be_kept() -> None:
    moved, kept = (scaled(sung(-30.0), keep_tuning=each) for each in (False, True))
    assert "30 cents below A4 = 440 Hz; notes that move go there" in moved.remarks[0]
    assert "it is kept" in kept.remarks[0]
    assert np.mean(np.abs(kept.off_cents)) < 3.0
    assert np.mean(np.abs(moved.off_cents)) == pytest.approx(30.0, abs=1.0)


def test_a_score_says_what_was_meant_however_it_was_sung() -> None:
    rough = tuple(
        TakeNote(note.start, note.end, note.centre + 0.6 * (-1) ** place)
        for place, note in enumerate(sung())
    )
    intent = by_score(rough, score(), track(9.0), a4_hz=440.0, threshold=None)
    assert [target.pitch for target in intent.targets] == list(TUNE)
    assert "'voice'" in intent.by


def test_a_take_by_the_clock_of_the_score_has_its_beats_for_a_guide() -> None:
    intent = by_score(sung(), score(), track(9.0), a4_hz=440.0, threshold=None)
    assert intent.guide == pytest.approx([0.5 * place for place in range(len(TUNE))], abs=0.02)


def test_where_it_is_less_sure_than_asked_a_note_is_left_alone() -> None:
    intent = by_score(sung(), score(), track(9.0), a4_hz=440.0, threshold=1.0)
    assert not any(target.moves for target in intent.targets if target.confidence < 1.0)
    assert all("left alone" in target.why for target in intent.targets if not target.moves)


def test_a_held_note_over_two_written_ones_is_taken_apart_where_the_sound_moves() -> None:
    tune = (60, 62, 64, 65, 67, 69, 67, 65, 64, 62, 60)
    notes = list(sung(tune=tune))
    notes[4:6] = [TakeNote(2.0, 2.95, 68.0)]  # G and A, heard as one
    times = np.arange(0.0, 6.0, 0.005)
    pitch = np.where(times < 2.5, 67.0, 69.0)
    fine = F0Track(
        times, 440.0 * 2.0 ** ((pitch - 69.0) / 12.0), np.full(times.size, 0.9),
        np.full(times.size, -20.0), 0.005,
    )  # fmt: skip
    intent = by_score(tuple(notes), score(tune), fine, a4_hz=440.0, threshold=None)
    assert [target.pitch for target in intent.targets] == list(tune)


def test_a_score_without_notes_is_refused() -> None:
    with pytest.raises(MaterialError):
        by_score(sung(), Score((Track("drums", (), drums=True),)), track(9.0), a4_hz=440.0,
                 threshold=None)  # fmt: skip


def test_a_take_between_two_semitones_says_that_it_may_be_the_other() -> None:
    intent = scaled(sung(38.0), None)
    assert any("a semitone higher: say the key" in remark for remark in intent.remarks)
    assert not any("semitone" in remark for remark in scaled(sung(38.0)).remarks)
    assert not any("semitone" in remark for remark in scaled(sung(5.0), None).remarks)


def test_an_effect_moves_what_the_score_left_in_doubt_but_not_by_a_score_of_another_song() -> None:
    intent = by_score(sung(), score(), track(9.0), a4_hz=440.0, threshold=1.0)
    assert not intent.trusted.all()
    assert intent.content_with(0.0).trusted.all()
    other = (60, 66, 61, 67, 73, 62, 68, 63, 69, 64, 58, 65, 71, 59, 70, 60)
    wrong = by_score(sung(tune=other), score(), track(9.0), a4_hz=440.0, threshold=None)
    assert not wrong.content_with(0.0).trusted.any()


def test_with_a_key_that_is_a_semitone_off_it_says_so() -> None:
    beside = scale_of_key(read_key("C# major"))
    assert any("a key a semitone lower" in remark for remark in scaled(sung(), beside).remarks)
    kept = scaled(sung(), beside, keep_tuning=True)
    assert not any("semitone" in remark for remark in (*scaled(sung()).remarks, *kept.remarks))


def test_where_no_key_is_heard_surely_enough_to_move_a_note_it_asks_for_the_key() -> None:
    few = scaled(sung(20.0, (60, 66, 61, 67)), None)
    assert not few.trusted.any()
    assert few.remarks[-1].endswith("say the key.")
    assert not any("say the key" in remark for remark in scaled(sung(5.0), None).remarks)


def test_with_no_confidence_asked_for_what_is_not_in_the_score_moves_too() -> None:
    notes = (*sung(), TakeNote(0.5 * len(TUNE) + 1.0, 0.5 * len(TUNE) + 1.3, 61.4))
    usual, all_of_it = (
        by_score(notes, score(), track(12.0), a4_hz=440.0, threshold=least) for least in (None, 0.0)
    )
    assert usual.trusted.tolist() == [*[True] * len(TUNE), False]
    assert all_of_it.trusted.all()


def test_by_the_score_of_another_song_the_reason_is_that_it_does_not_fit() -> None:
    other = (60, 66, 61, 67, 73, 62, 68, 63, 69, 64, 58, 65, 71, 59, 70, 60)
    wrong = by_score(sung(tune=other), score(), track(9.0), a4_hz=440.0, threshold=None)
    assert {target.why for target in wrong.targets} == {"left alone: the score does not fit"}
