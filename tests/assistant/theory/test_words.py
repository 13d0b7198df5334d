from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.errors import SettingError
from assistant.theory.library import open_library
from assistant.theory.words import Reading, read_prompt
from bridge.presets import data

VOCABULARY = open_library(data).vocabulary


def read(text: str) -> Reading:
    return read_prompt(text, VOCABULARY)


def test_a_prompt_is_read_word_by_word() -> None:
    reading = read("Wistful, jazzy, rainy night")
    assert reading.styles == ("jazz",)
    assert reading.moods == {"wistful": 2.0, "dreamy": 1.0}
    assert reading.understood == (
        "wistful", "jazzy as jazz", "rainy as wistful", "night as dreamy")  # fmt: skip
    assert reading.unknown == ()


def test_the_mood_is_a_place() -> None:
    assert read("hopeful").place == VOCABULARY.moods["hopeful"]
    between = read("hopeful and sad").place
    assert between is not None
    assert between == pytest.approx((-0.05, -0.1))


def test_not_turns_a_mood_round_and_leaves_a_style_out() -> None:
    reading = read("not sad, no jazz")
    assert reading.place is not None
    assert reading.place[0] > 0.3
    assert reading.moods == {"sad": -1.0}
    assert reading.styles == ()
    assert reading.without == {"jazz"}
    assert reading.understood == ("not sad", "not jazz")


def test_very_and_slightly_weigh() -> None:
    assert read("very sad and slightly hopeful").moods == {"sad": 1.6, "hopeful": 0.5}


def test_unknown_words_are_named_whatever_their_script() -> None:
    assert read("a sad frobnicating 悲しい उदास 🌧️ song").unknown == (
        "frobnicating", "悲しい", "उदास", "🌧️")  # fmt: skip


@pytest.mark.parametrize(
    ("prompt", "field", "value"),
    [("a slow waltz", "meter", "3/4"), ("a slow waltz", "pace", 0.82), ("in 7/8", "meter", "7/8"),
     ("something dorian", "mode", "dorian"), ("lush", "colour", "ninths"),
     ("weird", "surprise", 0.3), ("at 96 bpm", "bpm", 96.0),
     ("classical with electronic beats", "styles", ("classical", "house"))],
)  # fmt: skip
def test_what_is_not_a_mood_is_understood_too(prompt: str, field: str, value: object) -> None:
    assert getattr(read(prompt), field) == value


@pytest.mark.parametrize(
    ("prompt", "key"),
    [("sad song in D minor", "D minor"), ("in f sharp dorian", "F# dorian"),
     ("in b flat major, please", "Bb major"), ("in the key of Eb minor", "Eb minor")],
)  # fmt: skip
def test_a_key_in_full_is_read(prompt: str, key: str) -> None:
    reading = read(prompt)
    assert str(reading.key) == key
    assert reading.mode is None
    assert reading.unknown == ()


def test_an_article_is_no_note() -> None:
    assert read("a dream in a forest").key is None
    minor = read("sad song in a minor key")
    assert (minor.key, minor.mode) == (None, "minor")
    assert str(read("sad song in a minor").key) == "A minor"


@pytest.mark.parametrize(
    ("prompt", "named"),
    [("major and minor", "'major' and 'minor'"), ("a waltz in 4/4", "'3/4' and '4/4'")],
)
def test_two_of_a_kind_contradict_each_other(prompt: str, named: str) -> None:
    with pytest.raises(SettingError, match=f"prompt asks for {named}"):
        read(prompt)


@pytest.mark.parametrize("prompt", ["", "   ", "!!!", "...", "—"])
def test_nothing_is_read_as_nothing(prompt: str) -> None:
    assert read(prompt) == Reading(moods={})


@given(st.text(max_size=500))
def test_any_text_is_read(text: str) -> None:
    try:
        reading = read(text)
    except SettingError:
        return
    if reading.place is not None:
        assert all(-1.0 <= side <= 1.0 for side in reading.place)


def test_a_word_said_twice_is_reported_once() -> None:
    assert read("sad sad sad").understood == ("sad",)
    assert read("foo foo").unknown == ("foo",)
