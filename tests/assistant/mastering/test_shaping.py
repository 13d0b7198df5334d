from __future__ import annotations

import numpy as np
import pytest

from assistant.dsp.equaliser import Band, equalise
from assistant.mastering.balance import Advice
from assistant.mastering.shaping import shape
from assistant.mastering.space import WidthMove
from assistant.mastering.ways import Way
from assistant.steps import result
from tests.assistant.mastering.songs import RATE, song, zeros

BAND = Band("bell", 1000.0, -3.0, 0.7)


def test_a_way_that_does_nothing_hands_the_mix_on_as_it_is() -> None:
    audio = song(2.0)
    shaped = result(shape(audio, Way("", ""), 0.0, RATE, zeros))
    assert shaped.audio is audio
    assert shaped.held == ()


def test_bands_alone_are_the_equaliser() -> None:
    shaped = result(shape(song(2.0), Way("", "", (Advice(BAND, "why"),)), 0.0, RATE, zeros))
    expected = result(equalise(song(2.0), [BAND], zeros))
    np.testing.assert_array_equal(shaped.audio.samples, expected.samples)


def test_the_phase_is_left_alone_where_that_is_wanted() -> None:
    made = [
        result(
            shape(
                song(2.0),
                Way("", "", (Advice(BAND, "why"),)),
                0.0,
                RATE,
                zeros,
                linear_phase=linear,
            )
        )
        for linear in (False, True)
    ]
    assert not np.allclose(made[0].audio.samples, made[1].audio.samples, atol=1e-3)


def test_the_rate_is_converted_last() -> None:
    shaped = result(shape(song(2.0), Way("", ""), 0.0, 48_000, zeros))
    assert (shaped.audio.rate, shaped.audio.frames) == (48_000, 96_000)


def test_a_width_move_changes_the_sides_alone() -> None:
    audio = song(2.0)
    moves = (WidthMove(20.0, 20_000.0, -6.0, ""),)
    made = result(shape(audio, Way("", "", width=moves), 0.0, RATE, zeros)).audio.samples
    np.testing.assert_allclose(made.sum(axis=0), audio.samples.sum(axis=0), atol=1e-5)
    sides = [float(np.std(each[0] - each[1])) for each in (made, audio.samples)]
    assert sides[0] < 0.7 * sides[1]


@pytest.mark.parametrize("limiting_db", [0.0, 9.0])
def test_a_dense_way_holds_all_of_it_whether_the_peaks_ask_for_it_or_not(
    limiting_db: float,
) -> None:
    way = Way("", "", density=1.0, dynamics=1.0, body=True)
    shaped = result(shape(song(), way, limiting_db, RATE, zeros))
    together = [decision for decision in shaped.held if decision.compressor.band is None]
    assert len(together) == 1
    assert ("to taste" in together[0].why) == (limiting_db == 0.0)
    loudest = [float(np.abs(each).max() / np.std(each)) for each in (shaped.audio.samples,)]
    assert loudest[0] < float(np.abs(song().samples).max() / np.std(song().samples))


def test_progress_rises_to_all_of_it() -> None:
    way = Way("", "", (Advice(BAND, "why"),), density=1.0, dynamics=1.0, body=True)
    shares = list(shape(song(), way, 9.0, 48_000, zeros))
    assert shares == sorted(shares)
    assert shares[-1] == pytest.approx(1.0)
