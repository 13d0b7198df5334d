"""Noise, told from notes that are held."""

from __future__ import annotations

import numpy as np
import pytest

from assistant.dsp.hiss import Hiss, hiss_in
from assistant.material import Audio
from tests.assistant.mixing.played import RATE, Row

TIME = np.arange(3 * RATE) / RATE
ALL = slice(4, 31)


def heard(sound: Row, bands: slice = ALL, rate: int = RATE) -> Hiss:
    audio = Audio(np.atleast_2d(sound).astype(np.float32), rate)
    return hiss_in(audio, np.arange(1, 28), bands)


def noise(level_db: float, rate: int = RATE) -> Row:
    dice = np.random.default_rng(1)
    return np.asarray(10.0 ** (level_db / 20.0) * dice.standard_normal(3 * rate))


def chord() -> Row:
    return np.asarray(
        sum(
            np.sin(2.0 * np.pi * n * hertz * TIME) / n for hertz in (110, 138) for n in range(1, 90)
        )
    )


@pytest.mark.parametrize("level_db", [-20.0, -80.0])
@pytest.mark.parametrize("rate", [22_050, 96_000])
def test_the_level_of_noise_is_told(level_db: float, rate: int) -> None:
    told = heard(noise(level_db, rate), rate=rate)
    assert told.purity > 0.9
    in_bands = min(22_387.0, rate / 2.0) / (rate / 2.0)
    assert told.level_db == pytest.approx(level_db + 10.0 * np.log10(in_bands), abs=0.7)


def test_a_chord_is_no_noise() -> None:
    assert heard(0.1 * chord()).purity < 0.3


def test_noise_beside_a_chord_keeps_its_level() -> None:
    bands = slice(20, 28)
    alone = heard(noise(-50.0), bands)
    beside = heard(noise(-50.0) + 0.001 * chord(), bands)
    assert beside.level_db == pytest.approx(alone.level_db, abs=0.5)


def test_silence_is_no_noise() -> None:
    assert heard(np.zeros(TIME.size)).purity == 0.0


def test_a_sound_shorter_than_a_window_is_heard() -> None:
    audio = Audio(noise(-20.0)[None, : RATE // 10].astype(np.float32), RATE)
    assert hiss_in(audio, np.array([0]), ALL).level_db == pytest.approx(-20.0, abs=4.0)
