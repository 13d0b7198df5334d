from __future__ import annotations

import numpy as np
import pytest

from assistant.dsp.hum import Hum, find_hum, without_hum
from assistant.material import Audio
from assistant.steps import result
from tests.assistant.dsp.hums import RATE, SECONDS, Signal, audio, hum, over_db, tune, zeros


def cleaned(sound: Audio, amount: float = 1.0, noise: Audio | None = None) -> Audio:
    found = result(find_hum(sound, noise))
    return result(without_hum(sound, found, amount, zeros))


def notes_at(hertz: float) -> Signal:
    """Play a bass line of one note, with rests."""
    time = np.arange(round(SECONDS * RATE)) / RATE
    after = time % 1.1
    swell = np.minimum(after / 0.005, 1.0) * np.clip((0.9 - after) / 0.05, 0.0, 1.0)
    tone = sum(np.sin(2.0 * np.pi * hertz * n * time) / n**1.3 for n in range(1, 20))
    return np.asarray(0.3 * swell * np.exp(-after) * tone)


def drone_at(hertz: float) -> Signal:
    """Blow one note, with breaths, whose vowel moves."""
    time = np.arange(round(SECONDS * RATE)) / RATE
    centre = 12.0 + 6.0 * np.sin(2.0 * np.pi * 1.5 * time)
    made = np.zeros(time.size)
    for order in range(1, 40):
        vowel = order**-1.0 + np.exp(-(((order - centre) / 3.0) ** 2))
        made += vowel * np.sin(2.0 * np.pi * order * hertz * time)
    return np.asarray(0.1 * made * np.clip(8.0 * np.abs(np.sin(np.pi * time / 3.0)), 0.0, 1.0))


def octaves_at(hertz: float) -> Signal:
    """Play a bass that steps up an octave and back, without a rest, under a hi-hat."""
    time = np.arange(round(SECONDS * RATE)) / RATE
    steps = np.where((time % 2.0 >= 1.0) & (time % 2.0 < 1.5), 2.0, 1.0)
    tone = sum(np.sin(2.0 * np.pi * hertz * steps * n * time) / n for n in range(1, 30))
    hat = np.random.default_rng(2).standard_normal(time.size) * np.exp(-(time % 0.25) / 0.03)
    return np.asarray(0.1 * tone + 0.2 * hat)


@pytest.mark.parametrize("hertz", [49.8, 50.013, 59.99, 60.25])
def test_hum_is_found_and_taken_from_under_a_tune(hertz: float) -> None:
    sound = audio(tune() + hum(hertz=hertz))
    found = result(find_hum(sound))
    assert found is not None
    assert found.hertz == pytest.approx(hertz, abs=0.02)
    assert found.lines >= 25
    assert found.sure > 0.9
    assert found.level_db == pytest.approx(20.0 * np.log10(0.02), abs=0.5)
    made = result(without_hum(sound, found, 1.0, zeros))
    assert over_db(tune(), sound.samples[0]) < 12.0
    assert over_db(tune(), made.samples[0]) > 50.0


@pytest.mark.parametrize("orders", [(1, 3), (1, 2, 3), (2, 4, 6, 8, 10)])
def test_few_lines_are_enough(orders: tuple[int, ...]) -> None:
    made = cleaned(audio(tune() + hum(orders=orders)))
    assert over_db(tune(), made.samples[0]) > 35.0


@pytest.mark.parametrize("rate", [8_000, 44_100])
def test_at_any_rate(rate: int) -> None:
    sound = audio(tune(4.0, rate) + hum(4.0, rate), rate=rate)
    assert over_db(tune(4.0, rate), cleaned(sound).samples[0]) > 45.0


def test_music_alone_stays_the_same_object() -> None:
    sound = audio(tune())
    assert result(find_hum(sound)) is None
    assert cleaned(sound) is sound


@pytest.mark.parametrize("music", [notes_at(50.0), notes_at(60.0), drone_at(60.0), drone_at(50.0)])
def test_notes_at_the_mains_are_no_hum(music: Signal) -> None:
    assert result(find_hum(audio(music))) is None
    assert result(find_hum(audio(music + 1e-4 * tune()))) is None


@pytest.mark.parametrize("hertz", [50.0, 60.0])
def test_a_bass_without_rests_is_no_hum(hertz: float) -> None:
    assert result(find_hum(audio(octaves_at(hertz)))) is None


def test_a_tone_with_hardly_anything_else_may_be_the_music() -> None:
    hiss = 1e-3 * np.random.default_rng(3).standard_normal(hum().size)
    assert result(find_hum(audio(hum()))) is None
    assert result(find_hum(audio(hum() + hiss))) is None
    assert result(find_hum(audio(hum() + hiss), audio(hum()[: 2 * RATE]))) is not None


def test_amount_is_how_much_is_taken() -> None:
    sound = audio(tune() + hum())
    assert cleaned(sound, 0.0) is sound
    half = cleaned(sound, 0.5)
    assert over_db(tune() + 0.5 * hum(), half.samples[0]) > 45.0


