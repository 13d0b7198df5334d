from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.dsp import truepeak
from assistant.dsp.interpolation import between, interpolator, mirrored
from assistant.dsp.truepeak import CHUNK, peak_curve, sample_peak, true_peak
from assistant.material import Samples

FACTORS = (2, 4, 8, 16)


def curve(samples: Samples, factor: int) -> Samples:
    out = np.full(samples.shape[1], np.nan, dtype=np.float32)
    peak_curve(samples, factor, out)
    return out


def plain_curve(samples: Samples, factor: int) -> np.ndarray:
    """Say what `peak_curve` says, in double precision and with no cleverness."""
    rows = interpolator(factor)
    half = rows.shape[1] // 2
    tops = []
    for row in samples:
        padded = np.pad(row.astype(np.float64), half)
        around = np.lib.stride_tricks.sliding_window_view(padded, 2 * half)
        gaps = np.abs(around @ rows[1:].T).max(axis=1)
        tops.append(np.max([np.abs(row), gaps[:-1], gaps[1:]], axis=0))
    return np.asarray(np.max(tops, axis=0))


def noise(shape: tuple[int, ...], seed: int = 0) -> Samples:
    return np.random.default_rng(seed).standard_normal(shape).astype(np.float32) * np.float32(0.3)


@st.composite
def sounds(draw: st.DrawFn) -> Samples:
    """Draw sounds that are dense, sparse, loud here and quiet there, clipped, tuned or nothing."""
    channels, frames = draw(st.integers(1, 3)), draw(st.sampled_from((1, 2, 47, 300, 2000, 9000)))
    dice = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    x = dice.standard_normal((channels, frames))
    kind = draw(
        st.sampled_from(("dense", "sparse", "swelling", "clipped", "tuned", "worst", "none"))
    )
    time = np.arange(frames)
    if kind == "sparse":
        x *= dice.random((channels, frames)) < 0.003
    elif kind == "swelling":
        x *= 10.0 ** np.cumsum(dice.normal(0.0, 0.02, frames))
    elif kind == "clipped":
        x = np.clip(3.0 * x, -1.0, 1.0)
    elif kind == "tuned":
        x = np.sin(np.pi * dice.random((channels, 1)) * time + dice.random((channels, 1)))
    elif kind == "worst":
        x = np.sign(np.sinc(time - dice.integers(0, frames) + 0.5)) * np.ones((channels, 1))
    elif kind == "none":
        x *= 0.0
    return x.astype(np.float32)


