from __future__ import annotations

import pytest

from assistant.theory.verse.tongue import guess_language
from tests.assistant.theory.verse.sung_words import LINES, RULES


@pytest.mark.parametrize("language", sorted(set(LINES) - {"it"}))
def test_a_verse_tells_its_language(language: str) -> None:
    assert guess_language(LINES[language], RULES).language == language


def test_a_verse_that_may_be_two_languages_is_said_to_be() -> None:
    guess = guess_language(LINES["it"], RULES)
    assert guess.certainty < 0.5
    assert "Italian" in (guess.name, *guess.others)


@pytest.mark.parametrize(
    ("text", "language"),
    [("月亮代表我的心", "zh"), ("さくら", "ja"), ("사랑해", "ko"), ("प्यार", "hi"), ("حبيبي", "ar")],
)
def test_a_script_tells_a_language(text: str, language: str) -> None:
    assert guess_language(text, RULES).language == language


def test_nothing_told() -> None:
    guess = guess_language("zzgrmpf", RULES)
    assert (guess.language, guess.certainty) == ("", 0.0)
