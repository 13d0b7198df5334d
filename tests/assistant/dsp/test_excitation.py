from __future__ import annotations

import numpy as np
import pytest

from assistant.dsp.ear import BAND_CAMS, BANDS, COMPONENT_HZ, COMPONENTS, cams_of
from assistant.dsp.excitation import (
    EARS,
    excitations,
    powers_at_ears,
    window_frames_of,
)
from assistant.errors import MaterialError
from assistant.material import Samples
from tests.assistant.dsp.ear_sounds import flat_noise, tones

START = np.zeros(1, np.int64)


def sine(hertz: float, frames: int, rate: int) -> Samples:
    made = np.sin(2.0 * np.pi * hertz / rate * np.arange(frames))
    return np.asarray(made[None], np.float32)


@pytest.mark.parametrize("rate", [8_000, 44_100, 48_000, 96_000, 192_000])
def test_a_sine_has_its_power_at_its_place_at_every_rate(rate: int) -> None:
    heard = powers_at_ears(sine(1000.0, window_frames_of(rate), rate), rate, START)[0, 0]
    assert heard.sum() == pytest.approx(0.5, rel=0.01)
    near = np.abs(cams_of(COMPONENT_HZ) - cams_of(1000.0)) < 0.5
    assert heard[near].sum() == pytest.approx(0.5, rel=0.01)


@pytest.mark.parametrize("rate", [8_000, 44_100, 48_000, 192_000])
def test_windows_are_about_as_long_at_every_rate(rate: int) -> None:
    assert 0.12 <= window_frames_of(rate) / rate <= 0.24


def test_white_noise_is_flat_in_power_a_hertz() -> None:
    rate, count = 48_000, 40
    size = window_frames_of(rate)
    noise = np.random.default_rng(1).standard_normal((1, size * count)).astype(np.float32)
    heard = powers_at_ears(noise, rate, np.arange(count) * size)[0].mean(axis=0)
    for low, high in ((30.0, 100.0), (100.0, 1000.0), (1000.0, 15_000.0)):
        inside = (low < COMPONENT_HZ) & (high > COMPONENT_HZ)
        want = flat_noise(0.0, 24_000.0, 0.0)[0, inside].sum() / (rate / 2)
        assert heard[inside].sum() == pytest.approx(want, rel=0.25 if low < 100.0 else 0.05)


def test_one_channel_reaches_both_ears() -> None:
    left, right = powers_at_ears(sine(200.0, 9000, 48_000), 48_000, START)
    np.testing.assert_array_equal(left, right)


def test_two_channels_reach_an_ear_each() -> None:
    one = sine(200.0, 9000, 48_000)
    left, right = powers_at_ears(np.concatenate([one, 0.0 * one]), 48_000, START)
    assert left.sum() == pytest.approx(0.5, rel=0.01)
    assert right.sum() == 0.0


def test_of_more_channels_the_mean_reaches_both_ears() -> None:
    one = sine(200.0, 9000, 48_000)
    left, right = powers_at_ears(np.concatenate([one, 0.0 * one, one, one]), 48_000, START)
    assert left.sum() == pytest.approx(0.5 * 3 / 4, rel=0.01)
    np.testing.assert_array_equal(left, right)


def test_low_down_the_whole_window_is_heard_and_high_up_its_middle_quarter() -> None:
    rate = 48_000
    size = window_frames_of(rate)
    for hertz, low in ((200.0, True), (3000.0, False)):
        near = np.abs(cams_of(COMPONENT_HZ) - cams_of(hertz)) < 1.0
        edges, middle = sine(hertz, size, rate), sine(hertz, size, rate)
        edges[:, size * 3 // 8 : size * 5 // 8] = 0.0
        middle -= edges
        at_the_edges = powers_at_ears(edges, rate, START)[0, 0, near].sum()
        in_the_middle = powers_at_ears(middle, rate, START)[0, 0, near].sum()
        assert (at_the_edges > 0.05) == low
        assert in_the_middle > 0.1
        if not low:
            assert in_the_middle == pytest.approx(0.5, rel=0.01)


def test_windows_do_not_depend_on_each_other() -> None:
    noise = np.random.default_rng(2).standard_normal((2, 60_000)).astype(np.float32)
    starts = np.arange(0, 50_000, 1500)
    together = powers_at_ears(noise, 48_000, starts)
    assert together.shape == (EARS, len(starts), COMPONENTS)
    for n in (0, 17, len(starts) - 1):
        alone = powers_at_ears(noise, 48_000, starts[n : n + 1])
        np.testing.assert_array_equal(together[:, n], alone[:, 0])


def test_beyond_the_end_there_is_silence() -> None:
    short = sine(1000.0, 3000, 48_000)
    padded = np.pad(short, ((0, 0), (0, 20_000)))
    starts = np.array([0, 2000, 3000, 10_000])
    np.testing.assert_array_equal(
        powers_at_ears(short, 48_000, starts), powers_at_ears(padded, 48_000, starts)
    )
    assert powers_at_ears(short, 48_000, starts[2:]).sum() == 0.0


def test_no_windows_are_none() -> None:
    none = powers_at_ears(sine(1000.0, 3000, 48_000), 48_000, np.zeros(0, np.int64))
    assert none.shape == (EARS, 0, COMPONENTS)


def test_a_window_before_the_sound_is_refused() -> None:
    with pytest.raises(MaterialError, match="before"):
        powers_at_ears(sine(1000.0, 3000, 48_000), 48_000, np.array([-1]))


def test_a_tone_excites_most_where_it_is_and_1_khz_by_its_level() -> None:
    for hertz in (100.0, 1000.0, 4000.0):
        excited = excitations(tones(hertz, 60.0))[0]
        assert BAND_CAMS[excited.argmax()] == pytest.approx(float(cams_of(hertz)), abs=0.5)
    level_db = 10.0 * np.log10(excitations(tones(1000.0, 60.0)).max())
    assert level_db == pytest.approx(60.0, abs=1.2)  # the nearest band lies a fifth of a Cam off


def test_a_loud_tone_reaches_farther_up_and_no_farther_down() -> None:
    soft, loud = (
        10.0 * np.log10(excitations(tones(1000.0, level))[0]) - level for level in (40.0, 80.0)
    )
    above = int(np.searchsorted(BAND_CAMS, cams_of(1000.0) + 4.0))
    below = int(np.searchsorted(BAND_CAMS, cams_of(1000.0) - 4.0))
    assert loud[above] > soft[above] + 10.0
    assert loud[below] == pytest.approx(soft[below], abs=0.1)


def test_what_is_heard_together_adds_up() -> None:
    two = np.concatenate([tones(300.0, 70.0), flat_noise(500.0, 2000.0, 40.0)])
    np.testing.assert_allclose(
        excitations(two).sum(axis=0), excitations(two.sum(axis=0, keepdims=True))[0]
    )


def test_the_filters_follow_from_all_that_sounds() -> None:
    soft, loud = tones(1000.0, 30.0), tones(1000.0, 90.0)
    beside = excitations(np.concatenate([soft, loud]))[0]
    above = int(np.searchsorted(BAND_CAMS, cams_of(1000.0) + 4.0))
    assert beside[above] > 10.0 * excitations(soft)[0, above]


def test_silence_excites_nothing() -> None:
    assert not excitations(np.zeros((3, COMPONENTS))).any()
    assert excitations(np.zeros((0, COMPONENTS))).shape == (0, BANDS)
