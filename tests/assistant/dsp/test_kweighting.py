from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.dsp.kweighting import (
    CHANNEL_WEIGHTS,
    energies,
    hops,
    k_weighting,
)
from assistant.material import MAX_CHANNELS, Samples

RATES = (8_000, 11_025, 16_000, 22_050, 37_800, 44_100, 48_000, 88_200, 96_000, 192_000)


def noise(shape: tuple[int, ...], seed: int = 0) -> Samples:
    return np.random.default_rng(seed).standard_normal(shape).astype(np.float32) * np.float32(0.3)


def response_db(rate: int, hz: np.ndarray) -> np.ndarray:
    from scipy.signal import freqz

    total = np.zeros(len(hz))
    for b0, b1, b2, a1, a2 in k_weighting(rate):
        _, h = freqz((b0, b1, b2), (1.0, a1, a2), worN=hz, fs=rate)
        total += 20.0 * np.log10(np.abs(h))
    return total


def plain_energies(samples: Samples, rate: int) -> np.ndarray:
    """Say what `energies` says, with scipy's filters."""
    from scipy.signal import lfilter

    total = np.zeros(samples.shape[1])
    for row, weight in zip(samples, CHANNEL_WEIGHTS[len(samples)], strict=True):
        heard = row.astype(np.float64)
        for b0, b1, b2, a1, a2 in k_weighting(rate):
            heard = lfilter((b0, b1, b2), (1.0, a1, a2), heard)
        total += weight * heard**2
    hops = samples.shape[1] * 100 // rate
    edges = [round(hop * rate / 100 + 1e-9) for hop in range(hops + 1)]
    return np.diff(np.concatenate([[0.0], np.cumsum(total)])[edges]) * 100 / rate


class TestKWeighting:
    def test_is_the_table_of_bs_1770_at_48_khz(self) -> None:
        shelf, high_pass = k_weighting(48_000)
        table = (1.53512485958697, -2.69169618940638, 1.19839281085285)
        np.testing.assert_allclose(shelf[:3], table, atol=1e-11)
        np.testing.assert_allclose(shelf[3:], (-1.69065929318241, 0.73248077421585), atol=1e-11)
        np.testing.assert_allclose(high_pass[:3], (1.0, -2.0, 1.0), atol=1e-12)
        np.testing.assert_allclose(high_pass[3:], (-1.99004745483398, 0.99007225036621), atol=1e-11)

    @pytest.mark.parametrize("rate", RATES)
    def test_agrees_with_pyloudnorm_but_for_the_gain_of_the_high_pass(self, rate: int) -> None:
        import pyloudnorm

        peer = pyloudnorm.Meter(rate, filter_class="DeMan")._filters
        for mine, theirs in zip(k_weighting(rate), peer.values(), strict=True):
            gain = mine[0] / theirs.b[0]
            np.testing.assert_allclose(mine[:3], theirs.b * gain, atol=1e-9)
            np.testing.assert_allclose(mine[3:], theirs.a[1:], atol=1e-9)

    @pytest.mark.parametrize(
        ("rate", "off_db"),
        [(8_000, 0.29), (22_050, 0.04), (44_100, 0.002), (96_000, 0.007), (192_000, 0.008)],
    )
    def test_has_the_same_response_at_any_rate(self, rate: int, off_db: float) -> None:
        hz = np.geomspace(10.0, min(20_000.0, 0.45 * rate), 300)
        assert np.abs(response_db(rate, hz) - response_db(48_000, hz)).max() < off_db


class TestEnergies:
    @pytest.mark.parametrize("rate", RATES)
    @pytest.mark.parametrize("channels", [1, 2, 5, 6])
    def test_say_what_scipy_says(self, rate: int, channels: int) -> None:
        samples = noise((channels, int(5.013 * rate)))
        expected = plain_energies(samples, rate)
        np.testing.assert_allclose(energies(samples, rate), expected, rtol=1e-9)

    @pytest.mark.parametrize("rate", RATES)
    def test_count_whole_hops_only(self, rate: int) -> None:
        second = np.ones((1, rate), dtype=np.float32)
        assert len(energies(second, rate)) == 100
        assert len(energies(second[:, :-1], rate)) == 99
        assert len(energies(second[:, : rate // 200], rate)) == 0
        assert len(energies(second[:, :0], rate)) == 0

    def test_do_not_depend_on_what_comes_later(self) -> None:
        samples = noise((2, 48_000 * 5))
        whole, part = energies(samples, 48_000), energies(samples[:, :100_000], 48_000)
        np.testing.assert_array_equal(part, whole[: len(part)])

    @given(seed=st.integers(0, 999), channels=st.sampled_from((1, 2, 5, 6)))
    @settings(max_examples=25, deadline=None)
    def test_with_gain_are_those_of_the_product(self, seed: int, channels: int) -> None:
        samples, gain = noise((channels, 30_000), seed), np.abs(noise((30_000,), seed + 1))
        expected = energies(samples * gain, 22_050)
        np.testing.assert_array_equal(np.concatenate(list(hops(samples, 22_050, gain))), expected)

    @pytest.mark.parametrize("channels", range(1, MAX_CHANNELS + 1))
    def test_add_up_over_channels(self, channels: int) -> None:
        samples = noise((channels, 24_000))
        alone = [energies(row[None], 48_000) for row in samples]
        expected = sum(w * e for w, e in zip(CHANNEL_WEIGHTS[channels], alone, strict=True))
        np.testing.assert_allclose(energies(samples, 48_000), expected, rtol=1e-12)

    def test_take_other_weights(self) -> None:
        samples = noise((3, 24_000))
        expected = 0.5 * energies(samples[1:2], 48_000)
        heard = energies(samples, 48_000, weights=(0.0, 0.5, 0.0))
        np.testing.assert_allclose(heard, expected, rtol=1e-12)

    def test_die_away_to_nothing(self) -> None:
        samples = np.zeros((2, 48_000 * 5), dtype=np.float32)
        samples[:, :100] = noise((2, 100))
        heard = energies(samples, 48_000)
        assert heard[0] > 0.0
        assert heard[20] > 0.0
        assert not heard[200:].any()

    def test_take_read_only_and_interleaved_samples(self) -> None:
        samples = noise((2, 48_000))
        expected = energies(samples, 48_000)
        samples.flags.writeable = False
        np.testing.assert_array_equal(energies(samples, 48_000), expected)
        np.testing.assert_array_equal(energies(samples.T.copy().T, 48_000), expected)
