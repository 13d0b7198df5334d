from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from assistant.dsp.noise_print import Print, print_of
from assistant.dsp.noise_removal import BLOCK_SECONDS, denoise, noise_in
from assistant.errors import MaterialError
from assistant.material import Audio, Samples
from assistant.steps import result
from tests.assistant.dsp.noisy import RATE, Signal, distance_db, fan, plucked, sound, white, zeros

MUSIC = 0.3 * plucked(4.0, gap_s=0.5)


def known(noise: Signal, rate: int = RATE) -> Print:
    return print_of(sound(noise, rate), 0.0, noise.shape[1] / rate)


@pytest.mark.parametrize("make", [white, fan])
@pytest.mark.parametrize(("level_db", "least"), [(0.0, 8.0), (10.0, 6.0), (20.0, 4.0)])
def test_noise_goes_and_music_stays(
    make: Callable[..., Signal], level_db: float, least: float
) -> None:
    level = 0.3 * 10.0 ** (-level_db / 20.0)
    noisy = MUSIC + level * make(MUSIC.shape[1], seed=3)
    made = result(denoise(sound(noisy), known(level * make(2 * RATE, seed=4)), 30.0, zeros))
    gain = distance_db(MUSIC, made.samples) - distance_db(MUSIC, noisy.astype(np.float32))
    assert gain > least


def test_noise_alone_falls_by_the_amount_and_does_not_ring() -> None:
    noise = 0.05 * white(4 * RATE, seed=3)
    made = result(denoise(sound(noise), known(0.05 * white(2 * RATE, seed=4)), 20.0, zeros))
    left = made.samples / noise
    fell_db = 20.0 * np.log10(np.std(made.samples) / 0.05)
    assert fell_db == pytest.approx(-20.0, abs=0.5)
    assert np.std(left[np.abs(noise) > 0.05]) < 0.02


def test_what_is_taken_and_what_is_left_are_the_take() -> None:
    take, noise = sound(MUSIC + 0.03 * white(MUSIC.shape[1])), known(0.03 * white(RATE, seed=4))
    taken = result(noise_in(take, noise, zeros)).samples
    left = result(denoise(take, noise, 20.0, zeros)).samples
    np.testing.assert_allclose(left, take.samples - 0.9 * taken, atol=1e-7)


def test_nothing_to_do_gives_the_very_same_sound() -> None:
    take, noise = sound(MUSIC), known(0.01 * white(RATE))
    silent = known(np.zeros((1, RATE)))
    assert result(denoise(take, None, 20.0, zeros)) is take
    assert result(denoise(take, silent, 20.0, zeros)) is take
    assert result(denoise(take, noise, 0.0, zeros)) is take
    silence = sound(np.zeros((2, RATE)))
    assert result(denoise(silence, noise, 20.0, zeros)) is silence


def test_a_dead_channel_stays_dead_and_the_image_stays() -> None:
    rows = np.concatenate([MUSIC, 0.0 * MUSIC, 0.5 * MUSIC])
    noise = 0.03 * white(MUSIC.shape[1], 3) * np.array([[1.0], [0.0], [1.0]])
    made = result(denoise(sound(rows + noise), known(noise[:, :RATE]), 20.0, zeros)).samples
    assert not made[1].any()
    levels = np.std(made, axis=1)
    assert levels[2] / levels[0] == pytest.approx(0.5, rel=0.02)


def test_the_same_twice_bit_for_bit() -> None:
    take, noise = sound(MUSIC + 0.03 * white(MUSIC.shape[1])), known(0.03 * white(RATE, seed=4))
    first, second = (result(denoise(take, noise, 20.0, zeros)).samples for _ in range(2))
    assert first.tobytes() == second.tobytes()


def test_louder_in_is_louder_out() -> None:
    noisy, noise = MUSIC + 0.03 * white(MUSIC.shape[1]), 0.03 * white(RATE, seed=4)
    soft = result(denoise(sound(noisy), known(noise), 20.0, zeros)).samples
    loud = result(denoise(sound(4.0 * noisy), known(4.0 * noise), 20.0, zeros)).samples
    np.testing.assert_allclose(loud, 4.0 * soft, atol=1e-5)


