import numpy as np
import pytest

from assistant.dsp.loudness import tenths
from assistant.dsp.moments import moment_count, moments
from assistant.material import Audio
from assistant.steps import result


def _sine(hertz: float, rate: int = 44_100, seconds: float = 2.0) -> np.ndarray:
    return np.sin(2 * np.pi * hertz * np.arange(round(seconds * rate)) / rate).astype(np.float32)


@pytest.mark.parametrize("rate", [8_000, 44_100, 96_000])
@pytest.mark.parametrize("channels", [1, 2])
def test_a_sine_has_its_power_in_its_band_whatever_the_rate(rate: int, channels: int) -> None:
    audio = Audio(np.tile(_sine(1_000.0, rate), (channels, 1)), rate)
    heard = result(moments(audio))
    assert heard.powers[5:-5].argmax(axis=1).tolist() == [17] * (heard.count - 10)
    assert heard.powers[5:-5, 17] == pytest.approx(0.5, rel=0.01)


def test_the_powers_of_noise_add_up_to_its_mean_square() -> None:
    samples = np.random.default_rng(1).standard_normal((2, 441_000)).astype(np.float32) * 0.1
    heard = result(moments(Audio(samples, 44_100)))
    # 20 Hz to 20 kHz, less the windows that look beyond the ends
    assert heard.powers[3:-3].sum(axis=1).mean() == pytest.approx(0.01 * 22_400 / 22_050, rel=0.04)


def test_noise_and_tones_are_told_apart() -> None:
    noise = np.random.default_rng(2).standard_normal((1, 88_200)).astype(np.float32)
    chord = np.sum([_sine(hertz) for hertz in (261.6, 329.6, 392.0, 523.3)], axis=0)
    assert np.median(result(moments(Audio(noise, 44_100))).noisiness) > 0.5
    assert np.median(result(moments(Audio(chord[None] * 0.1, 44_100))).noisiness) < 0.1


def test_left_and_right_and_what_they_share() -> None:
    left = _sine(1_000.0)
    turned = result(moments(Audio(np.stack([left, -0.5 * left]), 44_100)))
    assert turned.right[17] == pytest.approx(0.25 * turned.left[17], rel=1e-4)
    assert turned.shared[17] == pytest.approx(-0.5 * turned.left[17], rel=1e-4)


@pytest.mark.parametrize("frames", [0, 1, 4_409, 4_410, 44_100, 50_001])
def test_there_are_as_many_moments_as_tenths(frames: int) -> None:
    samples = np.zeros((2, frames), np.float32)
    assert moment_count(frames, 44_100) == len(result(tenths(samples, 44_100)))
    assert result(moments(Audio(samples, 44_100))).count == moment_count(frames, 44_100)


def test_eight_channels_are_heard_as_the_stereo_made_from_them() -> None:
    samples = np.zeros((8, 44_100), np.float32)
    samples[0] = _sine(1_000.0, seconds=1.0)
    heard = result(moments(Audio(samples, 44_100)))
    assert heard.left[17] > 0.1
    assert heard.right.sum() == 0.0
