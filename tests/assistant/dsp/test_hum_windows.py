"""Hum, looked for in a few spans."""

from __future__ import annotations

import numpy as np
import pytest

from assistant.dsp.hum_windows import hum_in
from assistant.material import Audio
from tests.assistant.dsp.hums import SECONDS, Signal, audio, hum, tune


def silent(seconds: float, rate: int) -> Signal:
    return np.zeros(round(seconds * rate))


@pytest.mark.parametrize("rate", [8_000, 11_025, 44_100])
def test_hum_is_found_at_any_rate(rate: int) -> None:
    sound = audio(tune(rate=rate) + hum(rate=rate, wander_hz=0.0), rate=rate)
    found = hum_in(sound, [(0.0, SECONDS)])
    assert found is not None
    assert found.hum.hertz == pytest.approx(50.013, abs=0.02)
    assert found.hum.level_db == pytest.approx(20.0 * np.log10(0.02), abs=1.0)


def test_only_the_spans_are_looked_at() -> None:
    rate = 11_025
    quiet, humming = tune(), tune() + hum()
    sound = audio(np.concatenate([quiet, humming]))
    assert hum_in(sound, [(0.0, SECONDS)]) is None
    found = hum_in(sound, [(0.0, SECONDS), (SECONDS, 2.0 * SECONDS)])
    assert found is not None
    assert found.second == SECONDS
    assert hum_in(Audio(np.zeros((1, rate), np.float32), rate), []) is None


def test_harmonics_are_told_with_the_strongest_first() -> None:
    time = np.arange(round(SECONDS * 11_025)) / 11_025
    levels = {50: 0.005, 100: 0.02, 150: 0.01, 200: 0.002}
    lines = sum(level * np.sin(2.0 * np.pi * hertz * time) for hertz, level in levels.items())
    found = hum_in(audio(tune() + lines), [(0.0, SECONDS)])
    assert found is not None
    assert [round(line.hertz, -1) for line in found.lines[:3]] == [100.0, 150.0, 50.0]
    expected = 20.0 * np.log10(0.02 / np.sqrt(2.0))
    assert found.lines[0].level_db == pytest.approx(expected, abs=1.0)
