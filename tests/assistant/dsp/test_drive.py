from __future__ import annotations

import math
from collections.abc import Generator
from typing import TypeVar

import numpy as np
import pytest
import soxr
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.signal import resample_poly

from assistant.dsp.drive import SAFETY_DB, follow, low_end
from assistant.dsp.loudness import energies, integrated
from assistant.dsp.truepeak import true_peak
from assistant.material import Audio, Samples
from assistant.steps import result
from tests.assistant.dsp.sounds import nasty_sounds

RATE = 48_000
T = TypeVar("T")


def zeros(shape: tuple[int, ...]) -> Samples:
    return np.zeros(shape, dtype=np.float32)


def decibels(linear: float) -> float:
    return 20.0 * math.log10(linear)


def shares(work: Generator[float, None, T]) -> tuple[list[float], T]:
    """Do a piece of work, and keep what it says meanwhile."""
    told = []
    while True:
        try:
            told.append(next(work))
        except StopIteration as done:
            return told, done.value


def band(seconds: float = 6.0, seed: int = 0) -> Audio:
    """Make drums over a bass and a hiss."""
    dice = np.random.default_rng(seed)
    time = np.arange(int(seconds * RATE)) / RATE
    beat = np.exp(-(time % 0.5) / 0.06)
    drums = beat * dice.standard_normal((2, time.size)) * 0.3
    bass = 0.15 * np.sin(2.0 * np.pi * 55.0 * time) * (1.0 + 0.3 * np.sin(2.0 * np.pi * 0.2 * time))
    return Audio((0.3 * (drums + bass)).astype(np.float32), RATE)


def tone(hertz: dict[float, float], seconds: float = 4.0) -> Audio:
    time = np.arange(int(seconds * RATE)) / RATE
    made = sum(level * np.sin(2.0 * np.pi * f * time) for f, level in hertz.items())
    return Audio(np.asarray(made, dtype=np.float32)[None], RATE)


def loudness(audio: Audio) -> float:
    return integrated(energies(audio.samples, audio.rate))


@settings(max_examples=60)
@given(nasty_sounds(), st.floats(-12.0, 0.0), st.floats(-10.0, 20.0))
def test_no_peak_is_over_the_ceiling_on_either_meter(
    sound: tuple[Samples, int], ceiling_db: float, over_db: float
) -> None:
    samples, rate = sound
    assume(samples.any())
    drive = result(follow(Audio(samples, rate), ceiling_db, zeros))
    made = result(drive.master(drive.headroom_db + over_db)).audio.samples
    theirs = np.abs(resample_poly(made.astype(np.float64), 16, 1, axis=1)).max()
    assert decibels(max(true_peak(made, 16), float(theirs))) <= ceiling_db


@pytest.mark.parametrize("target", [-30.0, -23.0, -16.0, -14.0, -12.0])
def test_the_loudness_is_reached(target: float) -> None:
    master = result(result(follow(band(), -1.0, zeros)).master_at(target, 20.0))
    assert master is not None
    assert loudness(master.audio) == pytest.approx(target, abs=0.02)


def test_the_loudness_is_told_before_it_is_made() -> None:
    drive = result(follow(band(), -1.0, zeros))
    for over_db in (-5.0, 0.0, 3.0, 9.0):
        gain_db = drive.headroom_db + over_db
        told = result(drive.loudness_at(gain_db))
        assert loudness(result(drive.master(gain_db)).audio) == pytest.approx(told, abs=0.05)


def test_more_gain_is_louder() -> None:
    drive = result(follow(band(), -1.0, zeros))
    told = [result(drive.loudness_at(drive.headroom_db + over_db)) for over_db in range(-3, 15)]
    assert told == sorted(told)


@pytest.mark.parametrize("seconds", [0.4, 0.45, 0.7, 1.1, 1.7, 3.1])
@pytest.mark.parametrize("seed", range(3))
def test_the_loudness_of_short_sounds_is_reached_where_gates_jump(
    seconds: float, seed: int
) -> None:
    dice = np.random.default_rng(seed)
    time = np.arange(round(seconds * RATE)) / RATE
    steps = 10.0 ** (-dice.uniform(0.0, 1.2, int(10 * seconds) + 1)[(10.0 * time).astype(int)])
    audio = Audio((0.5 * steps * dice.standard_normal(time.size))[None].astype(np.float32), RATE)
    drive = result(follow(audio, -1.0, zeros))
    for over_db in (1.0, 3.0, 6.0):
        target = round(result(drive.loudness_at(drive.headroom_db + over_db)), 1)
        master = result(drive.master_at(target, 12.0))
        assert master is not None
        assert loudness(master.audio) == pytest.approx(target, abs=0.02)