def test_blocks_leave_no_seam() -> None:
    """What lies a block away changes nothing that is heard."""
    seconds = 1.25 * BLOCK_SECONDS
    noisy = 0.3 * plucked(seconds) + 0.05 * white(round(seconds * RATE))
    noise, cut = known(0.05 * white(2 * RATE, seed=4)), round(0.5 * BLOCK_SECONDS * RATE)
    whole = result(noise_in(sound(noisy), noise, zeros)).samples[:, cut:]
    later = result(noise_in(sound(noisy[:, cut:]), noise, zeros)).samples
    ends = slice(2 * RATE, -2 * RATE)
    assert distance_db(whole[:, ends].astype(np.float64), later[:, ends]) > 25.0
    seam = round(BLOCK_SECONDS * RATE) - cut
    steps = np.abs(np.diff(whole, axis=1))
    assert steps[:, seam - 800 : seam + 2_400].max() < 1.5 * steps.max()


def test_the_beginning_and_the_end_are_cleaned_too() -> None:
    noise = 0.05 * white(3 * RATE)
    made = result(denoise(sound(noise), known(0.05 * white(2 * RATE, seed=4)), 20.0, zeros)).samples
    for ends in (slice(0, 200), slice(-200, None)):
        assert np.std(made[:, ends]) < 0.25 * np.std(noise[:, ends])


@pytest.mark.parametrize("rate", [8_000, 11_025, 96_000, 192_000])
def test_every_rate_is_cleaned(rate: int) -> None:
    music = 0.3 * plucked(1.0, rate=rate)
    noise = [0.05 * np.random.default_rng(n).standard_normal((1, rate)) for n in (1, 2)]
    made = result(denoise(sound(music + noise[0], rate), known(noise[1], rate), 30.0, zeros))
    assert made.rate == rate
    assert distance_db(music, made.samples) > 20.0 * np.log10(0.3 / 0.05) + 5.0


@pytest.mark.parametrize("frames", [1, 3, 100, 5_000])
def test_short_takes_are_as_long_as_before(frames: int) -> None:
    take = sound(0.1 * white(frames, 2))
    made = result(denoise(take, known(0.01 * white(RATE)), 20.0, zeros)).samples
    assert made.shape == (2, frames)
    assert np.isfinite(made).all()


def test_next_to_no_noise_under_far_too_loud_music_is_left() -> None:
    loud = sound(1e9 * MUSIC)
    made = result(denoise(loud, known(1e-9 * white(RATE)), 20.0, zeros)).samples
    assert distance_db(1e9 * MUSIC, made) > 120.0


def test_a_print_of_other_channels_is_refused() -> None:
    with pytest.raises(MaterialError, match="2 channels"):
        result(denoise(sound(MUSIC), known(white(RATE, 2)), 20.0, zeros))


def test_shares_rise_to_one() -> None:
    take = sound(0.1 * white(round(2.5 * BLOCK_SECONDS * RATE)))
    shares = list(denoise(take, known(0.01 * white(RATE)), 20.0, zeros))
    assert shares == sorted(shares)
    assert shares[-1] == 1.0


def test_ten_minutes_need_no_more_memory_than_one(tmp_path: Path) -> None:
    rate = 8_000
    noise = known(0.03 * white(rate, seed=4), rate)

    def mapped(name: str, frames: int) -> Samples:
        return np.memmap(tmp_path / name, np.float32, "w+", shape=(1, frames))

    def peak(seconds: int) -> int:
        rows = mapped(f"in{seconds}", seconds * rate)
        rows[:] = np.tile(0.1 * white(10 * rate), seconds // 10)
        out = mapped(f"out{seconds}", seconds * rate)
        tracemalloc.start()
        try:
            result(denoise(Audio(rows, rate), noise, 20.0, lambda _: out))
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    peak(10)
    assert peak(600) < 1.1 * peak(60)
