from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from assistant.dsp.echoes import Echo
from assistant.dsp.f0 import F0Track
from assistant.dsp.other_voices import Others
from assistant.dsp.take_judging import TakeNumbers, judge_take, numbers_of

SUNG = TakeNumbers(0.97, 0.9, 0.85, 0.96, 0.0, 20.0, 0.7, 0.6)


def tonal() -> float:
    return 0.2


def toneless() -> float:
    return 0.02


def test_singing_is_one_voice_and_needs_no_scale() -> None:
    def never() -> float:
        raise AssertionError

    found = judge_take(SUNG, never)
    assert found.one_voice
    assert found.confidence > 0.95
    assert "96 %" in found.words
    assert "85 %" in found.words


def test_glides_are_speech_only_where_they_last_and_nothing_is_held() -> None:
    spoken = replace(SUNG, certain=0.7, harmonic=0.6, resting=0.2, held=0.0)
    assert judge_take(spoken, tonal).kind == "speech"
    assert "20 %" in judge_take(spoken, tonal).words
    assert judge_take(replace(spoken, voiced_seconds=1.0), tonal).one_voice
    recited = judge_take(replace(spoken, held=0.04), tonal)
    assert recited.one_voice
    assert recited.confidence < judge_take(SUNG, tonal).confidence


@pytest.mark.parametrize(
    ("numbers", "kind"),
    [
        (replace(SUNG, certain=0.2, harmonic=0.45), "several voices"),
        (replace(SUNG, certain=0.5, harmonic=0.6, other=0.5), "several voices"),
        (replace(SUNG, certain=0.3, harmonic=0.6, repeating=0.7), "several voices"),
        (replace(SUNG, pitched=0.3, certain=0.0, harmonic=0.1, repeating=0.25), "drums or noise"),
    ],
)
def test_what_is_not_one_voice(numbers: TakeNumbers, kind: str) -> None:
    found = judge_take(numbers, toneless if kind == "drums or noise" else tonal)
    assert found.kind == kind
    assert "%" in found.words


@pytest.mark.parametrize(
    ("others", "said"),
    [
        (Others(0.4, -9.0, 0.5), "40 % of the time, 9 dB under the whole"),
        (Others(0.05, -12.0, 4.2), "stray from each other by 4.2 Hz"),
    ],
)
def test_company_is_several_voices_with_what_to_do(others: Others, said: str) -> None:
    found = judge_take(replace(SUNG, others=others), tonal)
    assert found.kind == "several voices"
    assert found.confidence > 0.9
    assert said in found.words
    assert found.words.endswith("give each voice by itself")
    assert found.numbers is not None
    assert found.numbers.others == others


@pytest.mark.parametrize(
    "numbers",
    [
        replace(SUNG, others=Others(0.3, -9.0, 0.5)),
        replace(SUNG, others=Others(0.05, -12.0, 2.9)),
        replace(SUNG, certain=0.4, harmonic=0.4),
    ],
)
def test_what_a_delay_repeats_is_no_company(numbers: TakeNumbers) -> None:
    assert judge_take(numbers, tonal).kind == "several voices"
    assert judge_take(numbers, tonal, lambda: Echo(0.4, 0.1)).kind == "several voices"
    found = judge_take(numbers, tonal, lambda: Echo(0.375, 0.5))
    assert found.one_voice
    assert found.confidence < judge_take(SUNG, tonal).confidence + 1e-9
    assert "echo after 375 ms" in found.words


@pytest.mark.parametrize(
    "numbers",
    [replace(SUNG, others=Others(0.6, -8.0, 1.5)), replace(SUNG, certain=0.2, harmonic=0.5)],
)
def test_chords_that_a_loop_repeats_are_still_several_voices(numbers: TakeNumbers) -> None:
    assert judge_take(numbers, tonal, lambda: Echo(0.75, 0.6)).kind == "several voices"


@pytest.mark.parametrize("others", [Others(0.1, -13.0, 0.4), Others(0.05, -11.0, 1.9)])
def test_faint_bleed_and_a_room_are_no_company(others: Others) -> None:
    found = judge_take(replace(SUNG, others=others), tonal)
    assert found.one_voice
    assert found.confidence > 0.9


def test_a_choir_without_a_clear_scale_is_no_drum() -> None:
    choir = replace(SUNG, certain=0.15, harmonic=0.5, pitched=0.95)
    assert judge_take(choir, toneless).kind == "several voices"


def test_numbers_are_shares_of_what_sounds() -> None:
    coarse_times = np.arange(625, dtype=np.float64) * 0.016
    fine_times = np.arange(2_000, dtype=np.float64) * 0.005
    sounds, fine_sounds = coarse_times < 5.0, fine_times < 5.0
    level, fine_level = np.where(sounds, -20.0, -90.0), np.where(fine_sounds, -20.0, -90.0)
    sings = np.where(coarse_times < 4.0, 0.95, 0.1)
    fine_sings = np.where(fine_times < 4.0, 0.95, 0.1)
    coarse = F0Track(coarse_times, np.full(625, 220.0), sings, level)
    fine = F0Track(fine_times, np.full(2_000, 220.0), fine_sings, fine_level, 0.005)
    found = numbers_of(coarse, np.full(625, 0.5), fine)
    assert found.pitched == found.certain == pytest.approx(0.8, abs=0.01)
    assert found.harmonic == pytest.approx(0.4, abs=0.01)
    assert found.repeating == pytest.approx(0.8, abs=0.01)
    assert found.other == pytest.approx(0.2, abs=0.01)
    assert found.voiced_seconds == pytest.approx(4.0)
    assert found.resting > 0.99
    assert found.held > 0.95
