"""Voices whose s stand out, and what the de-esser makes of them."""

from __future__ import annotations

import numpy as np
import pytest

from assistant.material import Audio, Session
from assistant.mixing.fault import Fault
from assistant.mixing.faults.sibilance import Sharpness, find_sibilance, sharpness
from assistant.mixing.rendering import render
from assistant.mixing.role_names import Role
from assistant.mixing.track import Track
from assistant.steps import result
from tests.assistant.mixing.played import RATE, Row, notes, track, words, zeros

SECONDS = 9.0
SOFT_DB, SHARP_DB, WRONG_DB = -12.0, -1.0, 6.0


def find(*tracks: Track) -> tuple[Fault, ...]:
    return result(find_sibilance(tracks))


def voice(s_db: float, gain: float = 1.0, confidence: float = 1.0) -> Track:
    return track(gain * words(SECONDS, s_db), Role.LEAD_VOCAL, "vocal", confidence=confidence)


def sharp(one: Track) -> Sharpness:
    found = sharpness(one.audio, one.heard)
    assert found is not None
    return found


def loudest_s_db(audio: Audio) -> float:
    """Measure the s of `words` by where they are known to lie."""
    spans = [round((start + 0.47) * RATE) for start in np.arange(0.1, SECONDS - 0.8, 0.6)]
    length = round(0.06 * RATE)
    parts = np.array([audio.samples[0, n : n + length] for n in spans])
    return float(10.0 * np.log10(np.square(parts, dtype=np.float64).mean()))


def test_soft_s_are_left_alone() -> None:
    assert find(voice(SOFT_DB)) == ()
    assert sharp(voice(SOFT_DB)).excess_db < 1.0


def test_sharp_s_are_a_matter_of_taste_and_wrong_ones_a_fault() -> None:
    (taste,), (fault,) = find(voice(SHARP_DB)), find(voice(WRONG_DB))
    assert (taste.kind, taste.targets, taste.is_taste) == ("sibilance", ("vocal",), True)
    assert (fault.kind, fault.is_taste) == ("sibilance", False)
    assert fault.severity > taste.severity
    (unsure,) = find(voice(WRONG_DB, confidence=0.4))
    assert unsure.is_taste


@pytest.mark.parametrize("more_db", [3.0, 6.0, 9.0])
def test_what_is_too_much_grows_as_the_s_do(more_db: float) -> None:
    before, after = sharp(voice(-6.0)), sharp(voice(-6.0 + more_db))
    assert after.excess_db - before.excess_db == pytest.approx(more_db, abs=0.5)
    assert after.freq_hz == pytest.approx(before.freq_hz, rel=0.05)
    assert before.freq_hz == pytest.approx(6_500.0, rel=0.1)


@pytest.mark.parametrize("s_db", [-4.0, SHARP_DB])
def test_the_deesser_takes_what_is_too_much_and_leaves_the_vowels(s_db: float) -> None:
    one = voice(s_db)
    (fault,) = find(one)
    assert [move.parameter for move in fault.moves] == ["deess.freq_hz", "deess.threshold_db"]
    made = result(render(Session((one.stem,)), fault.moves, zeros, tracks=True)).tracks[0].audio
    left = sharpness(made, one.heard)
    assert left is None or left.excess_db < 1.0
    taken_db = loudest_s_db(one.audio) - loudest_s_db(made)
    assert taken_db == pytest.approx(fault.evidence["taken"].value, abs=1.5)
    vowel = slice(round(0.15 * RATE), round(0.45 * RATE))
    assert made.samples[0, vowel] == pytest.approx(one.audio.samples[0, vowel], abs=0.01)


def test_where_a_deesser_cannot_take_all_it_says_so() -> None:
    (fault,) = find(voice(WRONG_DB))
    assert fault.evidence["taken"].value < fault.value
    assert "A de-esser takes" in fault.why


def test_gain_moves_the_threshold_and_nothing_else() -> None:
    (loud,), (soft,) = find(voice(SHARP_DB)), find(voice(SHARP_DB, gain=0.1))
    assert soft.value == pytest.approx(loud.value, abs=0.1)
    assert soft.moves[0].value == pytest.approx(loud.moves[0].value, rel=0.01)
    assert soft.moves[1].value == pytest.approx(loud.moves[1].value - 20.0, abs=0.2)


def test_only_voices_have_an_s() -> None:
    sound = words(SECONDS, WRONG_DB)
    assert find(track(sound, Role.HATS), track(notes(4.0, 0.3), Role.LEAD_VOCAL)) == ()


def at(rate: int, sound: Row) -> Track:
    return track(sound, Role.LEAD_VOCAL, rate=rate)


@pytest.mark.parametrize("rate", [22_050, 96_000])
def test_any_rate_that_holds_an_s_does(rate: int) -> None:
    (fault,) = find(at(rate, words(SECONDS, SHARP_DB, rate=rate)))
    assert fault.value == pytest.approx(find(voice(SHARP_DB))[0].value, abs=2.0)


def test_a_rate_too_low_to_hold_one_and_silence_tell_nothing() -> None:
    low = np.random.default_rng(1).standard_normal(8_000) * 0.1
    assert find(at(8_000, low), at(RATE, np.zeros(RATE))) == ()
