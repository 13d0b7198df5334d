"""Words to be sung: lines, words, syllables, and how heavily each is said.

What a speech program says and what the spelling rules say are put together, each where it is the
better one; what neither knows is named, so that the musician can be asked.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from assistant.contract import Speech, Spoken
from assistant.errors import SettingError, did_you_mean
from assistant.theory.verse.pronouncing import Word, pronounce
from assistant.theory.verse.scripts import SYLLABIC, script_of
from assistant.theory.verse.syllables import EVEN, STRONG, Orthography
from assistant.theory.verse.tongue import Guess, guess_language

__all__ = ["Line", "Lyrics", "Word", "read_lyrics"]

MAX_LETTERS = 20_000
_BREATHS = frozenset(",;:.!?…—\u2013،。、\uff01\uff1f")
_JOINTS = "'\u2019-·"
_INSIDE = frozenset(_JOINTS + "ー")
_ELSEWHERE = Orthography(
    code="",
    name="",
    vowels=frozenset("aeiouyàáâãäåæèéêëìíîïòóôõöøùúûüýāēīōūąęįųėŷŵœ\u0131əɛɔ"),
    nuclei=frozenset({"ai", "au", "ei", "eu", "oi", "ou", "ie"}),
    onsets=frozenset({"bl", "br", "ch", "dr", "fl", "fr", "gr", "kr", "pl", "pr", "sh", "tr"}),
    certainty=0.35,
    speech="all",
)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the lyrics."""

    words: tuple[Word, ...]

    @property
    def count(self) -> int:
        """Number of syllables."""
        return sum(len(word.parts) for word in self.words)

    @property
    def text(self) -> str:
        """The words, as they were written."""
        return " ".join(word.text for word in self.words)


@dataclass(frozen=True, slots=True)
class Lyrics:
    """Words to be sung.

    Parameters
    ----------
    lines : tuple of Line
        As they were broken.
    language : str
        Code, ``""`` where it is not known.
    certainty : float
        Mean over the words, times that of the language where it was guessed.
    said : tuple of str
        What was taken for granted, in sentences.
    unknown : tuple of str
        Words of which nothing tells the syllables: ask the musician.
    """

    lines: tuple[Line, ...]
    language: str
    certainty: float
    said: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()

    @property
    def count(self) -> int:
        """Number of syllables."""
        return sum(line.count for line in self.lines)


def read_lyrics(
    text: str,
    known: Mapping[str, Orthography],
    language: str = "",
    speech: Speech | None = None,
) -> Lyrics:
    """Read words to be sung.

    Parameters
    ----------
    text : str
        Lines, broken where the singer breathes, by a new line or by ``/``. Syllables may be
        written out: ``re-MEM-ber``, the stressed one in capitals.
    known : mapping of str to Orthography
        Spelling rules by language, from the page ``words/syllables``.
    language : str
        Code or English name of the language; ``""`` to guess.
    speech : Speech, optional
        A program that knows how words are said.

    Returns
    -------
    Lyrics
        With at least one syllable.

    Raises
    ------
    SettingError
        Where there is nothing to be sung, too much, or the language is not a name of one.
    """
    text = unicodedata.normalize("NFC", text)
    if len(text) > MAX_LETTERS:
        raise SettingError(f"lyrics are up to {MAX_LETTERS} letters, not {len(text)}.")
    script = script_of(text)
    guess = _language(text, known, language)
    rules = known.get(guess.language, replace(_ELSEWHERE, code=guess.language))
    lines = [_tokens(line, script) for line in re.split(r"[\n/|]+", text)]
    flat = [token for line in lines for token, _ in line]
    if not flat:
        raise SettingError("lyrics hold no word to be sung.")
    heard = _heard(flat, guess.language, rules, speech)
    words = iter([pronounce(token, rules, script, heard.get(token)) for token in flat])
    made = [
        Line(tuple(replace(next(words), breath=breath) for _, breath in line))
        for line in lines
        if line
    ]
    return _lyrics([_phrased(line, rules) for line in made], guess, bool(language), rules)


