from __future__ import annotations

from collections.abc import Generator
from typing import TypeVar

import numpy as np
import pytest
from numpy.typing import NDArray

from assistant.dsp import stretching
from assistant.dsp.concert_pitch import off_concert_pitch
from assistant.dsp.stretching import transpose, transposer
from assistant.material import Audio, Samples

T = TypeVar("T")
RATE = 22_050


def scratch(shape: tuple[int, ...]) -> Samples:
    return np.zeros(shape, dtype=np.float32)


def made(steps: Generator[float, None, T]) -> T:
    told = []
    while True:
        try:
            told.append(next(steps))
        except StopIteration as end:
            assert told == sorted(told)
            assert told[-1] == 1.0
            result: T = end.value
            return result


def chord(seconds: float, channels: int = 1) -> Audio:
    time = np.arange(round(seconds * RATE)) / RATE
    tones = [0.1 * np.sin(2.0 * np.pi * hz * time) for hz in (220.0, 261.63, 329.63, 440.0)]
    rows = np.sum(tones, axis=0) * (0.5 + 0.5 * np.arange(channels)[:, None])
    return Audio(rows.astype(np.float32), RATE)


def levels(sound: Audio) -> NDArray[np.float64]:
    tenth = RATE // 10
    row = sound.samples[0, : sound.frames // tenth * tenth].reshape(-1, tenth)
    return np.asarray(np.sqrt((row.astype(np.float64) ** 2).mean(axis=1)))


def test_nothing_is_moved_by_no_cents() -> None:
    sound = chord(1.0, channels=3)
    assert np.array_equal(made(transpose(sound, 0.0, scratch)).samples, sound.samples)


@pytest.mark.parametrize("cents", [-40.0, 30.0])
@pytest.mark.parametrize("channels", [1, 2, 3])
def test_chords_are_moved(cents: float, channels: int) -> None:
    sound = chord(4.0, channels)
    moved = made(transpose(sound, cents, scratch))
    assert moved.samples.shape == sound.samples.shape
    assert made(off_concert_pitch(moved))[0] == pytest.approx(cents, abs=4.0)
    assert levels(moved)[5:-5] == pytest.approx(levels(sound)[5:-5], rel=0.15)


@pytest.mark.parametrize("rate", [8_000, 44_100])
def test_nothing_begins_earlier_or_later(rate: int) -> None:
    clicks = np.zeros((1, 4 * rate), dtype=np.float32)
    places = [rate // 2, 2 * rate, 3 * rate]
    for place in places:
        clicks[0, place - 8 : place + 9] = np.hanning(17)
    moved = made(transpose(Audio(clicks, rate), 60.0, scratch)).samples[0].astype(np.float64)
    for place in places:
        around = slice(place - rate // 20, place + rate // 20)
        weights = moved[around] ** 2
        middle = float((weights * np.arange(weights.size)).sum() / weights.sum()) - rate // 20
        assert abs(middle) < 0.001 * rate


def test_blocks_are_joined_without_a_dent(monkeypatch: pytest.MonkeyPatch) -> None:
    sound = chord(20.0)
    monkeypatch.setattr(stretching, "_BLOCK_SECONDS", 5.0)
    moved = made(transpose(sound, 35.0, scratch))
    assert levels(moved)[5:-5] == pytest.approx(levels(sound)[5:-5], rel=0.15)


@pytest.mark.parametrize("seconds", [5.0, 9.0, 9.01, 5.5])
def test_any_length_is_filled(seconds: float, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stretching, "_BLOCK_SECONDS", 5.0)
    sound = chord(seconds)
    moved = made(transpose(sound, 20.0, scratch))
    assert levels(moved)[-4:-2] == pytest.approx(levels(sound)[-4:-2], rel=0.1)


def test_it_is_the_same_again() -> None:
    sound = chord(2.0, channels=2)
    first, second = (made(transpose(sound, 20.0, scratch)).samples for _ in range(2))
    assert np.array_equal(first, second)


def test_silence_stays_silent() -> None:
    silent = Audio(np.zeros((2, RATE), dtype=np.float32), RATE)
    assert not made(transpose(silent, 50.0, scratch)).samples.any()


@pytest.mark.parametrize("frames", [1, 50, 3000])
def test_short_sounds(frames: int) -> None:
    sound = Audio(np.full((1, frames), 0.1, dtype=np.float32), RATE)
    assert made(transpose(sound, 50.0, scratch)).frames == frames


@pytest.mark.parametrize("cents", [1201.0, -1300.0, float("nan")])
def test_too_far_is_refused(cents: float) -> None:
    with pytest.raises(ValueError, match="transposed by 1200"):
        made(transpose(chord(0.1), cents, scratch))


def test_librosa_takes_over_where_signalsmith_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    assert transposer() == "signalsmith-stretch"
    monkeypatch.setattr(stretching, "find_spec", lambda name: None)
    assert transposer() == "librosa"
    moved = made(transpose(chord(3.0), 30.0, scratch))
    assert moved.frames == 3 * RATE
    assert made(off_concert_pitch(moved))[0] == pytest.approx(30.0, abs=4.0)
