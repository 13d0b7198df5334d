from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.signal import butter, sosfilt

from assistant.dsp.band_levels import Levels, listen
from assistant.dsp.loudness import Loudness
from assistant.dsp.multiband import compress
from assistant.mastering.dynamics import GLUE_LIMITING_DB, advise, swings, told
from assistant.material import Audio, Samples

RATE = 22_050
SECONDS = 12
TIME = np.arange(SECONDS * RATE) / RATE


def scratch(shape: tuple[int, ...]) -> Samples:
    return np.zeros(shape, dtype=np.float32)


def heard(samples: Samples) -> Levels:
    work = listen(Audio(samples, RATE), scratch)
    while True:
        try:
            next(work)
        except StopIteration as end:
            levels = end.value
            assert isinstance(levels, Levels)
            return levels


def noise(low_hz: float, high_hz: float, seed: int = 0) -> Samples:
    dice = np.random.default_rng(seed).standard_normal(TIME.size)
    bands = butter(2, [low_hz, high_hz], "bandpass", fs=RATE, output="sos")
    return np.asarray(sosfilt(bands, dice)[None], dtype=np.float32)


def mix(bass: Samples | float = 1.0, presence: Samples | float = 1.0) -> Samples:
    """Make an even mix, but for what its bass and its presence are multiplied by."""
    low = 0.2 * bass * np.sin(2.0 * np.pi * 55.0 * TIME)
    return np.asarray(
        low + 0.3 * noise(200.0, 1500.0) + 0.1 * presence * noise(2200.0, 5500.0, 1),
        dtype=np.float32,
    )


def one_in_eight(loud: float) -> Samples:
    """Make notes of half a second, every eighth of them louder."""
    return np.asarray(np.where((2.0 * TIME).astype(int) % 8 == 6, loud, 1.0), dtype=np.float32)


def test_an_even_mix_is_left_alone() -> None:
    assert advise(heard(mix())) == ()
    assert advise(heard(mix()), density=1.0) == ()


def test_a_bass_note_that_booms_is_held() -> None:
    found = advise(heard(mix(bass=one_in_eight(3.5))))
    assert [decision.compressor.band for decision in found] == [0]
    assert found[0].why.startswith("Some bass notes boom")


def test_presence_that_bursts_out_is_held() -> None:
    found = advise(heard(mix(presence=one_in_eight(4.0))))
    assert [decision.compressor.band for decision in found] == [2]
    assert "harsh" in found[0].why


def test_what_is_held_swings_less_afterwards() -> None:
    sound = mix(bass=one_in_eight(3.5))
    levels = heard(sound)
    wanted = [decision.compressor for decision in advise(levels)]
    work = compress(Audio(sound, RATE), levels, wanted, scratch)
    while True:
        try:
            next(work)
        except StopIteration as end:
            after = heard(np.asarray(end.value.samples))
            break
    assert swings(after)[0].over_db < swings(levels)[0].over_db - 1.0


def test_a_loud_chorus_is_no_reason() -> None:
    chorus = np.where(TIME < 8.0, 0.3, 1.0).astype(np.float32)
    assert advise(heard(mix() * chorus), density=1.0) == ()


def test_what_nobody_hears_is_no_reason() -> None:
    assert advise(heard(mix(presence=0.01 * one_in_eight(4.0))), density=1.0) == ()


def test_a_dense_master_asks_for_more() -> None:
    levels = heard(mix(bass=one_in_eight(2.2)))
    assert advise(levels, density=0.0) == ()
    assert [decision.compressor.band for decision in advise(levels, density=1.0)] == [0]


@pytest.mark.parametrize("density", [0.25, 1.0])
def test_all_of_it_is_held_only_where_the_peaks_ask_for_it(density: float) -> None:
    levels = heard(mix())
    from_db = GLUE_LIMITING_DB[0] + density * (GLUE_LIMITING_DB[1] - GLUE_LIMITING_DB[0])
    assert advise(levels, density=density, limiting_db=from_db - 0.1) == ()
    found = advise(levels, density=density, limiting_db=from_db + 0.1)
    assert [decision.compressor.band for decision in found] == [None]
    assert f"{from_db + 0.1:.1f} dB over the ceiling" in found[0].why


def test_a_transparent_master_is_never_held_as_a_whole() -> None:
    assert advise(heard(mix()), density=0.0, limiting_db=20.0) == ()


def test_the_amount_scales_what_is_done() -> None:
    levels = heard(mix(bass=one_in_eight(3.5)))
    whole, half = (advise(levels, amount=amount)[0].compressor for amount in (1.0, 0.5))
    assert half.most_db == pytest.approx(0.5 * whole.most_db)
    assert 1.0 - 1.0 / half.ratio == pytest.approx(0.5 * (1.0 - 1.0 / whole.ratio))
    assert advise(levels, amount=0.0) == ()


@settings(max_examples=8)
@given(st.floats(0.01, 10.0))
def test_louder_is_no_other_music(gain: float) -> None:
    sound = mix(bass=one_in_eight(3.5))
    first = advise(heard(sound))[0].compressor
    second = advise(heard(np.float32(gain) * sound))[0].compressor
    assert second.threshold_db - first.threshold_db == pytest.approx(
        20.0 * math.log10(gain), abs=0.01
    )
    assert second.most_db == pytest.approx(first.most_db, abs=0.01)


@pytest.mark.parametrize("frames", [0, 1, 1000, RATE, 3 * RATE])
def test_what_is_too_short_is_left_alone(frames: int) -> None:
    levels = heard(mix(bass=one_in_eight(3.5))[:, 3 * RATE :][:, :frames])
    assert advise(levels, density=1.0, limiting_db=20.0) == ()


def test_silence_is_left_alone() -> None:
    assert advise(heard(np.zeros((2, 10 * RATE), np.float32)), density=1.0) == ()


def reading(crest: float, loudness_range: float) -> Loudness:
    return Loudness(-20.0, -18.0, -16.0, loudness_range, -20.0 + crest, -20.0 + crest)


def test_range_and_peaks_are_told() -> None:
    text = told(reading(14.04, 7.2), reading(11.0, 6.1))
    assert "6.1 LU, 7.2 before" in text
    assert "11.0 dB over the loudness, 14.0 before" in text
    assert "range" not in told(reading(14.0, 0.0), reading(11.0, 0.0))
    silent = Loudness(-math.inf, -math.inf, -math.inf, 0.0, -math.inf, -math.inf)
    assert "too little" in told(silent, silent)