def _language(text: str, known: Mapping[str, Orthography], language: str) -> Guess:
    """Take the language that was named, else the one that the text looks like."""
    wanted = language.strip().lower()
    if not wanted:
        return guess_language(text, known)
    names = {code: code for code in known} | {"zh": "zh", "ja": "ja", "ko": "ko", "hi": "hi"}
    names |= {one.name.lower(): code for code, one in known.items()}
    names |= {name.lower(): code for code, name in SYLLABIC.values()}
    code = names.get(wanted) or names.get(wanted.split("-")[0])
    if code is None and re.fullmatch(r"[a-z]{2,3}(-[a-z0-9]+)*", wanted):
        return Guess(wanted, wanted, 1.0)  # a speech program may know it
    if code is None:
        raise SettingError(f"language is not {language!r}.{did_you_mean(wanted, names)}")
    return Guess(code, known[code].name if code in known else code, 1.0)


def _tokens(line: str, script: str) -> list[tuple[str, bool]]:
    """Find the words of a line, and after which of them there is a breath."""
    found: list[tuple[str, bool]] = []
    for inside, signs in groupby(line, _belongs):
        run = "".join(signs)
        word = run.strip(_JOINTS) if inside else ""
        if word:
            found += [(sign, False) for sign in (word if script == "CJK" else [word])]
        elif found and (inside or _BREATHS.intersection(run)):
            found[-1] = (found[-1][0], True)
    return [*found[:-1], *((word, False) for word, _ in found[-1:])]


def _belongs(sign: str) -> bool:
    """Tell whether a sign is part of a word."""
    return sign.isalnum() or sign in _INSIDE or unicodedata.category(sign).startswith("M")


def _heard(
    tokens: Sequence[str], language: str, rules: Orthography, speech: Speech | None
) -> dict[str, Spoken]:
    """Ask the speech program, where it knows better than the rules."""
    if speech is None or not rules.speech or not language:
        return {}
    said = zip(tokens, speech(tokens, language), strict=True)
    return {token: spoken for token, spoken in said if spoken is not None}


def _phrased(line: Line, rules: Orthography) -> Line:
    """Lay the stress of a phrase on its last word, where the language does so."""
    if not rules.phrasal:
        return line
    words = [
        _within(word, later, rules)
        for word, later in zip(line.words, (*line.words[1:], None), strict=True)
    ]
    return Line(tuple(words))


def _within(word: Word, later: Word | None, rules: Orthography) -> Word:
    """Make a word lighter within a phrase; its mute vowel is lost before another vowel."""
    if word.breath or later is None:
        return word
    stress = tuple(min(EVEN, level) for level in word.stress)
    if word.mute and later.text[0].lower() in rules.vowels:
        parts = (*word.parts[:-2], "".join(word.parts[-2:]))
        return replace(word, parts=parts, stress=stress[:-1], mute=False)
    return replace(word, stress=stress)


def _lyrics(lines: Sequence[Line], guess: Guess, named: bool, rules: Orthography) -> Lyrics:
    words = [word for line in lines for word in line.words]
    unknown = tuple(dict.fromkeys(word.text for word in words if word.certainty == 0.0))
    certainty = sum(word.certainty for word in words) / len(words) * guess.certainty
    said = tuple(_sentences(guess, named, rules, words, unknown))
    return Lyrics(tuple(lines), guess.language, round(certainty, 2), said, unknown)


def _flat(word: Word) -> bool:
    return len(word.parts) > 1 and STRONG not in word.stress


def _sentences(
    guess: Guess, named: bool, rules: Orthography, words: Sequence[Word], unknown: Sequence[str]
) -> Iterator[str]:
    if not guess.language:
        yield "I do not know the language of the words; I divided them as most are. Name it."
    elif not named and guess.others:
        others = " or ".join(guess.others[:2])
        yield f"I took the words for {guess.name}; they may be {others}. Name the language."
    elif not named:
        yield f"I took the words for {guess.name}."
    if not rules.phrasal and rules.name and any(map(_flat, words)):
        yield f"Nothing tells the stress of some {rules.name} words: I took them as even."
    if unknown:
        listed = ", ".join(unknown[:5])
        yield f"I cannot tell the syllables of {listed}: write them with hyphens, as re-MEM-ber."
