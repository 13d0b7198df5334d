from __future__ import annotations

import numpy as np
import pytest

from assistant.dsp.matching_filter import draw
from assistant.dsp.third_octaves import CENTRES_HZ, STEPS_HZ, listen
from assistant.material import Audio, Samples
from assistant.steps import result

WAVES_DB = 3.0 * np.sin(np.log2(STEPS_HZ))
NOTHING_DB = np.zeros_like(STEPS_HZ)


def zeros(shape: tuple[int, ...]) -> Samples:
    return np.zeros(shape, dtype=np.float32)


def noise(channels: int, rate: int = 44_100) -> Audio:
    dice = np.random.default_rng(channels)
    return Audio(dice.normal(0.0, 0.1, (channels, 10 * rate)).astype(np.float32), rate)


@pytest.mark.parametrize("rate", [16_000, 44_100, 96_000])
def test_the_curve_is_what_changes(rate: int) -> None:
    audio = noise(2, rate)
    made = result(draw(audio, WAVES_DB, NOTHING_DB, zeros))
    before, after = result(listen(audio)), result(listen(made))
    kept = np.array(CENTRES_HZ) < 0.4 * rate
    wanted = WAVES_DB.reshape(-1, 4).mean(axis=1)
    np.testing.assert_allclose((after.mid_db - before.mid_db)[kept], wanted[kept], atol=0.25)
    np.testing.assert_allclose((after.side_db - before.side_db)[kept], 0.0, atol=0.01)


@pytest.mark.parametrize("channels", [1, 6])
def test_all_channels_are_middle_where_there_are_not_two(channels: int) -> None:
    audio = noise(channels)
    made = result(draw(audio, WAVES_DB, NOTHING_DB, zeros))
    alone = result(draw(Audio(audio.samples[:1], audio.rate), WAVES_DB, NOTHING_DB, zeros))
    np.testing.assert_array_equal(made.samples[0], alone.samples[0])
    assert made.samples.shape == audio.samples.shape


def test_no_gain_gives_the_sound_itself() -> None:
    audio = noise(2)
    assert result(draw(audio, NOTHING_DB, NOTHING_DB, zeros)) is audio
    mono = noise(1)
    assert result(draw(mono, NOTHING_DB, WAVES_DB, zeros)) is mono
