from __future__ import annotations

import tracemalloc
from collections.abc import Callable

import numpy as np
import pytest

from assistant.dsp.noise_pauses import bands_of, find_print, listened, pauses_in
from assistant.dsp.noise_print import print_of
from assistant.material import Audio
from assistant.steps import result
from tests.assistant.dsp.noisy import RATE, Signal, fan, plucked, sound, white

TIME = np.arange(10 * RATE) / RATE


def brushes() -> Signal:
    """Make a snare that is brushed round and round."""
    return np.asarray((0.55 + 0.45 * np.sin(2.0 * np.pi * 2.3 * TIME)) * white(TIME.size))


def riser() -> Signal:
    """Make noise that swells by 3 dB a second."""
    return np.asarray(10.0 ** (3.0 * (TIME - 10.0) / 20.0) * white(TIME.size))


def drums() -> Signal:
    """Make noise that is struck four times a second, and rings out."""
    return np.asarray(np.exp(-9.0 * (TIME % 0.25)) * white(TIME.size))


def pad() -> Signal:
    """Make a chord that is held soft, and then loud."""
    tones = sum(np.sin(2.0 * np.pi * hz * TIME + hz) for hz in np.arange(110.0, 6_000.0, 54.7))
    return np.asarray(np.where(TIME < 5.0, 0.1, 1.0) * np.asarray(tones) / 8.0)[np.newaxis]


@pytest.mark.parametrize("noise", [white, fan])
def test_the_noise_of_the_pauses_is_the_print(noise: Callable[[int], Signal]) -> None:
    alone = 0.05 * noise(10 * RATE)
    made = result(find_print(sound(0.3 * plucked(10.0, gap_s=0.8) + alone)))
    assert made is not None
    assert made.how == "pauses"
    assert made.confidence > 0.7
    found, true = bands_of(made), bands_of(print_of(sound(alone), 0.0, 10.0))
    assert np.abs(found - true).max() < 1.5


def test_pauses_are_where_nobody_plays() -> None:
    take = sound(0.3 * plucked(10.0, gap_s=0.8) + 0.03 * white(10 * RATE))
    found = pauses_in(result(listened(take)))
    assert found is not None
    for start, end in found[0]:
        assert start % 2.0 < 0.4
        assert start % 2.0 + end - start < 0.9


@pytest.mark.parametrize("make", [brushes, riser, drums, pad])
def test_music_that_does_not_pause_has_no_print(make: Callable[[], Signal]) -> None:
    assert result(find_print(sound(0.2 * make()))) is None


def test_strings_that_do_not_pause_have_none() -> None:
    assert result(find_print(sound(0.2 * plucked(10.0)))) is None


def test_all_noise_is_not_told_from_music() -> None:
    assert result(find_print(sound(0.1 * white(10 * RATE)))) is None


@pytest.mark.parametrize("level", [0.0, 2e-6])
def test_what_is_not_heard_is_no_noise(level: float) -> None:
    take = sound(0.3 * plucked(10.0, gap_s=0.8) + level * white(10 * RATE))
    assert result(find_print(take)) is None


@pytest.mark.parametrize("frames", [0, 10, RATE // 4])
def test_a_moment_is_too_short(frames: int) -> None:
    assert result(find_print(sound(white(frames)))) is None


@pytest.mark.parametrize("rate", [8_000, 44_100])
def test_it_works_at_other_rates(rate: int) -> None:
    noise = 0.02 * np.random.default_rng(3).standard_normal((2, 8 * rate))
    take = sound(0.3 * plucked(8.0, gap_s=0.8, rate=rate) + noise, rate)
    made = result(find_print(take))
    assert made is not None
    assert 10.0 * np.log10(made.levels.mean() / 4e-4) == pytest.approx(0.0, abs=0.7)


def test_a_longer_take_needs_no_more_memory() -> None:
    def peak(seconds: float) -> int:
        take = sound(0.3 * plucked(seconds, gap_s=0.8, rate=8_000), 8_000)
        take = Audio(take.samples + 0.01 * white(take.frames).astype(np.float32), 8_000)
        tracemalloc.start()
        try:
            assert result(find_print(take)) is not None
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    peak(30.0)
    assert peak(600.0) < 1.2 * peak(60.0)
