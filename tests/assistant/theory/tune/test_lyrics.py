"""Rhythms of tunes from words."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest

from assistant.errors import SettingError
from assistant.material import Meter
from assistant.theory.tune.lyrics import rhythms_of_words, said_of, upbeat_bars, words_set
from assistant.theory.tune.phrasing import forms, phrases
from assistant.theory.tune.rows import CLOSE, OPEN
from assistant.theory.verse.declamation import Declamation
from assistant.theory.verse.syllables import read_orthographies
from bridge.presets import data
from tests.assistant.theory.tune.tunes import framed

KNOWN = read_orthographies(data("words/syllables"))


@dataclass(frozen=True)
class Asked:
    lyrics: str = "Twinkle twinkle little star / how I wonder what you are"
    language: str = "en"
    bars: float | None = None
    density: float | None = None
    do: str = "auto"


def words(asked: Asked) -> tuple[Declamation, ...]:
    return words_set(asked, KNOWN, None, Meter(0.0, 4, 4), 100.0, np.random.default_rng(0))


def test_every_syllable_has_its_note() -> None:
    found = words(Asked())
    assert len(found) > 3
    bars = max(one.bars for one in found) + upbeat_bars(found)
    frame = framed(bars=bars)
    breaths = phrases(frame.measures)
    rng = np.random.default_rng(0)
    rhythms = rhythms_of_words(frame, breaths, forms(len(breaths)), found, 1.0, rng)
    assert set(rhythms.counts.tolist()) == {14}
    assert (rhythms.ends == CLOSE).any(axis=1).all()
    assert (rhythms.ends[:, 6] == OPEN).any()
    assert (np.diff(rhythms.starts[:, :14], axis=1) > 0).all()


def test_how_words_are_set_is_said() -> None:
    assert said_of(()) == ""
    assert said_of(words(Asked())).startswith("14 syllables, ")


def test_no_words_no_rhythms() -> None:
    assert words(Asked(lyrics="  ")) == ()


def test_words_and_a_rhythm_that_is_there_are_refused() -> None:
    with pytest.raises(SettingError, match="lyrics set a rhythm"):
        words(Asked(do="vary"))
