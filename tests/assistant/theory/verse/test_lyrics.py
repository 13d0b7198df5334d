from __future__ import annotations

from collections.abc import Sequence

import pytest

from assistant.contract import Spoken
from assistant.errors import SettingError
from assistant.theory.verse.lyrics import check_sayable, read_lyrics
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


def test_a_wrong_language_is_named_without_a_list_of_all() -> None:
    with pytest.raises(SettingError, match="Name it in English"):
        read_lyrics("la la", RULES, "klingon")


def test_scripts_that_meet_are_read_each_in_its_language() -> None:
    lyrics = read_lyrics("love you / うえを", RULES)
    assert sung("love you / うえを") == "LOVE you う-え-を"
    assert not lyrics.unknown
    assert any("English" in said for said in lyrics.said)
    assert any("Japanese" in said for said in lyrics.said)


@pytest.mark.parametrize(
    ("text", "language", "told"),
    [
        ("上を向いて歩こう", "", "write it in kana"),
        ("the river runs / 上を向いて", "", "'上を向いて', whose reading"),
        ("夜", "Japanese", "write it in kana"),
        ("حبيبي", "", "with hyphens"),
        ("อย่างไร", "", "with hyphens"),
        ("1999 was 24 hours", "en", "'1999', '24'; write numbers"),
    ],
)
def test_what_nobody_can_say_is_refused_by_name(text: str, language: str, told: str) -> None:
    with pytest.raises(SettingError, match=told):
        check_sayable(read_lyrics(text, RULES, language, Voice((0, 2))))


def test_what_can_be_said_is_not_refused() -> None:
    lyrics = read_lyrics("ฉัน-รัก เธอ", RULES)
    assert check_sayable(lyrics) is lyrics
    assert lyrics.count == 3


def test_signs_that_are_not_seen_do_no_harm() -> None:
    assert sung("co\u00adra\u00adzón ❤\ufe0f 👨\u200d👩\u200d👧 más", "es") == "co-ra-ZÓN más"
    spelt = "\u0645\u06cc\u200c\u062e"  # Persian, with the joint that parts its letters
    assert read_lyrics(spelt, RULES, "fa", Voice((2,))).lines[0].words[0].text == spelt


def test_certainty_counts_words_and_language() -> None:
    sure = read_lyrics("the night and the day", RULES, "en").certainty
    assert read_lyrics("la la la", RULES).certainty <= 0.5 * sure
    assert read_lyrics("zzgrampf", RULES).certainty < 0.4
