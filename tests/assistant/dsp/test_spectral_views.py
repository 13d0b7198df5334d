from __future__ import annotations

import numpy as np
import pytest

from assistant.dsp.spectral_views import STEPS_HZ, SpectralViews, spectral_views
from assistant.material import Audio
from assistant.steps import result

RATE = 44_100


def white(channels: int = 1, rate: int = RATE, seconds: float = 6.0) -> Audio:
    dice = np.random.default_rng(5)
    shape = channels, round(seconds * rate)
    return Audio((0.1 * dice.standard_normal(shape)).astype(np.float32), rate)


def seen(audio: Audio) -> SpectralViews:
    count = round(10.0 * audio.frames / audio.rate)
    return result(spectral_views(audio, np.arange(0.05, count / 10.0, 0.1)))


def test_white_noise_is_as_strong_at_every_step() -> None:
    views = seen(white())
    by_hertz_db = 10.0 * np.log10(0.01 / (RATE / 2.0))
    short = 10.0 * np.log10(views.short.mean(axis=0))
    assert short == pytest.approx(np.full(len(STEPS_HZ), by_hertz_db), abs=2.0)
    long = 10.0 * np.log10(views.long.mean(axis=0))
    assert np.ptp(long[STEPS_HZ > 200.0]) < 3.0


def test_between_tones_noise_is_seen() -> None:
    noise = white(seconds=4.0)
    times = np.arange(noise.frames) / RATE
    tones = sum(np.sin(2.0 * np.pi * 220.0 * n * times) for n in range(1, 20))
    both = Audio((noise.samples + np.asarray(tones, np.float32)).astype(np.float32), RATE)
    above = STEPS_HZ > 200.0
    apart_db = 10.0 * np.log10(seen(both).long / seen(noise).long)[:, above]
    assert np.median(np.abs(apart_db)) < 1.0


@pytest.mark.parametrize(("channels", "rate"), [(1, 8_000), (2, 48_000), (6, 192_000)])
def test_any_rate_and_channels(channels: int, rate: int) -> None:
    views = seen(white(channels, rate, 2.0))
    assert views.short.shape[1] == np.count_nonzero(STEPS_HZ / rate < 0.45)
    assert np.isfinite(views.short).all()
    assert (views.long > 0.0).all()


def test_long_sounds_keep_no_more_than_short_ones() -> None:
    views = seen(white(rate=8_000, seconds=90.0))
    assert (len(views.short), len(views.long)) == (256, 64)


def test_nothing_to_look_at() -> None:
    views = result(spectral_views(white(seconds=0.1), np.empty(0)))
    assert (len(views.short), len(views.long)) == (0, 0)
