"""A de-esser for tracks."""

from __future__ import annotations

import numpy as np
import pytest

from assistant.dsp.biquads import Pair
from assistant.dsp.deesser import MOST_DB, RATIO, DeEsser
from assistant.errors import MaterialError


def tone(hertz: float, peak_db: float, rate: int) -> Pair:
    turns = 2.0 * np.pi * hertz * np.arange(rate // 2) / rate
    return np.stack([10.0 ** (peak_db / 20.0) * np.sin(turns)] * 2)


def deessed(pair: Pair, rate: int) -> Pair:
    made = pair.copy()
    DeEsser(6000.0, -30.0, rate).run(made, 0)
    return made


def change_db(pair: Pair, rate: int) -> float:
    last = slice(pair.shape[1] // 2, None)
    after, before = deessed(pair, rate)[:, last], pair[:, last]
    return float(10.0 * np.log10(np.square(after).sum() / np.square(before).sum()))


@pytest.mark.parametrize("rate", [16_000, 44_100, 192_000])
def test_its_centre_is_turned_down_as_a_compressor_would(rate: int) -> None:
    down = change_db(tone(6000.0, -20.0, rate), rate)
    assert down == pytest.approx(-10.0 * (1.0 - 1.0 / RATIO), abs=0.15)
    assert change_db(tone(6000.0, 0.0, rate), rate) == pytest.approx(-MOST_DB, abs=0.15)


def test_vowels_are_left_alone_while_it_works() -> None:
    rate = 44_100
    vowel, hiss = tone(300.0, -10.0, rate), tone(6000.0, -15.0, rate)
    made = deessed(vowel + hiss, rate)[0, -rate // 4 :]
    window = np.hanning(made.size)
    after, before = (
        np.abs(np.fft.rfft(row * window)) for row in (made, (vowel + hiss)[0, : made.size])
    )
    lines = np.array([300, 6000]) * made.size // rate
    change = 20.0 * np.log10(after[lines] / before[lines])
    assert change == pytest.approx([0.0, -15.0 * (1.0 - 1.0 / RATIO)], abs=0.2)


def test_a_loud_vowel_is_no_s() -> None:
    pair = tone(800.0, 0.0, 44_100)
    np.testing.assert_allclose(deessed(pair, 44_100)[:, -4000:], pair[:, -4000:], atol=1e-3)


def test_quiet_sibilance_is_left_as_it_is() -> None:
    pair = tone(6000.0, -40.0, 44_100)
    np.testing.assert_array_equal(deessed(pair, 44_100), pair)


def test_there_is_no_s_in_a_telephone() -> None:
    with pytest.raises(MaterialError, match="6000 Hz"):
        DeEsser(6000.0, -30.0, 8000)
