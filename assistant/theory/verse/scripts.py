"""Writing systems: which one a text is in, and words in those that write syllables as such."""

from __future__ import annotations

import unicodedata
from collections import Counter
from functools import lru_cache

from assistant.theory.verse.syllables import EVEN, STRONG, WEAK, Division

__all__ = ["SPOKEN", "SYLLABIC", "alphabet", "graphemes", "in_script", "script_of"]

SYLLABIC = {
    "CJK": ("zh", "Chinese"),
    "HIRAGANA": ("ja", "Japanese"),
    "KATAKANA": ("ja", "Japanese"),
    "HANGUL": ("ko", "Korean"),
    "DEVANAGARI": ("hi", "Hindi"),
}
"""Writing systems whose signs are syllables: code and name of the language taken for granted."""

SPOKEN = {
    "ARABIC": ("ar", "Arabic"),
    "HEBREW": ("he", "Hebrew"),
    "THAI": ("th", "Thai"),
    "BENGALI": ("bn", "Bengali"),
    "GURMUKHI": ("pa", "Punjabi"),
    "GUJARATI": ("gu", "Gujarati"),
    "TAMIL": ("ta", "Tamil"),
    "TELUGU": ("te", "Telugu"),
    "KANNADA": ("kn", "Kannada"),
    "MALAYALAM": ("ml", "Malayalam"),
    "SINHALA": ("si", "Sinhala"),
    "MYANMAR": ("my", "Burmese"),
    "GEORGIAN": ("ka", "Georgian"),
    "ARMENIAN": ("hy", "Armenian"),
    "ETHIOPIC": ("am", "Amharic"),
}
"""Writing systems of which only a speech program tells the syllables."""

_SMALL_KANA = frozenset("ゃゅょぁぃぅぇぉゎャュョァィゥェォヮ")
_KANA = ("HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA")
_VIRAMA = "\u094d"


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


def graphemes(word: str) -> list[str]:
    """Divide a word into letters, each with its accents and dependent signs."""
    signs: list[str] = []
    for sign in word:
        if signs and unicodedata.category(sign) in {"Mn", "Mc", "Me", "Lm"}:
            signs[-1] += sign
        else:
            signs.append(sign)
    return signs


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
    if script == "DEVANAGARI":
        return _devanagari(word)
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


def _devanagari(word: str) -> Division | None:
    """Divide Hindi: a letter without a vowel sign loses its vowel at the end, or between two."""
    letters: list[str] = []
    for letter in graphemes(word):
        if letters and letters[-1].endswith(_VIRAMA):
            letters[-1] += letter
        else:
            letters.append(letter)
    if not letters:
        return None
    bare = [len(letter) == 1 and "क" <= letter <= "ह" for letter in letters]
    silent = {len(letters) - 1} if len(letters) > 1 and bare[-1] else set()
    for index in range(len(letters) - 2, 0, -1):
        if bare[index] and not bare[index - 1] and index + 1 not in silent:
            silent.add(index)
    parts: list[str] = []
    for index, letter in enumerate(letters):
        if index in silent and parts:
            parts[-1] += letter
        else:
            parts.append(letter)
    return Division(tuple(parts), _by_weight(parts), sure=False)


def _by_weight(parts: list[str]) -> tuple[int, ...]:
    """Stress the last long syllable before the end, as Hindi does, roughly."""
    heavy = [len(part) > 1 for part in parts]
    place = next((at for at in range(len(parts) - 2, -1, -1) if heavy[at]), 0)
    return tuple(STRONG if at == place else WEAK for at in range(len(parts)))
