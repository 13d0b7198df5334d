from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.errors import MaterialError
from assistant.material import (
    Audio,
    Meter,
    Note,
    Score,
    Session,
    Stem,
    Temperament,
    Tempo,
    Track,
    note_hz,
    note_name,
    note_number,
)


def test_samples_cannot_be_written() -> None:
    samples = np.zeros((2, 10), dtype=np.float32)
    audio = Audio(samples, 48_000)
    with pytest.raises(ValueError, match="read-only"):
        audio.samples[0, 0] = 1.0
    samples[0, 0] = 1.0  # the caller's own array stays open


@pytest.mark.parametrize(
    ("samples", "rate", "hint"),
    [
        (np.zeros(10, np.float32), 48_000, "(10,)"),
        (np.zeros((2, 10)), 48_000, "float64"),
        (np.zeros((0, 10), np.float32), 48_000, "not 0"),
        (np.zeros((9, 10), np.float32), 48_000, "not 9"),
        (np.zeros((2, 10), np.float32), 7_999, "7999"),
        (np.zeros((2, 10), np.float32), 192_001, "192001"),
    ],
)
def test_wrong_audio_is_refused(samples: np.ndarray, rate: int, hint: str) -> None:
    with pytest.raises(MaterialError) as refused:
        Audio(samples, rate)
    assert hint in str(refused.value)


@given(st.integers(0, 500), st.integers(1, 200))
def test_blocks_cover_everything_once(frames: int, size: int) -> None:
    audio = Audio(np.arange(frames, dtype=np.float32)[None, :], 8_000)
    blocks = list(audio.blocks(size))
    assert [start for start, _ in blocks] == list(range(0, frames, size))
    joined = np.concatenate([block for _, block in blocks], axis=1) if blocks else np.zeros((1, 0))
    assert np.array_equal(joined, audio.samples)


def test_a_session_has_one_rate(noise: Audio) -> None:
    other = Audio(np.zeros((1, 10), np.float32), 48_000)
    with pytest.raises(MaterialError, match=r"44100.*48000"):
        Session((Stem("a", noise), Stem("b", other)))


def test_the_tempo_map_tells_seconds() -> None:
    score = Score((), (Tempo(0.0, 120.0), Tempo(4.0, 60.0)))
    assert score.seconds_at(2.0) == pytest.approx(1.0)
    assert score.seconds_at(4.0) == pytest.approx(2.0)
    assert score.seconds_at(6.0) == pytest.approx(4.0)


def test_a_score_ends_with_its_last_note() -> None:
    assert Score(()).beats == 0.0
    notes = (Note(60.0, 0.0, 8.0), Note(62.0, 4.0, 1.0))
    assert Score((Track("a", notes),)).beats == 8.0


def test_a_bar_of_six_eight_has_three_beats() -> None:
    assert Meter(0.0, 6, 8).bar_beats == 3.0


@given(st.integers(0, 127))
def test_note_names_come_back(number: int) -> None:
    assert note_number(note_name(number)) == number


@pytest.mark.parametrize(
    ("name", "number"), [("C4", 60.0), ("bb3", 58.0), ("B#3", 60.0), ("F##2", 43.0), ("60.5", 60.5)]
)
def test_note_names_are_read(name: str, number: float) -> None:
    assert note_number(name) == number


@pytest.mark.parametrize("name", ["", "H2", "C", "C99", "-1", "128", "nan", "C#b4"])
def test_what_is_no_note_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        note_number(name)


@pytest.mark.parametrize(
    "cents", [(), (0.0, 1200.0), (-5.0, 1200.0), (700.0, 700.0), (700.0, 600.0), (math.inf,)]
)
def test_the_steps_of_a_temperament_ascend(cents: tuple[float, ...]) -> None:
    with pytest.raises(MaterialError, match="ascend"):
        Temperament("x", cents)
    assert Temperament("x", (702.0, 1200.0)).period_cents == 1200.0


def test_a_temperament_of_no_number_is_refused() -> None:
    with pytest.raises(MaterialError, match="ascend"):
        Temperament("x", (math.nan, 1200.0))


def test_frequencies_of_notes() -> None:
    assert note_hz(69) == 440.0
    assert note_hz(60.5) == pytest.approx(269.29, abs=0.01)
    np.testing.assert_allclose(note_hz(np.array([57.0, 81.0])), [220.0, 880.0])
