from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
from numpy.typing import NDArray

from assistant.theory.ear.singing_heard import SungNote, beginnings, drifting_tuning, find_notes
from bench.singing_cases import TIMBRES, Timbre, takes
from bench.singing_heard import by_bandmate, matched, sung_in

Array = NDArray[np.float64]
HOP = 0.016


@dataclass(frozen=True)
class Track:
    pitch: Array
    confidence: Array
    level_db: Array
    hop_seconds: float = HOP

    @property
    def times(self) -> Array:
        return np.asarray(np.arange(self.pitch.size) * HOP, dtype=np.float64)


def track(*notes: tuple[float, float], gap: float = 0.0) -> Track:
    """Lay notes out: pitch and seconds each, with silence between them."""
    pitch, sure, level = [np.full(10, 60.0)], [np.zeros(10)], [np.full(10, -90.0)]
    for number, seconds in notes:
        for length, on in ((round(seconds / HOP), 1.0), (round(gap / HOP), 0.0)):
            pitch.append(np.full(length, number))
            sure.append(np.full(length, 0.97 * on))
            level.append(np.full(length, -20.0 if on else -80.0))
    columns = [np.concatenate([*each, each[0]]) for each in (pitch, sure, level)]
    return Track(columns[0], columns[1], columns[2])


def notes_of(of: Track) -> tuple[SungNote, ...]:
    return find_notes(of, np.zeros(of.pitch.size))


def heard(of: Track) -> list[int]:
    return [note.pitch for note in notes_of(of)]


def test_steps_and_leaps() -> None:
    found = notes_of(track((60, 0.4), (62, 0.4), (69, 0.3), (57, 0.5)))
    assert [note.pitch for note in found] == [60, 62, 69, 57]
    assert [note.start for note in found] == pytest.approx([0.16, 0.56, 0.96, 1.26], abs=0.04)
    assert found[-1].end == pytest.approx(1.76, abs=0.04)
    assert all(abs(note.cents) < 3.0 and note.steady > 0.9 for note in found)


def test_a_singer_between_the_keys_of_a_piano_is_heard_by_her_own_tuning() -> None:
    found = notes_of(track((60.35, 0.4), (62.4, 0.4), (64.3, 0.4), (60.35, 0.4)))
    assert [note.pitch for note in found] == [60, 62, 64, 60]
    assert all(note.tuning == pytest.approx(0.35, abs=0.08) for note in found)


def test_a_voice_that_drifts_keeps_its_intervals() -> None:
    tune = [60, 62, 64, 65, 67, 65, 64, 62] * 6
    sunk = [(pitch - 0.02 * at, 0.4) for at, pitch in enumerate(tune)]
    found = heard(track(*sunk))
    assert np.diff(found).tolist() == np.diff(tune).tolist()


def test_the_tuning_does_not_jump() -> None:
    rng = np.random.default_rng(2)
    notes = np.repeat(rng.integers(55, 70, 80), 25).astype(float)
    drift = np.linspace(0.3, -0.9, notes.size)
    found = drifting_tuning(notes + drift, np.ones(notes.size, dtype=np.bool_), HOP)
    assert np.abs(np.diff(found)).max() < 0.02
    assert np.ptp(found - drift) < 0.35


def test_silence_parts_notes_and_nothing_is_nothing() -> None:
    assert heard(track((60, 0.3), (60, 0.3), gap=0.15)) == [60, 60]
    empty = Track(np.full(50, 60.0), np.zeros(50), np.full(50, -90.0))
    assert heard(empty) == []


def test_a_short_slip_of_an_octave_is_no_note() -> None:
    assert heard(track((60, 0.3), (72, 0.06), (60, 0.3))) == [60]


@pytest.mark.parametrize("timbre", TIMBRES)
def test_made_up_takes(timbre: Timbre) -> None:
    (take,) = takes(timbre, [501], bars=8)
    found = by_bandmate(take)
    hits = matched(sung_in(take), found, 0.05)
    assert hits >= 0.9 * max(len(take.notes), len(found))


def test_of_equally_likely_beginnings_the_one_where_it_leaps_up_is_taken() -> None:
    level = np.concatenate((np.full(20, -20.0), np.full(5, -35.0), np.full(20, -20.0)))
    odds = beginnings(level, np.zeros(level.size), np.ones(level.size, dtype=bool))
    likely = np.flatnonzero(odds > 0.0)
    assert likely.tolist() == [24]
