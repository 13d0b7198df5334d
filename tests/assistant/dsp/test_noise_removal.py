from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from assistant.dsp.noise_print import Print, print_of
from assistant.dsp.noise_removal import noise_in
from assistant.dsp.stretches import LONGEST_SECONDS
from assistant.errors import MaterialError
from assistant.material import Audio, Samples
from assistant.steps import result
from tests.assistant.dsp.noisy import RATE, Signal, distance_db, fan, plucked, sound, white, zeros

MUSIC = 0.3 * plucked(4.0, gap_s=0.5)


def known(noise: Signal, rate: int = RATE) -> Print:
    return print_of(sound(noise, rate), 0.0, noise.shape[1] / rate)


def without(take: Audio, noise: Print, down_db: float) -> Samples:
    share = np.float32(1.0 - 10.0 ** (-down_db / 20.0))
    return np.asarray(take.samples - share * result(noise_in(take, noise, zeros)).samples)


@pytest.mark.parametrize("make", [white, fan])
@pytest.mark.parametrize(("level_db", "least"), [(0.0, 8.0), (10.0, 6.0), (20.0, 4.0)])
def test_noise_goes_and_music_stays(
    make: Callable[..., Signal], level_db: float, least: float
) -> None:
    level = 0.3 * 10.0 ** (-level_db / 20.0)
    noisy = MUSIC + level * make(MUSIC.shape[1], seed=3)
    made = without(sound(noisy), known(level * make(2 * RATE, seed=4)), 30.0)
    gain = distance_db(MUSIC, made) - distance_db(MUSIC, noisy.astype(np.float32))
    assert gain > least


def test_noise_alone_falls_by_the_amount_and_does_not_ring() -> None:
    noise = 0.05 * white(4 * RATE, seed=3)
    made = without(sound(noise), known(0.05 * white(2 * RATE, seed=4)), 20.0)
    left = made / noise
    fell_db = 20.0 * np.log10(np.std(made) / 0.05)
    assert fell_db == pytest.approx(-20.0, abs=0.5)
    assert np.std(left[np.abs(noise) > 0.05]) < 0.02


def test_of_silence_and_by_a_silent_print_nothing_is_taken() -> None:
    noise, silent = known(0.01 * white(RATE)), known(np.zeros((1, RATE)))
    for take, by in ((sound(MUSIC), silent), (sound(np.zeros((2, RATE))), noise)):
        assert not result(noise_in(take, by, zeros)).samples.any()


def test_a_dead_channel_stays_dead_and_the_image_stays() -> None:
    rows = np.concatenate([MUSIC, 0.0 * MUSIC, 0.5 * MUSIC])
    noise = 0.03 * white(MUSIC.shape[1], 3) * np.array([[1.0], [0.0], [1.0]])
    made = without(sound(rows + noise), known(noise[:, :RATE]), 20.0)
    assert not made[1].any()
    levels = np.std(made, axis=1)
    assert levels[2] / levels[0] == pytest.approx(0.5, rel=0.02)


def test_the_same_twice_bit_for_bit() -> None:
    take, noise = sound(MUSIC + 0.03 * white(MUSIC.shape[1])), known(0.03 * white(RATE, seed=4))
    first, second = (without(take, noise, 20.0) for _ in range(2))
    assert first.tobytes() == second.tobytes()


def test_louder_in_is_louder_out() -> None:
    noisy, noise = MUSIC + 0.03 * white(MUSIC.shape[1]), 0.03 * white(RATE, seed=4)
    soft = without(sound(noisy), known(noise), 20.0)
    loud = without(sound(4.0 * noisy), known(4.0 * noise), 20.0)
    np.testing.assert_allclose(loud, 4.0 * soft, atol=1e-5)


def test_blocks_leave_no_seam() -> None:
    """What lies a block away changes nothing that is heard."""
    seconds = 1.25 * LONGEST_SECONDS
    noisy = 0.3 * plucked(seconds) + 0.05 * white(round(seconds * RATE))
    noise, cut = known(0.05 * white(2 * RATE, seed=4)), round(0.5 * LONGEST_SECONDS * RATE)
    whole = result(noise_in(sound(noisy), noise, zeros)).samples[:, cut:]
    later = result(noise_in(sound(noisy[:, cut:]), noise, zeros)).samples
    ends = slice(2 * RATE, -2 * RATE)
    assert distance_db(whole[:, ends].astype(np.float64), later[:, ends]) > 25.0
    seam = round(LONGEST_SECONDS * RATE) - cut
    steps = np.abs(np.diff(whole, axis=1))
    assert steps[:, seam - 800 : seam + 2_400].max() < 1.5 * steps.max()


def test_the_beginning_and_the_end_are_cleaned_too() -> None:
    noise = 0.05 * white(3 * RATE)
    made = without(sound(noise), known(0.05 * white(2 * RATE, seed=4)), 20.0)
    for ends in (slice(0, 200), slice(-200, None)):
        assert np.std(made[:, ends]) < 0.25 * np.std(noise[:, ends])


@pytest.mark.parametrize("rate", [8_000, 11_025, 96_000, 192_000])
def test_every_rate_is_cleaned(rate: int) -> None:
    music = 0.3 * plucked(1.0, rate=rate)
    noise = [0.05 * np.random.default_rng(n).standard_normal((1, rate)) for n in (1, 2)]
    made = without(sound(music + noise[0], rate), known(noise[1], rate), 30.0)
    assert distance_db(music, made) > 20.0 * np.log10(0.3 / 0.05) + 5.0


@pytest.mark.parametrize("frames", [1, 3, 100, 5_000])
def test_short_takes_are_as_long_as_before(frames: int) -> None:
    take = sound(0.1 * white(frames, 2))
    made = without(take, known(0.01 * white(RATE)), 20.0)
    assert made.shape == (2, frames)
    assert np.isfinite(made).all()


def test_next_to_no_noise_under_far_too_loud_music_is_left() -> None:
    loud = sound(1e9 * MUSIC)
    made = without(loud, known(1e-9 * white(RATE)), 20.0)
    assert distance_db(1e9 * MUSIC, made) > 120.0


def test_a_print_of_other_channels_is_refused() -> None:
    with pytest.raises(MaterialError, match="2 channels"):
        without(sound(MUSIC), known(white(RATE, 2)), 20.0)


def test_shares_rise_to_one() -> None:
    take = sound(0.1 * white(round(2.5 * LONGEST_SECONDS * RATE)))
    shares = list(noise_in(take, known(0.01 * white(RATE)), zeros))
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
            result(noise_in(Audio(rows, rate), noise, lambda _: out))
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    peak(10)
    assert peak(600) < 1.1 * peak(60)
