"""Writing systems: which one a text is in, and words in those that write syllables as such."""

from __future__ import annotations

import unicodedata
from collections import Counter
from functools import lru_cache

from assistant.theory.verse.indic import INDIC, in_aksharas
from assistant.theory.verse.syllables import EVEN, Division
from assistant.theory.verse.vowel_points import POINTED, by_points

__all__ = ["LANGUAGES", "alphabet", "in_script", "own_script", "script_of"]

LANGUAGES = {
    "CJK": ("zh", "Chinese", 0.95),
    "HIRAGANA": ("ja", "Japanese", 0.95),
    "KATAKANA": ("ja", "Japanese", 0.95),
    "HANGUL": ("ko", "Korean", 0.95),
    "DEVANAGARI": ("hi", "Hindi", 0.8),
    "ARABIC": ("ar", "Arabic", 0.7),
    "HEBREW": ("he", "Hebrew", 0.9),
    "THAI": ("th", "Thai", 0.95),
    "BENGALI": ("bn", "Bengali", 0.9),
    "GURMUKHI": ("pa", "Punjabi", 0.95),
    "GUJARATI": ("gu", "Gujarati", 0.95),
    "TAMIL": ("ta", "Tamil", 0.95),
    "TELUGU": ("te", "Telugu", 0.95),
    "KANNADA": ("kn", "Kannada", 0.95),
    "MALAYALAM": ("ml", "Malayalam", 0.95),
    "SINHALA": ("si", "Sinhala", 0.95),
    "MYANMAR": ("my", "Burmese", 0.9),
    "GEORGIAN": ("ka", "Georgian", 0.95),
    "ARMENIAN": ("hy", "Armenian", 0.95),
    "ETHIOPIC": ("am", "Amharic", 0.8),
}
"""By writing system: code and name of the language taken for granted, and how surely it is that."""

_SMALL_KANA = frozenset("ゃゅょぁぃぅぇぉゎャュョァィゥェォヮ")
_KANA = ("HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA")


@lru_cache(maxsize=4096)
def alphabet(letter: str) -> str:
    """Name the writing system of a letter, such as ``"LATIN"``; ``""`` for what is no letter."""
    if not letter.isalpha() and letter != "ー":
        return ""
    return unicodedata.name(letter, "").split(" ")[0]


def script_of(text: str) -> str:
    """Name the writing system of most letters; kana tell Japanese however few they are."""
    counted = Counter(filter(None, map(alphabet, text)))
    kana = sum(counted[name] for name in _KANA)
    if kana * 8 >= counted["CJK"] and kana:
        return "HIRAGANA"
    return counted.most_common(1)[0][0] if counted else ""


def own_script(word: str, script: str) -> str:
    """Name the writing system of a word in a text of another, which its digits and kanji share."""
    own = script_of(word)
    return script if not own or (own == "CJK" and script in _KANA) else own


def in_script(word: str, script: str) -> Division | None:
    """Divide a word whose signs are syllables.

    Parameters
    ----------
    word : str
        Signs of one word; for Chinese, of as many as there are.
    script : str
        The writing system of the text.

    Returns
    -------
    Division or None
        None where the signs do not tell, such as Chinese characters in Japanese.
    """
    if script in INDIC:
        return in_aksharas(word, script)
    if script in POINTED:
        return by_points(word)
    names = {alphabet(sign) for sign in word} - {""}
    if script == "CJK" and names == {"CJK"}:
        return _even(list(word))
    if script == "HANGUL" and names == {"HANGUL"}:
        return _even(list(unicodedata.normalize("NFC", word)))
    if script in _KANA and names <= set(_KANA):
        return _even(_morae(word))
    return None


def _even(parts: list[str]) -> Division:
    return Division(tuple(parts), (EVEN,) * len(parts), sure=False)


def _morae(word: str) -> list[str]:
    """One note each: a small kana belongs to the one before it; ん, っ and ー have their own."""
    morae: list[str] = []
    for sign in word:
        if morae and sign in _SMALL_KANA:
            morae[-1] += sign
        else:
            morae.append(sign)
    return morae
