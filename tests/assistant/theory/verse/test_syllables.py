from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.theory.verse.syllables import EVEN, STRONG, WEAK, divide, levels, spelt_out
from tests.assistant.theory.verse.sung_words import RULES, written


@pytest.mark.parametrize(
    ("language", "word", "said"),
    [
        ("es", "corazón", "co-ra-ZÓN"),
        ("es", "guitarra", "gui-TA-rra"),
        ("es", "porque", "POR-que"),
        ("es", "Día", "DÍ-a"),
        ("it", "chiesa", "CHIE-sa"),
        ("it", "città", "cit-TÀ"),
        ("pt", "coração", "co-ra-ÇÃO"),
        ("pt", "saudade", "sau-DA-de"),
        ("de", "verlangen", "ver-LAN-gen"),
        ("de", "Mädchen", "MÄD-chen"),
        ("nl", "verlangen", "ver-LAN-gen"),
        ("sv", "flickorna", "FLIC-kor-na"),
        ("pl", "miłość", "MI-łość"),
        ("pl", "muzyka", "MU-zy-ka"),
        ("cs", "srdce", "SRD-ce"),
        ("cs", "vlk", "VLK"),
        ("hu", "szerelem", "SZE-re-lem"),
        ("fi", "rakkauden", "RAK-kau-den"),
        ("tr", "akşamlar", "ak-şam-LAR"),
        ("el", "θάλασσα", "ΘΆ-λασ-σα"),
        ("ru", "за\u0301мок", "ЗА\u0301-мок"),
        ("ru", "ещё", "е-ЩЁ"),
        ("zu", "ngiyakuthanda", "ngi-ya-ku-THA-nda"),
        ("sw", "uhuru", "u-HU-ru"),
        ("vi", "người", "NGƯỜI"),
        ("en", "remember", "re-MEM-ber"),
        ("en", "something", "SOME-thing"),
        ("en", "loved", "LOVED"),
        ("en", "table", "TA-ble"),
        ("en", "didn't", "DI-dn't"),
        ("tr", "dar'a", "da-R'A"),
        ("it", "dell'amore", "del-l'a-MO-re"),
        ("fr", "aujourd'hui", "au-jourd'-HUI"),
        ("uk", "пам'ять", "пам'-ять"),
        ("ka", "საქართველო", f"სა-{'ქართ'.upper()}-ვე-ლო"),
        ("en", "emotion", "e-MO-tion"),
    ],
)
def test_words_are_divided_and_stressed(language: str, word: str, said: str) -> None:
    assert written(divide(word, RULES[language])) == said


def test_the_case_of_letters_stays() -> None:
    assert divide("Yesterday", RULES["en"]).parts == ("Yes", "ter", "day")
    assert divide("Family", RULES["en"]).parts == ("Fam", "i", "ly")


def test_a_mute_vowel_is_sung_but_may_be_left() -> None:
    division = divide("petite", RULES["fr"])
    assert division.parts == ("pe", "ti", "te")
    assert division.stress == (WEAK, STRONG, WEAK)
    assert division.mute
    assert not divide("toujours", RULES["fr"]).mute


def test_stress_that_spelling_does_not_tell_is_not_made_up() -> None:
    division = divide("молоко", RULES["ru"])
    assert division.parts == ("мо", "ло", "ко")
    assert division.stress == (EVEN, EVEN, EVEN)
    assert not division.sure


def test_a_word_written_out() -> None:
    assert spelt_out("re-MEM-ber").stress == (WEAK, STRONG, WEAK)
    assert spelt_out("re-mem-ber").stress == (EVEN, EVEN, EVEN)
    assert not spelt_out("re-mem-ber").sure


def test_every_second_syllable_from_the_stress_is_even() -> None:
    assert levels(5, 3) == (WEAK, EVEN, WEAK, STRONG, WEAK)


@pytest.mark.parametrize("language", sorted(RULES))
def test_every_language_is_whole(language: str) -> None:
    rules = RULES[language]
    assert rules.name
    assert 0.5 <= rules.certainty <= 1.0
    assert rules.speech in {"", "stress", "all"}
    assert len(rules.function) >= 15
    for word, division in rules.words.items():
        assert STRONG in division.stress, word


@given(
    st.sampled_from(sorted(RULES)),
    st.text(st.characters(categories=("Ll", "Lu", "Mn"), max_codepoint=0x1FFF), max_size=20),
)
def test_syllables_together_are_the_word(language: str, word: str) -> None:
    division = divide(word, RULES[language])
    assert len(division.parts) == len(division.stress)
    assert list(division.stress).count(STRONG) <= 1
    if division.parts:
        assert "".join(division.parts) == unicodedata.normalize("NFC", word)
