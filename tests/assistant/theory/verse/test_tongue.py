from __future__ import annotations

import pytest

from assistant.errors import SettingError
from assistant.theory.verse.tongue import guess_language, tongue_of
from tests.assistant.theory.verse.sung_words import LINES, RULES

SHORT = {
    "en": ["hello my friend", "i go home", "love", "I love you", "the night is mine",
           "oh baby tonight", "walk with me", "she said goodbye", "raindrops on a window",
           "nobody knows my name", "over the river we go", "la la la", "on my own", "so long",
           "hold on", "dance me to the end"],
    "de": ["ich bin allein", "komm mit mir", "du bist mein stern", "der regen fällt leise",
           "nimm mich mit", "wo bist du heute nacht", "guten morgen sonne"],
    "fr": ["je suis seul", "viens avec moi", "la petite flamme brille dans la nuit",
           "tu es mon étoile", "les feuilles mortes tombent", "bonsoir mon ami"],
    "es": ["te quiero mucho", "ven conmigo", "la noche es larga", "mi corazón canta",
           "dame la mano", "vamos a bailar", "un beso y una flor"],
    "it": ["ti amo tanto", "vieni con me", "la notte è lunga", "il mio cuore canta",
           "che bella giornata"],
    "pt": ["eu te amo", "vem comigo", "a noite é longa", "meu coração canta"],
    "nl": ["ik hou van jou", "kom met mij mee", "de nacht is lang"],
    "sv": ["jag älskar dig", "kom med mig nu", "natten är lång och kall"],
    "da": ["jeg elsker dig", "natten er lang"],
    "nb": ["jeg elsker deg", "kom med meg nå"],
    "pl": ["kocham cię", "chodź ze mną", "noc jest długa", "moje serce śpiewa"],
    "cs": ["miluji tě", "pojď se mnou domů"],
    "fi": ["minä rakastan sinua", "yö on pitkä"],
    "hu": ["szeretlek téged", "gyere velem haza"],
    "tr": ["seni seviyorum", "benimle gel"],
    "ru": ["я люблю тебя"],
}  # fmt: skip
"""Lines of a few words; the rules and word lists were not changed after they had been counted."""


def test_short_lines_tell_their_language() -> None:
    guessed = [
        (language, guess_language(line, RULES).language)
        for language, lines in SHORT.items()
        for line in lines
    ]
    assert sum(told == language for language, told in guessed) / len(guessed) >= 0.9


@pytest.mark.parametrize("line", ["hello my friend", "i go home", "love", "la la la", "my my my"])
def test_one_word_that_languages_share_does_not_decide(line: str) -> None:
    assert guess_language(line, RULES).language == "en"


def test_what_is_taken_for_want_of_evidence_is_unsure() -> None:
    guess = guess_language("la la la", RULES)
    assert guess.certainty <= 0.5
    assert "Spanish" in guess.others


@pytest.mark.parametrize("language", sorted(LINES))
def test_a_verse_tells_its_language(language: str) -> None:
    assert guess_language(LINES[language], RULES).language == language


def test_a_verse_that_may_be_two_languages_is_said_to_be() -> None:
    guess = guess_language("la luna sola", RULES)
    assert guess.certainty < 0.5
    assert {"Italian", "Spanish"} <= {guess.name, *guess.others}


@pytest.mark.parametrize(
    ("words", "script", "named", "language", "said"),
    [
        (["zzgrmpf"], "LATIN", "", "en", "I do not know the language of the words"),
        (["молоко"], "CYRILLIC", "", "ru", "read them as Russian"),
        (["ᏣᎳᎩ"], "CHEROKEE", "", "", "I divided them as most are"),
        (["corazón"], "LATIN", "", "es", "I took the words for Spanish"),
        (["corazón"], "LATIN", "Spanish", "es", ""),
        (["love"], "LATIN", "Japanese", "en", "I took the words for English"),
        (["cariad"], "LATIN", "cy", "cy", ""),
    ],
)
def test_the_language_of_the_words_of_a_script(
    words: list[str], script: str, named: str, language: str, said: str
) -> None:
    tongue = tongue_of(words, script, RULES, named)
    assert tongue.guess.language == language
    assert said in tongue.said
    assert bool(said) == bool(tongue.said)


def test_a_language_that_is_none_is_refused_without_a_list_of_all() -> None:
    with pytest.raises(SettingError, match="Did you mean 'spanish'"):
        tongue_of(["la"], "LATIN", RULES, "spanisch")
    with pytest.raises(SettingError, match="such as German") as told:
        tongue_of(["la"], "LATIN", RULES, "klingon")
    assert len(str(told.value)) < 120


@pytest.mark.parametrize(
    ("text", "language"),
    [("月亮代表我的心", "zh"), ("さくら", "ja"), ("사랑해", "ko"), ("प्यार", "hi"), ("حبيبي", "ar")],
)
def test_a_script_tells_a_language(text: str, language: str) -> None:
    assert guess_language(text, RULES).language == language


def test_nothing_told() -> None:
    guess = guess_language("zzgrmpf", RULES)
    assert (guess.language, guess.certainty) == ("", 0.0)
