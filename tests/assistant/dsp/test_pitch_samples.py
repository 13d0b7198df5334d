import numpy as np
import pytest

from assistant.dsp.pitch_samples import pitch_samples
from assistant.material import Audio

STARTS = np.arange(0, 20) / 10


def _tone(hertz: np.ndarray | float, rate: int, seconds: float = 3.0) -> Audio:
    phase = 2 * np.pi * np.cumsum(np.broadcast_to(hertz, round(seconds * rate))) / rate
    sound = np.sum([np.sin(k * phase) / k for k in range(1, 7)], axis=0)
    return Audio((0.2 * sound)[None].astype(np.float32), rate)


@pytest.mark.parametrize("rate", [16_000, 44_100, 96_000])
@pytest.mark.parametrize("hertz", [55.0, 110.0, 440.0])
def test_a_held_tone(rate: int, hertz: float) -> None:
    found = pitch_samples(_tone(hertz, rate), STARTS)
    assert found.voiced > 0.95
    assert found.middle_hz == pytest.approx(hertz, rel=0.01)
    assert found.moving_cents < 1.0


def test_a_vibrato_moves() -> None:
    time = np.arange(3 * 44_100) / 44_100
    found = pitch_samples(_tone(220.0 * 2 ** (np.sin(2 * np.pi * 5.5 * time) / 24), 44_100), STARTS)
    assert found.voiced > 0.9
    assert 5.0 < found.moving_cents < 40.0


def test_noise_has_no_pitch() -> None:
    noise = np.random.default_rng(1).standard_normal((1, 132_300)).astype(np.float32)
    assert pitch_samples(Audio(noise, 44_100), STARTS).voiced < 0.05


def test_a_rumble_below_changes_nothing() -> None:
    tone = _tone(220.0, 44_100)
    rumble = np.sin(2 * np.pi * 30.0 * np.arange(tone.frames) / 44_100).astype(np.float32)
    found = pitch_samples(Audio(tone.samples + rumble, 44_100), STARTS)
    assert found.middle_hz == pytest.approx(220.0, rel=0.01)


@pytest.mark.parametrize("frames", [0, 1, 44_100])
def test_nothing_has_none(frames: int) -> None:
    assert pitch_samples(Audio(np.zeros((2, frames), np.float32), 44_100), STARTS).voiced == 0.0
