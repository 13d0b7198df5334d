from __future__ import annotations

import numpy as np
import pytest

from assistant.dsp.mono import mono_blocks, mono_weights, resampled_mono
from assistant.material import Audio

RATE = 8_000


def tone(hz: float, level: float = 0.3, seconds: float = 3.0) -> np.ndarray:
    time = np.arange(round(seconds * RATE)) / RATE
    return np.asarray(level * np.sin(2.0 * np.pi * hz * time), dtype=np.float32)


def whole(audio: Audio) -> np.ndarray:
    return np.concatenate([block for _, block in mono_blocks(audio, block_seconds=0.7)])


def test_one_channel_is_itself() -> None:
    audio = Audio(tone(200.0)[None, :], RATE)
    np.testing.assert_array_equal(whole(audio), audio.samples[0])


def test_channels_that_agree_are_mixed() -> None:
    left, right = tone(200.0), tone(300.0, 0.1)
    audio = Audio(np.stack((left, right)), RATE)
    np.testing.assert_allclose(mono_weights(audio), [0.5, 0.5])
    np.testing.assert_allclose(whole(audio), 0.5 * (left + right), atol=1e-7)


def test_channels_that_cancel_out_are_not_mixed() -> None:
    left = tone(200.0)
    audio = Audio(np.stack((-0.9 * left, left)), RATE)
    np.testing.assert_array_equal(mono_weights(audio), [0.0, 1.0])
    np.testing.assert_array_equal(whole(audio), left)


def test_a_silent_channel_does_not_matter() -> None:
    audio = Audio(np.stack((tone(200.0), np.zeros(3 * RATE, dtype=np.float32))), RATE)
    np.testing.assert_allclose(mono_weights(audio), [0.5, 0.5])
    silent = Audio(np.zeros((2, RATE), dtype=np.float32), RATE)
    np.testing.assert_allclose(mono_weights(silent), [0.5, 0.5])


@pytest.mark.parametrize("rate", [8_000, 44_100, 192_000])
def test_at_another_rate(rate: int) -> None:
    time = np.arange(2 * rate) / rate
    sound = (0.3 * np.sin(2.0 * np.pi * 440.0 * time)).astype(np.float32)
    shares, blocks = zip(
        *resampled_mono(Audio(np.stack((sound, -sound)), rate), 12_000), strict=True
    )
    found = np.concatenate(blocks)
    assert shares[-1] == 1.0
    assert found.size == pytest.approx(24_000, abs=1)
    truth = 0.3 * np.sin(2.0 * np.pi * 440.0 * np.arange(found.size) / 12_000)
    np.testing.assert_allclose(np.abs(found[500:-500]), np.abs(truth[500:-500]), atol=1e-3)
