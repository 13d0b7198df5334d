from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given

from assistant.dsp.crossover import CROSSOVERS_HZ, NAMES, Split, edges_hz
from assistant.material import Audio, Samples
from tests.assistant.dsp.sounds import nasty_sounds

RATE = 44_100


def parted(samples: Samples, rate: int = RATE, multiple: int = 1) -> Samples:
    """Return all bands, shape (bands, channels, frames)."""
    bands = range(len(edges_hz(rate)))
    blocks = Split(rate, multiple).blocks(Audio(samples, rate), bands)
    return np.concatenate([block for _, block in blocks], axis=2)[:, :, : samples.shape[1]]


@given(nasty_sounds())
def test_the_bands_sum_to_the_sound(sound: tuple[Samples, int]) -> None:
    samples, rate = sound
    loudest = max(float(np.abs(samples).max()), 1e-9)
    summed = parted(samples, rate).astype(np.float64).sum(axis=0)
    np.testing.assert_allclose(summed, samples, atol=2e-6 * loudest)


@pytest.mark.parametrize("band", range(4))
def test_no_band_comes_later(band: int) -> None:
    click = np.zeros((1, RATE), np.float32)
    click[0, 20_000] = 1.0
    made = parted(click)[band, 0]
    assert int(np.abs(made).argmax()) == 20_000
    np.testing.assert_allclose(made[19_999:15_000:-1], made[20_001:25_000], atol=1e-7)
    assert np.abs(made[:18_000]).max() < 1e-4


@pytest.mark.parametrize("band", range(4))
def test_a_tone_is_in_its_band_alone(band: int) -> None:
    low, high = edges_hz(RATE)[band]
    hertz = np.sqrt(max(low, 30.0) * high)
    tone = np.sin(2.0 * np.pi * hertz * np.arange(RATE) / RATE)[None].astype(np.float32)
    powers = np.square(parted(tone)[:, 0, 10_000:-10_000]).mean(axis=1)
    assert powers[band] == pytest.approx(0.5, rel=0.01)
    assert np.delete(powers, band).max() < 1e-6


@pytest.mark.parametrize(("rate", "bands"), [(8_000, 3), (16_000, 3), (22_050, 4), (192_000, 4)])
def test_a_low_rate_has_fewer_bands(rate: int, bands: int) -> None:
    edges = edges_hz(rate)
    assert len(edges) == bands <= len(NAMES)
    assert edges[0][0] == 0.0
    assert edges[-1][1] == rate / 2
    assert [high for _, high in edges[:-1]] == list(CROSSOVERS_HZ[: bands - 1])


def test_blocks_do_not_show() -> None:
    samples = np.random.default_rng(1).standard_normal((2, 50_000)).astype(np.float32)
    np.testing.assert_allclose(
        parted(samples, multiple=1), parted(samples, multiple=4000), atol=3e-6
    )


def test_a_block_is_as_long_as_asked() -> None:
    assert Split(RATE, 88).step % 88 == 0
    assert len(list(Split(RATE).blocks(Audio(np.zeros((1, 0), np.float32), RATE), [0]))) == 0


def test_silence_stays_silent() -> None:
    samples = np.random.default_rng(1).standard_normal((1, 3 * RATE)).astype(np.float32)
    samples[:, RATE : 2 * RATE] = 0.0
    assert not parted(np.zeros_like(samples)).any()
    rest = parted(samples)[:, :, RATE + RATE // 10 : 2 * RATE - RATE // 10]
    assert np.abs(rest).max() < 1e-6
