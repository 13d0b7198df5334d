from __future__ import annotations

import math
import os
import tracemalloc
from collections.abc import Callable
from dataclasses import astuple
from pathlib import Path

import numpy as np
import pyebur128
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from assistant.dsp import gating
from assistant.dsp.kweighting import CHANNEL_WEIGHTS, HOPS_PER_SECOND, Energies
from assistant.dsp.loudness import (
    Loudness,
    energies,
    gated_loudness,
    integrated,
    loudness_range,
    measure,
    metering,
    momentary,
    short_term,
    tenths,
)
from assistant.dsp.truepeak import true_peak
from assistant.errors import MaterialError
from assistant.material import Audio, Samples
from assistant.steps import result
from bench.ebu import TOLERANCES, Case, cases, error, tone

RATE = 48_000
DATA = os.environ.get("BANDMATE_TEST_DATA")


def noise(shape: tuple[int, ...], seed: int = 0) -> Samples:
    return np.random.default_rng(seed).standard_normal(shape).astype(np.float32) * np.float32(0.1)


def swelling(seconds: float, channels: int, seed: int, rate: int = RATE) -> Samples:
    """Make noise that goes through loud and quiet passages."""
    dice = np.random.default_rng(seed)
    steps = np.repeat(10.0 ** dice.uniform(-2.0, 0.0, 40), int(seconds * rate) // 40)
    return noise((channels, len(steps)), seed) * steps.astype(np.float32)


METERS: dict[str, Callable[[Energies], float | NDArray[np.float64]]] = {
    "integrated": integrated,
    "short_term": short_term,
    "momentary": momentary,
    "loudness_range": loudness_range,
}


def reading(case: Case, rate: int) -> float | NDArray[np.float64]:
    samples = case.make(rate)
    if case.quantity == "true_peak":
        return 20.0 * math.log10(true_peak(samples))
    return METERS[case.quantity](energies(samples, rate))


def oracle(audio: Audio) -> tuple[float, float]:
    """Ask libebur128 for integrated loudness and loudness range."""
    modes = pyebur128.MeasurementMode
    state = pyebur128.R128State(audio.channels, audio.rate, modes.MODE_I | modes.MODE_LRA)
    state.add_frames(np.ascontiguousarray(audio.samples.T).ravel(), audio.frames)
    return pyebur128.get_loudness_global(state), pyebur128.get_loudness_range(state)


def song(name: str) -> Audio:
    """Read a finished mix, or sum up the stems."""
    folder = Path(str(DATA))
    pattern = "stems/potassium/*.flac" if name == "stems" else f"music/{name}*.ogg"
    files = sorted(folder.glob(pattern))
    assert files, f"{folder / pattern} is not there"
    sounds = [soundfile.read(file, dtype="float32", always_2d=True) for file in files]
    frames = min(len(samples) for samples, _ in sounds)
    total = np.sum([samples[:frames].T for samples, _ in sounds], axis=0, dtype=np.float32)
    return Audio(np.ascontiguousarray(total), sounds[0][1])


class TestStandards:
    @pytest.mark.parametrize("rate", [44_100, 48_000, 96_000, 192_000])
    @pytest.mark.parametrize("quantity", TOLERANCES)
    def test_every_signal_reads_as_it_should(self, quantity: str, rate: int) -> None:
        low, high = TOLERANCES[quantity]
        asked = [case for case in cases() if case.quantity == quantity]
        off = {case.name: error(case, reading(case, rate), 100.0) for case in asked}
        assert len(off) >= 4
        assert {name: e for name, e in off.items() if not low <= e <= high} == {}

    @pytest.mark.parametrize("rate", [8_000, 11_025, 22_050, 32_000])
    def test_a_tone_reads_as_it_should_at_low_rates(self, rate: int) -> None:
        heard = energies(tone((-23, 20))(rate), rate)
        assert integrated(heard) == pytest.approx(-23.0, abs=0.21 if rate < 16_000 else 0.03)

    def test_full_scale_sine_in_one_channel_reads_minus_3(self) -> None:
        sine = np.sin(2.0 * np.pi * 997.0 / RATE * np.arange(RATE * 5)).astype(np.float32)[None]
        assert measure(Audio(sine, RATE)).integrated == pytest.approx(-3.01, abs=0.01)


class TestOracle:
    @given(
        seed=st.integers(0, 9999),
        channels=st.sampled_from((1, 2, 5)),
        rate=st.sampled_from((44_100, 48_000)),
    )
    @settings(max_examples=12, deadline=None)
    def test_noise_reads_as_libebur128_reads_it(self, seed: int, channels: int, rate: int) -> None:
        audio = Audio(swelling(20.0, channels, seed, rate), rate)
        assert measure(audio).integrated == pytest.approx(oracle(audio)[0], abs=0.02)

    @pytest.mark.data
    @pytest.mark.skipif(DATA is None, reason="BANDMATE_TEST_DATA is not set")
    @pytest.mark.parametrize("name", ["karissa", "kevin", "stems"])
    def test_music_reads_as_libebur128_reads_it(
        self, name: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        audio = song(name)
        mine, (lufs, range_lu) = measure(audio), oracle(audio)
        assert mine.integrated == pytest.approx(lufs, abs=0.02)
        assert mine.loudness_range == pytest.approx(range_lu, abs=0.1)
        assert mine.momentary_max > mine.short_term_max > mine.integrated
        assert mine.true_peak >= mine.sample_peak
        monkeypatch.setattr(gating, "STEP", HOPS_PER_SECOND)  # as libebur128 steps
        heard = energies(audio.samples, audio.rate)
        assert loudness_range(heard) == pytest.approx(range_lu, abs=0.02)


class TestMeasure:
    @given(seed=st.integers(0, 9999), gain_db=st.floats(-10.0, 6.0))
    @settings(max_examples=15, deadline=None)
    def test_gain_moves_every_level_and_leaves_the_range(self, seed: int, gain_db: float) -> None:
        samples = swelling(8.0, 2, seed)
        before = measure(Audio(samples, RATE))
        after = measure(Audio(samples * np.float32(10.0 ** (gain_db / 20.0)), RATE))
        moved = np.subtract(astuple(after), astuple(before))
        np.testing.assert_allclose(moved, np.where(np.arange(6) == 3, 0.0, gain_db), atol=1e-4)

    @given(seed=st.integers(0, 9999))
    @settings(max_examples=10, deadline=None)
    def test_order_and_polarity_of_a_stereo_pair_do_not_matter(self, seed: int) -> None:
        samples = swelling(8.0, 2, seed)
        before = measure(Audio(samples, RATE))
        for other in (samples[::-1], -samples, np.stack([samples[0], -samples[1]])):
            assert astuple(measure(Audio(other, RATE))) == pytest.approx(astuple(before), abs=1e-9)

    def test_mono_in_two_channels_is_3_db_louder(self) -> None:
        row = swelling(8.0, 1, seed=1)
        mono = measure(Audio(row, RATE))
        stereo = measure(Audio(np.repeat(row, 2, axis=0), RATE))
        assert stereo.integrated - mono.integrated == pytest.approx(3.0103, abs=1e-4)
        assert stereo.true_peak == mono.true_peak

    def test_low_frequency_channel_is_not_heard(self) -> None:
        samples = swelling(8.0, 6, seed=2)
        before = measure(Audio(samples, RATE))
        samples[3] = 0.0
        assert measure(Audio(samples, RATE)).integrated == before.integrated

    @pytest.mark.parametrize("channels", sorted(CHANNEL_WEIGHTS))
    @pytest.mark.parametrize("rate", [8_000, 192_000])
    def test_takes_all_channels_and_rates(self, channels: int, rate: int) -> None:
        seen = measure(Audio(noise((channels, 4 * rate)), rate))
        assert all(math.isfinite(value) for value in astuple(seen))

    @pytest.mark.parametrize("frames", [0, 1, 100, 10 * RATE])
    def test_silence_is_minus_infinity_and_never_nan(self, frames: int) -> None:
        silence = Audio(np.zeros((2, frames), dtype=np.float32), RATE)
        nothing = -math.inf
        assert measure(silence) == Loudness(nothing, nothing, nothing, 0.0, nothing, nothing)

    @pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
    def test_refuses_what_is_no_number(self, value: float) -> None:
        samples = noise((2, RATE))
        samples[1, 777] = value
        with pytest.raises(MaterialError, match="no numbers"):
            measure(Audio(samples, RATE))

    def test_part_of_a_block_does_not_count(self) -> None:
        seen = measure(Audio(tone((-23, 0.55))(RATE), RATE))
        assert seen.integrated == pytest.approx(-23.0, abs=0.05)
        assert seen.momentary_max == pytest.approx(-23.0, abs=0.05)
        assert seen.short_term_max == -math.inf

    def test_under_400_ms_there_is_no_loudness_but_a_peak(self) -> None:
        seen = measure(Audio(tone((-23, 0.399))(RATE), RATE))
        assert seen.integrated == seen.momentary_max == -math.inf
        assert seen.true_peak == pytest.approx(-23.0, abs=0.2)
        assert measure(Audio(tone((-23, 0.4))(RATE), RATE)).integrated > -24.0

    def test_mapped_audio_is_read_in_blocks(self, tmp_path: Path) -> None:
        samples = swelling(120.0, 2, seed=3)
        samples.tofile(tmp_path / "planar")
        samples.T.tofile(tmp_path / "interleaved")
        expected = measure(Audio(samples, RATE))
        planar = np.memmap(tmp_path / "planar", np.float32, "r", shape=samples.shape)
        interleaved = np.memmap(tmp_path / "interleaved", np.float32, "r", shape=samples.T.shape).T
        for mapped in (planar, interleaved):
            tracemalloc.start()
            assert measure(Audio(mapped, RATE)) == expected
            peak_bytes = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
            assert peak_bytes < samples.nbytes / 10


class TestGates:
    def test_silence_between_is_left_out(self) -> None:
        heard = energies(tone((-23, 10), (-math.inf, 10))(RATE), RATE)
        assert integrated(heard) == pytest.approx(-23.0, abs=0.1)

    def test_what_lies_10_lu_below_all_is_left_out(self) -> None:
        out = energies(tone((-23, 10), (-36.3, 10))(RATE), RATE)
        within = energies(tone((-23, 10), (-35.0, 10))(RATE), RATE)
        assert integrated(out) == pytest.approx(-23.0, abs=0.1)
        assert integrated(within) == pytest.approx(-25.7, abs=0.1)

    def test_nothing_under_minus_70_is_heard(self) -> None:
        heard = energies(tone((-70.5, 10))(RATE), RATE)
        assert integrated(heard) == -math.inf
        assert loudness_range(heard) == 0.0
        assert momentary(heard).max() == pytest.approx(-70.5, abs=0.05)

    def test_short_term_and_momentary_come_every_10_ms(self) -> None:
        heard = energies(noise((2, RATE * 4)), RATE)
        assert len(momentary(heard)) == 400 - 39
        assert len(short_term(heard)) == 400 - 299
        assert len(short_term(heard[:299])) == 0


class TestHours:
    def test_tenths_tell_what_hops_tell(self) -> None:
        audio = Audio(swelling(30.0, 2, 4, 44_100), 44_100)
        heard = energies(audio.samples, audio.rate)
        told = measure(audio)
        assert gated_loudness(result(tenths(audio.samples, audio.rate))) == told.integrated
        assert told.momentary_max == pytest.approx(momentary(heard).max(), abs=1e-9)
        assert told.short_term_max == pytest.approx(short_term(heard).max(), abs=1e-9)
        assert told.loudness_range == pytest.approx(loudness_range(heard), abs=1e-9)

    def test_it_takes_next_to_no_memory_and_says_how_far_it_is(self) -> None:
        audio = Audio(np.tile(noise((1, 8000)), 1800), 8000)
        measure(audio)  # whatever is loaded once
        tracemalloc.start()
        told = list(metering(audio))
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert told == sorted(told)
        assert len(told) > 900
        assert most < 2_000_000  # of 58 MB
