from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.dsp.band_levels import Levels, listen
from assistant.material import Audio, Samples

RATE = 44_100


def heard(samples: Samples, rate: int = RATE) -> Levels:
    work = listen(Audio(samples, rate), lambda shape: np.full(shape, np.nan, np.float32))
    done = []
    while True:
        try:
            done.append(next(work))
        except StopIteration as end:
            assert done == sorted(done)
            assert not done or done[-1] == 1.0
            levels = end.value
            assert isinstance(levels, Levels)
            return levels


def tone(hertz: float, level: float = 0.5) -> Samples:
    turns = 2.0 * np.pi * hertz * np.arange(RATE) / RATE
    return np.asarray(level * np.sin(turns), dtype=np.float32)[None]


@settings(max_examples=20)
@given(st.integers(1, 3000))
def test_levels_are_those_of_the_bands(frames: int) -> None:
    samples = np.random.default_rng(frames).standard_normal((2, frames)).astype(np.float32)
    levels = heard(samples)
    assert levels.bands.shape == (4, -(-frames // levels.cell) + 1)
    assert np.isfinite(levels.powers).all()
    assert (levels.powers >= 0.0).all()


def test_the_level_of_a_tone_is_its_mean_square() -> None:
    levels = heard(np.repeat(tone(3000.0), 2, axis=0))
    assert levels.powers[2, 100:-100].mean() == pytest.approx(0.125, rel=0.01)
    assert levels.powers[0, 100:-100].max() < 1e-8
    assert levels.of(None)[100:-100].mean() == pytest.approx(0.125, rel=0.01)
    assert heard(tone(60.0)).of(None)[100:-100].mean() == pytest.approx(0.125 / 4.0, rel=0.01)


@pytest.mark.parametrize("hertz", [250.0, 997.0, 3001.0])
def test_a_steady_tone_has_a_steady_level(hertz: float) -> None:
    powers = heard(tone(hertz)).of(None)[100:-100].astype(np.float64)
    slow = np.convolve(powers, np.ones(25) / 25.0, "valid")  # 50 ms
    assert np.ptp(slow) < 1e-3 * slow.mean()


def test_the_low_frequency_channel_does_not_count() -> None:
    surround = np.zeros((6, RATE), np.float32)
    surround[3] = tone(60.0)[0]
    assert not heard(surround).powers.any()


def test_a_click_is_where_it_was() -> None:
    click = np.zeros((1, RATE), np.float32)
    click[0, 250 * 88] = 1.0
    assert int(heard(click).of(3).argmax()) == 250