class TestTruePeak:
    @given(samples=sounds(), factor=st.sampled_from(FACTORS))
    @settings(max_examples=150, deadline=None)
    def test_nothing_higher_is_left_out(self, samples: Samples, factor: int) -> None:
        whole = curve(samples, factor)
        assert true_peak(samples, factor) == whole.max()

    @pytest.mark.parametrize("place", [0, 1, CHUNK - 1, CHUNK, 2 * CHUNK, 3 * CHUNK + 99])
    def test_a_peak_is_found_at_any_seam(self, place: int) -> None:
        samples = noise((2, 3 * CHUNK + 100))
        samples[1, place] = 4.0
        samples[1, abs(place - 1)] = 4.0
        assert true_peak(samples) == curve(samples, 8).max() > 4.0

    @given(samples=sounds(), factor=st.sampled_from(FACTORS))
    @settings(max_examples=60, deadline=None)
    def test_the_bound_holds_and_is_not_idle(self, samples: Samples, factor: int) -> None:
        even, odd = mirrored(factor)
        reach = truepeak._reach(even, odd)
        window = np.pad(samples[0], len(reach))
        gaps, bound = np.empty((2, samples.shape[1] + 1), dtype=np.float32)
        between(window, even, odd, np.empty((4, len(gaps)), dtype=np.float32), gaps)
        truepeak._bound(window, reach, bound)
        assert (gaps <= bound).all()
        assert bound.max() <= 5.0 * np.abs(samples[0]).max()

    @given(samples=sounds())
    @settings(max_examples=40, deadline=None)
    def test_polarity_direction_and_order_do_not_matter(self, samples: Samples) -> None:
        peak = true_peak(samples)
        assert true_peak(-samples) == peak
        assert true_peak(samples[:, ::-1]) == peak
        assert true_peak(samples[::-1]) == peak

    @given(samples=sounds(), doublings=st.integers(-8, 8))
    @settings(max_examples=40, deadline=None)
    def test_louder_in_is_louder_out(self, samples: Samples, doublings: int) -> None:
        gain = np.float32(2.0**doublings)
        assert true_peak(samples * gain) == true_peak(samples) * gain

    @given(samples=sounds())
    @settings(max_examples=40, deadline=None)
    def test_a_finer_grid_never_reads_lower(self, samples: Samples) -> None:
        peaks = [sample_peak(samples), *(true_peak(samples, factor) for factor in FACTORS)]
        assert peaks == sorted(peaks)

    @pytest.mark.parametrize(("factor", "low_db"), [(4, 0.56), (8, 0.14), (16, 0.04)])
    def test_a_sine_reads_its_amplitude(self, factor: int, low_db: float) -> None:
        time = np.arange(4000)
        inside = np.hanning(4000) ** 0.25
        for turns in np.linspace(0.01, 0.45, 45):
            for degrees in (0.0, 45.0, 90.0):
                sine = np.sin(2.0 * np.pi * turns * time + np.radians(degrees)) * inside
                reading = 20.0 * np.log10(true_peak(sine[None].astype(np.float32), factor))
                assert -low_db < reading < 0.01

    @pytest.mark.parametrize("frames", [0, 1, 100])
    def test_silence_reads_zero(self, frames: int) -> None:
        silence = np.zeros((2, frames), dtype=np.float32)
        assert true_peak(silence) == 0.0
        assert sample_peak(silence) == 0.0

    def test_not_a_number_is_not_hidden(self) -> None:
        samples = noise((2, 3 * CHUNK))
        samples[1, CHUNK + 3] = np.nan
        assert np.isnan(sample_peak(samples))


class TestPeakCurve:
    @given(samples=sounds(), factor=st.sampled_from(FACTORS))
    @settings(max_examples=60, deadline=None)
    def test_says_what_plain_arithmetic_says(self, samples: Samples, factor: int) -> None:
        expected = plain_curve(samples, factor)
        atol = 2e-6 * max(1e-3, float(np.abs(samples).max()))
        np.testing.assert_allclose(curve(samples, factor), expected, rtol=0.0, atol=atol)

    @pytest.mark.parametrize("frames", [CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK + 300])
    def test_has_no_seams(self, frames: int) -> None:
        samples = noise((2, frames))
        np.testing.assert_allclose(curve(samples, 8), plain_curve(samples, 8), rtol=0.0, atol=2e-6)

    def test_a_point_between_two_samples_counts_for_both(self) -> None:
        samples = np.zeros((1, 200), dtype=np.float32)
        samples[0, 100:102] = 1.0
        top = curve(samples, 8)
        assert top[100] == top[101] == top.max() > 1.2
        assert top[99] == top[102] < 1.0

    def test_takes_mapped_read_only_and_interleaved_samples(self, tmp_path: Path) -> None:
        samples = noise((2, CHUNK + 1000))
        expected = curve(samples, 8)
        samples.tofile(tmp_path / "planar")
        samples.T.tofile(tmp_path / "interleaved")
        planar = np.memmap(tmp_path / "planar", np.float32, "r", shape=samples.shape)
        interleaved = np.memmap(tmp_path / "interleaved", np.float32, "r", shape=samples.T.shape).T
        for mapped in (planar, interleaved):
            np.testing.assert_array_equal(curve(mapped, 8), expected)
            assert true_peak(mapped) == expected.max()

    def test_silence_is_silent(self) -> None:
        assert not curve(np.zeros((2, 1000), dtype=np.float32), 8).any()
        assert curve(np.zeros((2, 0), dtype=np.float32), 8).shape == (0,)
