from __future__ import annotations

import pytest

from assistant.errors import SettingError
from assistant.theory.ideas.library import open_library
from assistant.theory.prompt.said import Said, only, pace_of, say, wanted
from assistant.theory.prompt.understanding import understand
from assistant.theory.prompt.vocabulary import Meaning
from bridge.presets import data

VOCABULARY = open_library(data).vocabulary


def said(text: str) -> list[Said]:
    return say(understand(text.split(), VOCABULARY, None))


def test_words_that_weigh_are_not_said_themselves() -> None:
    assert [(each.word, each.weight) for each in said("very sad not slightly dark")] == [
        ("sad", 1.6), ("dark", -0.5)]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "opposite"),
    [("no sevenths", Meaning("colour", "triads")), ("not minor", Meaning("mode", "major")),
     ("not slow", Meaning("pace", "medium")), ("not dorian", None), ("not sad", None)],
)  # fmt: skip
def test_not_asks_for_the_opposite_where_there_is_one(text: str, opposite: Meaning | None) -> None:
    (word,) = said(text)
    assert word.opposite == word.wanted == opposite


def test_what_is_wanted_is_listed_by_group() -> None:
    assert wanted(said("jazz no rock folk"), "style") == ["jazz", "folk"]
    assert only(said("dorian song"), "mode") == "dorian"
    assert only(said("sad song"), "mode") is None
    with pytest.raises(SettingError, match="prompt asks for 'major' and 'dorian'"):
        only(said("major dorian"), "mode")


@pytest.mark.parametrize("text", ["rock but no rock", "no guitar guitar", "minor not minor"])
def test_the_same_cannot_be_wanted_and_not_wanted(text: str) -> None:
    with pytest.raises(SettingError, match="and for no "):
        said(text)


def test_a_mood_may_be_wanted_a_little() -> None:
    assert len(said("sad but not too sad")) == 2


def test_the_pace_is_the_strongest_that_is_said() -> None:
    assert pace_of(said("fast"), VOCABULARY) == VOCABULARY.paces["fast"]
    assert pace_of(said("fast medium presto"), VOCABULARY) == VOCABULARY.paces["very fast"]
    assert pace_of(said("sad"), VOCABULARY) == 1.0
    with pytest.raises(SettingError, match="'slow' and 'fast'; it takes one pace"):
        pace_of(said("slow fast"), VOCABULARY)
