from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from assistant.dsp.psola import Grains, overlap_add

Array = NDArray[np.float64]

FRAMES = 2_000
PERIOD = 100.0


def noise(channels: int = 1, frames: int = FRAMES) -> Array:
    return np.random.default_rng(0).standard_normal((channels, frames))


def tone(period: float) -> Array:
    return np.asarray(np.sin(2.0 * np.pi * np.arange(FRAMES) / period)[None])


def grains(places: Array, sources: Array | None = None, speed: float = 1.0) -> Grains:
    sources = places if sources is None else sources
    speeds = np.full(places.size, speed)
    return Grains(places, sources, np.full(places.size, PERIOD), speeds)


def made(sound: Array, chosen: Grains, begins: int = 0) -> Array:
    first, last = int(np.ceil(chosen.places[0])), int(np.ceil(chosen.places[-1]))
    out = np.zeros((sound.shape[0], last - first))
    overlap_add(sound, begins, chosen, out)
    return out


@given(st.lists(st.floats(3.0, PERIOD), min_size=1, max_size=15))
def test_grains_that_stay_give_back_the_sound(steps: list[float]) -> None:
    places = 200.3 + np.cumsum([0.0, *steps])
    first, last = int(np.ceil(places[0])), int(np.ceil(places[-1]))
    sound = noise(2)
    np.testing.assert_allclose(made(sound, grains(places)), sound[:, first:last], atol=1e-12)


@given(st.floats(-3.0, 3.0))
def test_grains_are_set_to_a_fraction_of_a_frame(shift: float) -> None:
    places = np.arange(300.0, 1_500.0, PERIOD)
    got = made(tone(37.0), grains(places, places + shift))
    wanted = np.sin(2.0 * np.pi * (np.arange(300, 1_400) + shift) / 37.0)
    np.testing.assert_allclose(got[0], wanted, atol=1e-4)


@pytest.mark.parametrize("ratio", [0.75, 0.9, 1.1, 1.35, 2.0])
def test_the_distance_of_grains_makes_the_pitch(ratio: float) -> None:
    sound = np.zeros((1, FRAMES))
    sound[0, 100::100] = 1.0
    marks = np.arange(200.0, 1_801.0, PERIOD)
    places = np.arange(400.0, 1_600.0, PERIOD / ratio)
    nearest = marks[np.argmin(np.abs(marks - places[:, None]), axis=1)]
    got = made(sound, grains(places, nearest))[0]
    spectrum = np.abs(np.fft.rfft(got * np.hanning(got.size), 1 << 16))
    band = slice(int(0.6 * ratio / PERIOD * (1 << 16)), int(1.4 * ratio / PERIOD * (1 << 16)))
    peak = (band.start + int(np.argmax(spectrum[band]))) / (1 << 16)
    assert peak == pytest.approx(ratio / PERIOD, rel=0.005)


@pytest.mark.parametrize("speed", [0.8, 1.25])
def test_speed_moves_what_is_in_a_grain(speed: float) -> None:
    places = np.arange(500.0, 1_500.0, PERIOD)
    got = made(tone(10.0), grains(places, speed=speed))[0]
    spectrum = np.abs(np.fft.rfft(got * np.hanning(got.size), 1 << 14))
    peak = np.argmax(spectrum) / (1 << 14)
    assert peak == pytest.approx(speed / 10.0, abs=0.55 / PERIOD)


def test_what_is_louder_comes_out_louder_and_silence_stays_silence() -> None:
    places = np.arange(300.0, 1_500.0, 80.0)
    chosen = grains(places, places + 11.7)
    np.testing.assert_array_equal(made(4.0 * noise(), chosen), 4.0 * made(noise(), chosen))
    np.testing.assert_array_equal(made(np.zeros((1, FRAMES)), chosen), 0.0)


def test_channels_do_not_know_each_other() -> None:
    places = np.arange(300.0, 1_500.0, 80.0)
    chosen = grains(places, places + 11.7)
    sound = noise(3)
    for channel, alone in zip(made(sound, chosen), sound, strict=True):
        np.testing.assert_array_equal(channel, made(alone[None], chosen)[0])


def test_where_the_sound_is_cut_makes_no_difference() -> None:
    places = 300.0 + np.cumsum(np.full(10, 80.7))
    chosen = grains(places, places + 11.7)
    sound = noise()
    np.testing.assert_array_equal(made(sound, chosen), made(sound[:, 150:1_500], chosen, 150))


def test_beyond_its_ends_a_sound_is_silent() -> None:
    places = np.array([0.0, 60.0, 120.0])
    sound = np.ones((1, 100))
    got = made(sound, grains(places, places + np.array([0.0, 30.0, 70.0])))[0]
    assert np.isfinite(got).all()
    assert np.abs(got).max() <= 1.5
