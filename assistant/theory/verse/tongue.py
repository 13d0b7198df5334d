"""Which language a text is in, told by its letters and its short words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from assistant.theory.verse.scripts import SPOKEN, SYLLABIC, alphabet, script_of
from assistant.theory.verse.syllables import Orthography

__all__ = ["Guess", "guess_language"]

_WORD = re.compile(r"[^\W\d_]+(?:[\u0300-\u036f][^\W\d_]*)*")
_LETTER_WEIGHT = 0.5
_FOREIGN_WEIGHT = 1.5
_CLEAR = 0.3  # how far ahead of the next language the first one is to be


@dataclass(frozen=True, slots=True)
class Guess:
    """A language and how sure it is.

    Parameters
    ----------
    language, name : str
        Such as ``"es"``, ``"Spanish"``; ``""`` where nothing told.
    certainty : float
        0.0 to 1.0.
    others : tuple of str
        Names of languages that it may be instead.
    """

    language: str
    name: str
    certainty: float
    others: tuple[str, ...] = ()


def guess_language(text: str, known: Mapping[str, Orthography]) -> Guess:
    """Guess the language of a text.

    Parameters
    ----------
    text : str
        A line is little, a verse is enough.
    known : mapping of str to Orthography
        The languages that may be.

    Returns
    -------
    Guess
        With no language where the text tells nothing.
    """
    script = script_of(text)
    if script in SYLLABIC:
        return Guess(*SYLLABIC[script], certainty=0.95)
    if script in SPOKEN:
        return Guess(*SPOKEN[script], certainty=0.7)
    words = Counter(_WORD.findall(text.lower()))
    fitting = [one for one in known.values() if _script(one) == script]
    shared = Counter(word for one in fitting for word in one.function)
    scores = {one.code: _score(words, one, shared) for one in fitting}
    ranked = sorted(scores, key=lambda code: -scores[code])
    if not ranked or scores[ranked[0]] <= 0.0:
        return Guess("", "", 0.0)
    best, margin = ranked[0], scores[ranked[0]] * (1.0 - _CLEAR)
    second = scores[ranked[1]] if len(ranked) > 1 else 0.0
    certainty = 1.0 - 0.8 * (max(0.0, second) / scores[best]) ** 2
    others = tuple(known[code].name for code in ranked[1:] if scores[code] > margin)
    return Guess(best, known[best].name, round(min(0.98, certainty), 2), others)


def _script(language: Orthography) -> str:
    return alphabet(min(language.vowels))


def _score(words: Counter[str], language: Orthography, shared: Counter[str]) -> float:
    """Add up the short words that speak for a language, and its letters, which speak both ways."""
    total = max(1, sum(words.values()))
    hits = sum(
        count * (0.5 + 0.5 / shared[word])
        for word, count in words.items()
        if word in language.function
    )
    own = _letters(language)
    special = Counter(
        letter in own for word in words for letter in set(word) if letter not in _PLAIN
    )
    letters = _LETTER_WEIGHT * special[True] - _FOREIGN_WEIGHT * special[False]
    return (hits + letters) / total


_PLAIN = frozenset("abcdefghijklmnopqrstuvwxyz" + "абвгдежзийклмнопрстуфхцчшщьюя")


def _letters(language: Orthography) -> frozenset[str]:
    written = frozenset("".join(language.function | language.onsets))
    return language.vowels | language.marks | language.letters | written
