from __future__ import annotations

import numpy as np
import pytest

from assistant.dsp.plosives import find_plosives, without_plosives
from assistant.steps import result
from tests.assistant.dsp.hums import over_db, zeros
from tests.assistant.dsp.spoken import POP_SECONDS, RATE, audio, pops, vowels

LOUD, SOFT = 0.8, 0.02


def test_bursts_of_air_are_found() -> None:
    found = result(find_plosives(audio(vowels() + pops(LOUD))))
    assert found is not None
    starts = [place.start / RATE for place in found.places]
    assert starts == pytest.approx(POP_SECONDS, abs=0.04)
    assert found.level_db > 3.0


@pytest.mark.parametrize("level", [0.0, SOFT])
def test_a_voice_that_does_not_pop_is_left_alone(level: float) -> None:
    sound = audio(vowels() + pops(level))
    assert result(find_plosives(sound)) is None
    assert result(without_plosives(sound, None, 1.0, zeros)) is sound


def test_they_are_turned_down_and_the_voice_stays() -> None:
    sound = audio(vowels() + pops(LOUD))
    found = result(find_plosives(sound))
    made = result(without_plosives(sound, found, 1.0, zeros)).samples[0]
    voice = audio(vowels()).samples[0]
    assert over_db(voice, made) > over_db(voice, sound.samples[0]) + 12.0
    away = slice(round(1.0 * RATE), round(1.8 * RATE))
    assert made[away].tobytes() == sound.samples[0, away].tobytes()


def test_amount_is_how_far_it_goes() -> None:
    sound = audio(vowels() + pops(LOUD))
    found = result(find_plosives(sound))
    assert result(without_plosives(sound, found, 0.0, zeros)) is sound
    levels = [
        np.std(result(without_plosives(sound, found, amount, zeros)).samples)
        for amount in (0.2, 0.5, 1.0)
    ]
    assert levels == sorted(levels, reverse=True)


def test_a_low_note_is_no_burst() -> None:
    time = np.arange(4 * RATE) / RATE
    note = 0.3 * np.sin(2.0 * np.pi * 60.0 * time) * (time % 1.5 < 1.0)
    assert result(find_plosives(audio(vowels() + note))) is None
    assert result(find_plosives(audio(np.zeros(RATE)))) is None
