from __future__ import annotations

import pytest

from assistant.contract import Spoken
from assistant.theory.verse.pronouncing import pronounce
from tests.assistant.theory.verse.sung_words import KEPT_APART, MADE_WITH, RULES, agreement, written


def test_rules_alone_divide_and_stress_common_words() -> None:
    counted, stressed = agreement(MADE_WITH)
    assert counted >= 0.98
    assert stressed >= 0.93


def test_rules_alone_divide_and_stress_words_that_they_were_not_made_with() -> None:
    counted, stressed = agreement(KEPT_APART)
    assert counted >= 0.96
    assert stressed >= 0.9


@pytest.mark.parametrize(
    ("language", "word", "spoken", "said"),
    [
        ("ru", "любовь", (0, 2), "лю-БОВЬ"),  # the stress is heard
        ("en", "mountain", (2, 0), "MOUN-tain"),
        ("en", "ambient", (2, 0, 0), "AM-bi-ent"),
        ("en", "chaos", (2, 0), "CHA-os"),
        ("en", "vegetable", (2, 0, 0), "VEGE-ta-ble"),  # fewer syllables are heard
        ("it", "memoria", (0, 2, 0, 0), "me-MO-ria"),  # the rules count, the voice stresses
        ("it", "nazione", (0, 0, 2, 0), "na-ZIO-ne"),
    ],
)
def test_rules_and_voice_are_put_together(
    language: str, word: str, spoken: tuple[int, ...], said: str
) -> None:
    script = "CYRILLIC" if language == "ru" else "LATIN"
    assert written(pronounce(word, RULES[language], script, Spoken(spoken, ""))) == said


def test_certainty_rises_with_a_voice_that_agrees() -> None:
    alone = pronounce("любовь", RULES["ru"], "CYRILLIC", None)
    heard = pronounce("любовь", RULES["ru"], "CYRILLIC", Spoken((0, 2), ""))
    assert alone.certainty < 0.6
    assert heard.certainty > 0.9


def test_a_word_written_out_wins() -> None:
    word = pronounce("re-mem-BER", RULES["en"], "LATIN", Spoken((0, 2, 0), ""))
    assert word.parts == ("re", "mem", "ber")
    assert word.stress == (1, 0, 2)
    assert word.certainty == 1.0


def test_letters_that_do_not_tell_are_shared_out_by_the_voice() -> None:
    word = pronounce("حبيبي", RULES["en"], "ARABIC", Spoken((0, 2, 0), ""))
    assert len(word.parts) == 3
    assert "".join(word.parts) == "حبيبي"
    assert pronounce("حبيبي", RULES["en"], "ARABIC", None).certainty == 0.0


def test_short_words_are_light() -> None:
    assert pronounce("the", RULES["en"], "LATIN", Spoken((2,), "")).stress == (0,)
    assert pronounce("night", RULES["en"], "LATIN", None).stress == (2,)
