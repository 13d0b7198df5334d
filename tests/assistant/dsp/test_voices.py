from __future__ import annotations

import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.dsp.voices import CEILING, render
from assistant.material import Note, Score, Tempo, Track

RATE = 44_100


def score(*notes: Note, program: int = 0, drums: bool = False, bpm: float = 120.0) -> Score:
    return Score((Track("one", notes, program, drums),), (Tempo(0.0, bpm),))


def test_a_score_is_played_in_time() -> None:
    sound = render(score(Note(69.0, 2.0, 1.0), bpm=60.0), RATE)
    assert sound.dtype == np.float32
    assert sound.shape == (2, round(4.5 * RATE))
    assert not sound[:, : 2 * RATE].any()
    assert np.abs(sound[:, 2 * RATE : 2 * RATE + 4_000]).max() > 0.1


@pytest.mark.parametrize("program", [0, 4, 24, 33, 48, 89])
def test_a4_is_in_tune_and_the_peak_is_at_the_ceiling(program: int) -> None:
    sound = render(score(Note(69.0, 0.0, 4.0), program=program), RATE).mean(axis=0)
    spectrum = np.abs(np.fft.rfft(sound[4_000:70_000] * np.hanning(66_000), 1 << 20))
    first, last = (int(hz * (1 << 20) / RATE) for hz in (430.0, 450.0))
    heard = (first + np.argmax(spectrum[first:last])) * RATE / (1 << 20)
    assert abs(1200 * np.log2(heard / 440.0)) < 3.0


notes = st.lists(
    st.builds(Note, st.floats(0, 127), st.floats(0, 4), st.floats(0.05, 2), st.integers(1, 127)),
    min_size=1, max_size=8,
)  # fmt: skip


@given(notes, st.sampled_from([0, 25, 33, 48, 100]), st.booleans())
@settings(max_examples=20)
def test_no_score_clips(line: list[Note], program: int, drums: bool) -> None:
    sound = render(score(*line, program=program, drums=drums), 22_050)
    assert np.isfinite(sound).all()
    assert float(np.abs(sound).max()) <= CEILING
    assert float(np.abs(sound).max()) > 0.99 * CEILING
    assert not sound[:, -1].any() or np.abs(sound[:, -1]).max() < 1e-3


def test_the_same_score_sounds_the_same() -> None:
    line = score(Note(60.0, 0.0, 1.0), Note(64.0, 0.5, 1.0), program=24)
    np.testing.assert_array_equal(render(line, RATE), render(line, RATE))


def test_nothing_sounds_like_nothing() -> None:
    assert not render(Score(()), RATE).any()


def test_scratch_is_used_where_it_is_given() -> None:
    given_out: list[np.ndarray[tuple[int, ...], np.dtype[np.float32]]] = []

    def scratch(shape: tuple[int, ...]) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
        given_out.append(np.zeros(shape, dtype=np.float32))
        return given_out[-1]

    sound = render(score(Note(60.0, 0.0, 1.0)), RATE, scratch)
    assert sound is given_out[0]


def test_low_voices_stand_left_and_bass_in_the_middle() -> None:
    low, high, bass = (
        render(score(Note(pitch, 0.0, 2.0), program=program), RATE)
        for pitch, program in ((48.0, 0), (76.0, 0), (36.0, 33))
    )
    powers = [(sound**2).sum(axis=1) for sound in (low, high, bass)]
    assert powers[0][0] > 1.3 * powers[0][1]
    assert powers[1][1] > 1.3 * powers[1][0]
    assert powers[2][0] == pytest.approx(powers[2][1])


def test_a_guitar_is_strummed_and_keys_are_not() -> None:
    chord = tuple(Note(float(pitch), 0.0, 2.0) for pitch in (52, 59, 64))
    guitar, keys = (render(score(*chord, program=program), RATE) for program in (24, 0))
    early = slice(0, round(0.009 * RATE))
    assert (guitar[:, early] ** 2).sum() / (guitar**2).sum() < 0.7 * (
        (keys[:, early] ** 2).sum() / (keys**2).sum()
    )


def test_twenty_seconds_are_rendered_in_less_than_one() -> None:
    bars = [Note(float(pitch), beat, 1.0) for beat in range(40) for pitch in (36, 52, 59, 64, 68)]
    line = score(*bars)
    render(line, RATE)
    before = time.process_time()
    sound = render(line, RATE)
    assert sound.shape[1] > 20 * RATE
    assert time.process_time() - before < 1.0
