"""What is told of a strip is what it does."""

from __future__ import annotations

import numpy as np
import pytest

from assistant.dsp.equaliser import Band
from assistant.mixing.console import StripSettings
from assistant.mixing.strip import Strip
from assistant.mixing.strip_response import strip_gain_db

RATE = 44_100
HERTZ = np.array([50.0, 200.0, 1000.0, 4000.0])


@pytest.mark.parametrize(
    "wanted",
    [
        StripSettings(gain_db=-4.0),
        StripSettings(hpf_hz=100.0),
        StripSettings(lpf_hz=1500.0),
        StripSettings(bands=(Band("bell", 900.0, -6.0, 2.0), Band("high shelf", 3000.0, 3.0, 0.7))),
    ],
)
def test_tones_come_out_as_told(wanted: StripSettings) -> None:
    told = strip_gain_db(wanted, HERTZ, RATE)
    for hertz, gain_db in zip(HERTZ, told, strict=True):
        tone = np.sin(2.0 * np.pi * hertz * np.arange(RATE) / RATE)
        made = np.stack([tone, tone])
        Strip(wanted, RATE).run(made, 0, {})
        heard_db = 20.0 * np.log10(made[:, RATE // 2 :].std() / tone.std())
        assert heard_db == pytest.approx(gain_db, abs=0.3)


def test_what_lies_over_half_the_rate_is_told_as_the_highest() -> None:
    high = strip_gain_db(StripSettings(lpf_hz=1000.0), np.array([3900.0, 9000.0]), 8000)
    assert high[1] == pytest.approx(high[0], abs=0.1)
