"""Which language a text is in, told by its letters and its usual words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from assistant.errors import SettingError, did_you_mean
from assistant.theory.verse.scripts import LANGUAGES, alphabet, script_of
from assistant.theory.verse.syllables import Orthography

__all__ = ["AT_HOME", "Guess", "Tongue", "guess_language", "tongue_of"]

AT_HOME = {"LATIN": "en", "CYRILLIC": "ru", "GREEK": "el"}
"""The language of a script that is thought of first, where nothing speaks for another."""

_WORD = re.compile(r"[^\W\d_]+(?:[\u0300-\u036f][^\W\d_]*)*")
_LETTER_WEIGHT = 0.5
_FOREIGN_WEIGHT = 1.5
_ABSENT_WEIGHT = 0.6
_CLEAR = 0.3  # how far ahead of the next language the first one is to be
_TOLD = 0.5  # evidence, in words of one language alone, from which on it tells
_BY_HABIT, _UNTOLD = 0.5, 0.35  # certainty of a language that little, or nothing, speaks for
_SHOWN = 2
_ELSEWHERE = Orthography(
    code="",
    name="",
    vowels=frozenset("aeiouyàáâãäåæèéêëìíîïòóôõöøùúûüýāēīōūąęįųėŷŵœ\u0131əɛɔ"),
    nuclei=frozenset({"ai", "au", "ei", "eu", "oi", "ou", "ie"}),
    onsets=frozenset({"bl", "br", "ch", "dr", "fl", "fr", "gr", "kr", "pl", "pr", "sh", "tr"}),
    certainty=0.35,
    speech="all",
)
"""For languages without rules of their own."""


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


@dataclass(frozen=True, slots=True)
class Tongue:
    """The language of the words of one script: how sure it is, how it is spelt, what to say."""

    guess: Guess
    rules: Orthography
    said: str = ""


def tongue_of(
    words: Sequence[str],
    script: str,
    known: Mapping[str, Orthography],
    named: str = "",
    *,
    apart: bool = False,
) -> Tongue:
    """Find the language of some words: the one that was named, else the one that they look like.

    Parameters
    ----------
    words : sequence of str
        In one script.
    script : str
        Which.
    known : mapping of str to Orthography
        Spelling rules by language.
    named : str
        Code or English name of a language; ``""`` to guess. What is in a script that the language
        is not written in is guessed all the same.
    apart : bool
        Whether most of the text is in another script.

    Returns
    -------
    Tongue
        With what was taken for granted.

    Raises
    ------
    SettingError
        Where the name is none of a language.
    """
    code = _named(named.strip().lower(), known)
    if code and _writes(code, script, known):
        rules = known.get(code) or replace(_ELSEWHERE, code=code)
        return Tongue(Guess(code, rules.name or code, 1.0), rules)
    guess = guess_language(" ".join(words), known)
    these = repr(words[0]) if apart else "the words"
    home = AT_HOME.get(script, "")
    if not guess.language and home in known:
        guess = Guess(home, known[home].name, _UNTOLD)
        read = "it" if apart else "them"
        said = f"I do not know the language of {these} and read {read} as {guess.name}"
        return Tongue(guess, known[home], f"{said}. Name the language.")
    if not guess.language:
        said = f"I do not know the language of {these}; I divided them as most are"
        return Tongue(replace(guess, certainty=_UNTOLD), _ELSEWHERE, f"{said}. Name it.")
    said = f"I took {these} for {guess.name}"
    if guess.others:
        said += f"; they may be {' or '.join(guess.others[:_SHOWN])}. Name the language"
    rules = known.get(guess.language) or replace(_ELSEWHERE, code=guess.language)
    return Tongue(guess, rules, f"{said}.")


def _writes(code: str, script: str, known: Mapping[str, Orthography]) -> bool:
    """Tell whether a language is written in a script; one that nobody here knows may be in any."""
    if code in known:
        return _script(known[code]) == script
    own = {name for name, (other, *_) in LANGUAGES.items() if other == code}
    return script in own or not own


def _named(wanted: str, known: Mapping[str, Orthography]) -> str:
    """Return the code of a language; ``""`` where none was named."""
    if not wanted:
        return ""
    names = {code: code for code in known} | {code: code for code, *_ in LANGUAGES.values()}
    names |= {name.lower(): code for code, name, _ in LANGUAGES.values()}
    names |= {one.name.lower(): code for code, one in known.items()}
    code = names.get(wanted) or names.get(wanted.split("-", maxsplit=1)[0])
    if code is None and re.fullmatch(r"[a-z]{2,3}(-[a-z0-9]+)*", wanted):
        return wanted  # a speech program may know it
    if code is None:
        hint = did_you_mean(wanted, [name for name in names if len(name) > 3])
        if not hint.startswith(" Did"):
            hint = " Name it in English, such as German, or by its code, such as de."
        raise SettingError(f"language is not {wanted[:80]!r}.{hint}")
    return code


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
        With no language where the text tells nothing. A word or two that several languages share
        tell little: the one of `AT_HOME` goes first among them.
    """
    script = script_of(text)
    if script in LANGUAGES:
        return Guess(*LANGUAGES[script])
    words = Counter(_WORD.findall(text.lower()))
    fitting = {one.code: one for one in known.values() if _script(one) == script}
    shared = Counter(word for one in fitting.values() for word in one.function | one.common)
    scores = {code: _score(words, one, shared) for code, one in fitting.items()}
    home = AT_HOME.get(script, "")
    ranked = sorted(scores, key=lambda code: (-round(scores[code], 9), code != home))
    if not ranked or scores[ranked[0]] <= 0.0:
        return Guess("", "", 0.0)
    best = ranked[0]
    once = Counter(dict.fromkeys(words, 1))  # a word says no more by being sung again
    if best != home and home in scores and _score(once, fitting[best], shared) < _TOLD:
        others = tuple(known[code].name for code in ranked if scores[code] > 0.0 and code != home)
        return Guess(home, known[home].name, _BY_HABIT, others)
    margin = scores[best] * (1.0 - _CLEAR)
    second = max(0.0, scores[ranked[1]]) if len(ranked) > 1 else 0.0
    certainty = 1.0 - 0.8 * (second / scores[best]) ** 2
    others = tuple(known[code].name for code in ranked[1:] if scores[code] > margin)
    return Guess(best, known[best].name, round(min(0.98, certainty), 2), others)


def _script(language: Orthography) -> str:
    return alphabet(min(language.vowels))


def _score(words: Counter[str], language: Orthography, shared: Counter[str]) -> float:
    """Count the words that speak for a language, each shared out among those that have it."""
    own = language.function | language.common
    hits = sum(count / shared[word] for word, count in words.items() if word in own)
    return hits + _letters(words, language)


def _letters(words: Counter[str], language: Orthography) -> float:
    """Weigh the letters of a text, which speak both ways."""
    own = _written(language)
    told = 0.0
    for word, count in words.items():
        special = [letter in own for letter in set(word) if letter not in _PLAIN]
        told += count * (_LETTER_WEIGHT * sum(special) - _FOREIGN_WEIGHT * special.count(False))
        told -= count * _ABSENT_WEIGHT * (not language.absent.isdisjoint(word))
    return told


_PLAIN = frozenset("abcdefghijklmnopqrstuvwxyz" + "абвгдежзийклмнопрстуфхцчшщьюя")


def _written(language: Orthography) -> frozenset[str]:
    written = frozenset("".join(language.function | language.common | language.onsets))
    return language.vowels | language.marks | language.letters | written
