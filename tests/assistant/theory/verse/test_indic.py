from __future__ import annotations

import pytest

from assistant.theory.verse.indic import INDIC, graphemes, in_aksharas
from assistant.theory.verse.syllables import STRONG


@pytest.mark.parametrize(
    ("script", "word", "parts"),
    [
        ("DEVANAGARI", "सपनों", "सप नों"),  # the second a is not said
        ("DEVANAGARI", "बचपन", "बच पन"),
        ("DEVANAGARI", "समझना", "स मझ ना"),
        ("DEVANAGARI", "नमस्ते", "न म स्ते"),
        ("DEVANAGARI", "जीवन", "जी वन"),
        ("DEVANAGARI", "ज़िंदगी", "ज़िं द गी"),
        ("DEVANAGARI", "लड़का", "लड़ का"),
        ("DEVANAGARI", "अपना", "अप ना"),
        ("DEVANAGARI", "क्\u200dषमा", "क्\u200dष मा"),
        ("TAMIL", "கண்ணே", "கண் ணே"),
        ("TAMIL", "காதல்", "கா தல்"),
        ("TELUGU", "ప్రేమ", "ప్రే మ"),
        ("MALAYALAM", "അവൻ", "അ വൻ"),
        ("SINHALA", "ආදරය", "ආ ද ර ය"),
        ("BENGALI", "ভালোবাসা", "ভা লো বা সা"),
        ("GUJARATI", "પ્રેમ", "પ્રેમ"),
    ],
)
def test_signs_are_syllables_and_some_vowels_go_unsaid(script: str, word: str, parts: str) -> None:
    division = in_aksharas(word, script)
    assert division is not None
    assert " ".join(division.parts) == parts
    assert "".join(division.parts) == word
    assert division.stress.count(STRONG) == 1
    assert not division.sure


@pytest.mark.parametrize("script", INDIC)
def test_nothing_tells_nothing(script: str) -> None:
    assert in_aksharas("", script) is None


def test_letters_keep_their_accents() -> None:
    assert graphemes("за\u0301м") == ["з", "а\u0301", "м"]
