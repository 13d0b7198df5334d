from __future__ import annotations

import pytest

from assistant.theory.verse.scripts import alphabet, in_script, own_script, script_of


@pytest.mark.parametrize(
    ("text", "script"),
    [
        ("hello", "LATIN"),
        ("привет", "CYRILLIC"),
        ("αγάπη", "GREEK"),
        ("月亮", "CJK"),
        ("東京の夜", "HIRAGANA"),
        ("사랑", "HANGUL"),
        ("प्यार", "DEVANAGARI"),
        ("حب", "ARABIC"),
        ("12 !", ""),
    ],
)
def test_the_writing_system_is_told(text: str, script: str) -> None:
    assert script_of(text) == script


@pytest.mark.parametrize(
    ("word", "script", "parts"),
    [
        ("月亮", "CJK", ("月", "亮")),
        ("きょう", "HIRAGANA", ("きょ", "う")),
        ("がっこう", "HIRAGANA", ("が", "っ", "こ", "う")),
        ("ラーメン", "HIRAGANA", ("ラ", "ー", "メ", "ン")),
        ("사랑해", "HANGUL", ("사", "랑", "해")),
        ("प्यार", "DEVANAGARI", ("प्यार",)),
        ("जीवन", "DEVANAGARI", ("जी", "वन")),
        ("नमस्ते", "DEVANAGARI", ("न", "म", "स्ते")),
    ],
)
def test_signs_that_are_syllables(word: str, script: str, parts: tuple[str, ...]) -> None:
    division = in_script(word, script)
    assert division is not None
    assert division.parts == parts
    assert len(division.stress) == len(parts)


@pytest.mark.parametrize(
    ("word", "script"), [("東京", "HIRAGANA"), ("love", "CJK"), ("حب", "ARABIC")]
)
def test_signs_that_do_not_tell(word: str, script: str) -> None:
    assert in_script(word, script) is None


def test_a_word_has_its_own_script_and_kanji_that_of_the_kana_around() -> None:
    assert own_script("love", "HIRAGANA") == "LATIN"
    assert own_script("東京", "HIRAGANA") == "HIRAGANA"
    assert own_script("12", "LATIN") == "LATIN"
    assert alphabet("-") == ""
