"""Metre, tempo and length: by settings, words or song."""

from __future__ import annotations

import pytest

from assistant.errors import SettingError
from assistant.material import Meter
from assistant.theory.ear.hearing import Heard
from assistant.theory.harmony.key import read_key
from assistant.theory.ideas.timing import bpm_of, length_of, meter_of, read_meter
from assistant.theory.prompt.words import Reading

HEARD = Heard(read_key("C"), 0.9, read_key("A minor"), 97.0, Meter(0.0, 6, 8), 40)


def test_a_length_is_taken_from_setting_or_prompt() -> None:
    assert length_of(None, Reading()) is None
    assert length_of(12, Reading()) == 12
    assert length_of(None, Reading(bars=16)) == 16
    assert length_of(16, Reading(bars=16)) == 16
    with pytest.raises(SettingError, match="bars is 8, but prompt says 16 bars; say one of them"):
        length_of(8, Reading(bars=16))


@pytest.mark.parametrize(
    ("tempo", "pace"),
    [(40.0, 1.4), (90.0, 1.4), (60.0, 1.2), (200.0, 0.82), (120.0, 0.7)],
)
def test_a_tempo_that_words_deny_is_refused(tempo: float, pace: float) -> None:
    with pytest.raises(SettingError, match=r"tempo is .* bpm, but prompt asks for '(very )?"):
        bpm_of(tempo, Reading(pace=pace), None)
    with pytest.raises(SettingError, match=r"prompt says .* bpm, but prompt asks for"):
        bpm_of(None, Reading(pace=pace, bpm=tempo), None)


@pytest.mark.parametrize(("tempo", "pace"), [(140.0, 0.82), (60.0, 0.7), (90.0, 1.2), (40.0, 1.0)])
def test_a_tempo_that_words_allow_is_taken(tempo: float, pace: float) -> None:
    assert bpm_of(tempo, Reading(pace=pace), HEARD) == tempo


def test_the_metre_of_the_song_comes_last() -> None:
    assert meter_of("3/4", Reading(), HEARD) == Meter(0.0, 3, 4)
    assert meter_of(None, Reading(meter="5/4"), HEARD) == Meter(0.0, 5, 4)
    assert meter_of(None, Reading(), HEARD) == read_meter("6/8")
    assert meter_of(None, Reading(), None) is None
