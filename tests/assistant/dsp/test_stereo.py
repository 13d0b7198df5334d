from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.dsp import stereo
from assistant.dsp.loudness import energies, integrated
from assistant.dsp.stereo import Image, front_pair, picture
from assistant.material import Audio, Samples

RATE = 44_100
SECONDS = 3


def seen(samples: Samples, rate: int = RATE) -> Image:
    work = picture(Audio(np.ascontiguousarray(samples, dtype=np.float32), rate))
    done = []
    while True:
        try:
            done.append(next(work))
        except StopIteration as end:
            assert done == sorted(done)
            assert not done or done[-1] == 1.0
            image = end.value
            assert isinstance(image, Image)
            return image


def noise(channels: int = 1, seed: int = 0, seconds: float = SECONDS) -> Samples:
    dice = np.random.default_rng(seed)
    return 0.1 * dice.standard_normal((channels, int(seconds * RATE)), dtype=np.float32)


def low(hertz: float = 60.0) -> Samples:
    turns = 2.0 * np.pi * hertz * np.arange(SECONDS * RATE) / RATE
    return np.asarray(0.3 * np.sin(turns)[None], dtype=np.float32)


def test_the_same_on_both_sides_is_mono() -> None:
    image = seen(np.repeat(noise(), 2, axis=0))
    assert image.is_mono
    for band in (image.whole, *image.bands):
        assert band.correlation == pytest.approx(1.0)
        assert band.mono_loss_db == pytest.approx(0.0, abs=1e-6)
        assert band.balance_db == pytest.approx(0.0, abs=1e-6)


def test_one_channel_is_mono() -> None:
    assert seen(noise()).is_mono
    assert seen(noise()).whole == seen(np.repeat(noise(), 2, axis=0)).whole


def test_strangers_lose_three_decibels_in_mono() -> None:
    image = seen(noise(2, seconds=20))
    assert image.whole.correlation == pytest.approx(0.0, abs=0.02)
    assert image.whole.mono_loss_db == pytest.approx(3.01, abs=0.1)
    assert image.whole.side_db == pytest.approx(0.0, abs=0.2)


def test_upside_down_loses_all_in_mono() -> None:
    image = seen(np.concatenate([noise(), -noise()]))
    assert image.whole.correlation == pytest.approx(-1.0)
    assert image.whole.mono_loss_db > 100.0


def test_one_side_alone_has_a_balance() -> None:
    image = seen(np.concatenate([noise(), 0.0 * noise()]))
    assert image.whole.balance_db == -120.0
    assert image.whole.mono_loss_db == pytest.approx(3.01, abs=0.01)
    louder = seen(np.concatenate([noise(), 2.0 * noise()]))
    assert louder.whole.balance_db == pytest.approx(6.02, abs=0.01)


def test_bass_upside_down_is_found_in_the_bass() -> None:
    both = np.concatenate([low() + 0.1 * noise(), -0.8 * low() + 0.1 * noise()])
    image = seen(both)
    assert image.bass.correlation < -0.9
    assert image.bass.mono_loss_db > 10.0
    assert all(band.correlation > 0.9 for band in image.bands[2:])


def test_the_mono_loss_is_that_of_the_meter() -> None:
    sound = noise(2, seed=3) + 0.7 * noise(1, seed=4)
    sound[0] += 0.5 * low()[0]
    mono = np.repeat(sound.mean(axis=0, keepdims=True), 2, axis=0)
    loss = integrated(energies(sound, RATE)) - integrated(energies(mono, RATE))
    assert seen(sound).whole.mono_loss_db == pytest.approx(loss, abs=0.05)


def test_silence_has_a_picture() -> None:
    image = seen(np.zeros((2, 1000), np.float32))
    assert image.is_mono
    assert all(math.isfinite(value) for value in vars_of(image))


def vars_of(image: Image) -> list[float]:
    names = ("level_db", "correlation", "side_db", "mono_loss_db", "balance_db")
    return [getattr(band, name) for band in (image.whole, *image.bands) for name in names]


@pytest.mark.parametrize("channels", range(1, 9))
@pytest.mark.parametrize("rate", [8_000, 192_000])
@pytest.mark.parametrize("frames", [0, 1, 5000])
def test_every_shape_has_a_picture(channels: int, rate: int, frames: int) -> None:
    dice = np.random.default_rng(channels)
    image = seen(dice.standard_normal((channels, frames)).astype(np.float32), rate)
    assert all(math.isfinite(value) for value in vars_of(image))
    assert image.channels == channels
    assert image.bands[-1].high_hz <= rate / 2


def test_surround_is_looked_at_as_stereo() -> None:
    quiet = np.zeros((6, SECONDS * RATE), np.float32)
    centre, effects, sides = quiet.copy(), quiet.copy(), quiet.copy()
    centre[2], effects[3], sides[4:] = noise(), noise(), noise(2)
    assert seen(centre).is_mono
    assert not front_pair(effects).any()
    assert seen(sides).whole.mono_loss_db == pytest.approx(3.01, abs=0.2)


@given(st.floats(0.01, 10.0), st.integers(0, 9))
def test_louder_is_no_wider(gain: float, seed: int) -> None:
    sound = noise(2, seed, 0.3) + noise(1, seed + 10, 0.3)
    first, second = vars_of(seen(sound)), vars_of(seen(np.float32(gain) * sound))
    np.testing.assert_allclose(first, second, atol=1e-4)


def test_swapping_the_sides_turns_the_balance_round() -> None:
    sound = noise(2) * np.array([[1.0], [0.5]], np.float32)
    first, second = seen(sound).whole, seen(sound[::-1]).whole
    assert first.balance_db == pytest.approx(-second.balance_db)
    assert first.mono_loss_db == pytest.approx(second.mono_loss_db)


@pytest.mark.parametrize("frames", [1, 4097, 70_000])
def test_what_is_measured_does_not_hang_on_blocks(
    frames: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    sound = noise(2)[:, :frames]
    whole = vars_of(seen(sound))
    monkeypatch.setattr(stereo, "BATCH", 1)
    np.testing.assert_allclose(vars_of(seen(sound)), whole, atol=1e-9)
