from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.dsp.stereo import Image, picture
from assistant.mastering import space
from assistant.mastering.space import (
    WidthMove,
    advise,
    apply,
    balance_words,
    mono_words,
    side_gain_db,
)
from assistant.material import Audio, Samples
from tests.assistant.dsp.sounds import nasty_sounds

RATE = 44_100
BASS = WidthMove(20.0, 120.0, -24.0, "")
AIR = WidthMove(6000.0, 20_000.0, 2.0, "")


def scratch(shape: tuple[int, ...]) -> Samples:
    return np.zeros(shape, dtype=np.float32)


def seen(samples: Samples) -> Image:
    work = picture(Audio(samples, RATE))
    while True:
        try:
            next(work)
        except StopIteration as end:
            image = end.value
            assert isinstance(image, Image)
            return image


def made(samples: Samples, *moves: WidthMove, rate: int = RATE) -> Samples:
    work = apply(Audio(samples, rate), moves, scratch)
    done = []
    while True:
        try:
            done.append(next(work))
        except StopIteration as end:
            assert done == sorted(done)
            assert not done or done[-1] == 1.0
            return np.asarray(end.value.samples)


def noise(channels: int = 1, seed: int = 0, seconds: float = 3.0) -> Samples:
    dice = np.random.default_rng(seed)
    return 0.1 * dice.standard_normal((channels, int(seconds * RATE)), dtype=np.float32)


def low(phase: float = 0.0) -> Samples:
    turns = 2.0 * np.pi * 60.0 * np.arange(3 * RATE) / RATE
    return np.asarray(0.3 * np.sin(turns + phase)[None], dtype=np.float32)


def stereo(middle: Samples, side: Samples) -> Samples:
    return np.concatenate([middle + side, middle - side])


def test_bass_that_mono_thins_out_goes_into_the_middle() -> None:
    sound = stereo(low(), 0.9 * low(1.0)) + 0.1 * noise()
    moves = advise(seen(sound))
    assert [(move.high_hz, move.gain_db) for move in moves] == [(120.0, space.BASS_DB)]
    assert "lost in mono" in moves[0].why
    after = seen(made(sound, *moves))
    assert after.bass.mono_loss_db < 0.1
    assert not any(move.low_hz < 120.0 for move in advise(after))


def test_bass_that_is_all_sides_is_told_and_left_alone() -> None:
    sound = stereo(0.02 * low(), low())
    assert not advise(seen(sound))
    assert "Flip one" in mono_words(seen(sound))


@pytest.mark.parametrize(("channel", "name"), [(0, "The left"), (1, "The right")])
def test_a_silent_channel_is_told_and_left_silent(channel: int, name: str) -> None:
    sound = noise(2) + low()
    sound[channel] = 0.0
    assert not advise(seen(sound))
    told = f"{name} channel is silent, and left so: check the export."
    assert mono_words(seen(sound)) == balance_words(seen(sound)) == told


def test_several_silent_channels_are_told_by_number() -> None:
    sound = noise(6)
    sound[[1, 3, 4]] = 0.0
    assert mono_words(seen(sound)).startswith("Channel 2, channel 4 and channel 5 are silent")


@pytest.mark.parametrize("channels", range(2, 9))
def test_polarity_is_doubted_only_of_a_pair_that_is_opposed(channels: int) -> None:
    sound = noise(channels)
    assert "polarity" not in mono_words(seen(sound))
    sound[channels - 1] = 0.7 * (sound[channels - 1] - sound[0])
    told = mono_words(seen(sound))
    pair = "left and right" if channels == 2 else f"channel 1 and channel {channels}"
    assert told.endswith(f"See whether {pair} have the same polarity.")
    assert "at -0.7" in told


def test_a_good_image_is_left_alone() -> None:
    sound = stereo(noise(seed=1), 0.3 * noise(seed=2))
    assert not advise(seen(sound))
    assert mono_words(seen(sound)).startswith("Safe in mono")


@pytest.mark.parametrize("channels", [1, 2, 3, 6])
def test_mono_is_never_widened(channels: int) -> None:
    sound = np.repeat(noise(), channels, axis=0)
    assert not advise(seen(sound))
    almost = sound + 0.001 * noise(channels, seed=7)
    assert not advise(seen(almost))


def test_what_is_more_side_than_middle_is_narrowed_a_little() -> None:
    sound = stereo(noise(seed=1), 1.5 * noise(seed=2))
    moves = advise(seen(sound))
    assert moves
    assert all(-space.MOST_DB <= move.gain_db < 0.0 for move in moves if move.low_hz > 100.0)
    assert seen(made(sound, *moves)).whole.mono_loss_db < seen(sound).whole.mono_loss_db


