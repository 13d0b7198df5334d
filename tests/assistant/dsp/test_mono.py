from __future__ import annotations

import numpy as np
import pytest

from assistant.dsp.mono import heard_blocks, mono_blocks, mono_weights, resampled_mono
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


def test_offsets_do_not_hide_that_channels_cancel_out() -> None:
    left = tone(200.0, 0.05)
    audio = Audio(np.stack((-0.9 * left, left)) + np.float32(0.3), RATE)
    np.testing.assert_array_equal(mono_weights(audio), [0.0, 1.0])


def heard(samples: np.ndarray, rate: int = RATE, block_seconds: float = 0.7) -> np.ndarray:
    blocks = heard_blocks(Audio(samples[None, :], rate), block_seconds=block_seconds)
    return np.concatenate([block for _, block in blocks])


def test_an_offset_is_not_heard_from_the_first_frame_on() -> None:
    silence = heard(np.full(2 * RATE, 0.3, dtype=np.float32))
    assert np.abs(silence).max() < 1e-6
    sound = tone(200.0)
    np.testing.assert_allclose(heard(sound + np.float32(0.3)), heard(sound), atol=1e-6)


@pytest.mark.parametrize("rate", [8_000, 44_100, 192_000])
@pytest.mark.parametrize(("hz", "least_db", "most_db"), [(12.0, -60.0, -24.0), (41.0, -0.2, 0.0)])
def test_rumble_is_not_heard_and_a_low_note_is(
    rate: int, hz: float, least_db: float, most_db: float
) -> None:
    time = np.arange(2 * rate) / rate
    sound = (0.3 * np.sin(2.0 * np.pi * hz * time)).astype(np.float32)
    level_db = 20.0 * np.log10(np.std(heard(sound, rate)[rate:]) / np.std(sound[rate:]))
    assert least_db < level_db < most_db


def test_what_is_heard_is_the_same_however_it_is_cut() -> None:
    sound = tone(50.0)
    np.testing.assert_array_equal(heard(sound, block_seconds=0.01), heard(sound, block_seconds=9.0))


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
    turns = np.exp(2j * np.pi * 440.0 * np.arange(found.size) / 12_000)[500:-500]
    (real, imag), *_ = np.linalg.lstsq(
        np.column_stack((turns.real, turns.imag)), found[500:-500], rcond=None
    )
    assert np.hypot(real, imag) == pytest.approx(0.3, abs=1e-3)
    np.testing.assert_allclose(found[500:-500], real * turns.real + imag * turns.imag, atol=1e-3)
