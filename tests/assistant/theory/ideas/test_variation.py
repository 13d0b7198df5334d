from __future__ import annotations

from itertools import islice

import numpy as np
import pytest

from assistant.theory.harmony.change import CHANGES, Change
from assistant.theory.harmony.form import Ending
from assistant.theory.harmony.key import Key
from assistant.theory.harmony.progression import Bar, read_bars
from assistant.theory.ideas.idea import Idea
from assistant.theory.ideas.variation import vary

BARS = read_bars("I | vi | IV | V7 | I | vi | ii7 | V7")


def varied(how: Change = "none", ending: Ending = "auto", count: int = 6) -> list[Idea]:
    ideas = vary(BARS, Key(0), (how, ending), "pop", np.random.default_rng(2))
    return list(islice(ideas, count))


@pytest.mark.parametrize("how", CHANGES)
def test_each_differs_from_the_song_and_from_those_before(how: Change) -> None:
    ideas = varied(how)
    assert ideas
    assert len({idea.bars for idea in ideas} | {BARS}) == len(ideas) + 1
    assert all(idea.changes and len(idea.bars) == len(BARS) for idea in ideas)


def test_what_was_asked_is_named() -> None:
    (idea, *_) = varied("darker")
    assert idea.title == "your chords, darker"
    assert any(" for " in change for change in idea.changes)


def test_another_ending_comes_first_where_it_is_asked_for() -> None:
    first, second, *_ = varied(ending="close")
    assert first.changes == ("another ending",)
    assert first.bars[:-2] == BARS[:-2]
    assert str(first.bars[-1][0]) == "I"
    assert len(second.changes) > 1


def test_nothing_is_offered_where_nothing_can_change() -> None:
    bars = read_bars("I")
    assert list(vary(bars, Key(0), ("darker", "auto"), "pop", np.random.default_rng(0))) == []


def test_what_ends_so_already_is_said_and_varied() -> None:
    ideas = varied(ending="loop")
    assert ideas
    assert all(idea.source == "your chords, which loop already" for idea in ideas)
    assert varied(ending="close")[0].source == "your chords"


def test_what_does_not_suit_is_not_offered() -> None:
    def first_bars(place: int, _was: Bar, _instead: Bar) -> bool:
        return place < 4

    for how in CHANGES:
        ideas = vary(BARS, Key(0), (how, "auto"), "pop", np.random.default_rng(2), first_bars)
        assert all(idea.bars[4:] == BARS[4:] for idea in islice(ideas, 6))
