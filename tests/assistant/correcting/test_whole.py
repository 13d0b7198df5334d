"""Several voices moved together."""

from __future__ import annotations

import numpy as np
import pytest

from assistant.correcting.whole import Moved, move_whole
from assistant.errors import MaterialError
from assistant.material import Audio, Samples

RATE = 44_100


def zeros(shape: tuple[int, ...]) -> Samples:
    return np.zeros(shape, dtype=np.float32)


def chord(cents: float) -> Audio:
    time = np.arange(4 * RATE) / RATE
    tones = [
        np.sin(2.0 * np.pi * k * 440.0 * 2.0 ** ((p - 69.0 + cents / 100.0) / 12.0) * time) / k
        for p in (52, 56, 59, 64)
        for k in (1, 2, 3)
    ]
    return Audio((0.05 * np.sum(tones, axis=0))[None].astype(np.float32), RATE)


def moved(audio: Audio, strength: float = 100.0, a4_hz: float = 440.0) -> Moved:
    work = move_whole(audio, a4_hz, strength, zeros)
    told = [0.0]
    while True:
        try:
            told.append(next(work))
        except StopIteration as done:
            assert told == sorted(told)
            assert told[-1] <= 1.0
            made: Moved = done.value
            return made


def test_what_is_flat_comes_to_concert_pitch() -> None:
    made = moved(chord(-30.0))
    assert made.before == pytest.approx(-30.0, abs=2.0)
    assert made.cents == pytest.approx(-made.before)
    assert made.after == pytest.approx(0.0, abs=3.0)
    assert made.audio.frames == 4 * RATE


def test_half_the_strength_goes_half_the_way() -> None:
    assert moved(chord(-30.0), 50.0).after == pytest.approx(-15.0, abs=3.0)


def test_another_concert_pitch_is_another_goal() -> None:
    made = moved(chord(0.0), a4_hz=432.0)
    assert made.cents == pytest.approx(1200.0 * np.log2(432.0 / 440.0), abs=2.0)


def test_what_is_in_tune_or_has_no_tuning_is_refused() -> None:
    with pytest.raises(MaterialError, match="in tune"):
        moved(chord(1.0))
    noise = np.random.default_rng(0).normal(0.0, 0.1, (1, 2 * RATE)).astype(np.float32)
    with pytest.raises(MaterialError, match="no clear tuning"):
        moved(Audio(noise, RATE))


def test_only_the_span_is_moved() -> None:
    audio = chord(-30.0)
    work = move_whole(audio, 440.0, 100.0, zeros, (1.0, 3.0))
    while True:
        try:
            next(work)
        except StopIteration as done:
            made: Moved = done.value
            break
    changed = np.flatnonzero(made.audio.samples[0] != audio.samples[0]) / RATE
    assert 1.0 <= changed.min() < 1.01
    assert 2.99 < changed.max() <= 3.0
    assert made.untouched == pytest.approx(0.5)
    assert made.words(440.0).startswith("what lies within the range is 30 cents below A4 = 440 Hz")
    steps = np.abs(np.diff(made.audio.samples[0]))
    assert steps.max() < 1.5 * np.abs(np.diff(audio.samples[0])).max()