@pytest.mark.parametrize("channels", range(1, 9))
def test_every_number_of_channels_gets_there_with_one_gain(channels: int) -> None:
    mono = band(3.0).samples[0]
    shares = np.linspace(1.0, 0.3, channels, dtype=np.float32)
    drive = result(follow(Audio(shares[:, None] * mono, RATE), -1.0, zeros))
    target = result(drive.loudness_at(drive.headroom_db + 4.0))
    master = result(drive.master_at(target, 8.0))
    assert master is not None
    made = master.audio
    assert loudness(made) == pytest.approx(target, abs=0.02)
    np.testing.assert_allclose(made.samples, shares[:, None] * made.samples[0], atol=1e-6)


@pytest.mark.parametrize("rate", [8_000, 11_025, 16_000, 44_100, 96_000, 192_000])
def test_every_rate_gets_there(rate: int) -> None:
    drive = result(follow(Audio(band(3.0).samples, rate), -1.0, zeros))
    target = result(drive.loudness_at(drive.headroom_db + 6.0))
    master = result(drive.master_at(target, 8.0))
    assert master is not None
    assert loudness(master.audio) == pytest.approx(target, abs=0.02)


def codec(audio: Audio, places: tuple[int, ...], over_db: float) -> Audio:
    """Make what is over in a few places, as a codec's noise does, and elsewhere as it was."""
    made = audio.samples.copy()
    for place in places:
        made[:, place - 20 : place + 20] *= 10.0 ** (over_db / 20.0)
    return Audio(made, audio.rate)


def test_what_a_codec_takes_over_is_held_there_at_the_same_loudness() -> None:
    drive = result(follow(band(), -1.0, zeros))
    target = result(drive.loudness_at(drive.headroom_db + 4.0))
    master = result(drive.master_at(target, 12.0))
    assert master is not None
    peaks = np.abs(master.audio.samples[0])
    places = tuple(int(n) * RATE + int(peaks[n * RATE : (n + 1) * RATE].argmax()) for n in (1, 3))
    assert result(drive.hold(codec(master.audio, places, 2.0), 0.0)) == pytest.approx(1.0, abs=0.2)
    again = result(drive.master_at(target, 12.0))
    assert again is not None
    assert result(drive.hold(codec(again.audio, places, 2.0), 0.0)) <= 0.1
    assert loudness(again.audio) == pytest.approx(target, abs=0.02)
    assert again.gain_db - master.gain_db < 0.05
    elsewhere = slice(4 * RATE, 5 * RATE)
    kept = again.audio.samples[:, elsewhere] / 10.0 ** ((again.gain_db - master.gain_db) / 20.0)
    np.testing.assert_allclose(kept, master.audio.samples[:, elsewhere], atol=0.02)


def test_what_a_codec_takes_over_is_held_without_limiting_too_and_at_another_rate() -> None:
    drive = result(follow(band(), -1.0, zeros))
    master = result(drive.master(drive.headroom_db))
    place = int(np.abs(master.audio.samples[0]).argmax())
    spoiled = codec(master.audio, (place,), 4.0).samples
    other = soxr.resample(spoiled.T, RATE, 44_100).T
    before = np.abs(master.audio.samples[:, place]).max()
    assert result(drive.hold(Audio(np.ascontiguousarray(other), 44_100), 0.0)) > 1.0
    again = result(drive.master(drive.headroom_db)).audio.samples
    assert np.abs(again[:, place]).max() < before * 10.0 ** (-1.0 / 20.0)
    far = np.abs(np.arange(again.shape[1]) - place) > RATE // 4
    np.testing.assert_allclose(again[:, far], master.audio.samples[:, far], rtol=1e-6)


def test_what_stays_under_is_not_held() -> None:
    drive = result(follow(band(), -1.0, zeros))
    gain_db = drive.headroom_db + 3.0
    master = result(drive.master(gain_db))
    assert result(drive.hold(master.audio, 0.0)) == pytest.approx(-1.0 - SAFETY_DB, abs=0.01)
    assert result(drive.hold(Audio(zeros((2, 5000)), RATE), 0.0)) == -math.inf
    np.testing.assert_array_equal(result(drive.master(gain_db)).audio.samples, master.audio.samples)


