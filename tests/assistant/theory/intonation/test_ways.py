"""The ways a correction is proposed in."""

from __future__ import annotations

from dataclasses import replace

from assistant.theory.intonation.manner import HARD, Manner
from assistant.theory.intonation.targets import THRESHOLD
from assistant.theory.intonation.ways import ways_of


def test_three_ways_the_one_that_was_asked_for_first() -> None:
    ways = ways_of(Manner())
    assert [way.title for way in ways] == ["Natural", "Tight", "Effect"]
    assert ways[0].manner == Manner()
    assert ways[2].manner == HARD


def test_what_was_asked_for_is_not_called_natural() -> None:
    first = ways_of(replace(Manner(), strength=50.0))[0]
    assert first.title == "As asked"
    assert "50 % of the way" in first.words


def test_a_way_that_was_asked_for_is_not_proposed_twice() -> None:
    assert [way.manner for way in ways_of(HARD)].count(HARD) == 1


def test_the_words_say_what_is_kept() -> None:
    assert "vibrato" in ways_of(Manner())[0].words
    assert "vibrato" not in ways_of(Manner(vibrato=0.0))[0].words
    assert "nothing" in ways_of(HARD)[0].words


def test_a_tight_way_needs_less_surety_and_an_effect_leaves_nothing_out() -> None:
    natural, tight, effect = ways_of(Manner())
    assert natural.sure is None
    assert effect.sure == 0.0
    assert tight.sure is not None
    assert effect.sure < tight.sure < THRESHOLD
    assert ways_of(HARD)[0].sure == 0.0


def test_how_sure_it_must_be_rules_all_ways_where_it_is_said() -> None:
    assert [way.sure for way in ways_of(Manner(), 0.9)] == [None, None, None]
    assert ways_of(HARD, 0.9)[0].sure is None
