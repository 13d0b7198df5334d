from __future__ import annotations

import pytest

from assistant.theory.verse.vowel_points import by_points


@pytest.mark.parametrize(
    ("word", "parts"),
    [
        ("حَبِيبِي", ["حَ", "بِي", "بِي"]),
        ("القَمَر", ["ال", "قَ", "مَر"]),
        ("العَيْن", ["ال", "عَيْن"]),
        ("يَا", ["يَا"]),
        ("نُورَ", ["نُو", "رَ"]),
        ("שָׁלוֹם", ["שָׁ", "לוֹם"]),
        ("שִׁיר", ["שִׁיר"]),
        ("תּוּת", ["תּוּת"]),
    ],
)
def test_vowel_points_tell_the_syllables(word: str, parts: list[str]) -> None:
    division = by_points(word)
    assert division is not None
    assert list(division.parts) == parts
    assert "".join(division.parts) == word


@pytest.mark.parametrize("word", ["حبيبي", "القمر", "حَبيب", "שלום", "عالم"])
def test_where_points_are_missing_nothing_is_told(word: str) -> None:
    assert by_points(word) is None
