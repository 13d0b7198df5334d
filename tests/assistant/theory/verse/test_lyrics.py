from __future__ import annotations

from collections.abc import Sequence

import pytest

from assistant.contract import Spoken
from assistant.errors import SettingError
from assistant.theory.verse.lyrics import read_lyrics
from tests.assistant.theory.verse.sung_words import RULES, written


class Voice:
    """Says every word in the same way, and remembers what it was asked."""

    name = "voice"

    def __init__(self, stress: tuple[int, ...]) -> None:
        self.stress = stress
        self.asked: list[tuple[tuple[str, ...], str]] = []

    def __call__(self, words: Sequence[str], language: str, /) -> list[Spoken | None]:
        self.asked.append((tuple(words), language))
        return [Spoken(self.stress, "") for _ in words]


def sung(text: str, language: str = "") -> str:
    lyrics = read_lyrics(text, RULES, language)
    return " ".join(written(word) for line in lyrics.lines for word in line.words)


def test_lines_words_and_breaths() -> None:
    lyrics = read_lyrics("Oh night, the river\nruns / to me", RULES, "en")
    assert [line.text for line in lyrics.lines] == ["Oh night the river", "runs", "to me"]
    assert [word.breath for word in lyrics.lines[0].words] == [False, True, False, False]
    assert lyrics.count == 8


def test_french_vowels_are_sung_before_consonants_and_lost_before_vowels() -> None:
    assert sung("une petite ville", "fr") == "u-ne pe-ti-te VIL-le"
    assert sung("une étoile", "French") == "une é-TOI-le"


def test_french_phrases_are_stressed_at_their_end() -> None:
    assert sung("la nuit, je chante pour toi", "fr") == "la NUIT je chan-te pour TOI"


def test_chinese_is_a_syllable_a_sign() -> None:
    lyrics = read_lyrics("月亮代表,我的心", RULES)
    assert lyrics.language == "zh"
    assert lyrics.count == 7
    assert [word.breath for word in lyrics.lines[0].words].index(True) == 3


def test_what_was_taken_for_granted_is_said() -> None:
    assert read_lyrics("the night and the day", RULES).said == ("I took the words for English.",)
    assert "Name the language" in read_lyrics("la la la", RULES).said[0]
    assert "do not know the language" in read_lyrics("zzgrampf", RULES).said[0]
    assert "Russian" in read_lyrics("молоко", RULES, "ru").said[0]


def test_what_nothing_tells_is_asked_back() -> None:
    lyrics = read_lyrics("東京の夜", RULES)
    assert lyrics.unknown == ("東京の夜",)
    assert lyrics.certainty == 0.0
    assert "東京の夜" in lyrics.said[-1]


def test_a_voice_is_asked_once_and_only_where_it_knows_better() -> None:
    voice = Voice((0, 2))
    assert written(read_lyrics("весна весна", RULES, "ru", voice).lines[0].words[0]) == "ве-СНА"
    assert voice.asked == [(("весна", "весна"), "ru")]
    read_lyrics("corazón", RULES, "es", voice)
    assert len(voice.asked) == 1


def test_a_language_without_rules_is_left_to_the_voice() -> None:
    voice = Voice((2, 0))
    lyrics = read_lyrics("cariad", RULES, "cy", voice)
    assert voice.asked == [(("cariad",), "cy")]
    assert lyrics.count == 2
    assert lyrics.lines[0].words[0].text == "".join(lyrics.lines[0].words[0].parts)


@pytest.mark.parametrize("text", ["", "  \n / ", "... !", "---"])
def test_no_words_are_refused(text: str) -> None:
    with pytest.raises(SettingError, match="no word"):
        read_lyrics(text, RULES)


def test_too_many_words_and_no_language_are_refused() -> None:
    with pytest.raises(SettingError, match="20000 letters"):
        read_lyrics("la " * 7000, RULES)
    with pytest.raises(SettingError, match="Did you mean 'spanish'"):
        read_lyrics("la la", RULES, "spanisch")