def test_each_channel_has_its_own() -> None:
    other = tune(seed=2)
    made = cleaned(audio(tune() + hum(), other))
    assert over_db(tune(), made.samples[0]) > 45.0
    assert over_db(other, made.samples[1]) > 60.0


def test_a_dead_channel_stays_dead() -> None:
    made = cleaned(audio(tune() + hum(), np.zeros(hum().size)))
    assert over_db(tune(), made.samples[0]) > 45.0
    assert not made.samples[1].any()


def test_where_it_was_cut_silent_it_stays_silent() -> None:
    kept = np.ones(hum().size)
    kept[3 * RATE : 4 * RATE] = 0.0
    made = cleaned(audio(kept * (tune() + hum())))
    assert not made.samples[0, 3 * RATE : 4 * RATE].any()
    assert over_db(kept * tune(), made.samples[0]) > 40.0


def test_a_long_take_is_cleaned_without_a_joint() -> None:
    sound = audio(tune(75.0) + hum(75.0, wander_hz=0.03))
    found = result(find_hum(sound))
    assert found is not None
    assert [stretch.start // RATE for stretch in found.stretches] == [0, 20, 40, 60]
    made = result(without_hum(sound, found, 1.0, zeros)).samples[0]
    for second in (25, 35, 45, 55, 65):
        part = slice((second - 3) * RATE, (second + 3) * RATE)
        assert over_db(tune(75.0)[part], made[part]) > 40.0


def test_outside_the_stretches_nothing_is_changed() -> None:
    only = np.arange(75 * RATE) > 40 * RATE
    sound = audio(tune(75.0) + only * hum(75.0))
    found = result(find_hum(sound))
    assert found is not None
    first = found.stretches[0].start
    made = result(without_hum(sound, found, 1.0, zeros))
    assert first >= 20 * RATE
    assert made.samples[:, :first].tobytes() == sound.samples[:, :first].tobytes()


def test_noise_that_hums_makes_it_surer() -> None:
    """What never rests hides the hum from the first look, but not from who knows it."""
    time = np.arange(hum().size) / RATE
    chord = sum(0.1 * np.sin(2.0 * np.pi * hertz * time) for hertz in (137.0, 171.0, 223.0))
    hiss = 0.02 * np.random.default_rng(5).standard_normal(time.size)
    sound = audio(chord + hiss + hum(level=0.004))
    quiet = 1e-4 * np.random.default_rng(6).standard_normal(2 * RATE)
    alone = audio(hum(2.0, level=0.004) + quiet)
    assert result(find_hum(sound)) is None
    made = cleaned(sound, noise=alone)
    assert over_db(chord + hiss, made.samples[0]) > over_db(chord + hiss, sound.samples[0]) + 2.0


def test_noise_of_another_room_makes_no_hum() -> None:
    alone = audio(hum(2.0) + 1e-4 * np.random.default_rng(6).standard_normal(2 * RATE))
    assert result(find_hum(audio(tune()), alone)) is None
    assert result(find_hum(audio(notes_at(50.0)), alone)) is None


@pytest.mark.parametrize("seconds", [0.0, 0.1, 1.0])
def test_what_is_too_short_is_left_alone(seconds: float) -> None:
    assert result(find_hum(audio(hum(seconds + 1e-9) if seconds else np.zeros(0)))) is None


def test_silence_and_noise_hold_no_hum() -> None:
    noise = 0.1 * np.random.default_rng(1).standard_normal(5 * RATE)
    assert result(find_hum(audio(np.zeros(5 * RATE)))) is None
    assert result(find_hum(audio(noise))) is None


def test_it_is_the_same_each_time_and_progress_rises() -> None:
    sound = audio(tune() + hum())
    found: Hum | None = result(find_hum(sound))
    assert found == result(find_hum(sound))
    ones = [result(without_hum(sound, found, 1.0, zeros)).samples.tobytes() for _ in range(2)]
    assert ones[0] == ones[1]
    for work in (find_hum(sound), without_hum(sound, found, 1.0, zeros)):
        told = list(work)
        assert told == sorted(told)
        assert told[-1] == pytest.approx(1.0)


def test_the_rounding_to_16_bits_makes_no_lines_that_speak_against_hum() -> None:
    rate = 44_100
    time = np.arange(8 * rate) / rate
    plucked = np.zeros(time.size)
    for n in (1, 2, 3, 5, 6, 7):  # and nothing at all in between, not even noise
        hertz, after = 220.0 * 2.0 ** ((n * 5 % 12) / 12.0), time[:rate]
        fade = np.exp(-6.0 * after) * np.minimum(1.0, after * 300.0)
        note = sum(np.sin(2.0 * np.pi * hertz * k * after) / k**2 for k in (1, 2, 3, 4))
        plucked[n * rate : (n + 1) * rate] = 0.3 * fade * note
    lines = sum(0.02 / n * np.sin(2.0 * np.pi * 50.0 * n * time + n) for n in (1, 2, 3, 5))
    row = np.rint((plucked + lines) * 2**15) / 2**15
    found = result(find_hum(audio(row, rate=rate)))
    assert found is not None
    assert found.lines == 4
