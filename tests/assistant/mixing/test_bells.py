"""Bells are told one after the other, with their gains, and no longer when they are cut."""

from __future__ import annotations

import numpy as np
import pytest

from assistant.dsp.equaliser import Band
from assistant.material import Audio
from assistant.mixing.bells import APART_OCTAVES, LEAST_ODDS, ToldBell, bells_in
from assistant.models.bell_net import BellNet
from bridge.presets import weights
from tests.assistant.dsp.test_bells import RATE, SECONDS, lifted, pink
from tests.assistant.dsp.test_spectral_views import seen


def told(sound: Audio, most: int = 4) -> list[ToldBell]:
    return bells_in(seen(sound), BellNet(weights("bells")), most)


def tune(dice: np.random.Generator, hiss: float = 1e-4) -> Audio:
    """Play notes whose overtones differ from one to the next, with rests, over a little hiss."""
    times = np.arange(RATE) / RATE
    notes = []
    for pitch in dice.integers(45, 70, round(SECONDS)):
        hertz = 440.0 * 2.0 ** ((pitch - 69) / 12.0)
        strengths = 10.0 ** (dice.normal(0.0, 5.0, 30) / 20.0) / np.arange(1, 31)
        lines = np.sin(2.0 * np.pi * hertz * np.outer(np.arange(1, 31), times))
        notes.append(np.exp(-16.0 * times) * (strengths @ lines))
    played = np.concatenate(notes)
    noise = hiss * dice.standard_normal(played.size)
    return Audio((0.1 * played / played.std() + noise).astype(np.float32)[None], RATE)


@pytest.mark.parametrize(
    ("hertz", "gain", "q"),
    [(200.0, 9.0, 3.0), (1000.0, 6.0, 4.0), (3000.0, 12.0, 7.0), (400.0, 8.0, 0.7)],
)
def test_a_bell_is_told_with_its_gain_and_width(hertz: float, gain: float, q: float) -> None:
    best = told(lifted(pink(), Band("bell", hertz, gain, q)))[0]
    assert abs(np.log2(best.bell.freq_hz / hertz)) < 1.0 / 6.0
    assert best.bell.gain_db == pytest.approx(gain, abs=2.0)
    assert 0.5 < best.bell.q / q < 2.0
    assert best.odds > 0.5


@pytest.mark.parametrize("seed", [2, 3, 4])
@pytest.mark.parametrize("hertz", [500.0, 1000.0, 2500.0])
def test_a_bell_is_told_in_a_tune(seed: int, hertz: float) -> None:
    best = told(lifted(tune(np.random.default_rng(seed)), Band("bell", hertz, 9.0, 4.0)))[0]
    assert abs(np.log2(best.bell.freq_hz / hertz)) < 1.0 / 6.0
    assert best.bell.gain_db == pytest.approx(9.0, abs=2.0)


def test_what_is_cut_is_not_told_again() -> None:
    sound = lifted(pink(), Band("bell", 700.0, 10.0, 4.0))
    (best,) = told(sound)
    assert all(one.bell.gain_db < 3.0 for one in told(lifted(sound, best.bell.cut)))


def test_two_bells_are_told_apart() -> None:
    bands = Band("bell", 400.0, 9.0, 4.0), Band("bell", 2500.0, 10.0, 4.0)
    sound = lifted(pink(), *bands)
    assert sorted(one.bell.freq_hz for one in told(sound, 2)) == pytest.approx(
        [400.0, 2500.0], rel=0.12
    )
    assert [len(told(sound, most)) for most in (0, 1, 2)] == [0, 1, 2]


def test_bells_are_sure_and_apart() -> None:
    bells = told(lifted(tune(np.random.default_rng(5)), Band("bell", 900.0, 12.0, 3.0)))
    assert all(LEAST_ODDS <= one.odds <= 1.0 for one in bells)
    places = np.log2([one.bell.freq_hz for one in bells])
    assert all(
        abs(places[n] - places[m]) >= APART_OCTAVES[bells[n].is_broad]
        for n in range(len(bells))
        for m in range(n)
        if bells[n].is_broad is bells[m].is_broad
    )


def test_a_slope_has_none_and_a_shelf_no_narrow_one() -> None:
    assert all(one.bell.gain_db < 3.0 for one in told(pink()))
    for band in (Band("high shelf", 2000.0, 9.0), Band("low shelf", 300.0, 9.0)):
        shelf = told(lifted(pink(), band))
        assert all(one.bell.gain_db < 3.0 or one.is_broad for one in shelf)


def test_more_lift_is_told_as_more_and_level_as_nothing() -> None:
    sounds = [lifted(pink(), Band("bell", 1000.0, gain, 4.0)) for gain in (6.0, 9.0, 12.0)]
    gains = [told(sound)[0].bell.gain_db for sound in sounds]
    assert np.diff(gains) == pytest.approx([3.0, 3.0], abs=1.0)
    softer = Audio((0.01 * sounds[1].samples).astype(np.float32), RATE)
    assert told(softer)[0].bell.gain_db == pytest.approx(gains[1], abs=0.01)


@pytest.mark.parametrize("rate", [8_000, 96_000])
def test_any_rate_and_one_channel(rate: int) -> None:
    best = told(lifted(pink(1, rate), Band("bell", 1000.0, 9.0, 4.0)))[0]
    assert best.bell.freq_hz == pytest.approx(1000.0, rel=0.1)


@pytest.mark.parametrize("frames", [1, 100, RATE])
def test_silence_has_none(frames: int) -> None:
    assert told(Audio(np.zeros((2, frames), np.float32), RATE)) == []
