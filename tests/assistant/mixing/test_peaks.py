"""What the peaks of a track tell of how it is played."""

from __future__ import annotations

import numpy as np
import pytest

from assistant.mixing.peaks import LONGEST_STROKE_MS, peaks_of
from assistant.mixing.role_names import Role
from tests.assistant.mixing.played import RATE, notes, strokes, track


@pytest.mark.parametrize("fades", [0.02, 0.05, 0.1])
def test_a_stroke_lasts_as_long_as_it_takes_to_fall(fades: float) -> None:
    peaks = peaks_of(track(notes(8.0, fades), Role.KEYS))
    falls_ms = 1000.0 * fades * np.log(2.0)  # by 6 dB
    assert peaks.stroke_ms() == pytest.approx(falls_ms, rel=0.25, abs=6.0)


@pytest.mark.parametrize("gap", [0.25, 0.5, 1.0])
def test_onsets_are_counted(gap: float) -> None:
    peaks = peaks_of(track(notes(12.0, 0.1, gap=gap), Role.KEYS))
    assert peaks.onsets_per_second() == pytest.approx(1.0 / gap, rel=0.1)


def test_a_held_tone_has_no_strokes() -> None:
    tone = 0.3 * np.sin(2.0 * np.pi * 300.0 * np.arange(4 * RATE) / RATE)
    peaks = peaks_of(track(tone, Role.PAD))
    assert peaks.stroke_ms() == LONGEST_STROKE_MS
    assert peaks.onsets_per_second() == 0.0
    assert peaks.top_db == pytest.approx(20.0 * np.log10(0.3), abs=0.1)


def test_gain_moves_levels_and_nothing_else() -> None:
    sound = strokes(8.0)
    loud, soft = (peaks_of(track(gain * sound, Role.KICK)) for gain in (1.0, 0.1))
    assert soft.top_db == pytest.approx(loud.top_db - 20.0, abs=0.01)
    assert soft.stroke_ms() == pytest.approx(loud.stroke_ms(), abs=1.0)
    assert soft.onsets_per_second() == pytest.approx(loud.onsets_per_second(), rel=0.01)


def test_silence_has_none() -> None:
    peaks = peaks_of(track(np.zeros(RATE), Role.KICK))
    assert (len(peaks.held), peaks.top_db) == (0, -160.0)
    assert peaks.onset_peaks()[0].size == 0
