"""Two cleanings of one take, of which that counts that takes less away."""

from __future__ import annotations

import numpy as np

from assistant.dsp.least_taken import least_taken
from assistant.material import Audio, Samples
from assistant.steps import result

RATE = 16_000
AT = np.arange(2 * RATE) / RATE


def zeros(shape: tuple[int, ...]) -> Samples:
    return np.zeros(shape, np.float32)


def tone(hertz: float) -> Audio:
    wave = (0.3 * np.sin(2.0 * np.pi * hertz * AT)).astype(np.float32)
    return Audio(np.stack([wave, 0.5 * wave]), RATE)


def both(*sounds: Audio) -> Audio:
    return Audio(np.sum([one.samples for one in sounds], axis=0, dtype=np.float32), RATE)


def test_only_what_both_take_is_taken() -> None:
    low, middle, high = tone(300.0), tone(1000.0), tone(4000.0)
    take = both(low, middle, high)
    noise = result(least_taken(take, (both(low, middle), both(middle, high)), zeros))
    inside = slice(RATE // 2, -RATE // 2)
    assert np.abs(noise.samples - middle.samples)[:, inside].max() < 3e-3


def test_where_one_takes_nothing_nothing_is_taken() -> None:
    take = both(tone(500.0), tone(700.0))
    for noises in (
        (take, Audio(0.0 * take.samples, RATE)),
        (Audio(0.0 * take.samples, RATE), take),
    ):
        assert np.abs(result(least_taken(take, noises, zeros)).samples).max() < 1e-5


def test_silence_is_silence() -> None:
    silent = Audio(np.zeros((2, 1000), np.float32), RATE)
    assert not result(least_taken(silent, (silent, silent), zeros)).samples.any()
