"""The noise behind a voice, by a net and by its print."""

from __future__ import annotations

from collections.abc import Callable, Generator
from pathlib import Path

import numpy as np
import pytest
import soundfile

from assistant.dsp.deep_filter import noise_behind_voice
from assistant.dsp.noise_print import Print, print_of
from assistant.dsp.noise_removal import noise_in
from assistant.dsp.voice_noise import noise_behind_singing, noise_behind_speech
from assistant.material import Audio, Samples
from assistant.steps import result
from tests.assistant.dsp.noisy import RATE, Signal, distance_db, plucked, sound, white, zeros

Behind = Callable[..., Generator[float, None, Audio]]

VOICE = 0.3 * plucked(4.0, gap_s=0.5)
BOTH = pytest.mark.parametrize("behind", [noise_behind_speech, noise_behind_singing])


def known(level: float, channels: int = 1) -> Print:
    return print_of(sound(level * white(RATE, channels, seed=4)), 0.0, 1.0)


def power(rows: Samples | Signal) -> float:
    return float(np.square(rows, dtype=np.float64).mean())


@BOTH
@pytest.mark.parametrize("level", [0.3, 0.1, 0.03])
def test_they_are_better_than_a_net_that_errs_in_the_voice(behind: Behind, level: float) -> None:
    noise = level * white(VOICE.shape[1], seed=3)
    take = sound(VOICE + noise)
    net = sound(0.85 * noise + 0.1 * VOICE)
    made = result(behind(take, net, known(level), zeros))
    reached = distance_db(VOICE, take.samples - made.samples)
    assert reached > distance_db(VOICE, take.samples - net.samples) + 0.3


def test_singing_is_about_as_good_as_by_its_print_whatever_the_net_does() -> None:
    noise = 0.1 * white(VOICE.shape[1], seed=3)
    take = sound(VOICE + noise)
    alone = result(noise_in(take, known(0.1), zeros))
    least = distance_db(VOICE, take.samples - alone.samples)
    for net, over_db in ((0.5 * VOICE + 0.5 * noise, -4.0), (0.95 * noise, 0.5)):
        made = result(noise_behind_singing(take, sound(net), known(0.1), zeros))
        assert distance_db(VOICE, take.samples - made.samples) > least + over_db


@pytest.mark.parametrize(("under_db", "over_net_db"), [(0.0, 0.3), (20.0, 5.0)])
def test_speech_gains_from_the_print(data: Path, under_db: float, over_net_db: float) -> None:
    voice, rate = soundfile.read(data / "speech" / "librispeech-1.ogg", dtype="float32")
    clean = voice[np.newaxis, : 4 * rate].astype(np.float64)
    level = clean.std() * 10.0 ** (-under_db / 20.0)
    take = sound(clean + level * white(clean.shape[1], seed=3), rate)
    alone = print_of(sound(level * white(rate, seed=4), rate), 0.0, 1.0)
    net = result(noise_behind_voice(take, zeros))
    made = result(noise_behind_speech(take, net, alone, zeros))
    reached = distance_db(clean, take.samples - made.samples)
    assert reached > distance_db(clean, take.samples - net.samples) + over_net_db


@BOTH
@pytest.mark.parametrize("rate", [16_000, 44_100])
def test_noise_goes_up_to_half_the_rate_where_the_net_hears_none(behind: Behind, rate: int) -> None:
    noise = 0.05 * np.random.default_rng(3).standard_normal((1, 2 * rate))
    alone = print_of(sound(0.05 * white(rate, seed=4), rate), 0.0, 1.0)
    take = sound(noise, rate)
    made = result(behind(take, result(noise_behind_voice(take, zeros)), alone, zeros))
    left = np.abs(np.fft.rfft(take.samples - made.samples))[0]
    given = np.abs(np.fft.rfft(take.samples))[0]
    top = slice(round(0.93 * given.size), None)
    assert power(left[top]) < power(given[top]) / 1000.0


@BOTH
def test_music_that_the_net_would_take_whole_is_kept(behind: Behind) -> None:
    noise = 0.03 * white(VOICE.shape[1], seed=3)
    take = sound(VOICE + noise)
    made = result(behind(take, take, known(0.03), zeros))
    assert distance_db(VOICE, take.samples - made.samples) > 5.0  # the net alone: 0 dB


def test_noise_that_swells_over_its_print_is_followed_as_far_as_noise_may_swell() -> None:
    swell = np.where(np.arange(4 * RATE) < 2 * RATE, 1.0, 2.0)
    noise = 0.1 * swell * white(4 * RATE, seed=3)
    made = result(noise_behind_speech(sound(noise), sound(noise), known(0.1), zeros))
    left = noise - made.samples
    assert power(left[:, 5 * RATE // 2 :]) < 0.05 * power(noise[:, 5 * RATE // 2 :])
    loud = result(noise_behind_speech(sound(30.0 * noise), sound(30.0 * noise), known(0.1), zeros))
    assert power(loud.samples) < 0.05 * power(30.0 * noise)


@BOTH
def test_channels_share_one_gain_and_silence_stays(behind: Behind) -> None:
    row = (VOICE + 0.05 * white(VOICE.shape[1], seed=3))[0]
    row[:RATE] = 0.0
    take = sound(np.stack([row, 0.5 * row, 0.0 * row]))
    net = Audio(0.5 * take.samples, RATE)
    made = result(behind(take, net, known(0.05, 3), zeros)).samples
    np.testing.assert_allclose(made[1], 0.5 * made[0], atol=1e-5)
    assert not made[2].any()
    assert not made[:, :RATE].any()


@BOTH
def test_without_a_noise_nothing_is_taken_by_its_print(behind: Behind) -> None:
    take = sound(VOICE)
    made = result(behind(take, take, known(0.0), zeros))
    assert not made.samples.any()


@BOTH
@pytest.mark.parametrize("rate", [8000, 192_000])
def test_every_rate_is_as_long_and_progress_rises(behind: Behind, rate: int) -> None:
    take = Audio(0.1 * white(rate // 2 + 1).astype(np.float32), rate)
    noise = print_of(take, 0.0, 0.5)
    shares = list(behind(take, take, noise, zeros))
    assert shares == sorted(shares)
    assert result(behind(take, take, noise, zeros)).samples.shape == take.samples.shape