def test_what_does_not_get_that_loud_has_no_gain() -> None:
    drive = result(follow(band(), -1.0, zeros))
    assert result(drive.gain_for(0.0, 20.0)) is None
    assert result(drive.master_at(0.0, 20.0)) is None


def test_headroom_takes_the_highest_peak_to_the_ceiling() -> None:
    drive = result(follow(band(), -3.0, zeros))
    made = result(drive.master(drive.headroom_db))
    assert -3.05 <= decibels(true_peak(made.audio.samples, 16)) <= -3.0
    assert made.limiting_db == 0.0
    assert made.limited == 0.0


def test_without_limiting_it_is_a_gain_and_nothing_else() -> None:
    audio = band()
    drive = result(follow(audio, -1.0, zeros))
    made = result(drive.master(-6.0))
    assert drive.headroom_db > -6.0
    np.testing.assert_array_equal(
        made.audio.samples, audio.samples * np.float32(10.0 ** (-6.0 / 20.0))
    )


def test_not_a_frame_earlier_or_later() -> None:
    audio = band(2.0)
    drive = result(follow(audio, -1.0, zeros))
    made = result(drive.master(drive.headroom_db + 8.0)).audio.samples[0].astype(np.float64)
    frames = 2 * audio.frames
    spectra = np.fft.rfft(audio.samples[0], frames), np.fft.rfft(made, frames)
    assert np.argmax(np.fft.irfft(spectra[0].conj() * spectra[1])) == 0


def test_a_997_hz_tone_6_db_over_stays_clean() -> None:
    drive = result(follow(tone({997.0: 0.5}), -1.0, zeros))
    made = result(drive.master(drive.headroom_db + 6.0)).audio.samples[0, RATE : 3 * RATE]
    time = np.arange(made.size) / RATE
    basis = np.stack([np.sin(2.0 * np.pi * 997.0 * time), np.cos(2.0 * np.pi * 997.0 * time)], 1)
    fitted = basis @ np.linalg.lstsq(basis, made.astype(np.float64), rcond=None)[0]
    rest = decibels(float(np.std(made - fitted) / np.std(fitted)))
    assert rest <= -104.0


def test_60_hz_does_not_modulate_7_khz_6_db_over() -> None:
    drive = result(follow(tone({60.0: 0.4, 7000.0: 0.1}), -1.0, zeros))
    made = result(drive.master(drive.headroom_db + 6.0)).audio.samples[0, RATE : 2 * RATE]
    lines = np.abs(np.fft.rfft(made * np.blackman(made.size)))
    bands = [lines[7000 + 60 * n - 3 : 7000 + 60 * n + 4] for n in (-3, -2, -1, 1, 2, 3)]
    sides = math.sqrt(sum(float(np.sum(one**2)) for one in bands))
    assert decibels(sides / math.sqrt(float(np.sum(lines[6997:7004] ** 2)))) <= -60.0


def test_the_gain_of_the_last_master_is_the_limiters() -> None:
    audio = band()
    drive = result(follow(audio, -1.0, zeros))
    for over_db in (-1.0, 6.0, 3.0):
        gain_db = drive.headroom_db + over_db
        made = result(drive.master(gain_db)).audio.samples
        expected = audio.samples * drive.gain_curve[:] * np.float32(10.0 ** (gain_db / 20.0))
        assert made == pytest.approx(expected, abs=2e-5)
        assert (drive.gain_curve.knots.min() < 1.0) == (over_db > 0.0)


def test_low_end_tells_the_share_below_100_hz() -> None:
    assert low_end(tone({50.0: 0.2})) == pytest.approx(1.0, abs=0.01)
    assert low_end(tone({50.0: 0.2, 1000.0: 0.2})) == pytest.approx(0.5, abs=0.01)
    assert low_end(tone({1000.0: 0.2})) == pytest.approx(0.0, abs=0.01)
    assert low_end(Audio(zeros((1, 1000)), RATE)) == 0.0


def test_all_that_takes_long_says_how_far_it_is() -> None:
    audio = band(12.0)
    followed, drive = shares(follow(audio, -1.0, zeros))
    searched, master = shares(drive.master_at(-9.0, 20.0))
    held, _ = shares(drive.hold(codec(audio, (RATE,), 9.0), 0.0))
    assert master is not None
    for told, least in ((followed, 20), (searched, 60), (held, 5)):
        assert told == sorted(told)
        assert 0.0 <= told[0] < told[-1] <= 1.0
        assert len(set(told)) >= least
