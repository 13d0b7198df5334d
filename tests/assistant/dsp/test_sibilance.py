from __future__ import annotations

import numpy as np
import pytest

from assistant.dsp.sibilance import STANDS_OUT_DB, WANTED_DB, find_sibilance, without_sibilance
from assistant.steps import result
from tests.assistant.dsp.hums import zeros
from tests.assistant.dsp.spoken import RATE, audio, hisses, vowels

SHARP, MILD = 0.15, 0.02


def test_a_sharp_s_is_found() -> None:
    found = result(find_sibilance(audio(vowels() + hisses(SHARP))))
    assert found is not None
    assert len(found.places) == 4
    assert found.level_db > STANDS_OUT_DB
    assert 3_000.0 <= found.corner_hz <= 5_000.0
    assert found.sure > 0.8


def test_a_mild_s_is_left_alone() -> None:
    sound = audio(vowels() + hisses(MILD))
    assert result(find_sibilance(sound)) is None
    assert result(without_sibilance(sound, None, 1.0, zeros)) is sound


def test_it_is_turned_down_until_it_no_longer_stands_out() -> None:
    sound = audio(vowels() + hisses(SHARP))
    found = result(find_sibilance(sound))
    assert found is not None
    made = result(without_sibilance(sound, found, 1.0, zeros))
    assert result(find_sibilance(made)) is None
    inside = slice(found.places[0].start + 1_000, found.places[0].stop - 1_000)
    down_db = 20.0 * np.log10(np.std(made.samples[0, inside]) / np.std(sound.samples[0, inside]))
    wanted_db = -min(9.0, found.places[0].level_db - WANTED_DB)
    assert down_db == pytest.approx(wanted_db, abs=0.5)


def test_vowels_stay_bit_for_bit_and_channels_are_linked() -> None:
    sound = audio(vowels() + hisses(SHARP), 0.5 * vowels() + 0.3 * hisses(SHARP))
    found = result(find_sibilance(sound))
    assert found is not None
    made = result(without_sibilance(sound, found, 1.0, zeros)).samples
    kept = slice(round(0.5 * RATE), round(1.2 * RATE))
    assert made[:, kept].tobytes() == sound.samples[:, kept].tobytes()
    inside = slice(found.places[0].start + 1_000, found.places[0].stop - 1_000)
    downs = np.std(made[:, inside], axis=1) / np.std(sound.samples[:, inside], axis=1)
    assert downs[0] == pytest.approx(downs[1], rel=0.01)


def test_amount_is_how_far_it_goes() -> None:
    sound = audio(vowels() + hisses(SHARP))
    found = result(find_sibilance(sound))
    assert result(without_sibilance(sound, found, 0.0, zeros)) is sound
    levels = [
        np.std(result(without_sibilance(sound, found, amount, zeros)).samples[:, : RATE // 2])
        for amount in (0.2, 0.5, 1.0)
    ]
    assert levels == sorted(levels, reverse=True)


@pytest.mark.parametrize("rate", [8_000, 16_000, 96_000])
def test_at_other_rates(rate: int) -> None:
    found = result(find_sibilance(audio(vowels(rate) + _hisses_at(rate), rate=rate)))
    assert (found is None) == (rate < 16_000)


def _hisses_at(rate: int) -> np.ndarray:
    return hisses(SHARP, rate) if rate >= 16_000 else np.zeros(vowels(rate).size)


def test_what_is_no_voice_is_left_alone() -> None:
    assert result(find_sibilance(audio(hisses(SHARP)))) is None
    noise = 0.1 * np.random.default_rng(1).standard_normal(4 * RATE)
    assert result(find_sibilance(audio(noise))) is None
    assert result(find_sibilance(audio(np.zeros(RATE)))) is None
