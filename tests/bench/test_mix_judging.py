from __future__ import annotations

from dataclasses import replace

import pytest

from bench.mix_faults import FAULTS, Truth
from bench.mix_judging import ANSWERS, Finding, fresh, judge

CLEAN = (
    Finding("gain", "bass", unit="dB", gain_db=1.0),
    Finding("gain", "keys", unit="dB", gain_db=-0.5),
    Finding("gain", "pad", unit="dB", gain_db=0.0),
    Finding("eq", "keys", freq_hz=300.0, gain_db=-2.0),
)
LOUD = Truth("gain", "bass", 9.0, "dB", gain_db=9.0)
RINGING = Truth("resonance", "keys", 9.0, "dB", freq_hz=1_000.0, gain_db=9.0)


def with_gains(**gains_db: float) -> list[Finding]:
    return [
        replace(one, gain_db=gains_db.get(one.target, one.gain_db)) if one.kind == "gain" else one
        for one in CLEAN
    ]


def test_every_fault_has_an_answer_of_its_own() -> None:
    assert set(ANSWERS) == set(FAULTS)
    assert all(kind in answers for kind, answers in ANSWERS.items())


def test_what_is_said_of_the_clean_mix_is_not_new() -> None:
    assert fresh(CLEAN, CLEAN) == []


def test_a_deeper_cut_is_new_by_how_much_deeper_it_is() -> None:
    (new,) = fresh(CLEAN, [*CLEAN[:3], replace(CLEAN[3], gain_db=-8.0)])
    assert new.gain_db == pytest.approx(-6.0)


@pytest.mark.parametrize(
    ("gain_db", "found", "cured"),
    [(-8.0, True, True), (-6.5, True, True), (-4.5, True, False), (1.0, False, False),
     (10.0, False, False)],
)  # fmt: skip
def test_a_gain_is_judged_by_how_it_changes(gain_db: float, found: bool, cured: bool) -> None:
    verdict = judge(CLEAN, with_gains(bass=gain_db), LOUD)
    assert (verdict.found, verdict.cured) == (found, cured)
    assert verdict.error_db == pytest.approx(gain_db - 1.0 + 9.0)


def test_to_raise_all_the_others_is_as_good() -> None:
    verdict = judge(CLEAN, with_gains(keys=8.5, pad=9.0), LOUD)
    assert verdict.cured
    assert verdict.error_db == pytest.approx(0.0)


@pytest.mark.parametrize(
    ("freq_hz", "gain_db", "found", "cured"),
    [(1_100.0, -8.0, True, True), (1_100.0, -4.0, True, False), (1_400.0, -9.0, False, False)],
)
def test_a_resonance_has_a_place_and_a_height(
    freq_hz: float, gain_db: float, found: bool, cured: bool
) -> None:
    cut = Finding("eq", "keys", freq_hz=freq_hz, gain_db=gain_db)
    verdict = judge(CLEAN, [*CLEAN, cut], RINGING)
    assert (verdict.found, verdict.cured) == (found, cured)
    assert verdict.error_db == pytest.approx(gain_db + 9.0)


def test_a_cut_of_another_stem_is_no_answer_but_a_false_fault() -> None:
    verdict = judge(CLEAN, [*CLEAN, Finding("eq", "pad", freq_hz=1_000.0, gain_db=-9.0)], RINGING)
    assert not verdict.found
    assert verdict.beside == 1


def test_taste_is_no_false_fault() -> None:
    told = [*CLEAN, Finding("pan", "pad", 0.3, is_taste=True)]
    assert judge(CLEAN, told, RINGING).beside == 0


def test_either_of_two_microphones_may_be_turned() -> None:
    truth = Truth("polarity", "kick", -1.0, "", other="kick out")
    for target, found in (("kick", True), ("kick out", True), ("bass", False)):
        assert judge((), [Finding("polarity", target, -1.0)], truth).found is found


def test_a_delay_is_cured_where_it_is_as_long() -> None:
    truth = Truth("delay", "kick", 3.0, "ms", other="kick out")
    for value, cured in ((-3.05, True), (3.0, True), (2.0, False)):
        verdict = judge((), [Finding("delay", "kick out", value, "ms")], truth)
        assert verdict.found
        assert verdict.cured is cured