def test_what_is_narrow_is_widened_a_little() -> None:
    sound = stereo(noise(seed=1), 10.0 ** (-24.0 / 20.0) * noise(seed=2))
    moves = advise(seen(sound))
    assert moves
    assert all(0.0 < move.gain_db <= space.MOST_DB and move.low_hz >= 500.0 for move in moves)


def test_the_words_tell_what_is_done_at_any_amount() -> None:
    wide = stereo(low() + noise(seed=1), 0.9 * low(1.0) + 1.5 * noise(seed=2))
    moves = advise(seen(wide), 0.5)
    assert len(moves) > 1
    for move in moves:
        assert f"{-move.gain_db:.1f} dB" in move.why


def test_the_amount_scales_every_move() -> None:
    image = seen(stereo(low(), 0.9 * low(1.0)) + stereo(noise(seed=1), 1.5 * noise(seed=2)))
    whole, half = advise(image), advise(image, 0.5)
    assert [move.gain_db for move in half] == [0.5 * move.gain_db for move in whole]
    assert not advise(image, 0.0)


def test_a_louder_side_is_told() -> None:
    uneven = noise() * np.array([[1.0], [2.0]], np.float32)
    assert balance_words(seen(uneven)) == "The right is 6.0 LU louder."
    assert balance_words(seen(uneven[::-1])) == "The left is 6.0 LU louder."
    assert "as loud as each other" in balance_words(seen(noise(2)))


@given(nasty_sounds())
def test_the_middle_stays(sound: tuple[Samples, int]) -> None:
    samples = np.ascontiguousarray(sound[0][[0, -1]])
    out = made(samples, BASS, rate=sound[1]).astype(np.float64)
    loudest = max(float(np.abs(out).max()), float(np.abs(samples).max()), 1e-9)
    before = samples.astype(np.float64).sum(axis=0)
    np.testing.assert_allclose(out.sum(axis=0), before, atol=2e-7 * loudest)


def test_what_has_no_side_is_untouched_bit_for_bit() -> None:
    sound = np.repeat(noise(), 2, axis=0)
    np.testing.assert_array_equal(made(sound, BASS, AIR), sound)


def test_silence_stays_silent() -> None:
    sound = stereo(noise(seed=1), noise(seed=2))
    sound[:, RATE : 2 * RATE] = 0.0
    assert not made(sound, BASS)[:, RATE + RATE // 3 : 2 * RATE - RATE // 3].any()


def test_nothing_comes_later() -> None:
    click = scratch((2, RATE))
    click[0, RATE // 2] = 1.0
    out = made(click, AIR)
    assert int(np.abs(out[0]).argmax()) == RATE // 2
    np.testing.assert_allclose(out[:, ::-1][:, :-1], out[:, 1:], atol=1e-7)  # it is symmetric


def test_swapped_in_is_swapped_out() -> None:
    sound = stereo(noise(seed=1), noise(seed=2))
    np.testing.assert_array_equal(
        made(np.ascontiguousarray(sound[::-1]), BASS)[::-1], made(sound, BASS)
    )


def test_the_moves_do_what_they_say() -> None:
    hertz = np.array([30.0, 60.0, 120.0, 240.0, 1000.0, 6000.0, 12_000.0])
    expected = [-24.0, -24.0, -12.0, 0.0, 0.0, 1.0, 2.0]
    np.testing.assert_allclose(side_gain_db((BASS, AIR), hertz), expected, atol=1e-9)


def test_without_a_move_the_sound_itself_comes_back() -> None:
    audio = Audio(noise(2), RATE)
    work = apply(audio, (), scratch)
    assert next(work) == 1.0
    with pytest.raises(StopIteration) as end:
        next(work)
    assert end.value.value is audio


@given(st.integers(0, 99))
def test_width_moves_stay_within_their_limits(seed: int) -> None:
    dice = np.random.default_rng(seed)
    sound = noise(2, seed, 0.3) * dice.uniform(0.0, 1.0, (2, 1)) + dice.uniform(-1.0, 1.0) * noise(
        1, seed + 100, 0.3
    )
    for move in advise(seen(sound.astype(np.float32))):
        assert abs(move.gain_db) <= (space.MOST_DB if move.low_hz > 100.0 else 24.0)
        assert move.why.endswith(".")
