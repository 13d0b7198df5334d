from __future__ import annotations

import numpy as np
import pytest

from assistant.dsp.hum_judging import evidence_of, swell
from assistant.dsp.hum_lines import lines_of
from assistant.dsp.hum_tracking import Track, follow
from tests.assistant.dsp.hums import RATE, SECONDS, Signal, audio, hum, tune

TIME = np.arange(round(SECONDS * RATE)) / RATE


def followed(sound: Signal) -> Track:
    return follow(lines_of(audio(sound).samples, RATE, 50.013), tuple(range(1, 31)))


def test_hum_under_a_tune_is_steady_and_hardly_strays() -> None:
    found = evidence_of(followed(tune() + hum()))
    assert found.steady > 0.9
    assert found.least > 0.9
    assert found.stray < 0.1
    assert found.sure > 0.9
    assert not found.refutes


def test_only_its_lines_stand() -> None:
    found = evidence_of(followed(tune() + hum(orders=(1, 2, 5))))
    assert np.flatnonzero(found.standing[0]).tolist() == [0, 1, 4]


def test_lines_that_stop_are_notes() -> None:
    gate = np.where(TIME % 2.0 < 1.6, 1.0, 1e-4)
    found = evidence_of(followed(gate * hum() + 0.01 * tune()))
    assert found.sure == 0.0
    assert found.refutes


def test_lines_of_every_other_note_are_gone_half_of_the_time() -> None:
    upper = np.where(TIME % 1.0 < 0.7, 1.0, 0.0)
    odd, even = hum(orders=range(1, 20, 2)), hum(orders=range(2, 20, 2))
    found = evidence_of(followed(even + upper * odd + 0.01 * tune()))
    assert found.gone > 0.15
    assert found.sure == 0.0


def test_nothing_is_no_hum() -> None:
    assert evidence_of(followed(tune())).refutes
    assert evidence_of(followed(np.zeros(TIME.size))).refutes


def test_a_turned_guitar_swells() -> None:
    turning = 1.0 + 0.6 * np.sin(2.0 * np.pi * TIME / 4.0)
    track = followed(tune() + turning * hum())
    standing = evidence_of(track).standing
    levels = np.abs(swell(track, standing) * track.made[0, 0])
    middles = (track.lines.middle + track.lines.hop * np.arange(levels.size)) / RATE
    true = np.interp(middles, TIME, turning)
    assert np.corrcoef(levels, true)[0, 1] > 0.95


def test_steady_hum_is_left_as_it_was_followed() -> None:
    track = followed(tune() + hum())
    assert swell(track, evidence_of(track).standing) == pytest.approx(1.0)
