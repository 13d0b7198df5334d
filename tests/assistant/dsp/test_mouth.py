from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.signal import firwin

from assistant.dsp.mouth import Burst, Plan, bursts, turned_down
from assistant.dsp.sibilance import PLAN
from assistant.material import Audio
from assistant.steps import result
from tests.assistant.dsp.hums import zeros
from tests.assistant.dsp.spoken import RATE, S_SECONDS, audio, hisses, vowels


def test_bursts_are_found_where_they_are() -> None:
    found = result(bursts(audio(vowels() + hisses(0.05)), PLAN)).bursts
    assert len(found) == 4
    for second, burst in enumerate(found):
        assert burst.start / RATE == pytest.approx(second + S_SECONDS[0], abs=0.025)
        assert burst.stop / RATE == pytest.approx(second + S_SECONDS[1], abs=0.025)


def test_they_are_measured_against_the_vowels_whatever_the_level() -> None:
    sound = audio(vowels() + hisses(0.05))
    soft = Audio(sound.samples * np.float32(0.1), RATE)
    levels = [[b.level_db for b in result(bursts(each, PLAN)).bursts] for each in (sound, soft)]
    assert levels[0] == pytest.approx(levels[1], abs=0.6)
    louder = result(bursts(audio(vowels() + hisses(0.1)), PLAN)).bursts
    assert louder[0].level_db == pytest.approx(levels[0][0] + 6.0, abs=0.6)


def test_too_short_and_too_long_are_none() -> None:
    sound = audio(vowels() + hisses(0.05))
    assert result(bursts(sound, replace(PLAN, seconds=(0.2, 0.4)))).bursts == ()
    assert result(bursts(sound, replace(PLAN, seconds=(0.01, 0.05)))).bursts == ()


def test_a_hiss_that_never_ends_is_no_burst() -> None:
    time = np.arange(12 * RATE)
    whistle = 0.1 * np.sin(2.0 * np.pi * 6_000.0 * time / RATE)
    assert result(bursts(audio(whistle), PLAN)).bursts == ()


def test_bursts_far_under_the_vowels_are_not_told() -> None:
    assert result(bursts(audio(vowels() + hisses(0.0005)), PLAN)).bursts == ()


def test_a_burst_across_two_blocks_is_one() -> None:
    plan = Plan(0.001, *PLAN_REST)  # 2048 looks are two seconds
    shifted = np.roll(vowels() + hisses(0.05), round((2.048 - 0.36) * RATE))
    found = result(bursts(audio(shifted), plan)).bursts
    near = [b for b in found if b.start < 2.048 * RATE < b.stop]
    assert len(near) == 1
    assert (near[0].stop - near[0].start) / RATE == pytest.approx(0.12, abs=0.03)


PLAN_REST = (PLAN.band_hz, PLAN.voice_hz, PLAN.times, PLAN.seconds)


@pytest.mark.parametrize("seconds", [0.0, 0.001, 0.05])
def test_a_short_sound_holds_none(seconds: float) -> None:
    sound = Audio(np.ones((1, round(seconds * RATE)), dtype=np.float32), RATE)
    assert result(bursts(sound, PLAN)).bursts == ()


def test_one_band_is_turned_down_in_one_place() -> None:
    time = np.arange(RATE) / RATE
    low, high = np.sin(2.0 * np.pi * 500.0 * time), np.sin(2.0 * np.pi * 8_000.0 * time)
    sound = Audio((0.1 * np.stack([low + high, low])).astype(np.float32), RATE)
    taps = firwin(177, 4_000.0, pass_zero=False, fs=RATE)
    burst = Burst(RATE // 2, RATE // 2 + 4_410, 0.0)
    made = result(turned_down(sound, [(burst, 6.0)], taps, 0.005, zeros)).samples
    inside = slice(RATE // 2 + 400, RATE // 2 + 4_000)
    wanted = 0.1 * (low + 10.0 ** (-6.0 / 20.0) * high)
    assert made[0, inside] == pytest.approx(wanted[inside], abs=1e-3)
    assert made[1, inside] == pytest.approx(0.1 * low[inside], abs=1e-3)
    for outside in (slice(0, RATE // 2 - 221), slice(RATE // 2 + 4_631, RATE)):
        assert made[:, outside].tobytes() == sound.samples[:, outside].tobytes()


def test_at_the_ends_of_a_sound() -> None:
    sound = audio(vowels())
    taps = firwin(177, 4_000.0, pass_zero=False, fs=RATE)
    places = [(Burst(0, 300, 0.0), 6.0), (Burst(sound.frames - 300, sound.frames, 0.0), 6.0)]
    made = result(turned_down(sound, places, taps, 0.005, zeros))
    assert made.samples.shape == sound.samples.shape
    assert np.isfinite(made.samples).all()


def test_without_places_it_is_the_same_object() -> None:
    sound = audio(vowels())
    assert result(turned_down(sound, [], np.ones(1), 0.005, zeros)) is sound
