"""One take: listened to, corrected, measured again."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace
from functools import lru_cache

import numpy as np
import pytest

from assistant.correcting.in_time import Timing
from assistant.correcting.one_take import Asked, Corrected, correct, listen, notes_of
from assistant.dsp.take_judging import Verdict
from assistant.dsp.take_listening import TakeHeard
from assistant.errors import MaterialError, SettingError
from assistant.material import Audio, Samples
from assistant.theory.intonation.edits import read_edits
from assistant.theory.intonation.intent import Intent
from assistant.theory.intonation.manner import Manner
from assistant.theory.intonation.take import TakeNote, Target
from assistant.theory.intonation.timing import InTime
from tests.assistant.dsp.sung import as_audio, sung

RATE = 22_050
PITCHES = (57.3, 60.7, 59.2)  # 0.9 s each, with rests of 0.2 s between them


@lru_cache(maxsize=1)
def take() -> Audio:
    hz = [440.0 * 2.0 ** ((pitch - 69.0) / 12.0) for pitch in PITCHES]
    rest = np.zeros(round(0.2 * RATE))
    notes = [sung(np.full(round(0.9 * RATE), each), RATE) for each in hz]
    fade = np.minimum(1.0, np.arange(round(0.9 * RATE)) / (0.03 * RATE))
    parts = [rest]
    for note in notes:
        parts += [note * fade * fade[::-1], rest]
    return as_audio(np.concatenate(parts), RATE)


@lru_cache(maxsize=1)
def heard() -> TakeHeard:
    work = listen(take(), "auto")
    while True:
        try:
            next(work)
        except StopIteration as end:
            known: TakeHeard = end.value
            return known


def found(seeming: TakeHeard, *, trusted: bool = False) -> tuple[TakeNote, ...]:
    work = notes_of(seeming, trusted=trusted)
    while True:
        try:
            assert 0.0 < next(work) <= 1.0
        except StopIteration as end:
            notes: tuple[TakeNote, ...] = end.value
            return notes


def intent() -> Intent:
    notes = found(heard())
    targets = tuple(Target(float(round(note.centre)), 0.9, True, "") for note in notes)
    return Intent(notes, targets, "all twelve notes")


def zeros(shape: tuple[int, ...]) -> Samples:
    return np.zeros(shape, dtype=np.float32)


def corrected(asked: Asked) -> Corrected:
    return done(correct(take(), heard(), intent(), asked, zeros))


def done(work: Generator[float, None, Corrected]) -> Corrected:
    told = [0.0]
    while True:
        try:
            told.append(next(work))
        except StopIteration as end:
            assert told == sorted(told)
            assert told[-1] == pytest.approx(1.0)
            made: Corrected = end.value
            return made


def test_notes_are_heard_and_come_to_their_targets() -> None:
    assert [note.centre for note in intent().notes] == pytest.approx(PITCHES, abs=0.03)
    made = corrected(Asked(Manner()))
    assert made.outcome.moved.all()
    assert np.abs(made.outcome.before) == pytest.approx([30.0, 30.0, 20.0], abs=3.0)
    assert np.abs(made.outcome.after).max() < 2.0
    assert 0.0 < made.untouched < 1.0


def test_what_was_left_in_doubt_moves_where_less_is_sure_enough() -> None:
    sure = intent()
    doubted = replace(sure.targets[1], confidence=0.4).left("40 % C#4")
    doubtful = replace(sure, targets=(sure.targets[0], doubted, sure.targets[2]))
    for least, moved in ((None, False), (0.5, False), (0.0, True)):
        asked = Asked(Manner(), sure=least)
        made = done(correct(take(), heard(), doubtful, asked, zeros))
        assert made.outcome.moved.tolist() == [True, moved, True]
        assert made.intent.targets[1].moves == moved
        left = replace(asked, edits=read_edits("2=leave"))
        stays = done(correct(take(), heard(), doubtful, left, zeros))
        assert not stays.outcome.moved[1]


def test_an_edit_changes_its_note_alone() -> None:
    plain = corrected(Asked(Manner()))
    edited = corrected(Asked(Manner(), read_edits("2=leave")))
    changed = np.flatnonzero(plain.audio.samples[0] != edited.audio.samples[0]) / RATE
    assert changed.min() > 1.2
    assert changed.max() < 2.4
    assert edited.outcome.alone.tolist() == [False, True, False]


def test_what_lies_outside_the_range_is_not_touched() -> None:
    made = corrected(Asked(Manner(), start=1.3, end=2.0, formants=100.0))
    changed = np.flatnonzero(made.audio.samples[0] != take().samples[0]) / RATE
    assert changed.min() >= 1.3
    assert changed.max() <= 2.0


@pytest.mark.parametrize("kind", ["several voices", "speech", "drums or noise"])
def test_what_is_no_voice_is_refused_unless_it_is_trusted(kind: str) -> None:
    verdict = Verdict(kind, "it only seems so", 0.9)  # type: ignore[arg-type]
    seeming = replace(heard(), verdict=verdict)
    with pytest.raises(MaterialError, match="it only seems so; say one_voice"):
        found(seeming)
    assert len(found(seeming, trusted=True)) == 3


def test_what_has_no_pitch_at_all_is_not_advised_to_be_trusted_again() -> None:
    verdict = Verdict("drums or noise", "it only seems so", 0.9)
    fine = replace(heard().fine, confidence=np.zeros_like(heard().fine.confidence))
    seeming = replace(heard(), verdict=verdict, fine=fine)
    with pytest.raises(MaterialError, match=r"it only seems so\.$"):
        found(seeming, trusted=True)


@pytest.mark.parametrize("text", ["2=G9", "2=C-1"])
def test_an_edit_that_goes_too_far_is_refused(text: str) -> None:
    with pytest.raises(SettingError, match=r"edits put note 2 at .* can be moved by 24 semitones"):
        corrected(Asked(Manner(), read_edits(text)))


def test_a_target_beyond_reach_is_gone_towards_as_far_as_can_be() -> None:
    far = replace(intent(), targets=tuple(Target(100.0, 0.9, True, "") for _ in PITCHES))
    work = correct(take(), heard(), far, Asked(Manner()), zeros)
    made = done(work)
    assert made.outcome.moved.all()
    assert (made.outcome.after > made.outcome.before).all()


def test_timing_moves_nothing_outside_the_range() -> None:
    timing = Timing(np.array([0.3, 1.4, 2.5]), InTime(100.0))
    made = corrected(Asked(Manner(0.0), start=1.12, end=2.33, timing=timing))
    changed = np.flatnonzero(made.audio.samples[0] != take().samples[0]) / RATE
    assert changed.size
    assert changed.min() >= 1.12
    assert changed.max() <= 2.33
    assert made.untouched == pytest.approx(1.0 - changed.size / take().frames)


def test_a_range_without_a_break_is_not_put_in_time_and_says_so() -> None:
    timing = Timing(np.array([0.3, 1.4, 2.5]), InTime(100.0))
    held = intent().notes[1].held
    made = corrected(Asked(Manner(0.0), start=held[0] + 0.1, end=held[1] - 0.1, timing=timing))
    np.testing.assert_array_equal(made.audio.samples, take().samples)
    assert made.late_ms is None
    assert "Timing moved nothing" in made.intent.remarks[-1]
