"""The peaks of cells, and what a compressor makes of them."""

from __future__ import annotations

import math

import numpy as np
import pytest

from assistant.dsp.compressor import Compressor, Reduction
from assistant.dsp.peak_cells import BLOCK_CELLS, peak_cells
from assistant.dsp.peak_hold import PeakHold
from assistant.dsp.stereo import front_pair
from assistant.material import Audio

RATES = [8_000, 44_100, 192_000]


def bursts(rate: int, channels: int = 2, seconds: float = 2.0) -> Audio:
    dice = np.random.default_rng(3)
    times = np.arange(round(seconds * rate)) / rate
    level = 0.5 * np.exp(-((4.0 * times) % 1.0) * 6.0)
    noise = dice.uniform(-1.0, 1.0, (channels, times.size)) * level
    return Audio(noise.astype(np.float32), rate)


@pytest.mark.parametrize("rate", RATES)
def test_no_peak_is_lost(rate: int) -> None:
    audio = bursts(rate)
    peaks, cells_per_second = peak_cells(audio)
    assert cells_per_second == pytest.approx(1_280, rel=0.12)
    assert peaks.shape[1] == pytest.approx(audio.seconds * cells_per_second, rel=0.01)
    assert peaks.max(axis=1) == pytest.approx(np.abs(audio.samples).max(axis=1))


def test_every_cell_has_its_own_also_from_block_to_block() -> None:
    rate = 8_000
    cell = 7
    count = 2 * BLOCK_CELLS + 3
    ramp = np.linspace(0.0, -1.0, count * cell, dtype=np.float32)[None, :-1]
    peaks, _ = peak_cells(Audio(ramp, rate))
    assert peaks.shape == (2, count)
    assert np.array_equal(peaks[0, :-1], -ramp[0, cell - 1 :: cell][: count - 1])
    assert peaks[0, -1] == -ramp[0, -1]
    assert np.array_equal(peaks[0], peaks[1])


def test_of_more_than_two_channels_the_front_is_heard() -> None:
    audio = bursts(44_100, channels=6)
    peaks, _ = peak_cells(audio)
    front = Audio(front_pair(audio.samples).astype(np.float32), audio.rate)
    assert np.allclose(peaks, peak_cells(front)[0], atol=1e-6)


def test_nothing_has_no_cells() -> None:
    assert peak_cells(Audio(np.zeros((1, 0), np.float32), 44_100))[0].shape == (2, 0)


@pytest.mark.parametrize("rate", RATES)
def test_a_compressor_does_to_cells_what_it_does_to_samples(rate: int) -> None:
    audio = bursts(rate)
    wanted = Compressor(-24.0, 4.0, 5.0, 80.0)
    pair = np.ascontiguousarray(front_pair(audio.samples))
    whole = Reduction(wanted, rate).gains(PeakHold(rate).run(pair, 0))
    cells, cells_per_second = peak_cells(audio)
    few = Reduction(wanted, cells_per_second).gains(PeakHold(cells_per_second).run(cells, 0))
    cell = math.ceil(rate / 1_280)
    apart_db = 20.0 * np.log10(few[: whole.size // cell] / whole[cell - 1 :: cell][: few.size])
    assert whole.min() < 0.3
    assert np.percentile(np.abs(apart_db), 90) < 0.3
