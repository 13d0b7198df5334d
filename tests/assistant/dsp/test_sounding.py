"""Loudness where a track sounds: near to BS.1770, and steady where that is not."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from assistant.dsp.loudness import measure
from assistant.dsp.moments import moments
from assistant.dsp.sounding import Sounding, sounding
from assistant.material import Audio
from assistant.steps import result

RATE = 22_050
SECONDS = 8.0
Row = NDArray[np.float64]


def heard(*rows: Row, rate: int = RATE) -> Sounding:
    return sounding(result(moments(Audio(np.stack(rows).astype(np.float32), rate))))


def integrated(*rows: Row) -> float:
    return measure(Audio(np.stack(rows).astype(np.float32), RATE)).integrated


def noise(seed: int = 1, seconds: float = SECONDS) -> Row:
    return 0.1 * np.random.default_rng(seed).standard_normal(round(seconds * RATE))


def strokes(every: float) -> Row:
    time = np.arange(round(SECONDS * RATE)) / RATE
    return noise(2) * np.exp(-(time % every) / 0.08)


def test_what_plays_on_is_as_loud_as_its_integrated_loudness() -> None:
    pair = noise(1), noise(2)
    assert heard(*pair).loudness == pytest.approx(integrated(*pair), abs=0.3)


def test_a_mono_track_is_heard_from_both_sides() -> None:
    assert heard(noise()).loudness == pytest.approx(integrated(noise(), noise()), abs=0.3)


@pytest.mark.parametrize("hertz", [60.0, 1_000.0, 5_000.0])
@pytest.mark.parametrize("rate", [16_000, 44_100, 96_000])
def test_a_tone_is_weighted_as_bs_1770_has_it_at_every_rate(hertz: float, rate: int) -> None:
    tone = 0.1 * np.sin(2.0 * np.pi * hertz * np.arange(4 * rate) / rate)
    meant = measure(Audio(np.stack([tone, tone]).astype(np.float32), rate)).integrated
    assert heard(tone, rate=rate).loudness == pytest.approx(meant, abs=0.4)


@pytest.mark.parametrize("gain_db", [-30.0, -6.0, 12.0])
def test_louder_is_louder_by_as_much(gain_db: float) -> None:
    before, after = heard(strokes(0.5)), heard(10.0 ** (gain_db / 20.0) * strokes(0.5))
    assert after.loudness - before.loudness == pytest.approx(gain_db, abs=1e-3)
    np.testing.assert_array_equal(after.moments, before.moments)


@pytest.mark.parametrize("every", [1.0, 4.0])
def test_hiss_under_seldom_strokes_hardly_counts(every: float) -> None:
    hiss = 10.0 ** ((heard(strokes(every)).loudness - 14.0 - heard(noise(3)).loudness) / 20.0)
    hissing = strokes(every) + hiss * noise(3)
    assert heard(hissing).loudness == pytest.approx(heard(strokes(every)).loudness, abs=0.6)


def test_a_gate_under_the_mean_of_the_whole_lets_that_hiss_through() -> None:
    """Why this is not integrated loudness."""
    hiss = 10.0 ** ((heard(strokes(4.0)).loudness - 14.0 - heard(noise(3)).loudness) / 20.0)
    hissing = strokes(4.0) + hiss * noise(3)
    assert integrated(strokes(4.0), strokes(4.0)) - integrated(hissing, hissing) > 3.0


def test_seldom_strokes_are_as_loud_as_frequent_ones() -> None:
    assert heard(strokes(4.0)).loudness == pytest.approx(heard(strokes(1.0)).loudness, abs=0.5)


@pytest.mark.parametrize("hertz", [20.0, 28.0])
def test_rumble_hardly_counts(hertz: float) -> None:
    time = np.arange(round(SECONDS * RATE)) / RATE
    rumble = np.sqrt(2.0) * 0.1 * np.sin(2.0 * np.pi * hertz * time)
    assert heard(noise() + rumble).loudness == pytest.approx(heard(noise()).loudness, abs=0.2)


def test_an_offset_hardly_counts() -> None:
    assert heard(noise() + 0.1).loudness == pytest.approx(heard(noise()).loudness, abs=0.1)


def test_where_it_sounds_is_where_it_is_struck() -> None:
    there = heard(strokes(4.0)).moments
    assert there.shape == (80,)
    assert there[:2].all()
    assert not there[10:38].any()


@pytest.mark.parametrize("seconds", [0.0, 0.05, 2.0])
def test_silence_has_no_loudness(seconds: float) -> None:
    silent = heard(np.zeros(round(seconds * RATE)))
    assert silent.loudness == -np.inf
    assert not silent.moments.any()


@pytest.mark.parametrize("seconds", [0.1, 0.2, 0.35])
def test_what_is_short_is_heard_all_the_same(seconds: float) -> None:
    loudness = heard(noise(seconds=seconds)).loudness
    assert loudness == pytest.approx(heard(noise()).loudness, abs=3.0)
