from __future__ import annotations

import pytest

from assistant.dsp.drive import Master
from assistant.dsp.equaliser import Band
from assistant.dsp.loudness import Loudness
from assistant.dsp.multiband import Compressor
from assistant.mastering.balance import Advice
from assistant.mastering.dynamics import Decision
from assistant.mastering.finishing import Delivery
from assistant.mastering.moves import Level, done, moves_of
from assistant.moves import PARAMETERS, Move
from tests.assistant.mastering.songs import song

ADVICE = (
    Advice(Band("bell", 250.0, -2.1, 0.7), "2.1 dB less at 250 Hz: 3.4 dB over the curve for folk"),
    Advice(Band("high shelf", 7000.0, 1.5, 0.6), "1.5 dB more from 7 kHz up, to taste"),
)
HELD = (
    Decision(Compressor(0, -30.0, 2.0, 0.2), "The bass booms."),
    Decision(Compressor(None, -20.0, 1.52, 0.05), "All of it is held."),
)


def level(gain_db: float = 1.0, limiting_db: float = 0.0, in_loudest_db: float = 0.0) -> Level:
    before, after = (Loudness(lufs, -9.0, -8.0, 5.0, -1.0, -1.0) for lufs in (-20.0, -14.0))
    return Level(before, after, Master(song(0.1), gain_db, limiting_db, 0.1), -1.0, in_loudest_db)


def said(gain_db: float, limiting_db: float = 0.0) -> tuple[Move, ...]:
    return moves_of((), (), level(gain_db, limiting_db))


def test_a_band_is_said_in_four_words_that_belong_together() -> None:
    moves = moves_of(ADVICE, (), level())
    second = {move.parameter: move.value for move in moves if move.group == "eq 2"}
    assert second == {"eq.freq_hz": 7000.0, "eq.gain_db": 1.5, "eq.q": 0.6, "eq.shape": 2.0}


def test_a_high_pass_is_a_word_of_its_own() -> None:
    first = moves_of([Advice(Band("high pass", 30.0, 0.0, 0.7), "rumble")], (), level())[0]
    assert (first.parameter, first.value, first.why) == ("hpf_hz", 30.0, "rumble")


@pytest.mark.parametrize(("threshold_db", "told_db"), [(3.1, 0.0), (-84.0, -80.0)])
def test_a_mix_too_hot_for_the_threshold_is_turned_down_first(
    threshold_db: float, told_db: float
) -> None:
    held = [Decision(Compressor(None, threshold_db, 1.5, 0.05), "All of it is held.")]
    moves = moves_of((), held, level(2.0))
    first, threshold, _, last = [(move.parameter, move.value) for move in moves]
    assert [name for name, _ in (first, threshold, last)] == [
        "gain_db",
        "comp.threshold_db",
        "gain_db",
    ]
    told = [first[1], threshold[1], last[1]]
    change_db = told_db - threshold_db
    assert told == pytest.approx([change_db, told_db, 2.0 - change_db])


def test_a_daw_is_told_only_of_the_compressor_over_all_bands() -> None:
    moves = moves_of((), HELD, level())
    told = {move.parameter: move.value for move in moves if move.group == "compressor"}
    assert told == {"comp.threshold_db": -20.0, "comp.ratio": 1.52}


def test_each_move_carries_its_own_evidence() -> None:
    moves = moves_of(ADVICE, HELD, level(6.0, 3.1, 0.8))
    assert {move.group: move.why for move in moves if move.parameter != "limiter.ceiling_db"} == {
        "eq 1": ADVICE[0].why,
        "eq 2": ADVICE[1].why,
        "compressor": "All of it is held",
        "limiter": "6.0 LU up to -14.0 LUFS: the limiter takes up to 3.1 dB, 0.8 dB in the mean of"
        " the loudest seconds",
    }
    assert moves[-1].why == "No true peak goes over -1.0 dBTP"
    assert said(6.0)[0].why == "6.0 LU up to -14.0 LUFS, by gain alone"


def test_what_was_done_tells_of_the_file_too() -> None:
    steps = done(["Less of it"], (48_000, 44_100), level(6.0), Delivery(16, "shaped"))
    assert "Converted from 48 kHz to 44.1 kHz before the limiter" in steps[1]
    assert (steps[0], *steps[2:]) == (
        "Less of it.",
        "6.0 LU up to -14.0 LUFS, by gain alone.",
        "Rounded to 16 bits with shaped dither.",
    )
    assert len(done([], (48_000, 48_000), level(), Delivery(32, "tpdf"))) == 1


def test_a_gain_is_the_faders_where_nothing_is_limited_and_else_the_limiters() -> None:
    assert [(move.parameter, move.mode) for move in said(3.0)] == [("gain_db", "change")]
    assert [(move.parameter, move.value) for move in said(3.0, 2.0)] == [
        ("limiter.gain_db", 3.0),
        ("limiter.ceiling_db", -1.0),
    ]


@pytest.mark.parametrize("gain_db", [-12.0, 45.0])
def test_what_a_limiter_cannot_take_the_fader_does(gain_db: float) -> None:
    moves = said(gain_db, 2.0)
    known = PARAMETERS["limiter.gain_db"]
    for move in moves:
        if move.parameter == "limiter.gain_db":
            assert known.low <= move.value <= known.high
    gains = [move.value for move in moves if move.parameter.endswith("gain_db")]
    assert sum(gains) == pytest.approx(gain_db)
