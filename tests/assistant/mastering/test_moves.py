from __future__ import annotations

import pytest

from assistant.dsp.drive import Master
from assistant.dsp.equaliser import Band
from assistant.dsp.multiband import Compressor
from assistant.mastering.moves import moves_of
from assistant.moves import PARAMETERS, Move
from tests.assistant.mastering.songs import song

BANDS = (Band("bell", 250.0, -2.0, 0.7), Band("high shelf", 7000.0, 1.5, 0.6))
COMPRESSORS = (Compressor(0, -30.0, 2.0, 0.2), Compressor(None, -20.0, 1.52, 0.05))


def said(gain_db: float, limiting_db: float = 0.0) -> tuple[Move, ...]:
    return moves_of((), (), Master(song(0.1), gain_db, limiting_db, 0.1), -1.0, "why")


def test_a_band_is_said_in_four_words_that_belong_together() -> None:
    moves = moves_of(BANDS, (), Master(song(0.1), 1.0, 0.0, 0.0), -1.0, "why")
    second = {move.parameter: move.value for move in moves if move.group == "eq 2"}
    assert second == {"eq.freq_hz": 7000.0, "eq.gain_db": 1.5, "eq.q": 0.6, "eq.shape": 2.0}


def test_a_high_pass_is_a_word_of_its_own() -> None:
    band = Band("high pass", 30.0, 0.0, 0.7)
    first = moves_of([band], (), Master(song(0.1), 1.0, 0.0, 0.0), -1.0, "why")[0]
    assert (first.parameter, first.value) == ("hpf_hz", 30.0)


def test_a_daw_is_told_only_of_the_compressor_over_all_bands() -> None:
    moves = moves_of((), COMPRESSORS, Master(song(0.1), 1.0, 0.0, 0.0), -1.0, "why")
    told = {move.parameter: move.value for move in moves if move.group == "compressor"}
    assert told == {"comp.threshold_db": -20.0, "comp.ratio": 1.52}


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
