from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from assistant.theory.intonation import notes as notes_module
from assistant.theory.intonation.notes import find_take_notes, measure_note, take_notes
from assistant.theory.intonation.take import TakeNote
from tests.assistant.theory.intonation.takes_made import Made, Sung, Track, made, melody


def heard(take: Made) -> tuple[TakeNote, ...]:
    return take_notes(take.coarse, take.onsets, take.fine)


def test_notes_are_found_where_they_are() -> None:
    take = made(*melody((60.0, 62.0, 69.0, 57.0)), unrest=4.0)
    found = heard(take)
    assert [note.start for note in found] == pytest.approx(take.starts, abs=0.012)
    assert [note.centre for note in found] == pytest.approx([60.0, 62.0, 69.0, 57.0], abs=0.03)
    assert all(note.confidence > 0.9 for note in found)
    assert all(before.end <= after.start for before, after in pairwise(found))


@pytest.mark.parametrize("off", np.linspace(0.0, 0.9, 10))
def test_a_note_need_not_lie_near_a_key(off: float) -> None:
    pitches = [60.0 + off, 62.35 - off, 64.5 + 0.5 * off, 61.0]
    take = made(*(Sung(pitch, 0.5, depth=35.0) for pitch in pitches), unrest=4.0)
    found = heard(take)
    assert [note.centre for note in found] == pytest.approx(pitches, abs=0.05)


def test_the_same_note_sung_again_is_another_where_the_voice_dips() -> None:
    assert len(heard(made(*melody((60.3, 60.3)), again_db=14.0))) == 2
    assert len(heard(made(*melody((60.3, 60.3))))) == 1


@pytest.mark.parametrize("depth", [40.0, 80.0, 110.0])
@pytest.mark.parametrize("hz", [4.5, 6.5])
def test_a_deep_vibrato_is_one_note(depth: float, hz: float) -> None:
    found = heard(made(Sung(60.5, 1.5, depth=depth, hz=hz, phase=1.0), unrest=3.0))
    assert len(found) == 1
    assert found[0].vibrato_hz == pytest.approx(hz, abs=0.2)
    assert found[0].vibrato_cents == pytest.approx(depth, rel=0.1)
    assert found[0].centre == pytest.approx(60.5, abs=0.03)


def test_a_note_that_drifts_is_one_note() -> None:
    (note,) = heard(made(Sung(60.5, 3.0, drift=80.0, depth=20.0), unrest=3.0))
    assert note.drift_cents == pytest.approx(80.0, abs=5.0)


def test_a_fast_step_is_two_notes_however_small() -> None:
    assert len(heard(made(*melody((60.0, 61.0, 60.2), 0.2), unrest=3.0))) == 3


def test_a_scoop_belongs_to_its_note() -> None:
    take = made(Sung(60.0, 0.5, gap=0.3), Sung(64.0, 0.6, scoop=-180.0), unrest=3.0)
    _, note = heard(take)
    assert note.start == pytest.approx(take.starts[1], abs=0.012)
    assert note.centre == pytest.approx(64.0, abs=0.03)
    assert note.scoop_cents == pytest.approx(-180.0, abs=40.0)
    assert 0.02 <= note.scoop_seconds <= 0.12


def test_an_octave_slip_of_the_tracker_is_no_note() -> None:
    take = made(Sung(60.0, 1.0))
    for track, frames in ((take.coarse, slice(50, 54)), (take.fine, slice(160, 173))):
        track.pitch[frames] += 12.0
    (note,) = heard(take)
    assert note.centre == pytest.approx(60.0, abs=0.02)


def test_nothing_sung_has_no_notes() -> None:
    take = made(Sung(60.0, 0.5))
    silent = Track(take.coarse.times, take.coarse.pitch, 0.0 * take.coarse.times,
                   take.coarse.level_db, take.coarse.hop_seconds)  # fmt: skip
    assert take_notes(silent, take.onsets, take.fine) == ()
    none = np.zeros(0)
    empty = Track(none, none, none, none, 0.016)
    assert take_notes(empty, none, empty) == ()


def test_notes_do_not_depend_on_what_else_is_in_the_take(monkeypatch: pytest.MonkeyPatch) -> None:
    tune = [*melody((60.2, 62.4, 63.9)), Sung(59.6, 0.5, gap=0.5)]
    once, twice = (heard(made(*tune * times)) for times in (1, 3))
    assert len(once) == 4
    assert len(twice) == 12
    later = twice[8].start - once[0].start
    for alone, again in zip(once, twice[8:], strict=True):
        assert again.start - later == pytest.approx(alone.start, abs=0.006)
        assert again.centre == pytest.approx(alone.centre, abs=0.01)
    monkeypatch.setattr(notes_module, "_LONGEST_PHRASE", 1.0)
    cut = heard(made(*melody((60.2, 62.4, 63.9, 59.6, 62.0, 60.0))))
    assert {round(note.centre, 1) for note in cut} == {60.2, 62.4, 63.9, 59.6, 62.0, 60.0}


def test_a_note_can_be_measured_between_other_bounds() -> None:
    take = made(*melody((60.0, 62.0)))
    first, second = take.starts
    note = measure_note(take.fine, first + 0.1, second - 0.05)
    assert (note.start, note.end) == (first + 0.1, second - 0.05)
    assert note.centre == pytest.approx(60.0, abs=0.01)


@pytest.mark.parametrize("depth", [0.0, 20.0])
def test_steps_of_a_fine_scale_are_notes_where_it_is_known(depth: float) -> None:
    pitches = [60.0 + 0.63 * step for step in (0, 1, 0, 1, 2, 1)]
    take = made(*(Sung(pitch, 0.4, depth=depth, glide=0.08) for pitch in pitches), unrest=6.0)
    work = find_take_notes(take.coarse, take.onsets, take.fine, finest=0.63)
    while True:
        try:
            next(work)
        except StopIteration as done:
            found: tuple[TakeNote, ...] = done.value
            break
    assert [note.centre for note in found] == pytest.approx(pitches, abs=0.08)
