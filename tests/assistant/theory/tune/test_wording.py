"""What is said about a tune."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from assistant.material import Meter, Note
from assistant.stages.melody import Settings
from assistant.theory.harmony.key import read_key
from assistant.theory.harmony.progression import read_bars
from assistant.theory.ideas.library import open_library
from assistant.theory.ideas.plan import Plan, make_plan
from assistant.theory.tune.frame import bar_lines
from assistant.theory.tune.harmony import Harmony
from assistant.theory.tune.passage import Passage
from assistant.theory.tune.wording import Evidence, confidence, title_of, why_of
from bridge.presets import data

PASSAGE = Passage("new", 0, (True,) * 4, bar_lines((Meter(0.0, 4, 4),), 0, 4))
TOLD = Evidence(
    PASSAGE,
    Harmony(read_bars("I | V | vi | IV"), read_key("C"), "pop", "as in pop"),
    ("C", "G", "Am", "F"),
    "aa",
    (Note(60.0, 0.0, 1.0), Note(67.0, 5.0, 1.0), Note(60.0, 12.0, 4.0)),
    0.92,
    2.14,
    2.41,
    0.63,
    (10_000, 6_214),
    0,
    96.0,
    Meter(0.0, 4, 4),
)


def plan(prompt: str = "") -> Plan:
    rng = np.random.default_rng(0)
    return make_plan(Settings(prompt=prompt), open_library(data), None, rng)


def test_a_new_tune() -> None:
    assert title_of(TOLD) == "A A: C-G-C, over C G Am F (C major, C4 to G4 in bar 2)"
    assert why_of(TOLD, plan()) == (
        "Fits 92 % of its time on chord tones; climbs to G4 once, first in bar 2; phrases A A;"
        " one of 10000 written, of which 6214 can be sung."
        " 2.1 bits a note against pop melodies (typical 2.4);"
        " shares no 8 notes in a row with a melody that was learned from;"
        " 63 % unlike the nearest offered before it. Over C G Am F, as in pop; 96 BPM in 4/4."
    )


def test_copies_are_told() -> None:
    assert "shares 11 notes" in why_of(replace(TOLD, copied=11), plan())


def test_a_tune_that_goes_on() -> None:
    passage = replace(PASSAGE, doing="continue", first=8, free=(False, False, True, True))
    assert title_of(replace(TOLD, passage=passage)).startswith(
        "Continues your melody in bars 11 to 12"
    )


def test_what_the_prompt_was_taken_to_mean_is_said() -> None:
    why = why_of(TOLD, plan("wistful frobnitz"))
    assert "wistful" in why
    assert "'frobnitz' is not known" in why


def test_confidence_falls_with_rating_and_with_unknown_words() -> None:
    assert confidence(1.0, plan()) == pytest.approx(1.0)
    assert confidence(0.2, plan()) < 0.7
    assert confidence(1.0, plan("wistful frobnitz")) < 0.9


def test_confidence_falls_where_the_chords_are_left() -> None:
    assert confidence(1.0, plan(), 0.9) == pytest.approx(1.0)
    assert confidence(1.0, plan(), 0.35) == pytest.approx(0.5)


def test_what_a_change_made_of_the_song_is_said() -> None:
    song = (Note(72.0, 0.0, 1.0), Note(72.0, 4.0, 2.0))
    passage = replace(PASSAGE, doing="vary", tune=song)
    why = why_of(replace(TOLD, passage=passage, change="darker"), plan())
    assert "darker: 9.7 semitones lower on average" in why
    assert "darker" not in why_of(replace(TOLD, passage=passage), plan())


def test_a_last_idea_says_so() -> None:
    assert "no other is left" in why_of(replace(TOLD, remark="no other is left"), plan()).lower()
