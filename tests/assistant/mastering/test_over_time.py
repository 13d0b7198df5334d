"""`over_time`: the loudest, highest and lowest moment of each step, however long the sound."""

from __future__ import annotations

from collections.abc import Generator
from typing import TypeVar

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.dsp.limiter import GainCurve
from assistant.dsp.loudness import measure
from assistant.dsp.third_octaves import listen
from assistant.mastering import over_time
from assistant.mastering.over_time import (
    OverTime,
    Sketch,
    gain_over_time,
    loudness_over_time,
    peaks_over_time,
    sketch,
)
from assistant.material import Audio

RATE = 8_000


def sine(seconds: float, level_db: float = -20.0, channels: int = 2) -> Audio:
    wave = np.sin(2.0 * np.pi * 1000.0 * np.arange(round(seconds * RATE)) / RATE + 0.3)
    row = (10.0 ** (level_db / 20.0) * wave).astype(np.float32)
    return Audio(np.tile(row, (channels, 1)), RATE)


T = TypeVar("T")


def finish(work: Generator[float, None, T]) -> tuple[list[float], T]:
    shares = []
    while True:
        try:
            shares.append(next(work))
        except StopIteration as done:
            return shares, done.value


def loudness(audio: Audio, steps: int = 40) -> OverTime:
    return finish(loudness_over_time(audio, steps))[1]


def peaks(audio: Audio, steps: int = 40) -> OverTime:
    return finish(peaks_over_time(audio, steps))[1]


@given(st.floats(0.0, 9.0), st.integers(1, 50))
def test_there_are_no_more_steps_than_asked_for_and_they_rise(seconds: float, steps: int) -> None:
    audio = sine(seconds + 0.01)
    gain = GainCurve(np.ones(audio.frames, dtype=np.float32), 1, audio.frames)
    for told in (
        loudness(audio, steps),
        peaks(audio, steps),
        gain_over_time(gain, RATE, steps),
    ):
        assert told.times.shape == told.values.shape
        assert len(told.times) <= steps
        assert np.all(np.diff(told.times) > 0.0)
        assert np.all((told.times > 0.0) & (told.times < audio.seconds))


def test_the_loudest_moment_is_kept() -> None:
    audio = sine(20.0)
    audio = Audio(
        audio.samples * np.where(np.arange(audio.frames) < 9 * RATE, 1.0, 0.1).astype("f4"), RATE
    )
    told = loudness(audio, 7)
    assert told.values.max() == pytest.approx(measure(audio).short_term_max)
    assert told.values[0] - told.values[-1] == pytest.approx(20.0, abs=0.01)


def test_a_short_sound_has_momentary_loudness_and_a_very_short_one_none() -> None:
    assert loudness(sine(3.0)).times == pytest.approx([1.5])
    short = loudness(sine(1.0))
    assert len(short.times) == 40
    assert short.values.max() == pytest.approx(measure(sine(1.0)).momentary_max)
    assert loudness(sine(0.39)).times.size == 0


def test_silence_is_nothing() -> None:
    audio = Audio(np.zeros((1, 5 * RATE), dtype=np.float32), RATE)
    assert np.all(np.isneginf(loudness(audio).values))
    assert np.all(np.isneginf(peaks(audio).values))


def test_a_peak_is_seen_where_it_is_and_blocks_leave_no_mark(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(over_time, "BLOCK_FRAMES", 1000)
    audio = sine(4.0, -30.0)
    samples = audio.samples.copy()
    samples[1, 3 * RATE] = 0.9
    told = peaks(Audio(samples, RATE), 33)
    assert told.times[np.argmax(told.values)] == pytest.approx(3.0, abs=4.0 / 33)
    inside = told.values[1:20]  # the ends of a sound ring
    assert inside == pytest.approx(np.full(19, -30.0), abs=0.1)
    monkeypatch.undo()
    assert np.array_equal(peaks(Audio(samples, RATE), 33).values, told.values)


def test_the_lowest_gain_of_each_step_is_kept() -> None:
    knots = np.ones(1000, dtype=np.float32)
    knots[333] = 0.5
    told = gain_over_time(GainCurve(knots, 4, 4000), RATE, 10)
    assert told.values == pytest.approx([0.0] * 3 + [-6.0206] + [0.0] * 6, abs=1e-4)
    assert told.times == pytest.approx(np.arange(0.025, 0.5, 0.05))


def test_a_sketch_is_as_small_for_a_long_sound_and_says_how_far_it_is() -> None:
    for seconds in (5.0, 300.0):
        audio = sine(seconds, channels=1)
        spectrum = finish(listen(audio))[1]
        shares, told = finish(sketch(audio, spectrum, -23.0))
        assert shares == sorted(shares)
        assert shares[-1] == pytest.approx(1.0)
        assert isinstance(told, Sketch)
        assert told.seconds == seconds
        assert told.integrated == -23.0
        assert told.spectrum is spectrum
        assert len(told.loudness.times) <= len(told.peaks.times) == over_time.STEPS
