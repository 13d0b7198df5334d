from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given

from assistant.dsp.third_octaves import (
    BANDS,
    CENTRES_HZ,
    FLOOR_DB,
    STEPS_HZ,
    Spectrum,
    band_name,
    listen,
)
from assistant.material import Audio, Samples
from assistant.steps import result
from tests.assistant.dsp.sounds import nasty_sounds

RATE = 48_000


def heard(samples: Samples, rate: int = RATE) -> Spectrum:
    return result(listen(Audio(samples, rate)))


def noise(seconds: float, rate: int = RATE, channels: int = 2, seed: int = 0) -> Samples:
    dice = np.random.default_rng(seed)
    return dice.normal(0.0, 0.1, (channels, int(seconds * rate))).astype(np.float32)


def test_bands_are_those_of_the_standard() -> None:
    assert len(CENTRES_HZ) == BANDS == 31
    exact = 10.0 ** (np.arange(13, 44) / 10.0)
    np.testing.assert_allclose(CENTRES_HZ, exact, rtol=0.013)
    assert len(STEPS_HZ) == 4 * BANDS


@pytest.mark.parametrize("rate", [8_000, 44_100, 48_000, 96_000, 192_000])
@pytest.mark.parametrize("hertz", [25.0, 63.0, 1000.0, 3150.0])
def test_a_sine_is_in_its_band_at_its_level(rate: int, hertz: float) -> None:
    sine = 0.5 * np.sin(2.0 * np.pi * hertz * np.arange(4 * rate) / rate)
    told = heard(sine.astype(np.float32)[None], rate)
    band = CENTRES_HZ.index(hertz)
    assert np.argmax(told.levels_db) == band
    assert told.levels_db[band] == pytest.approx(-9.03, abs=0.4)


@pytest.mark.parametrize("rate", [44_100, 96_000])
def test_white_noise_rises_by_1_db_a_band(rate: int) -> None:
    told = heard(noise(30.0, rate), rate)
    width_hz = np.array(CENTRES_HZ) * (10.0**0.05 - 10.0**-0.05)
    wanted = 10.0 * np.log10(0.01 * width_hz / (rate / 2.0))
    np.testing.assert_allclose(told.levels_db[5:30], wanted[5:30], atol=0.4)


def test_nothing_lies_above_half_the_rate() -> None:
    told = heard(noise(2.0, 8_000), 8_000)
    assert (told.levels_db[np.array(CENTRES_HZ) > 4500.0] == FLOOR_DB).all()


def test_middle_and_sides_are_told_apart() -> None:
    left = noise(3.0, channels=1)
    told = heard(np.concatenate([left, left]))
    assert (told.side_db == FLOOR_DB).all()
    told = heard(np.concatenate([left, -left]))
    assert (told.mid_db == FLOOR_DB).all()
    np.testing.assert_allclose(told.side_db, heard(left).mid_db, atol=1e-6)


def test_six_channels_are_heard_without_the_low_frequency_one() -> None:
    one = noise(3.0, channels=1)
    six = np.repeat(one, 6, axis=0)
    six[3] = noise(3.0, channels=1, seed=5) * 10.0
    np.testing.assert_allclose(heard(six).mid_db, heard(one).mid_db, atol=1e-4)


def test_silence_before_and_after_does_not_count() -> None:
    middle = noise(20.0)
    quiet = np.zeros((2, 60 * RATE), dtype=np.float32)
    told = heard(np.concatenate([quiet, middle, quiet], axis=1))
    np.testing.assert_allclose(told.levels_db, heard(middle).levels_db, atol=0.6)
    assert told.seconds == pytest.approx(20.0, abs=1.0)


def test_a_quiet_tail_does_not_count() -> None:
    loud = noise(5.0)
    hum = 1e-4 * np.sin(2.0 * np.pi * 50.0 * np.arange(60 * RATE) / RATE)
    tail = np.tile(hum.astype(np.float32), (2, 1))
    told = heard(np.concatenate([loud, tail], axis=1))
    assert told.seconds == pytest.approx(5.0, abs=0.8)


def test_silence_has_no_spectrum() -> None:
    told = heard(np.zeros((2, RATE), dtype=np.float32))
    assert told.silent
    assert (told.levels_db == FLOOR_DB).all()
    assert heard(np.zeros((1, 0), dtype=np.float32)).silent


def test_louder_moves_all_of_it_up() -> None:
    once = noise(3.0)
    np.testing.assert_allclose(
        heard(once * np.float32(2.0)).levels_db, heard(once).levels_db + 6.0206, atol=1e-3
    )


@given(nasty_sounds())
def test_levels_are_numbers_and_add_up_to_no_more_than_there_is(
    sound: tuple[Samples, int],
) -> None:
    samples, rate = sound
    told = heard(samples, rate)
    assert np.isfinite(told.levels_db).all()
    assert 0.0 <= told.seconds <= samples.shape[1] / rate + 1e-9
    power = np.sum(10.0 ** (told.levels_db / 10.0))
    assert power <= 8.0 * np.max(np.square(samples, dtype=np.float64), initial=1e-9)


def test_progress_rises_to_1() -> None:
    told = list(listen(Audio(noise(20.0), RATE)))
    assert told == sorted(told)
    assert told[-1] == 1.0


@pytest.mark.parametrize(
    ("hertz", "name"),
    [
        (31.5, "31.5 Hz"),
        (250.0, "250 Hz"),
        (1000.0, "1 kHz"),
        (3150.0, "3.15 kHz"),
        (12500.0, "12.5 kHz"),
    ],
)
def test_bands_have_names(hertz: float, name: str) -> None:
    assert band_name(hertz) == name
