"""What the peaks of a track tell of how it is played."""

from __future__ import annotations

import numpy as np
import pytest

from assistant.mixing.peaks import LONGEST_STROKE_MS
from assistant.mixing.role_names import Role
from tests.assistant.mixing.played import RATE, notes, strokes, track


@pytest.mark.parametrize("fades", [0.02, 0.05, 0.1])
def test_a_stroke_lasts_as_long_as_it_takes_to_fall(fades: float) -> None:
    peaks = track(notes(8.0, fades), Role.KEYS).peaks
    falls_ms = 1000.0 * fades * np.log(2.0)  # by 6 dB
    assert peaks.stroke_ms() == pytest.approx(falls_ms, rel=0.25, abs=6.0)


@pytest.mark.parametrize("gap", [0.25, 0.5, 1.0])
def test_onsets_are_counted(gap: float) -> None:
    peaks = track(notes(12.0, 0.1, gap=gap), Role.KEYS).peaks
    assert peaks.onsets_per_second() == pytest.approx(1.0 / gap, rel=0.1)


def test_a_held_tone_has_no_strokes() -> None:
    tone = 0.3 * np.sin(2.0 * np.pi * 300.0 * np.arange(4 * RATE) / RATE)
    peaks = track(tone, Role.PAD).peaks
    assert peaks.stroke_ms() == LONGEST_STROKE_MS
    assert peaks.onsets_per_second() == 0.0
    assert peaks.top_db == pytest.approx(20.0 * np.log10(0.3), abs=0.1)


def test_gain_moves_levels_and_nothing_else() -> None:
    sound = strokes(8.0)
    loud, soft = (track(gain * sound, Role.KICK).peaks for gain in (1.0, 0.1))
    assert soft.top_db == pytest.approx(loud.top_db - 20.0, abs=0.01)
    assert soft.stroke_ms() == pytest.approx(loud.stroke_ms(), abs=1.0)
    assert soft.onsets_per_second() == pytest.approx(loud.onsets_per_second(), rel=0.01)


def test_they_are_those_of_the_waveform_held_for_a_moment() -> None:
    time = np.arange(4 * RATE) / RATE
    level = np.where(time % 1.0 < 0.5, 0.5, 0.125)
    peaks = track(level * np.sin(2.0 * np.pi * 220.0 * time), Role.BASS).peaks
    assert len(peaks.held) == pytest.approx(4 * peaks.rate, abs=2)
    assert peaks.held.max() == pytest.approx(0.5, abs=0.001)
    softer = peaks.held[round(0.7 * peaks.rate) : round(0.9 * peaks.rate)]
    assert softer == pytest.approx(0.125, rel=0.02)


def test_turned_up_they_are_those_of_a_louder_track() -> None:
    sound = strokes(4.0)
    soft, loud = (track(gain * sound, Role.KICK).peaks for gain in (0.25, 0.5))
    gain_db = 20.0 * np.log10(2.0)
    assert soft.turned(gain_db).held == pytest.approx(loud.held)
    assert soft.turned(gain_db).top_db == pytest.approx(loud.top_db)
    assert soft.turned(gain_db).stroke_ms() == soft.stroke_ms()


def test_they_are_read_once() -> None:
    one = track(strokes(2.0), Role.KICK)
    assert one.peaks is one.peaks


def test_silence_has_none() -> None:
    peaks = track(np.zeros(RATE), Role.KICK).peaks
    assert (len(peaks.held), peaks.top_db) == (0, -160.0)
    assert peaks.onset_peaks()[0].size == 0
