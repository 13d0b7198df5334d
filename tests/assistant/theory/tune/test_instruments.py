"""Instruments that a tune is written for."""

from __future__ import annotations

from assistant.theory.ideas.library import open_library
from assistant.theory.prompt.words import read_prompt
from assistant.theory.tune.instruments import INSTRUMENTS, LEAD, instrument_of
from bridge.presets import data


def test_every_instrument_can_be_asked_for_and_has_room() -> None:
    library = open_library(data)
    for name, one in INSTRUMENTS.items():
        word = "string section" if name == "strings" else name
        reading = read_prompt(word, library.vocabulary, library.languages)
        assert reading.instruments == (name,)
        assert 0 <= one.program < 128
        assert one.high - one.low >= 12


def test_the_first_that_is_named_plays() -> None:
    assert instrument_of(("drone", "cello", "flute")) == INSTRUMENTS["cello"]
    assert instrument_of(()) == LEAD
