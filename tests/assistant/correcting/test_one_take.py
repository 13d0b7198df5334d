"""One take: listened to, corrected, measured again."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

import numpy as np
import pytest

from assistant.correcting.one_take import Asked, Corrected, correct, listen, notes_of
from assistant.dsp.take_judging import Verdict
from assistant.dsp.take_listening import TakeHeard
from assistant.errors import MaterialError
from assistant.material import Audio, Samples
from assistant.theory.intonation.edits import read_edits
from assistant.theory.intonation.intent import Intent
from assistant.theory.intonation.manner import Manner
from assistant.theory.intonation.take import Target
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
        except StopIteration as done:
            found: TakeHeard = done.value
            return found


def intent() -> Intent:
    notes = notes_of(heard())
    targets = tuple(Target(float(round(note.centre)), 0.9, True, "") for note in notes)
    return Intent(notes, targets, "all twelve notes")


def zeros(shape: tuple[int, ...]) -> Samples:
    return np.zeros(shape, dtype=np.float32)


def corrected(asked: Asked) -> Corrected:
    work = correct(take(), heard(), intent(), asked, zeros)
    told = [0.0]
    while True:
        try:
            told.append(next(work))
        except StopIteration as done:
            assert told == sorted(told)
            assert told[-1] == pytest.approx(1.0)
            made: Corrected = done.value
            return made


def test_notes_are_heard_and_come_to_their_targets() -> None:
    assert [note.centre for note in intent().notes] == pytest.approx(PITCHES, abs=0.03)
    made = corrected(Asked(Manner()))
    assert made.outcome.moved.all()
    assert np.abs(made.outcome.before) == pytest.approx([30.0, 30.0, 20.0], abs=3.0)
    assert np.abs(made.outcome.after).max() < 2.0
    assert 0.0 < made.untouched < 1.0


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
        notes_of(seeming)
    assert len(notes_of(seeming, trusted=True)) == 3
