from __future__ import annotations

import pytest

from assistant.theory.prompt.replies import explained, question
from assistant.theory.prompt.said import Said
from assistant.theory.prompt.understanding import Sense, Term
from assistant.theory.prompt.vocabulary import Meaning


@pytest.mark.parametrize(
    ("word", "group", "name", "weight", "text"),
    [("rainy", "mood", "wistful", 1.0, "rainy as wistful"), ("sad", "mood", "sad", 1.0, "sad"),
     ("sad", "mood", "sad", -1.0, "not sad"), ("jazz", "style", "jazz", -1.0, "not jazz"),
     ("happy", "mood", "joyful", -1.0, "not happy as away from joyful"),
     ("drums", "percussion", "full", -1.0, "no drums as no percussion"),
     ("oboe", "instrument", "clarinet", -1.0, "no oboe as no clarinet"),
     ("sevenths", "colour", "sevenths", -1.0, "no sevenths as triads in colour"),
     ("dense", "density", "high", -1.0, "not dense as away from high density")],
)  # fmt: skip
def test_how_a_word_was_taken(word: str, group: str, name: str, weight: float, text: str) -> None:
    assert explained(Said(word, Sense(Meaning(group, name), word), weight)) == text


def test_the_language_of_a_word_is_told() -> None:
    sense = Sense(Meaning("mood", "wistful"), "rain", ("German",))
    assert explained(Said("regen", sense, 1.0)) == "regen as wistful (German for rain)"
    assert explained(Said("regen", sense, -1.0)) == (
        "not regen as away from wistful (German for rain)"
    )


@pytest.mark.parametrize(
    ("word", "text"),
    [("c", "'c' is not known; where a key is meant, say 'in D' or 'D minor'."),
     ("dm", "'dm' is not known; where a key is meant, say 'in D' or 'D minor'."),
     ("fm", "'fm' is not known; say it in another word."),
     ("bars", "'bars' is not known; say how many, such as '8 bars'."),
     ("rock'n'roll", '"rock\'n\'roll" is not known; say it in another word.')],
)  # fmt: skip
def test_an_unknown_word_is_asked_about(word: str, text: str) -> None:
    assert question(Term(word)) == text
